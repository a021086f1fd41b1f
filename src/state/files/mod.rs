//! Files with state: share reservations, ranges, the queue of those who wait.

mod file;
mod generation;
pub(in crate::state) mod queue;

pub(in crate::state) use file::{FileState, FileTable};
pub(in crate::state) use generation::Generations;
