//! What is on its way out of a connection.

use crate::commits::{CommitNumber, Durable};
use crate::rpc::Replies;
use bytes::{Buf, Bytes, BytesMut};
use std::collections::VecDeque;
use std::io::{self, IoSlice, Write};

/// Most pieces written at once.
const PIECES_MAX: usize = 64;
/// Room that is made for replies when there is none.
const ROOM_BYTES: usize = 16 << 10;

/// Records in the order in which they are sent. Those of one round are next to each other in memory, so that they leave
/// in one piece.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// Replies of this round, which have no commit number yet.
    held: BytesMut,
    /// What leaves when a commit is durable, in this order.
    sealed: VecDeque<(CommitNumber, Bytes)>,
    sealed_bytes: usize,
    /// What may leave. None of them empty.
    free: VecDeque<Bytes>,
    free_bytes: usize,
}

impl Replies for Output {
    /// Adds a reply of this round.
    fn hold(&mut self, reply: &[u8]) {
        if self.held.capacity() - self.held.len() < reply.len() {
            self.held.reserve(reply.len().max(ROOM_BYTES));
        }
        self.held.extend_from_slice(reply);
    }
}

impl Output {
    /// Holds the replies of this round until the commit `number` is durable.
    pub fn seal(&mut self, number: CommitNumber) {
        let held = self.held.split().freeze();
        self.hold_until(number, held);
    }

    /// Adds a record that may leave when the commit `number` is durable, and what was added before it has left.
    pub fn hold_until(&mut self, number: CommitNumber, record: Bytes) {
        if !record.is_empty() {
            self.sealed_bytes += record.len();
            self.sealed.push_back((number, record));
        }
    }

    /// Lets go of what may leave.
    pub fn release(&mut self, durable: Durable) {
        while let Some((_, record)) = self.sealed.front_mut().filter(|(number, _)| durable.covers(*number)) {
            let record = std::mem::take(record);
            self.sealed.pop_front();
            self.sealed_bytes -= record.len();
            self.push(record);
        }
    }

    /// Returns the commit that the next record waits for.
    pub fn waits_for(&self) -> Option<CommitNumber> {
        self.sealed.front().map(|(number, _)| *number)
    }

    fn push(&mut self, record: Bytes) {
        if !record.is_empty() {
            self.free_bytes += record.len();
            self.free.push_back(record);
        }
    }

    /// Returns how many bytes may leave.
    pub fn remaining(&self) -> usize {
        self.free_bytes
    }

    /// Returns how many bytes are kept.
    pub fn bytes(&self) -> usize {
        self.free_bytes + self.sealed_bytes + self.held.len()
    }

    /// Writes as much as `to` takes at once. Errors: its own, `WouldBlock` among them.
    pub fn write_to(&mut self, to: &mut impl Write) -> io::Result<usize> {
        let written = match self.free.len() {
            0 => 0,
            1 => to.write(&self.free[0])?,
            _ => {
                let mut slices = [IoSlice::new(&[]); PIECES_MAX];
                let filled = slices.iter_mut().zip(&self.free);
                let count = filled.map(|(slice, piece)| *slice = IoSlice::new(piece)).count();
                to.write_vectored(&slices[..count])?
            }
        };
        self.advance(written);
        Ok(written)
    }

    fn advance(&mut self, mut count: usize) {
        self.free_bytes -= count;
        while let Some(front) = self.free.front_mut().filter(|_| count > 0) {
            if count < front.len() {
                front.advance(count);
                break;
            }
            count -= front.len();
            self.free.pop_front();
        }
    }

    /// Gives back memory that is not in use.
    pub fn shrink(&mut self) {
        if self.held.is_empty() {
            self.held = BytesMut::new();
        }
        self.sealed.shrink_to_fit();
        self.free.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commits::Commits;

    /// Takes so many bytes at once.
    struct Narrow(usize, Vec<u8>);

    impl Write for Narrow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = self.0.min(bytes.len());
            self.1.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
            self.write(&pieces.iter().flat_map(|piece| piece.to_vec()).collect::<Vec<_>>())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_goes_in_comes_out_whatever_the_steps() {
        for step in 1..12 {
            let mut output = Output::default();
            ["one", "", "three", "x"]
                .into_iter()
                .for_each(|text| output.push(Bytes::from_static(text.as_bytes())));
            let mut to = Narrow(step, Vec::new());
            while output.remaining() > 0 {
                output.write_to(&mut to).unwrap();
            }
            assert_eq!(to.1, b"onethreex", "in steps of {step}");
            assert_eq!(output.write_to(&mut to).unwrap(), 0);
        }
    }

    #[test]
    fn what_is_held_stays_until_it_is_released() {
        let (mut output, mut to) = (Output::default(), Narrow(99, Vec::new()));
        output.hold(b"one");
        output.hold(b"two");
        output.push(Bytes::from_static(b"free"));
        output.write_to(&mut to).unwrap();
        assert_eq!((to.1.as_slice(), output.remaining(), output.bytes()), (&b"free"[..], 0, 6));
        let commits = Commits::default();
        output.seal(0);
        output.release(commits.durable());
        output.write_to(&mut to).unwrap();
        assert_eq!(to.1, b"freeonetwo");
    }

    /// Whatever the order of completions: nothing leaves before its number, and all in the order in which it came.
    #[test]
    fn nothing_leaves_before_its_commit() {
        for order in [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]] {
            let (commits, mut output, mut to) =
                (Commits::default(), Output::default(), Narrow(99, Vec::new()));
            output.hold(b"a");
            output.seal(1);
            output.hold_until(1, Bytes::from_static(b"call"));
            output.hold(b"b");
            output.seal(2);
            output.seal(2);
            output.hold_until(3, Bytes::from_static(b"c"));
            for complete in order {
                commits.complete(complete);
                output.release(commits.durable());
                output.write_to(&mut to).unwrap();
                let most = (1..=3).take_while(|number| commits.durable().covers(*number)).count();
                assert_eq!(to.1, ["", "acall", "acallb", "acallbc"][most].as_bytes(), "{order:?}");
                assert_eq!(output.waits_for(), [Some(1), Some(2), Some(3), None][most]);
                assert_eq!(output.bytes(), 7 - to.1.len());
            }
        }
    }
}
