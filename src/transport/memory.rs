//! What the allocator keeps of memory that was given back to it.
//!
//! glibc keeps what lies below anything that is still in use, and has an arena for every few threads. A server that held a
//! million locks for a client would keep their memory when the client has gone. So it has few arenas, gives the ends of them
//! back at once, and is asked for the rest when a client has gone and when the server has come to rest after some work.
//! Other allocators were tried: mimalloc and jemalloc keep as much for longer, and take more for each lock.

use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, Instant};

/// Arenas: one for the workers' requests, few of which allocate, and one for the rest.
#[cfg(target_env = "gnu")]
const ARENAS: i32 = 2;
/// Bytes that may be free at the end of an arena, and that an allocation must have to be a mapping of its own: more than
/// the largest READ, for which memory shall stay.
#[cfg(target_env = "gnu")]
const LARGE_BYTES: i32 = 2 << 20;

/// How often is looked whether the server has come to rest.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// … and how often when nothing has happened since.
const LOOK_EVERY_AT_REST: Duration = Duration::from_secs(1);
/// A server at rest uses less than one such part of a processor.
const REST_PART: u32 = 4;
/// So much processor time may have freed memory that is worth giving back.
const WORK: Duration = Duration::from_millis(10);
/// Giving back takes no more than one such part of the time: with very many pieces of free memory it takes milliseconds.
const GIVING_PART: u32 = 50;

/// Sets the allocator up. To be called before there are threads.
pub fn set_up() {
    #[cfg(target_env = "gnu")]
    {
        let settings = [
            (libc::M_ARENA_MAX, ARENAS),
            (libc::M_TRIM_THRESHOLD, LARGE_BYTES),
            (libc::M_MMAP_THRESHOLD, LARGE_BYTES),
            // Small chunks are merged when they are freed: not a million of them at once, in some later request.
            (libc::M_MXFAST, 0),
        ];
        for (name, value) in settings {
            #[allow(unsafe_code, reason = "a library function without a safe wrapper")]
            // SAFETY: it takes two numbers, and changes nothing but the allocator's settings.
            let done = unsafe { libc::mallopt(name, value) };
            debug_assert_eq!(done, 1, "the allocator knows the setting {name}");
        }
    }
}

/// Returns the processor time of the process until now.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// Gives memory back whenever the server has come to rest after some work, for ever.
pub(super) async fn keep_small() {
    let (mut given_back, mut pause) = (cpu(), LOOK_EVERY);
    loop {
        let (since, before) = (Instant::now(), cpu());
        tokio::time::sleep(pause).await;
        let now = cpu();
        let rests = now.saturating_sub(before) < since.elapsed() / REST_PART;
        let worked = now.saturating_sub(given_back) >= WORK;
        pause = if rests && !worked { LOOK_EVERY_AT_REST } else { LOOK_EVERY };
        if rests && worked {
            let begun = Instant::now();
            // Here, others of this runtime would have to wait for it.
            let _ = tokio::task::spawn_blocking(give_back).await;
            pause = pause.max(begun.elapsed() * GIVING_PART);
            given_back = cpu();
        }
    }
}

/// Gives memory that is not in use back to the system. May take a while; who allocates meanwhile may have to wait.
pub fn give_back() {
    #[cfg(target_env = "gnu")]
    {
        #[allow(unsafe_code, reason = "a library function without a safe wrapper")]
        // SAFETY: it takes a number, and touches nothing that is in use.
        unsafe {
            libc::malloc_trim(0)
        };
    }
}
