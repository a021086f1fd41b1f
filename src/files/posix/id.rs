//! How objects of real directories are named.

use smallvec::SmallVec;

/// Names an object: the body of its filehandle.
pub(super) type Id = SmallVec<[u8; 32]>;
