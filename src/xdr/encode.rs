//! What the server writes.

use super::Bitmap;
use crate::nfs4::Stateid;
use std::io;

/// XDR on the end of a growing buffer. Writing cannot fail; what can be long is bounded by who writes it.
#[derive(Debug, Default)]
pub struct Encoder {
    buffer: Vec<u8>,
}

impl Encoder {
    /// Goes on at the end of `buffer`.
    pub fn new(buffer: Vec<u8>) -> Self {
        Self { buffer }
    }

    /// The buffer, with all that was written.
    pub fn into_inner(self) -> Vec<u8> {
        self.buffer
    }

    /// All octets so far.
    pub fn as_slice(&self) -> &[u8] {
        &self.buffer
    }

    /// Where the next octet goes.
    pub fn pos(&self) -> usize {
        self.buffer.len()
    }

    /// Forgets everything from `pos` on.
    pub fn truncate(&mut self, pos: usize) {
        self.buffer.truncate(pos);
    }

    /// Writes over the four octets at `pos`, which were written before.
    pub fn patch_u32(&mut self, pos: usize, value: u32) {
        self.buffer[pos..pos + 4].copy_from_slice(&value.to_be_bytes());
    }

    /// An unsigned integer.
    pub fn u32(&mut self, value: u32) {
        self.buffer.extend_from_slice(&value.to_be_bytes());
    }

    /// An unsigned hyper integer.
    pub fn u64(&mut self, value: u64) {
        self.buffer.extend_from_slice(&value.to_be_bytes());
    }

    /// A hyper integer.
    pub fn i64(&mut self, value: i64) {
        self.buffer.extend_from_slice(&value.to_be_bytes());
    }

    /// A boolean.
    pub fn bool(&mut self, value: bool) {
        self.u32(value.into());
    }

    /// Fixed-length opaque data.
    pub fn fixed(&mut self, octets: &[u8]) {
        self.buffer.extend_from_slice(octets);
        self.pad(octets.len());
    }

    /// Variable-length opaque data.
    pub fn opaque(&mut self, octets: &[u8]) {
        self.u32(octets.len() as u32);
        self.fixed(octets);
    }

    /// `stateid4`.
    pub fn stateid(&mut self, stateid: &Stateid) {
        self.u32(stateid.seqid);
        self.fixed(&stateid.other);
    }

    /// `bitmap4`.
    pub fn bitmap(&mut self, bitmap: &Bitmap) {
        let words = bitmap.words();
        self.u32(words.len() as u32);
        words.iter().for_each(|word| self.u32(*word));
    }

    /// Variable-length opaque data that `write` writes.
    pub fn block(&mut self, write: impl FnOnce(&mut Self)) {
        let at = self.pos();
        self.u32(0);
        write(self);
        self.close_opaque(at);
    }

    /// Variable-length opaque data of at most `max` octets that `append` puts straight onto the end of the buffer.
    /// What it appends beyond `max` is cut off.
    pub fn opaque_vec<T, E>(
        &mut self,
        max: usize,
        append: impl FnOnce(&mut Vec<u8>) -> Result<T, E>,
    ) -> Result<T, E> {
        let at = self.pos();
        self.u32(0);
        let result = append(&mut self.buffer)?;
        self.buffer.truncate(at + 4 + max);
        self.close_opaque(at);
        Ok(result)
    }

    fn close_opaque(&mut self, at: usize) {
        let length = self.pos() - at - 4;
        self.patch_u32(at, length as u32);
        self.pad(length);
    }

    fn pad(&mut self, length: usize) {
        const ZEROS: [u8; 4] = [0; 4];
        self.buffer.extend_from_slice(&ZEROS[..length.wrapping_neg() % 4]);
    }
}

impl io::Write for Encoder {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
