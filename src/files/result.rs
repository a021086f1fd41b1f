//! The result of operations on files.

use crate::nfs4::Status;

/// Holds what an operation answers, or the error that goes to the client as it is.
pub type Result<T> = std::result::Result<T, Status>;
