//! Data structures against the simplest thing that could be right.

mod ranges;
