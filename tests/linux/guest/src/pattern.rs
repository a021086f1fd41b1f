//! File contents that can be told apart: every byte depends on its offset and on a seed.

/// The byte at `offset` of the file with this `seed` (splitmix64 of both).
pub fn byte(seed: u64, offset: u64) -> u8 {
    let mut value = (seed << 40).wrapping_add(offset).wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (value >> 27) as u8
}

/// Fills `buffer` with the bytes from `offset` on.
pub fn fill(seed: u64, offset: u64, buffer: &mut [u8]) {
    for (byte_at, place) in (offset..).zip(buffer) {
        *place = byte(seed, byte_at);
    }
}

/// The first offset where `found`, read at `offset`, is not what [`fill`] would have written.
pub fn first_difference(seed: u64, offset: u64, found: &[u8]) -> Option<u64> {
    (offset..).zip(found).find(|(at, found)| byte(seed, *at) != **found).map(|(at, _)| at)
}
