//! Frames: payloads with a checksum that also says which file and place they belong to.
//!
//! ```text
//! checksum u64 | length of the payload u32 | number u64 | payload            little-endian
//! ```
//!
//! The checksum covers everything after it. Its seed depends on the store and the file, so a frame that is left over from
//! an earlier use of the file, or was copied from another file, does not verify.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Size of what precedes a payload, in bytes.
pub(super) const HEAD_BYTES: usize = 20;
const SUM_BYTES: usize = 8;

/// Holds a frame whose checksum was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame<'a> {
    pub number: u64,
    pub payload: &'a [u8],
}

impl Frame<'_> {
    /// Returns its size, in bytes.
    pub fn bytes(&self) -> usize {
        HEAD_BYTES + self.payload.len()
    }
}

/// Returns the seed for the frames of the file `seq` of this `kind` in the store `id`.
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

/// Reads the frame at the start of `bytes`. Returns `None` if it is incomplete or its checksum is wrong.
pub(super) fn read(bytes: &[u8], seed: u64) -> Option<Frame<'_>> {
    let length = payload_bytes(bytes)?;
    let (sum, rest) = bytes.get(..HEAD_BYTES.checked_add(length)?)?.split_first_chunk::<SUM_BYTES>()?;
    if xxh3_64_with_seed(rest, seed) != u64::from_le_bytes(*sum) {
        return None;
    }
    let (_, rest) = rest.split_first_chunk::<4>()?;
    let (number, payload) = rest.split_first_chunk::<8>()?;
    Some(Frame { number: u64::from_le_bytes(*number), payload })
}

/// Reads the length of the payload from the head at the start of `bytes`, without verifying it.
pub(super) fn payload_bytes(bytes: &[u8]) -> Option<usize> {
    let length = bytes.get(SUM_BYTES..HEAD_BYTES)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*length)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_complete_or_rejected() {
        let mut bytes = Vec::new();
        write(&mut bytes, 7, 3, b"payload");
        let frame = read(&bytes, 7).unwrap();
        assert_eq!((frame, frame.bytes()), (Frame { number: 3, payload: b"payload" }, bytes.len()));
        assert_eq!(read(&bytes, 8), None);
        for at in 0..bytes.len() {
            assert_eq!(read(&bytes[..at], 7), None);
            let mut bad = bytes.clone();
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
