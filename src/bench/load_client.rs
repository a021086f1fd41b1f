//! A client as the load sees it: who it is, its files, and the connections on which its calls go.
//!
//! Set-up and clean-up go over a connection of their own with the blocking [`Client`]; the load goes over
//! [`Pipeline`]s, which in 4.1 and 4.2 share a session (several, if the server grants fewer slots than there are lanes).

use super::error::BenchError;
use super::target::Target;
use crate::client::{
    Client, Connection, Credential, Error, OpenFile, OpenOwner, OpenRequest, Pipeline, SessionRequest, Slot,
    op, session,
};
use crate::nfs4::{Filehandle, Status};
use crate::xdr::generated::nfs4::{CREATE_SESSION4_FLAG_CONN_BACK_CHAN, CREATE_SESSION4resok};
use std::time::{Duration, Instant};

/// How long a server is waited for that is in its grace period or says DELAY.
const PATIENCE: Duration = Duration::from_secs(150);
/// How long to wait before asking it again.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a reply of set-up or clean-up may take: a server may have a million locks to drop.
const REPLY: Duration = Duration::from_secs(300);
/// Sessions of one connection at most.
const SESSIONS_MAX: usize = 64;

/// Represents one client of the server under load.
#[derive(Debug)]
pub struct LoadClient {
    /// For set-up and clean-up.
    pub control: Client,
    target: Target,
    /// `co_ownerid`, or `id` of SETCLIENTID.
    name: Vec<u8>,
    /// `csa_sequence` of the next CREATE_SESSION.
    create_sequence: u32,
    /// The directory that the files are in, and its parent.
    directory: Filehandle,
    parent: Filehandle,
    directory_name: String,
    files: Vec<String>,
    /// Owners that have a number so far.
    owners: u64,
}

/// Holds connections for the load, and the slot of each of their lanes; none in 4.0.
#[derive(Debug, Default)]
pub struct Lines {
    /// One for each connection.
    pub pipelines: Vec<Pipeline>,
    /// One for each lane, through all connections.
    pub slots: Vec<Option<Slot>>,
}

impl LoadClient {
    /// Connects, makes a clientid (and a session) and a directory.
    pub fn establish(target: &Target, minor: u32) -> Result<Self, BenchError> {
        let name = format!("lockhouse-bench-{:016x}", u64::from_be_bytes(random()?));
        let (mut control, create_sequence) = identify(target, minor, name.as_bytes(), 0)?;
        let root = control.root()?;
        let mut made = Self {
            control,
            target: target.clone(),
            name: name.clone().into_bytes(),
            create_sequence,
            directory: root.clone(),
            parent: root,
            directory_name: name,
            files: Vec::new(),
            owners: 0,
        };
        made.make_directory()?;
        Ok(made)
    }

    fn make_directory(&mut self) -> Result<(), BenchError> {
        let mut directory = self.parent.clone();
        for part in &self.target.path {
            let found = patiently(|| self.control.lookup(&directory, part));
            directory = found.map_err(|error| error.during(format!("LOOKUP of {part:?}")))?;
        }
        let made = patiently(|| self.control.mkdir(&directory, &self.directory_name));
        self.directory = made.map_err(|error| error.during("making a directory for the benchmark"))?;
        self.parent = directory;
        Ok(())
    }

    /// Returns the directory of the files.
    pub fn directory(&self) -> &Filehandle {
        &self.directory
    }

    /// Returns the minor version.
    pub fn minor(&self) -> u32 {
        self.control.minor
    }

    /// Returns the credential of its calls.
    pub fn credential(&self) -> &Credential {
        &self.control.credential
    }

    /// Returns the number of an owner that no other owner has.
    pub fn new_owner(&mut self) -> u64 {
        self.owners += 1;
        self.owners
    }

    /// Opens a file of the directory, which is created if it is not there, for an open owner of this number.
    pub fn open(&mut self, file: &str, owner: u64) -> Result<OpenFile, BenchError> {
        let mut owner = OpenOwner::new(self.control.clientid, open_owner_name(owner));
        let request = OpenRequest::create(file);
        let opened = patiently(|| self.control.open(&mut owner, &self.directory, &request));
        if !self.files.iter().any(|known| known == file) {
            self.files.push(file.to_owned());
        }
        opened.map_err(|error| error.during("OPEN"))
    }

    /// Opens connections with so many lanes each; with `back_channel`, the server may call over the first of them. In 4.1
    /// and 4.2 all share a session, or as few as have enough slots.
    pub fn lines(
        &mut self,
        connections: usize,
        depth: usize,
        back_channel: bool,
    ) -> Result<Lines, BenchError> {
        let lanes = connections * depth;
        let mut lines = Lines::default();
        for _ in 1..connections {
            lines.pipelines.push(Pipeline::on(Connection::connect(&self.target.addr)?)?);
        }
        let first = Connection::connect(&self.target.addr)?;
        if self.minor() == 0 {
            lines.pipelines.insert(0, Pipeline::on(first)?);
            lines.slots = vec![None; lanes];
            return Ok(lines);
        }
        let (first, made) = self.sessions(first, lanes, back_channel)?;
        let mut first = Pipeline::on(first)?;
        let may_call =
            |made: &&CREATE_SESSION4resok| made.csr_flags & CREATE_SESSION4_FLAG_CONN_BACK_CHAN != 0;
        if let Some(back) = made.first().filter(may_call) {
            let id = (back.csr_sessionid.0, self.minor());
            first.answer_calls(id, back.csr_back_chan_attrs.ca_maxrequests);
        }
        lines.pipelines.insert(0, first);
        lines.slots = made.iter().flat_map(slots_of).take(lanes).map(Some).collect();
        Ok(lines)
    }

    /// Creates sessions on this connection with `depth` slots together.
    fn sessions(
        &mut self,
        mut connection: Connection,
        depth: usize,
        back_channel: bool,
    ) -> Result<(Connection, Vec<CREATE_SESSION4resok>), BenchError> {
        let (mut made, mut slots) = (Vec::new(), 0);
        while slots < depth {
            let first = made.is_empty();
            let flags = if back_channel && first { CREATE_SESSION4_FLAG_CONN_BACK_CHAN } else { 0 };
            let wanted = (depth - slots).min(1024) as u32;
            let args =
                session::create_session_args(self.control.clientid, self.create_sequence, flags, wanted);
            let mut client = Client::on(connection, self.credential().clone());
            client.minor = self.minor();
            let session = client.create_session(&args).map_err(BenchError::from);
            let session = session.map_err(|error| {
                error.during(format!("making sessions with {depth} slots ({slots} so far)"))
            })?;
            connection = client.connection;
            self.create_sequence = self.create_sequence.wrapping_add(1);
            slots += slots_of(&session).count();
            made.push(session);
            if made.len() > SESSIONS_MAX {
                let said = format!("{SESSIONS_MAX} sessions have {slots} slots, not {depth}");
                return Err(BenchError::Other(said));
            }
        }
        Ok((connection, made))
    }

    /// Renews the lease, which a client loses that says nothing for long.
    pub fn renew(&mut self) -> Result<(), BenchError> {
        match self.minor() {
            0 => Ok(self.control.renew()?),
            _ => Ok(self.control.compound_ok(&[]).map(drop)?),
        }
    }

    /// Leaves as a client does that was restarted: a new verifier under the same name, at which the server drops all
    /// that the old one held. How long the server took.
    pub fn reboot(&mut self) -> Result<Duration, BenchError> {
        let start = Instant::now();
        let (control, sequence) = identify(&self.target, self.minor(), &self.name, 1)?;
        let took = start.elapsed();
        (self.control, self.create_sequence) = (control, sequence);
        Ok(took)
    }

    /// Drops all state, removes the files and the directory, and goes. Connections of the load should be closed.
    pub fn leave(mut self) -> Result<(), BenchError> {
        self.reboot()?;
        for file in &self.files {
            patiently(|| self.control.remove(&self.directory, file))?;
        }
        patiently(|| self.control.remove(&self.parent, &self.directory_name))?;
        if self.minor() > 0 {
            // What it does not answer well is its own matter: nothing is held any more.
            let _ = self.control.end_session();
        }
        Ok(())
    }
}

/// Returns the name of an open owner; it ends with its number in 8 bytes.
pub fn open_owner_name(number: u64) -> Vec<u8> {
    [b"opener00".as_slice(), &number.to_be_bytes()].concat()
}

/// Returns the name of a lock owner; it ends with its number in 8 bytes.
pub fn lock_owner_name(number: u64) -> Vec<u8> {
    [b"locker00".as_slice(), &number.to_be_bytes()].concat()
}

/// Returns the slots of a new session.
fn slots_of(session: &CREATE_SESSION4resok) -> impl Iterator<Item = Slot> + use<> {
    let (session, slots) =
        (session.csr_sessionid.0, session.csr_fore_chan_attrs.ca_maxrequests.clamp(1, 4096));
    (0..slots).map(move |slotid| Slot { session, slotid, highest: slots - 1, sequenceid: 0 })
}

/// Returns a client of this name with a clientid, and the number of its next CREATE_SESSION.
fn identify(target: &Target, minor: u32, name: &[u8], incarnation: u8) -> Result<(Client, u32), BenchError> {
    let (uid, gid) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    let mut client = Client::connect(&target.addr, Credential::sys(uid, gid))?;
    client.connection.set_timeout(REPLY);
    client.minor = minor;
    let mut verifier = random()?;
    verifier[0] = incarnation;
    if minor == 0 {
        patiently(|| client.establish(name, verifier)).map_err(|error| error.during("SETCLIENTID"))?;
        return Ok((client, 0));
    }
    let request = SessionRequest { flags: 0, slots: 1, ..SessionRequest::new(name, verifier) };
    let id = patiently(|| client.exchange_id(&request.owner, verifier, request.exchange_flags))
        .map_err(|error| error.during("EXCHANGE_ID"))?;
    client.clientid = id.eir_clientid;
    let args = session::create_session_args(id.eir_clientid, id.eir_sequenceid, 0, request.slots);
    let made = patiently(|| client.create_session(&args)).map_err(|error| error.during("CREATE_SESSION"))?;
    client.use_session(&made);
    patiently(|| client.compound_ok(&[op::reclaim_complete(false)]))
        .map_err(|error| error.during("RECLAIM_COMPLETE"))?;
    Ok((client, id.eir_sequenceid.wrapping_add(1)))
}

/// Repeats something while the server says GRACE or DELAY.
pub fn patiently<T>(mut attempt: impl FnMut() -> Result<T, Error>) -> Result<T, BenchError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match attempt() {
            Err(error) if matches!(error.status(), Some(Status::Grace | Status::Delay)) => {
                if Instant::now() > deadline {
                    return Err(error.into());
                }
                std::thread::sleep(PAUSE);
            }
            outcome => return Ok(outcome?),
        }
    }
}

/// Returns eight random bytes.
pub fn random() -> Result<[u8; 8], BenchError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes)
        .map_err(|error| BenchError::Other(format!("the system gives no random bytes: {error}")))?;
    Ok(bytes)
}
