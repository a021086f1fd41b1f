//! Frames: octets that know where they belong and whether they are whole.
//!
//! ```text
//! checksum u64 | length of the payload u32 | number u64 | payload            little-endian
//! ```
//!
//! The checksum covers what follows it. Its seed is made of the identity of the store and of the file, so that a frame
//! that was left behind by an earlier use of a file, or came from another file, is none.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// What stands before a payload, in octets.
pub(super) const HEAD_BYTES: usize = 20;
const SUM_BYTES: usize = 8;

/// A frame that was found whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame<'a> {
    pub number: u64,
    pub payload: &'a [u8],
}

impl Frame<'_> {
    /// Its size, in octets.
    pub fn bytes(&self) -> usize {
        HEAD_BYTES + self.payload.len()
    }
}

/// The seed of the frames of the file `seq` of this kind in the store `id`.
pub(super) fn seed(id: u64, kind: &str, seq: u64) -> u64 {
    let name = xxh3_64_with_seed(kind.as_bytes(), id);
    xxh3_64_with_seed(&seq.to_le_bytes(), name)
}

/// Appends a frame to `out`. The payload is shorter than 4 GiB.
pub(super) fn write(out: &mut Vec<u8>, seed: u64, number: u64, payload: &[u8]) {
    let start = out.len();
    out.extend_from_slice(&[0; SUM_BYTES]);
    out.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(payload);
    if let Some((sum, rest)) =
        out.get_mut(start..).and_then(|frame| frame.split_first_chunk_mut::<SUM_BYTES>())
    {
        *sum = xxh3_64_with_seed(rest, seed).to_le_bytes();
    }
}

/// The frame at the start of `octets`; `None` if there is no whole one.
pub(super) fn read(octets: &[u8], seed: u64) -> Option<Frame<'_>> {
    let length = payload_bytes(octets)?;
    let (sum, rest) = octets.get(..HEAD_BYTES.checked_add(length)?)?.split_first_chunk::<SUM_BYTES>()?;
    if xxh3_64_with_seed(rest, seed) != u64::from_le_bytes(*sum) {
        return None;
    }
    let (_, rest) = rest.split_first_chunk::<4>()?;
    let (number, payload) = rest.split_first_chunk::<8>()?;
    Some(Frame { number: u64::from_le_bytes(*number), payload })
}

/// The length of the payload that the head at the start of `octets` tells, not checked.
pub(super) fn payload_bytes(octets: &[u8]) -> Option<usize> {
    let length = octets.get(SUM_BYTES..HEAD_BYTES)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*length)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_whole_or_none() {
        let mut octets = Vec::new();
        write(&mut octets, 7, 3, b"payload");
        let frame = read(&octets, 7).unwrap();
        assert_eq!((frame, frame.bytes()), (Frame { number: 3, payload: b"payload" }, octets.len()));
        assert_eq!(read(&octets, 8), None);
        for at in 0..octets.len() {
            assert_eq!(read(&octets[..at], 7), None);
            let mut bad = octets.clone();
            bad[at] ^= 0x10;
            assert_eq!(read(&bad, 7), None);
        }
        assert_eq!(read(&[0; 64], 7), None, "an empty frame of number 0 has a checksum too");
    }

    #[test]
    fn files_have_seeds_of_their_own() {
        let all = [seed(1, "log", 1), seed(1, "log", 2), seed(1, "records", 1), seed(2, "log", 1)];
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }
}
