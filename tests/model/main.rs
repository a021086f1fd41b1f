//! Data structures and the state core against the simplest thing that could be right.

mod queue;
mod ranges;
mod state;
