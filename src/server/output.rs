//! Replies on their way out.

use bytes::{Buf, Bytes};
use std::collections::VecDeque;
use std::io::IoSlice;

/// Replies in the order in which they are sent, written together without copying them together.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// None of them empty.
    replies: VecDeque<Bytes>,
    bytes: usize,
}

impl Output {
    pub fn push(&mut self, reply: Bytes) {
        if !reply.is_empty() {
            self.bytes += reply.len();
            self.replies.push_back(reply);
        }
    }
}

impl Buf for Output {
    fn remaining(&self) -> usize {
        self.bytes
    }

    fn chunk(&self) -> &[u8] {
        self.replies.front().map_or(&[], |reply| reply)
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let filled = slices.iter_mut().zip(&self.replies).map(|(slice, reply)| *slice = IoSlice::new(reply));
        filled.count()
    }

    fn advance(&mut self, mut count: usize) {
        assert!(count <= self.bytes, "more was written than there was");
        self.bytes -= count;
        while let Some(front) = self.replies.front_mut().filter(|_| count > 0) {
            if count < front.len() {
                front.advance(count);
                break;
            }
            count -= front.len();
            self.replies.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_whatever_the_steps() {
        for step in 1..12 {
            let mut output = Output::default();
            ["one", "", "three", "x"]
                .into_iter()
                .for_each(|text| output.push(Bytes::from_static(text.as_bytes())));
            let mut got = Vec::new();
            while output.has_remaining() {
                let mut slices = [IoSlice::new(&[]); 2];
                let count = output.chunks_vectored(&mut slices);
                let all: Vec<u8> = slices[..count].iter().flat_map(|slice| slice.to_vec()).collect();
                let taken = step.min(all.len());
                got.extend_from_slice(&all[..taken]);
                output.advance(taken);
            }
            assert_eq!(got, b"onethreex", "in steps of {step}");
            assert_eq!(output.chunk(), b"");
        }
    }
}
