//! Calls that can be sent again: the same bytes, and in a session the same slot and sequence id, so that they are
//! executed once (RFC 8881 §2.10.6; RFC 7530 §3.1.1 for the xid).

use super::compound::CompoundReply;
use super::{COMPOUND, Client, Connection, Error, Ticket, compound_args};
use crate::xdr::generated::nfs4::{SEQUENCE4res, nfs_argop4, nfs_resop4, nfsstat4};
use std::fmt;
use std::time::Duration;

/// Holds a COMPOUND that is ready to be sent, any number of times.
#[derive(Clone, Debug)]
pub struct Call {
    /// The number of the call.
    pub xid: u32,
    /// The slot it occupies, if there is a session.
    pub ticket: Option<Ticket>,
    message: Vec<u8>,
}

impl Call {
    /// Returns its bytes, without record marks: the same ones each time it is sent.
    pub fn message(&self) -> &[u8] {
        &self.message
    }
}

/// Makes a new connection when one broke.
pub struct Reconnect(pub Box<dyn FnMut() -> Result<Connection, Error> + Send>);

impl fmt::Debug for Reconnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reconnect")
    }
}

/// How long a call waits that the server asked to send again.
const PAUSE: Duration = Duration::from_millis(5);

/// Returns whether SEQUENCE was answered NFS4ERR_DELAY (RFC 8881 §18.46.3): the same request must be sent again.
fn is_in_progress(reply: &CompoundReply) -> bool {
    matches!(reply.last(), Some(nfs_resop4::OP_SEQUENCE(SEQUENCE4res::default(nfsstat4::NFS4ERR_DELAY))))
}

impl Client {
    /// Prepares a call of these operations; with a session, SEQUENCE goes before them and a slot is taken, which
    /// [`transmit`](Self::transmit) gives back once there is a reply.
    ///
    /// Errors: [`Error::NoSlot`].
    pub fn prepare(&mut self, ops: &[nfs_argop4]) -> Result<Call, Error> {
        let ticket = match &mut self.session {
            Some(session) => Some(session.take_slot().ok_or(Error::NoSlot)?),
            None => None,
        };
        let args = match (&self.session, ticket) {
            (Some(session), Some(ticket)) => {
                let ops = [&[session.sequence_op(ticket)], ops].concat();
                compound_args(&[], self.minor, &ops)?
            }
            _ => compound_args(&[], self.minor, ops)?,
        };
        let (xid, message) = self.connection.message(COMPOUND, &self.credential, &args);
        Ok(Call { xid, ticket, message })
    }

    /// Sends a call and waits for its reply; on a connection that breaks, sends it again on the one that
    /// [`reconnect`](Self::reconnect) makes, and when SEQUENCE says that the call is still being executed, after a pause.
    /// After an error the slot stays taken and the call may be transmitted again.
    pub fn transmit(&mut self, call: &Call) -> Result<CompoundReply, Error> {
        loop {
            match self.transmit_once(call) {
                Ok(reply) if is_in_progress(&reply) => std::thread::sleep(PAUSE),
                Err(broken @ (Error::Io(_) | Error::Closed)) => match &mut self.reconnect {
                    Some(Reconnect(connect)) => {
                        let fresh = connect()?;
                        self.use_connection(fresh);
                    }
                    None => return Err(broken),
                },
                outcome => return self.complete(call, outcome?),
            }
        }
    }

    /// Uses this connection from now on. It goes on with the numbers of the one before, so that a call of that one can
    /// be sent again on this one.
    pub fn use_connection(&mut self, mut connection: Connection) {
        connection.count_on_from(&self.connection);
        self.connection = connection;
    }

    /// Takes the reply of a call that was sent by other means than [`transmit`](Self::transmit): gives its slot back, and
    /// leaves out the result of SEQUENCE, unless it is all there is. Once for each call, however often it was sent.
    pub fn complete(&mut self, call: &Call, reply: CompoundReply) -> Result<CompoundReply, Error> {
        self.finish(call.ticket, reply)
    }

    fn transmit_once(&mut self, call: &Call) -> Result<CompoundReply, Error> {
        self.connection.send_message(&call.message)?;
        self.reply_to(call.xid)
    }

    fn reply_to(&mut self, xid: u32) -> Result<CompoundReply, Error> {
        CompoundReply::decode(&self.connection.receive(xid)?.outcome.map_err(Error::Refused)?)
    }

    /// Gives the slot back and leaves out the result of SEQUENCE, unless it is all there is.
    fn finish(&mut self, ticket: Option<Ticket>, mut reply: CompoundReply) -> Result<CompoundReply, Error> {
        let (Some(session), Some(ticket)) = (&mut self.session, ticket) else { return Ok(reply) };
        let first = reply.results.first().map(|result| &result.body);
        session.give_back(ticket, first);
        if let Some(nfs_resop4::OP_SEQUENCE(SEQUENCE4res::NFS4_OK(_))) = first {
            reply.results.remove(0);
        }
        Ok(reply)
    }

    /// Sends a COMPOUND and does not wait; the xid is for [`receive`](Self::receive).
    pub fn send(&mut self, ops: &[nfs_argop4]) -> Result<u32, Error> {
        let call = self.prepare(ops)?;
        self.connection.send_message(&call.message)?;
        if let (Some(session), Some(ticket)) = (&mut self.session, call.ticket) {
            session.outstanding.insert(call.xid, ticket);
        }
        Ok(call.xid)
    }

    /// Waits for the reply to a COMPOUND that was sent.
    pub fn receive(&mut self, xid: u32) -> Result<CompoundReply, Error> {
        let reply = self.reply_to(xid)?;
        let ticket = self.session.as_mut().and_then(|session| session.outstanding.remove(&xid));
        self.finish(ticket, reply)
    }
}
