//! Time in the state core, and times of files (RFC 7530 §2.2).

/// Measures time in the state core: the distance from an arbitrary origin; it never goes back.
pub type Time = std::time::Duration;

/// Holds seconds since 1970 and nanoseconds below one second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timespec {
    /// Seconds.
    pub seconds: i64,
    /// Nanoseconds, below 1,000,000,000.
    pub nanos: u32,
}

/// Names a time to set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetTime {
    /// `SET_TO_SERVER_TIME4`.
    Now,
    /// `SET_TO_CLIENT_TIME4`.
    To(Timespec),
}
