//! A worker process: a table of open files and the commands on them.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::OpenOptionsExt;

use nix::libc;
use nix::unistd::{ForkResult, Gid, Uid, fork, setgid, setgroups, setuid};

use crate::boot::RUN;
use crate::reply::{Args, Reply, Trouble, send};
use crate::{append, counter, directories, files, locks, sqlite, xattrs};

/// The open files of a worker, by the numbers that the harness uses for them.
#[derive(Default)]
pub struct Files {
    open: BTreeMap<u32, File>,
    count: u32,
}

impl Files {
    /// The file that the next argument names.
    pub fn get(&self, args: &mut Args<'_>) -> Result<&File, Trouble> {
        let number = args.number()?;
        self.open.get(&number).ok_or_else(|| Trouble::new(format!("file {number} is not open")))
    }

    fn add(&mut self, file: File) -> Reply {
        self.count += 1;
        self.open.insert(self.count, file);
        Ok(self.count.to_string())
    }
}

/// Serves requests from the worker's FIFO until the process is told to end.
pub fn serve(name: &str, port: File) -> ! {
    let mut table = Files::default();
    if let Err(trouble) = serve_files(name, port, &mut table) {
        eprintln!("lockhouse-guest: worker {name}: {trouble}");
    }
    std::process::exit(1);
}

fn serve_files(name: &str, mut port: File, table: &mut Files) -> Result<(), Trouble> {
    let fifo = File::open(format!("{RUN}/{name}"))?;
    for line in BufReader::new(fifo).lines() {
        let line = line?;
        let (id, command) = line.split_once(' ').unwrap_or((&line, ""));
        let mut args = Args::new(command);
        let reply = match args.word()? {
            "fork" => fork_worker(args.word()?, &port, table),
            "exit" => {
                send(&mut port, id, &Ok(String::new()))?;
                std::process::exit(0);
            }
            verb => run(verb, &mut args, table),
        };
        send(&mut port, id, &reply)?;
    }
    Ok(())
}

fn run(verb: &str, args: &mut Args<'_>, table: &mut Files) -> Reply {
    match verb {
        "open" => {
            let file = open(args)?;
            table.add(file)
        }
        "dup" => {
            let copy = table.get(args)?.try_clone()?;
            table.add(copy)
        }
        "close" => close(args, table),
        "become" => become_user(args.number()?),
        "getxattr" | "setxattr" | "listxattr" | "tokens" | "watch" => xattrs::run(verb, args, table),
        "lock" | "ofd" | "flock" => locks::run(verb, args, table),
        "counter" => counter::run(args),
        "append" => append::run(args),
        "sqlite" => sqlite::run(args),
        _ => match files::run(verb, args, table) {
            Some(reply) => reply,
            None => directories::run(verb, args),
        },
    }
}

/// `open PATH FLAGS [MODE]`: flags are letters, r(ead) w(rite) c(reate) x (exclusive) t(runcate) a(ppend) d(irect).
fn open(args: &mut Args<'_>) -> Result<File, Trouble> {
    let (path, flags) = (args.word()?, args.word()?);
    let mode = u32::from_str_radix(args.optional(), 8).unwrap_or(0o644);
    let has = |letter| flags.contains(letter);
    let mut options = OpenOptions::new();
    options.read(has('r')).write(has('w')).append(has('a')).truncate(has('t')).mode(mode);
    // Not `create`: the standard library refuses it without write access, the system call does not.
    let mut custom = 0;
    for (letter, flag) in [('c', libc::O_CREAT), ('x', libc::O_CREAT | libc::O_EXCL), ('d', libc::O_DIRECT)] {
        custom |= if has(letter) { flag } else { 0 };
    }
    Ok(options.custom_flags(custom).open(path)?)
}

/// Closes through the C library so that the error of the close is seen.
fn close(args: &mut Args<'_>, table: &mut Files) -> Reply {
    let number: u32 = args.number()?;
    let file =
        table.open.remove(&number).ok_or_else(|| Trouble::new(format!("file {number} is not open")))?;
    nix::unistd::close(file)?;
    Ok(String::new())
}

/// Forks: the child has the same open files and goes on as the worker `name`, whose FIFO exists already.
#[allow(unsafe_code, reason = "fork")]
fn fork_worker(name: &str, port: &File, table: &mut Files) -> Reply {
    let port = port.try_clone()?;
    // SAFETY: this process has a single thread, so the child may go on as if it had been started afresh.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => Ok(child.to_string()),
        ForkResult::Child => {
            if let Err(trouble) = serve_files(name, port, table) {
                eprintln!("lockhouse-guest: worker {name}: {trouble}");
            }
            std::process::exit(1);
        }
    }
}

/// Becomes an ordinary user.
fn become_user(id: u32) -> Reply {
    setgroups(&[])?;
    setgid(Gid::from_raw(id))?;
    setuid(Uid::from_raw(id))?;
    Ok(String::new())
}
