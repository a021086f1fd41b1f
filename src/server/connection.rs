//! One connection: reads records, has them carried out, writes replies in whatever order they come.
//!
//! One task does it all, so nothing here is locked. It stops reading while too much is on its way, which is what slows
//! down a peer that asks faster than it is answered or that does not read its replies.

use super::Limits;
use super::dispatch::{Dispatched, Done, Origin, Outbound, Shared, Unsettled};
use super::output::Output;
use crate::rpc::{RecordAssembler, RecordError};
use bytes::Buf;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

/// How much is read at once, in octets.
const READ_BYTES: usize = 16 << 10;
/// Most replies of other threads taken over at once.
const REPLIES_AT_ONCE: usize = 64;

/// Why a connection has ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum End {
    #[error("the peer closed it")]
    Closed,
    #[error("the server stops")]
    Stopped,
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Record(#[from] RecordError),
    #[error("the peer does not speak RPC")]
    NotRpc,
    #[error("idle for too long")]
    Idle,
    #[error("the peer does not read its replies")]
    Stuck,
}

pub(super) struct Connection {
    from: Origin,
    shared: Arc<Shared>,
    limits: Limits,
    assembler: RecordAssembler,
    output: Output,
    outbound: mpsc::UnboundedReceiver<Outbound>,
    reply_to: mpsc::UnboundedSender<Outbound>,
    /// Calls being carried out, and their octets.
    running: usize,
    running_bytes: usize,
    /// Whether the peer has made a call that was answered.
    known: bool,
    /// When the last call came in, or was finished, or an octet of a reply went out.
    active: Instant,
    /// Set when no more calls are taken.
    ending: Option<End>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.shared.connection_lost(self.from.connection);
    }
}

impl Connection {
    pub fn new(peer: SocketAddr, shared: Arc<Shared>, limits: Limits) -> Self {
        let (reply_to, outbound) = mpsc::unbounded_channel();
        let connection = shared.connections.add(reply_to.clone());
        Self {
            from: Origin { peer, connection },
            shared,
            limits,
            assembler: RecordAssembler::new(limits.record),
            output: Output::default(),
            outbound,
            reply_to,
            running: 0,
            running_bytes: 0,
            known: false,
            active: Instant::now(),
            ending: None,
        }
    }

    /// Serves the connection until it ends, and says why it did. After `stop`, or when the peer has closed its side,
    /// calls that are being carried out are still answered.
    pub async fn run(mut self, mut stream: TcpStream, mut stop: watch::Receiver<bool>) -> End {
        let (mut reader, mut writer) = stream.split();
        let mut outbound = Vec::with_capacity(REPLIES_AT_ONCE);
        let timer = sleep_until(self.next_check());
        tokio::pin!(timer);
        loop {
            let may_read = self.take_records().unwrap_or_else(|end| {
                self.ending = Some(end);
                false
            });
            let answered = self.running == 0 && !self.output.has_remaining();
            if let Some(end) = self.ending.take_if(|_| answered) {
                return end;
            }
            if may_read && !self.assembler.is_idle() {
                // A client that sends a call in pieces may wait for our ACK before it sends the next piece (Nagle).
                let _ = reader.as_ref().set_quickack(true);
            }
            if may_read && self.assembler.buffer().spare_capacity_mut().len() < READ_BYTES / 4 {
                self.assembler.buffer().reserve(READ_BYTES);
            }
            tokio::select! {
                biased;
                written = writer.write_buf(&mut self.output), if self.output.has_remaining() => match written {
                    Ok(_) => self.active = Instant::now(),
                    Err(error) => return error.into(),
                },
                _ = self.outbound.recv_many(&mut outbound, REPLIES_AT_ONCE) => {
                    outbound.drain(..).for_each(|outbound| self.take_outbound(outbound));
                }
                read = reader.read_buf(self.assembler.buffer()), if may_read => match read {
                    Ok(0) => self.ending = Some(End::Closed),
                    Ok(_) => (),
                    Err(error) => return error.into(),
                },
                _ = stop.wait_for(|stop| *stop), if self.ending.is_none() => self.ending = Some(End::Stopped),
                () = &mut timer => match self.overdue() {
                    Some(end) => return end,
                    None => timer.as_mut().reset(self.next_check()),
                },
            }
        }
    }

    /// Has the records that are there carried out, as far as the limits allow. Answers whether more may be read.
    fn take_records(&mut self) -> Result<bool, End> {
        let mut unsettled = Vec::new();
        let more = self.carry_out_records(&mut unsettled);
        // What many calls have changed is stored at once.
        if !unsettled.is_empty() {
            self.shared.settle(unsettled).into_iter().for_each(|reply| self.output.push(reply));
        }
        more
    }

    fn carry_out_records(&mut self, unsettled: &mut Vec<Unsettled>) -> Result<bool, End> {
        while self.ending.is_none() && self.has_room() && unsettled.len() < self.limits.calls_max {
            let Some(record) = self.assembler.next_record()? else { return Ok(true) };
            let call_bytes = record.len();
            self.active = Instant::now();
            match self.shared.dispatch(self.from, record, &self.reply_to) {
                Dispatched::Reply(reply) => unsettled.push(reply),
                Dispatched::Pending => {
                    self.running += 1;
                    self.running_bytes += call_bytes;
                }
                Dispatched::Dropped => continue,
                Dispatched::Close => return Err(End::NotRpc),
            }
            self.known = true;
        }
        Ok(false)
    }

    fn has_room(&self) -> bool {
        self.running < self.limits.calls_max
            && self.running_bytes + self.output.remaining() < self.limits.outstanding_bytes_max
    }

    fn take_outbound(&mut self, outbound: Outbound) {
        match outbound {
            Outbound::Done(done) => self.finished(done),
            Outbound::Call(record) => self.output.push(record),
        }
    }

    fn finished(&mut self, done: Done) {
        self.running -= 1;
        self.running_bytes -= done.call_bytes;
        self.active = Instant::now();
        done.reply.into_iter().for_each(|reply| self.output.push(reply));
    }

    /// When to look again whether the patience is at its end. Not moved with each call, so that calls do not pay for it.
    fn next_check(&self) -> Instant {
        Instant::now() + self.limits.stuck_after.min(self.limits.unknown_after)
    }

    /// Whether the connection has stayed as it is for too long.
    fn overdue(&self) -> Option<End> {
        let (patience, end) = match (self.output.has_remaining(), self.running, self.known) {
            (true, ..) => (self.limits.stuck_after, End::Stuck),
            (false, 0, true) => (self.limits.idle_after, End::Idle),
            (false, 0, false) => (self.limits.unknown_after, End::Idle),
            (false, ..) => return None,
        };
        (self.active.elapsed() >= patience).then_some(end)
    }
}
