//! Data and holes of files (RFC 7862 §11.11).

/// Tells data from holes (`data_content4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Was written, or is reported as if.
    Data,
    /// Was never written: reads as zeros and takes no space.
    Hole,
}
