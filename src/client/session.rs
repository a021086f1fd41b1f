//! Sessions (RFC 8881 §2.10): slots, their sequence ids, and how a session is made and ended.

pub use super::session_args::*;

use super::callback::{BackChannel, Callback, Manner};
use super::{Client, Connection, Error, op};
use crate::nfs4::Filehandle;
use crate::xdr::generated::nfs4::*;
use crate::xdr::generated::nfs4_cb::nfs_cb_argop4;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// Holds a session and its slots.
#[derive(Debug)]
pub struct Session {
    /// `sessionid4`.
    pub id: [u8; 16],
    /// The fore channel, as the server granted it.
    pub fore: channel_attrs4,
    /// The back channel, as the server granted it.
    pub back: channel_attrs4,
    /// The flags of CREATE_SESSION that the server granted.
    pub flags: u32,
    /// Whether the server is asked to keep its replies (`sa_cachethis`).
    pub cache: bool,
    /// `sr_status_flags` of the last SEQUENCE.
    pub status_flags: u32,
    slots: Vec<Slot>,
    /// Slots of calls that were sent and not waited for, by xid.
    pub(super) outstanding: HashMap<u32, Ticket>,
    /// Answers the server's calls, on whichever connection they come.
    answering: Arc<Mutex<BackChannel>>,
    manner: Arc<Mutex<Manner>>,
    heard: mpsc::Receiver<Callback>,
    /// What was heard and is somebody else's.
    set_aside: VecDeque<Callback>,
}

/// A slot of the fore channel.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The sequence id of its last request that the server took.
    sequence: u32,
    busy: bool,
}

/// Represents a slot in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// `sa_slotid`.
    pub slot: u32,
    /// `sa_sequenceid`.
    pub sequence: u32,
}

impl Session {
    /// Takes a free slot; `None` when all are in use.
    pub fn take_slot(&mut self) -> Option<Ticket> {
        let (index, slot) = self.slots.iter_mut().enumerate().find(|(_, slot)| !slot.busy)?;
        slot.busy = true;
        Some(Ticket { slot: index as u32, sequence: slot.sequence.wrapping_add(1) })
    }

    /// Builds SEQUENCE for a slot that was taken.
    pub fn sequence_op(&self, ticket: Ticket) -> nfs_argop4 {
        nfs_argop4::OP_SEQUENCE(SEQUENCE4args {
            sa_sessionid: sessionid4(self.id),
            sa_sequenceid: ticket.sequence,
            sa_slotid: ticket.slot,
            sa_highest_slotid: self.slots.len() as u32 - 1,
            sa_cachethis: self.cache,
        })
    }

    /// Gives a slot back. Its sequence id counts only if the server took the request, which `result` tells.
    pub fn give_back(&mut self, ticket: Ticket, result: Option<&nfs_resop4>) {
        let Some(slot) = self.slots.get_mut(ticket.slot as usize) else { return };
        slot.busy = false;
        if let Some(nfs_resop4::OP_SEQUENCE(SEQUENCE4res::NFS4_OK(ok))) = result {
            slot.sequence = ticket.sequence;
            self.status_flags = ok.sr_status_flags;
        }
    }

    /// Sets how callbacks are answered from now on.
    pub fn set_manner(&self, manner: Manner) {
        *self.manner.lock().unwrap_or_else(PoisonError::into_inner) = manner;
    }

    /// Returns the next callback, if one comes in time.
    pub fn next_callback(&mut self, timeout: Duration) -> Option<Callback> {
        self.set_aside.pop_front().or_else(|| self.heard.recv_timeout(timeout).ok())
    }

    /// Returns the next CB_NOTIFY_LOCK for this owner's lock on this file, if one comes in time; other callbacks are
    /// kept.
    pub fn wait_notify(&mut self, file: &Filehandle, owner: &[u8], timeout: Duration) -> Option<Callback> {
        let is_it = |callback: &Callback| callback.notifies(file, owner);
        if let Some(at) = self.set_aside.iter().position(is_it) {
            return self.set_aside.remove(at);
        }
        let deadline = Instant::now() + timeout;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.heard.recv_timeout(left).ok()? {
                callback if is_it(&callback) => return Some(callback),
                other => self.set_aside.push_back(other),
            }
        }
    }
}

/// Lets the back channel answer what the server calls on this connection.
fn answer_with(connection: &mut Connection, answering: &Arc<Mutex<BackChannel>>) {
    let answering = Arc::clone(answering);
    connection
        .answer_calls(move |record| answering.lock().unwrap_or_else(PoisonError::into_inner).answer(record));
}

impl Callback {
    /// Returns whether it says that this owner may ask for its lock on this file again.
    pub fn notifies(&self, file: &Filehandle, owner: &[u8]) -> bool {
        self.ops.iter().any(|op| match op {
            nfs_cb_argop4::OP_CB_NOTIFY_LOCK(notify) => {
                notify.cnla_fh.0 == file.as_bytes() && notify.cnla_lock_owner.owner == owner
            }
            _ => false,
        })
    }
}

impl Client {
    /// Sends EXCHANGE_ID as a COMPOUND of its own.
    pub fn exchange_id(
        &mut self,
        owner: &[u8],
        verifier: [u8; 8],
        flags: u32,
    ) -> Result<EXCHANGE_ID4resok, Error> {
        self.alone(op::exchange_id(owner, verifier, flags), |result| match result {
            nfs_resop4::OP_EXCHANGE_ID(EXCHANGE_ID4res::NFS4_OK(ok)) => Some(ok.clone()),
            _ => None,
        })
    }

    /// Sends CREATE_SESSION as a COMPOUND of its own.
    pub fn create_session(&mut self, args: &CREATE_SESSION4args) -> Result<CREATE_SESSION4resok, Error> {
        self.alone(op::create_session(args), |result| match result {
            nfs_resop4::OP_CREATE_SESSION(CREATE_SESSION4res::NFS4_OK(ok)) => Some(ok.clone()),
            _ => None,
        })
    }

    /// Sends one operation without SEQUENCE.
    fn alone<T>(&mut self, op: nfs_argop4, pick: impl Fn(&nfs_resop4) -> Option<T>) -> Result<T, Error> {
        let minor = self.minor;
        self.compound_raw(minor, &[op])?.ok()?.find(pick)
    }

    /// Sends EXCHANGE_ID and CREATE_SESSION; from now on every COMPOUND begins with SEQUENCE, and callbacks are answered.
    pub fn begin_session(&mut self, minor: u32, request: &SessionRequest) -> Result<(), Error> {
        self.minor = minor;
        let SessionRequest { owner, verifier, exchange_flags, flags, slots } = request;
        let id = self.exchange_id(owner, *verifier, *exchange_flags)?;
        self.clientid = id.eir_clientid;
        let args = create_session_args(id.eir_clientid, id.eir_sequenceid, *flags, *slots);
        let made = self.create_session(&args)?;
        self.use_session(&made);
        Ok(())
    }

    /// Uses this session from now on, on this connection, which is the one that made it.
    pub fn use_session(&mut self, made: &CREATE_SESSION4resok) {
        let (hear, heard) = mpsc::channel();
        let manner = Arc::new(Mutex::new(Manner::Well));
        let (id, back) = (made.csr_sessionid.0, made.csr_back_chan_attrs.clone());
        let slots = back.ca_maxrequests.max(1);
        let answering = BackChannel::new((id, self.minor), slots, Arc::clone(&manner), hear);
        let answering = Arc::new(Mutex::new(answering));
        if made.csr_flags & CREATE_SESSION4_FLAG_CONN_BACK_CHAN != 0 {
            answer_with(&mut self.connection, &answering);
        }
        let slots = made.csr_fore_chan_attrs.ca_maxrequests.clamp(1, 1024) as usize;
        self.session = Some(Session {
            id,
            fore: made.csr_fore_chan_attrs.clone(),
            back,
            flags: made.csr_flags,
            cache: false,
            status_flags: 0,
            slots: vec![Slot::default(); slots],
            outstanding: HashMap::new(),
            answering,
            manner,
            heard,
            set_aside: VecDeque::new(),
        });
    }

    /// Sends BIND_CONN_TO_SESSION on a new connection, which the client uses from now on, for callbacks too if the server
    /// agrees; returns the direction it agreed to.
    pub fn bind_connection(
        &mut self,
        connection: Connection,
        direction: channel_dir_from_client4,
    ) -> Result<channel_dir_from_server4, Error> {
        let id = self.session.as_ref().map_or([0; 16], |session| session.id);
        self.use_connection(connection);
        let bound = self.alone(op::bind_conn_to_session(id, direction), |result| match result {
            nfs_resop4::OP_BIND_CONN_TO_SESSION(BIND_CONN_TO_SESSION4res::NFS4_OK(ok)) => Some(ok.bctsr_dir),
            _ => None,
        })?;
        match &self.session {
            Some(session) if bound != channel_dir_from_server4::CDFS4_FORE => {
                answer_with(&mut self.connection, &session.answering);
            }
            _ => {}
        }
        Ok(bound)
    }

    /// Sends RECLAIM_COMPLETE for all file systems.
    pub fn reclaim_complete(&mut self) -> Result<(), Error> {
        self.compound_ok(&[op::reclaim_complete(false)]).map(drop)
    }

    /// Sends DESTROY_SESSION and DESTROY_CLIENTID; what the client holds must have been given back.
    pub fn end_session(&mut self) -> Result<(), Error> {
        let minor = self.minor;
        if let Some(session) = self.session.take() {
            self.compound_raw(minor, &[op::destroy_session(session.id)])?.ok()?;
        }
        self.compound_raw(minor, &[op::destroy_clientid(self.clientid)])?.ok().map(drop)
    }

    /// Sends FREE_STATEID of a lock stateid that holds nothing.
    pub fn free_stateid(&mut self, state: crate::nfs4::Stateid) -> Result<(), Error> {
        self.compound_ok(&[op::free_stateid(state)]).map(drop)
    }
}
