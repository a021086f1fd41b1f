//! An allocator that counts.

#![allow(
    unsafe_code,
    reason = "an allocator is unsafe by its nature; this one hands everything to the system's"
)]
#![allow(dead_code, reason = "some count more than others")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Counts what goes through the system's allocator.
pub struct Counting;

static CALLS: AtomicUsize = AtomicUsize::new(0);
static LIVE: AtomicUsize = AtomicUsize::new(0);
static CHUNKS: AtomicUsize = AtomicUsize::new(0);

/// Makes the system's allocator give back all that it can.
pub fn trim() {
    // SAFETY: it has no precondition.
    unsafe { libc::malloc_trim(0) };
}

/// What there is or was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Allocations so far.
    pub calls: usize,
    /// Octets that are allocated.
    pub live: usize,
    /// The same as glibc rounds it: 8 octets of head, a multiple of 16, at least 32.
    pub chunks: usize,
}

pub fn count() -> Count {
    Count { calls: CALLS.load(Relaxed), live: LIVE.load(Relaxed), chunks: CHUNKS.load(Relaxed) }
}

fn chunk(size: usize) -> usize {
    (size + 8).next_multiple_of(16).max(32)
}

fn add(size: usize) {
    CALLS.fetch_add(1, Relaxed);
    LIVE.fetch_add(size, Relaxed);
    CHUNKS.fetch_add(chunk(size), Relaxed);
}

fn take(size: usize) {
    LIVE.fetch_sub(size, Relaxed);
    CHUNKS.fetch_sub(chunk(size), Relaxed);
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        take(layout.size());
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        take(layout.size());
        add(size);
        // SAFETY: as the caller promises.
        unsafe { System.realloc(at, layout, size) }
    }
}
