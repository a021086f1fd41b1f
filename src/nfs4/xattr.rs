//! Extended attributes (RFC 8276).

/// Says what must be there before an attribute is set (`setxattr_option4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XattrMode {
    /// `SETXATTR4_EITHER`: sets the attribute whether it exists or not.
    Either,
    /// `SETXATTR4_CREATE`: the attribute must not exist.
    Create,
    /// `SETXATTR4_REPLACE`: the attribute must exist.
    Replace,
}
