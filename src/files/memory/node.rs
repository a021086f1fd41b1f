//! Nodes and directories of the memory tree.

use super::data::Data;
use crate::files::attr::Attr;
use crate::nfs4::{FileType, Timespec};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Bytes that each node and each directory entry takes from the budget, beside data: an estimate of their real cost, so
/// that empty files cannot use memory without bound either.
pub(super) const NODE_BYTES: u64 = 512;
/// Most hard links to an object.
pub(super) const LINKS_MAX: u32 = 65_000;
/// The number of the root directory.
pub(super) const ROOT: u64 = 1;
/// First cookie of a directory: 0, 1 and 2 mean other things on the wire.
pub(super) const COOKIE_MIN: u64 = 3;

/// Numbers a node; never used twice.
pub(super) type NodeId = u64;

/// Holds what a node is.
#[derive(Debug)]
pub(super) enum Content {
    File(Data),
    Directory(Directory),
    Symlink(Vec<u8>),
    Block(u32, u32),
    Character(u32, u32),
    Fifo,
    Socket,
}

impl Content {
    pub(super) fn kind(&self) -> FileType {
        match self {
            Self::File(_) => FileType::Regular,
            Self::Directory(_) => FileType::Directory,
            Self::Symlink(_) => FileType::Symlink,
            Self::Block(..) => FileType::Block,
            Self::Character(..) => FileType::Character,
            Self::Fifo => FileType::Fifo,
            Self::Socket => FileType::Socket,
        }
    }
}

/// Holds the entries of a directory.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) parent: NodeId,
    by_name: HashMap<Arc<[u8]>, (u64, NodeId)>,
    by_cookie: BTreeMap<u64, Arc<[u8]>>,
    cookie_next: u64,
}

impl Directory {
    pub(super) fn new(parent: NodeId) -> Self {
        Self { parent, by_name: HashMap::new(), by_cookie: BTreeMap::new(), cookie_next: COOKIE_MIN }
    }

    pub(super) fn get(&self, name: &[u8]) -> Option<NodeId> {
        self.by_name.get(name).map(|&(_, node)| node)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// Returns the names after `cookie` with their own cookies.
    pub(super) fn after(&self, cookie: u64) -> impl Iterator<Item = (u64, &Arc<[u8]>)> {
        self.by_cookie.range(cookie.saturating_add(1)..).map(|(&cookie, name)| (cookie, name))
    }

    pub(super) fn insert(&mut self, name: &[u8], node: NodeId) {
        self.remove(name);
        let name: Arc<[u8]> = name.into();
        self.by_cookie.insert(self.cookie_next, name.clone());
        self.by_name.insert(name, (self.cookie_next, node));
        self.cookie_next += 1;
    }

    pub(super) fn remove(&mut self, name: &[u8]) {
        if let Some((cookie, _)) = self.by_name.remove(name) {
            self.by_cookie.remove(&cookie);
        }
    }
}

/// Holds an object.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) content: Content,
    pub(super) change: u64,
    pub(super) mode: u32,
    pub(super) numlinks: u32,
    /// Whether it is kept without links.
    pub(super) held: bool,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) atime: Timespec,
    pub(super) mtime: Timespec,
    pub(super) ctime: Timespec,
    pub(super) btime: Timespec,
    /// Extended attributes.
    pub(super) xattrs: BTreeMap<Box<[u8]>, Vec<u8>>,
}

impl Node {
    pub(super) fn new(content: Content, mode: u32, uid: u32, gid: u32) -> Self {
        let now = now();
        let numlinks = if content.kind() == FileType::Directory { 2 } else { 1 };
        let (atime, mtime, ctime, btime) = (now, now, now, now);
        let xattrs = BTreeMap::new();
        Self { content, change: 1, mode, numlinks, held: false, uid, gid, atime, mtime, ctime, btime, xattrs }
    }

    /// Records a change of attributes alone.
    pub(super) fn touch(&mut self) {
        self.change += 1;
        self.ctime = now();
    }

    /// Records a change of data, or of a directory's entries.
    pub(super) fn modify(&mut self) {
        self.touch();
        self.mtime = self.ctime;
    }

    pub(super) fn attr(&self, id: NodeId) -> Attr {
        let (size, space_used) = match &self.content {
            Content::File(data) => (data.size(), data.allocated()),
            Content::Symlink(text) => (text.len() as u64, 0),
            Content::Directory(directory) => (directory.by_name.len() as u64 * NODE_BYTES, 0),
            _ => (0, 0),
        };
        let rawdev = match self.content {
            Content::Block(major, minor) | Content::Character(major, minor) => (major, minor),
            _ => (0, 0),
        };
        Attr {
            kind: self.content.kind(),
            change: self.change,
            size,
            space_used,
            fsid: (0, 0),
            fileid: id,
            mounted_on_fileid: id,
            mode: self.mode,
            numlinks: self.numlinks,
            uid: self.uid,
            gid: self.gid,
            rawdev,
            atime: self.atime,
            mtime: self.mtime,
            ctime: self.ctime,
            btime: Some(self.btime),
        }
    }
}

/// Returns the current time.
pub(super) fn now() -> Timespec {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timespec { seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX), nanos: since.subsec_nanos() }
}

/// Bytes that an attribute takes from the budget beside its name and value: an estimate of its real cost.
const XATTR_BYTES: u64 = 128;

pub(super) fn xattr_cost(name: &[u8], value: &[u8]) -> u64 {
    XATTR_BYTES + name.len() as u64 + value.len() as u64
}

/// Returns the bytes that all attributes of a node take from the budget.
pub(super) fn xattrs_cost(node: &Node) -> u64 {
    node.xattrs.iter().map(|(name, value)| xattr_cost(name, value)).sum()
}
