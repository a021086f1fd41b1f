//! An allocator that counts: calls thread by thread, so that other threads of a test do not count; bytes of all threads.

#![allow(unsafe_code, reason = "an allocator is always unsafe; this one passes everything to the system's")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The allocator of the system, counted.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

static LIVE: AtomicUsize = AtomicUsize::new(0);
static CHUNKS: AtomicUsize = AtomicUsize::new(0);

/// Makes the system's allocator give back all that it can.
#[allow(dead_code, reason = "not of use to everybody who counts")]
pub fn trim() {
    // SAFETY: it has no precondition.
    unsafe { libc::malloc_trim(0) };
}

/// What there is or was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Allocations of this thread so far.
    pub calls: usize,
    /// Bytes that are allocated, by all threads.
    pub live: usize,
    /// The same as glibc rounds it: 8 bytes of head, a multiple of 16, at least 32.
    pub chunks: usize,
}

pub fn count() -> Count {
    Count { calls: CALLS.get(), live: LIVE.load(Relaxed), chunks: CHUNKS.load(Relaxed) }
}

/// How often `run` allocates or makes an allocation larger.
#[allow(dead_code, reason = "not of use to everybody who counts")]
pub fn allocations(run: impl FnOnce()) -> usize {
    let before = count().calls;
    run();
    count().calls - before
}

fn chunk(size: usize) -> usize {
    (size + 8).next_multiple_of(16).max(32)
}

fn add(size: usize) {
    // A thread that ends may allocate when its counter is already gone.
    let _ = CALLS.try_with(|calls| calls.set(calls.get() + 1));
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
