//! Writes XDR (RFC 4506) into one growing buffer, with places that are filled in later.

use super::Bitmap;
use crate::nfs4::{Stateid, Status};

/// Collects XDR in a buffer. The buffer's length starts at a multiple of four, and each method that writes keeps it there,
/// except those of [`std::io::Write`], which are for generated types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoder {
    out: Vec<u8>,
}

/// Says where the length of an opaque stands that is being written.
#[derive(Debug)]
#[must_use = "the length is written by end_opaque"]
pub struct OpaqueStart(usize);

impl Encoder {
    /// Makes an empty buffer.
    pub const fn new() -> Self {
        Self { out: Vec::new() }
    }

    /// Makes an empty buffer with room for `bytes`.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes) }
    }

    /// Appends to `out`, for example behind the space of a record mark.
    #[inline]
    pub const fn on(out: Vec<u8>) -> Self {
        Self { out }
    }

    /// Returns the bytes, as a buffer.
    #[inline]
    pub fn into_vec(self) -> Vec<u8> {
        self.out
    }

    /// Returns the bytes so far.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.out
    }

    /// Returns where the next byte goes; a place for [`patch_u32`](Self::patch_u32) and [`truncate`](Self::truncate).
    #[inline]
    pub fn pos(&self) -> usize {
        self.out.len()
    }

    /// Returns the count of bytes so far.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Tells whether nothing is written yet.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Makes room for `bytes` more.
    pub fn reserve(&mut self, bytes: usize) {
        self.out.reserve(bytes);
    }

    /// Forgets everything from `pos` on.
    #[inline]
    pub fn truncate(&mut self, pos: usize) {
        self.out.truncate(pos);
    }

    /// Writes over the number at `pos`. Panics when there is none: `pos` must come from [`pos`](Self::pos).
    #[inline]
    pub fn patch_u32(&mut self, pos: usize, value: u32) {
        self.out[pos..pos + 4].copy_from_slice(&value.to_be_bytes());
    }

    /// Encodes `unsigned int`, and any enumeration.
    #[inline]
    pub fn u32(&mut self, value: u32) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    /// Encodes `unsigned hyper`.
    #[inline]
    pub fn u64(&mut self, value: u64) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    /// Encodes several of them, of a count known beforehand, at once.
    #[inline]
    pub fn words<const N: usize>(&mut self, words: [u32; N]) {
        self.out.extend_from_slice(words.map(u32::to_be_bytes).as_flattened());
    }

    /// Appends a `hyper`.
    pub fn i64(&mut self, value: i64) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    /// Appends a `bool`.
    pub fn bool(&mut self, value: bool) {
        self.u32(value.into());
    }

    /// Appends an `nfsstat4`.
    pub fn status(&mut self, status: Status) {
        self.u32(status.number());
    }

    /// Encodes `opaque<>` or `string<>`: length, bytes, padding.
    #[inline]
    pub fn opaque(&mut self, bytes: &[u8]) {
        self.u32(u32::try_from(bytes.len()).expect("an opaque is shorter than 4 GiB"));
        self.fixed(bytes);
    }

    /// Encodes `opaque[n]`: bytes, padding.
    #[inline]
    pub fn fixed(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
        self.pad(bytes.len());
    }

    /// Encodes `stateid4`.
    #[inline]
    pub fn stateid(&mut self, stateid: &Stateid) {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&stateid.seqid.to_be_bytes());
        bytes[4..].copy_from_slice(&stateid.other);
        self.out.extend_from_slice(&bytes);
    }

    /// Appends a `bitmap4`, without words of zeros at its end.
    pub fn bitmap(&mut self, set: &Bitmap) {
        let words = set.words();
        self.u32(words.len() as u32);
        words.iter().for_each(|&word| self.u32(word));
    }

    /// Appends a value of a generated type.
    ///
    /// Errors: an array in it is longer than `xdr/*.x` allows; then nothing is written.
    #[cfg(feature = "client")]
    pub fn pack<T: xdr_codec::Pack<Self>>(&mut self, value: &T) -> xdr_codec::Result<()> {
        let start = self.pos();
        let written = value.pack(self).map(drop);
        if written.is_err() {
            self.truncate(start);
        }
        written
    }

    /// Appends an opaque whose bytes are what `write` writes, for example `attrlist4`. When `write` fails, truncate to before
    /// the opaque or send it as it is: the length is right in either case.
    pub fn opaque_with<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let start = self.begin_opaque();
        let result = write(self);
        self.end_opaque(start);
        result
    }

    /// Starts an opaque whose bytes are what is written until [`end_opaque`](Self::end_opaque).
    pub fn begin_opaque(&mut self) -> OpaqueStart {
        self.u32(0);
        OpaqueStart(self.pos())
    }

    /// Ends an opaque: fills in its length and pads it. Panics when it was truncated away, or is 4 GiB long.
    pub fn end_opaque(&mut self, OpaqueStart(start): OpaqueStart) {
        let bytes = self.pos().checked_sub(start).expect("the opaque is still there");
        self.patch_u32(start - 4, u32::try_from(bytes).expect("an opaque is shorter than 4 GiB"));
        self.pad(bytes);
    }

    /// Appends an opaque of at most `max` bytes that `append` puts at the end of the buffer itself, so that data of a file is
    /// not copied again. `append` must leave what is there alone; more than `max` bytes are cut off.
    ///
    /// Errors: those of `append`; then nothing is written.
    pub fn opaque_vec<T, E>(
        &mut self,
        max: usize,
        append: impl FnOnce(&mut Vec<u8>) -> Result<T, E>,
    ) -> Result<T, E> {
        let before = self.pos();
        let start = self.begin_opaque();
        let result = append(&mut self.out);
        match &result {
            Ok(_) => {
                self.truncate((before + 4).saturating_add(max));
                self.end_opaque(start);
            }
            Err(_) => self.truncate(before),
        }
        result
    }

    /// Appends zeros behind `bytes` bytes, up to a multiple of four.
    #[inline]
    fn pad(&mut self, bytes: usize) {
        const ZEROS: [u8; 3] = [0; 3];
        if !bytes.is_multiple_of(4) {
            self.out.extend_from_slice(&ZEROS[..4 - bytes % 4]);
        }
    }
}

#[cfg(feature = "client")]
impl std::io::Write for Encoder {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        self.out.extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
