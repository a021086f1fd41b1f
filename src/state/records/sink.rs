//! Where keys and values of records are written to.

/// Where a key and a value can be written to.
pub(in crate::state) trait Sink {
    fn bytes(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    fn bytes(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// A record of at most so many bytes, in the making.
const SHORT_BYTES: usize = 80;

/// See [`Changes::put_short`].
pub(in crate::state) struct Short {
    pub(super) len: usize,
    pub(super) bytes: [u8; SHORT_BYTES],
}

impl Default for Short {
    fn default() -> Self {
        Self { len: 0, bytes: [0; SHORT_BYTES] }
    }
}

impl Sink for Short {
    #[inline]
    fn bytes(&mut self, bytes: &[u8]) {
        self.bytes[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }
}

impl Short {
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    #[inline]
    pub fn byte(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    /// Writes a number as postcard does: seven bits in each byte, the lowest first, all but the last marked.
    #[inline]
    pub fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.byte(number as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }
}
