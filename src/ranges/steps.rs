//! Counts, in tests, what a command looks at: so that a test can say that it does not grow with what there is.

/// Counts a step: an entry of a tree or a table, or a record, was looked at, put or moved. Counted in tests only.
#[cfg(not(test))]
#[inline(always)]
pub fn step() {}

#[cfg(test)]
std::thread_local! {
    static STEPS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Counts a step: an entry of a tree or a table, or a record, was looked at, put or moved.
#[cfg(test)]
pub fn step() {
    STEPS.with(|steps| steps.set(steps.get() + 1));
}

/// Returns how many steps this thread has made since the last call.
#[cfg(test)]
pub fn take_steps() -> u64 {
    STEPS.with(|steps| steps.replace(0))
}
