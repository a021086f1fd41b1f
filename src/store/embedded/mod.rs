//! The store on disk: a log of commits, and sorted runs, which are files of records made from older parts of the log.
//!
//! Records are read when the server starts and never again, so nothing here serves lookups. A commit writes its changes to
//! the end of the log and its number to the commit mark; both are in the page cache when it returns.
//! `docs/STORE.md` says what survives what, `docs/decisions/003-store.md` why this is not one of the databases and what would
//! make us give it up.
//!
//! Formats:
//! - [`frame`] payloads with a checksum; [`layout`] names of files
//! - [`segment`] the files of the log; [`mapped`] a log file in memory; [`commit_mark`] the number of the last commit
//! - [`sorted_run`] files of records and how they lie on each other; [`run_set`] which of them count
//! - [`meta`] format, identity and state of the store
//!
//! Reading:
//! - [`log_reader`] commits of the log, [`run_reader`] one sorted run
//! - [`memtable`] the changes of the log, [`merge`] combined with the runs
//! - [`load`] everything, and whether it is complete; [`inspect`] without changing anything
//!
//! Writing:
//! - [`log_writer`] commits, [`run_writer`] a sorted run
//! - [`compaction`] log and runs into a new run, in a thread of its own
//! - [`files`] and [`shared`] the files of an open store, as the writer and that thread see them
//! - [`store`] the open store, [`open`] opening it
//!
//! [`options`] has the sizes, [`error`] the errors. A module imports only from modules further down in this order: `open`,
//! `store`, `compaction`, `log_writer`, `shared`, `files`, `inspect`, `load`, reading, formats, `error`, `options`.

mod commit_mark;
mod compaction;
mod error;
mod files;
mod frame;
mod inspect;
mod layout;
mod load;
mod log_reader;
mod log_writer;
mod mapped;
mod memtable;
mod merge;
mod meta;
mod open;
mod options;
mod run_reader;
mod run_set;
mod run_writer;
mod segment;
mod shared;
mod sorted_run;
mod store;
#[cfg(test)]
mod tests;

pub use error::OpenError;
pub use inspect::ReadOnly;
pub use load::Found;
pub use open::{Opened, set_aside};
pub use options::COMMIT_BYTES_MAX;
pub use store::Embedded;
