//! Kinds of objects (RFC 7530 §2.2).

/// Names a kind of object (`nfs_ftype4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum FileType {
    /// `NF4REG`.
    Regular = 1,
    /// `NF4DIR`.
    Directory = 2,
    /// `NF4BLK`.
    Block = 3,
    /// `NF4CHR`.
    Character = 4,
    /// `NF4LNK`.
    Symlink = 5,
    /// `NF4SOCK`.
    Socket = 6,
    /// `NF4FIFO`.
    Fifo = 7,
}

impl FileType {
    /// Returns the type with this number on the wire.
    pub const fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            1 => Self::Regular,
            2 => Self::Directory,
            3 => Self::Block,
            4 => Self::Character,
            5 => Self::Symlink,
            6 => Self::Socket,
            7 => Self::Fifo,
            _ => return None,
        })
    }
}
