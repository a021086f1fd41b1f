//! Files with state: share reservations, ranges, the queue of those who wait.

mod file;
mod generation;
pub(in crate::state) mod queue;
mod table;

pub(in crate::state) use file::FileState;
pub(in crate::state) use generation::Generations;
pub(in crate::state) use table::FileTable;
