//! Replies read in place: was it accepted, what did each operation say, which stateid came of it. No allocation.

use super::template::{STATEID_BYTES, Template};
use crate::nfs4::Status;
use crate::xdr::generated::nfs4::nfs_opnum4;

/// Holds what a reply says, as far as a call of a [`Template`] wants to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status of the COMPOUND, by its number.
    pub status: u32,
    /// Whether SEQUENCE was carried out; true without one.
    pub taken: bool,
    /// Whether the last operation of the template was reached, so that it has a status of its own.
    pub reached: bool,
    /// The stateid of the last operation, if it gives one and went well.
    pub stateid: [u8; STATEID_BYTES],
    /// `rflags` of OPEN.
    pub result_flags: u32,
}

/// Says why a record is no answer to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends before it should, or goes on.
    Length,
    /// It is not a reply, or one of RPC in another form.
    NotAReply,
    /// `MSG_DENIED`.
    Denied,
    /// Accepted, but not with success: `accept_stat`.
    NotAccepted(u32),
    /// Results of other operations than those of the call.
    OtherOperations,
}

impl Fault {
    /// Returns what it is, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Length => "reply of a wrong length",
            Self::NotAReply => "not a reply",
            Self::Denied => "MSG_DENIED",
            Self::NotAccepted(1) => "PROG_UNAVAIL",
            Self::NotAccepted(2) => "PROG_MISMATCH",
            Self::NotAccepted(3) => "PROC_UNAVAIL",
            Self::NotAccepted(4) => "GARBAGE_ARGS",
            Self::NotAccepted(_) => "SYSTEM_ERR",
            Self::OtherOperations => "reply to other operations",
        }
    }
}

impl Answer {
    /// Returns whether all went well.
    pub fn is_ok(&self) -> bool {
        self.status == Status::Ok.number()
    }
}

/// Returns the name of a status in the RFC.
pub fn status_name(number: u32) -> &'static str {
    Status::from_number(number).map_or("unknown status", Status::name)
}

/// Returns the xid of a record, and whether it is a call (of the server).
pub fn xid_of(record: &[u8]) -> Option<(u32, bool)> {
    let mut reader = Reader(record);
    Some((reader.word().ok()?, reader.word().ok()? == 0))
}

impl Template {
    /// Reads the reply to a call of this template.
    pub fn answer(&self, record: &[u8]) -> Result<Answer, Fault> {
        let mut reader = Reader(record);
        reader.accepted()?;
        if self.opcodes.is_empty() {
            return reader.end(Answer { taken: true, reached: true, ..Answer::default() });
        }
        let status = reader.word()?;
        reader.opaque()?;
        let count = reader.word()? as usize;
        let mut answer = Answer { status, taken: true, ..Answer::default() };
        for (index, opcode) in self.opcodes.iter().enumerate().take(count) {
            let (said, of_op) = (reader.word()?, reader.word()?);
            let last = index + 1 == count;
            if said != *opcode || (of_op != 0) != (last && status != 0) || (of_op != 0 && of_op != status) {
                return Err(Fault::OtherOperations);
            }
            answer.reached = index + 1 == self.opcodes.len();
            reader.result(*opcode, of_op, &mut answer)?;
        }
        match (count, count == self.opcodes.len() || status != 0) {
            // A COMPOUND may fail as a whole, before its first operation.
            (0, true) => reader.end(Answer { taken: false, ..answer }),
            (count, true) if count <= self.opcodes.len() => reader.end(answer),
            _ => Err(Fault::OtherOperations),
        }
    }
}

/// What is left of a record.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn word(&mut self) -> Result<u32, Fault> {
        let (word, rest) = self.0.split_first_chunk().ok_or(Fault::Length)?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*word))
    }

    fn skip(&mut self, bytes: usize) -> Result<(), Fault> {
        self.0 = self.0.get(bytes..).ok_or(Fault::Length)?;
        Ok(())
    }

    /// Returns an `opaque<>` with its padding.
    fn opaque(&mut self) -> Result<(), Fault> {
        let bytes = self.word()? as usize;
        self.skip(bytes.checked_next_multiple_of(4).ok_or(Fault::Length)?)
    }

    fn stateid(&mut self) -> Result<[u8; STATEID_BYTES], Fault> {
        let (stateid, rest) = self.0.split_first_chunk().ok_or(Fault::Length)?;
        self.0 = rest;
        Ok(*stateid)
    }

    /// Returns the head of a reply that was accepted (RFC 5531 §9).
    fn accepted(&mut self) -> Result<(), Fault> {
        let (_xid, kind) = (self.word()?, self.word()?);
        if kind != 1 {
            return Err(Fault::NotAReply);
        }
        match self.word()? {
            0 => {}
            1 => return Err(Fault::Denied),
            _ => return Err(Fault::NotAReply),
        }
        let _flavor = self.word()?;
        self.opaque()?;
        match self.word()? {
            0 => Ok(()),
            accept_stat => Err(Fault::NotAccepted(accept_stat)),
        }
    }

    /// Returns what stands after the status of an operation.
    fn result(&mut self, opcode: u32, status: u32, answer: &mut Answer) -> Result<(), Fault> {
        const SEQUENCE: u32 = nfs_opnum4::OP_SEQUENCE as u32;
        const OPEN: u32 = nfs_opnum4::OP_OPEN as u32;
        const LOCK: u32 = nfs_opnum4::OP_LOCK as u32;
        const LOCKU: u32 = nfs_opnum4::OP_LOCKU as u32;
        const OPEN_CONFIRM: u32 = nfs_opnum4::OP_OPEN_CONFIRM as u32;
        const CLOSE: u32 = nfs_opnum4::OP_CLOSE as u32;
        const DENIED: u32 = Status::Denied as u32;
        match (opcode, status) {
            // Sessionid, sequence id, slot, highest slots, flags.
            (SEQUENCE, 0) => self.skip(16 + 5 * 4),
            (SEQUENCE, _) => {
                answer.taken = false;
                Ok(())
            }
            (LOCK | LOCKU | OPEN_CONFIRM | CLOSE, 0) => {
                answer.stateid = self.stateid()?;
                Ok(())
            }
            // Offset, length, type, clientid, owner.
            (LOCK, DENIED) => {
                self.skip(8 + 8 + 4 + 8)?;
                self.opaque()
            }
            (OPEN, 0) => {
                answer.stateid = self.stateid()?;
                self.skip(4 + 8 + 8)?;
                answer.result_flags = self.word()?;
                // The attributes that were set and the delegation are nothing to us; OPEN is the last operation.
                self.skip(self.0.len())
            }
            _ => Ok(()),
        }
    }

    fn end(self, answer: Answer) -> Result<Answer, Fault> {
        if self.0.is_empty() { Ok(answer) } else { Err(Fault::Length) }
    }
}
