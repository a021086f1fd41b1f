//! What threads share memory with. The code that has to be right under every interleaving of threads imports it from
//! here, so that `tests/interleavings` can build the same files with the primitives of `shuttle`.

pub use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub use std::sync::{Arc, Condvar, Mutex, MutexGuard};
