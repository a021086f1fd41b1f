//! Numbers of commits, and how far they are durable.
//!
//! Each batch of changes gets the next number while the core is locked, so the order of numbers is the order of changes.
//! A store completes them in any order; the *watermark* is the highest number up to which all are complete. Whatever must
//! not be seen before a change is durable is held by a number and leaves when the watermark has reached it.
//!
//! - [`Commits`] assigns numbers, takes completions, wakes those who hold something

mod watermark;

pub use watermark::{CommitNumber, Commits, Durable, SubscriberId};
