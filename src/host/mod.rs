//! One server *instance* as a value: its state and files, where changes are stored, and how it starts. A process can hold
//! several; they share nothing.
//!
//! - [`NfsService`] executes COMPOUNDs and has their changes stored
//! - [`Committer`] stores them
//! - [`Restart`] the start over what an earlier run left: [`Recorded`] says what its state depends on,
//!   [`ClientRecords`] which clients may reclaim, [`StateDir`] is the directory where it all is

mod client_records;
mod client_records_format;
mod committer;
mod dependencies;
mod instance;
mod reading;
mod restart;
mod restart_error;
mod same_name;
mod signals;
mod start_kind;
mod state_dir;

pub use client_records::{ClientRecords, ClientRecordsError, UNKNOWN, client_names};
pub use committer::Committer;
pub use dependencies::{Recorded, Verdict};
pub use instance::NfsService;
pub use restart::{Restart, Restarted};
pub use restart_error::RestartError;
pub use signals::Signals;
pub use start_kind::{Condition, StartKind, start_kind};
pub use state_dir::{StateDir, StateDirError, epoch_of_clock};
