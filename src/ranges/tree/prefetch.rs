//! Asking for memory before it is needed. Loads that are only made to have it near would fill the queue in which the processor
//! keeps what waits for memory, so that less of what follows begins.

use std::marker::PhantomData;

/// Bytes that come from memory together.
const LINE_BYTES: usize = 64;

/// Memory that will be needed.
#[derive(Clone, Copy, Debug)]
pub struct PrefetchTarget<'a> {
    start: *const i8,
    bytes: usize,
    of: PhantomData<&'a ()>,
}

impl<'a> PrefetchTarget<'a> {
    /// Returns the first bytes of `value`.
    #[inline]
    pub fn first_of<T>(bytes: usize, value: &'a T) -> Self {
        Self { start: std::ptr::from_ref(value).cast(), bytes: bytes.min(size_of::<T>()), of: PhantomData }
    }

    #[cfg(test)]
    pub fn is_in<T>(self, value: &T) -> bool {
        self.start == std::ptr::from_ref(value).cast()
    }

    /// Asks for its memory and does not wait for it.
    #[inline]
    pub fn ask(self) {
        (0..self.bytes).step_by(LINE_BYTES).for_each(|at| self.ask_at(at));
    }

    /// Asks for what lies at `at`, which is less than its length.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    fn ask_at(self, at: usize) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        #[allow(unsafe_code, reason = "an instruction without a safe wrapper")]
        // SAFETY: it is a hint that reads nothing, whatever the address; this one lies in a value that is borrowed.
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(self.start.add(at));
        }
    }

    /// Does nothing on other processors.
    #[cfg(not(target_arch = "x86_64"))]
    fn ask_at(self, _: usize) {}
}

/// Asks for all these places. In which pages they are takes longest to find out and is found out for several at once, so
/// that is asked first.
pub fn ask_for_all(places: &[PrefetchTarget<'_>]) {
    places.iter().filter(|place| place.bytes > 0).for_each(|place| place.ask_at(0));
    places.iter().for_each(|place| place.ask());
}
