//! The line to a guest: requests go out, replies come back in any order.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::bail;

/// How long an answer may take before the guest or the server is called stuck. Nothing is judged by its speed: the
/// slowest thing that is right is a client that polls for a lock every 30 s behind several others.
pub const PATIENCE: Duration = Duration::from_secs(240);

/// A refused command: the error number of the system call (0 if there was none) and a text.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The error number.
    pub errno: i32,
    /// What the guest says about it.
    pub text: String,
}

/// What a command answered.
pub type Answer = Result<String, Failure>;

type Waiting = Arc<Mutex<HashMap<u64, Sender<Answer>>>>;

/// A connection to the agent of a guest.
pub struct Link {
    writer: Mutex<(UnixStream, u64)>,
    waiting: Waiting,
}

/// A request whose answer is still to come.
pub struct Pending {
    what: String,
    answer: Receiver<Answer>,
}

impl Link {
    /// Takes over a connected stream; the second value is the agent's greeting, sent when the guest is up.
    pub fn new(stream: UnixStream) -> std::io::Result<(Self, Pending)> {
        let (sender, answer) = channel();
        let waiting: Waiting = Arc::new(Mutex::new(HashMap::from([(0, sender)])));
        let reader = BufReader::new(stream.try_clone()?);
        let table = Arc::clone(&waiting);
        thread::spawn(move || receive(reader, &table));
        let greeting = Pending { what: "the greeting".into(), answer };
        Ok((Self { writer: Mutex::new((stream, 0)), waiting }, greeting))
    }

    /// Sends a command to `target` (the agent or a worker).
    pub fn start(&self, target: &str, command: &str) -> Pending {
        let (sender, answer) = channel();
        let mut writer = held(&self.writer);
        writer.1 += 1;
        let id = writer.1;
        held(&self.waiting).insert(id, sender);
        // A failed write shows as a missing answer: the reader's end has dropped the senders.
        let line = format!("{id} {target} {command}\n");
        if writer.0.write_all(line.as_bytes()).is_err() {
            held(&self.waiting).clear();
        }
        Pending { what: format!("{target}: {command}"), answer }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hands replies to those who wait; at the end of the line everybody learns that nothing will come.
fn receive(reader: impl BufRead, waiting: &Waiting) {
    for line in reader.lines().map_while(Result::ok) {
        if let Some((id, answer)) = parse(&line) {
            if let Some(sender) = held(waiting).remove(&id) {
                let _ = sender.send(answer);
            }
        } else {
            eprintln!("a guest sent a line that is no reply: {line:?}");
        }
    }
    held(waiting).clear();
}

fn parse(line: &str) -> Option<(u64, Answer)> {
    let (id, rest) = line.split_once(' ')?;
    let (verdict, text) = rest.split_once(' ')?;
    let answer = match verdict {
        "ok" => Ok(text.to_owned()),
        "fail" => {
            let (errno, text) = text.split_once(' ').unwrap_or((text, ""));
            Err(Failure { errno: errno.parse().ok()?, text: text.to_owned() })
        }
        _ => return None,
    };
    Some((id.parse().ok()?, answer))
}

impl Pending {
    /// The answer. Panics, and so fails the case, when none comes.
    #[track_caller]
    pub fn wait(self) -> Answer {
        match self.outcome() {
            Ok(answer) => answer,
            Err(trouble) => panic!("{trouble:#}"),
        }
    }

    /// The answer, which must come within `limit`.
    #[track_caller]
    pub fn within(self, limit: Duration) -> Answer {
        match self.outcome_within(limit) {
            Ok(answer) => answer,
            Err(trouble) => panic!("{trouble:#}"),
        }
    }

    /// The answer, or why none comes.
    pub fn outcome(self) -> anyhow::Result<Answer> {
        self.outcome_within(PATIENCE)
    }

    fn outcome_within(self, limit: Duration) -> anyhow::Result<Answer> {
        match self.answer.recv_timeout(limit) {
            Ok(answer) => Ok(answer),
            Err(RecvTimeoutError::Timeout) => bail!("no answer within {limit:?}: {}", self.what),
            Err(RecvTimeoutError::Disconnected) => bail!("the guest is gone: {}", self.what),
        }
    }

    /// The answer if there is one already.
    pub fn ready(&self) -> Option<Answer> {
        self.answer.try_recv().ok()
    }
}
