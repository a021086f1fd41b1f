//! Asking for memory before it is needed.

/// Octets that come from memory together.
const LINE_BYTES: usize = 64;

/// Asks for the memory of `value` and does not wait for it. Loads that are only made to have it near would fill the queue in
/// which the processor keeps what waits for memory, so that less of what follows begins.
#[inline]
pub fn ask_for<T>(value: &T) {
    ask_for_first(size_of::<T>(), value);
}

/// As [`ask_for`], for the first octets of `value` alone.
#[cfg(target_arch = "x86_64")]
#[inline]
pub fn ask_for_first<T>(octets: usize, value: &T) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    let start = std::ptr::from_ref(value).cast::<i8>();
    for offset in (0..octets.min(size_of::<T>())).step_by(LINE_BYTES) {
        #[allow(unsafe_code, reason = "an instruction without a safe wrapper")]
        // SAFETY: it is a hint that reads nothing, whatever the address; this one lies in `value`.
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(start.add(offset));
        }
    }
}

/// Elsewhere nothing is asked for.
#[cfg(not(target_arch = "x86_64"))]
pub fn ask_for_first<T>(_: usize, _: &T) {}
