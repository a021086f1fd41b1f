//! How requests are tied to their answers.

/// Ties a request to its answer.
pub trait Request {
    /// What is answered, where objects are named by an `H`.
    type Answer<H>;
}
