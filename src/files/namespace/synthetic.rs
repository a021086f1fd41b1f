//! The root directory where no export is the root: ours, empty but for the grafts, read-only.

use crate::files::handle::Object;
use crate::files::volume::{Made, Volume};
use crate::files::{
    Applied, Attr, ChangeInfo, CreateMode, DependencyKind, DirEntry, FsStat, NewObject, Permission, Result,
    SetAttr, Stability,
};
use crate::nfs4::{Cred, FileType, NAME_BYTES_MAX, Status, Timespec};
use smallvec::SmallVec;
use std::time::SystemTime;

/// Tells its handles from those of a directory that was the root at another start.
const BODY: &[u8] = b"synthetic root";
const FILEID: u64 = 1;

/// The directory.
pub(super) struct Synthetic {
    started: Timespec,
    numlinks: u32,
}

impl Synthetic {
    /// A root that will show `grafts` entries.
    pub(super) fn new(grafts: usize) -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        let numlinks = u32::try_from(grafts).unwrap_or(u32::MAX).saturating_add(2);
        Self { started: Timespec { seconds, nanos: since.subsec_nanos() }, numlinks }
    }

    fn check(&self, object: &Object) -> Result<()> {
        if *object == self.root() { Ok(()) } else { Err(Status::Stale) }
    }

    /// The answer to everything that would change it.
    fn refuse<T>(&self, object: &Object) -> Result<T> {
        self.check(object)?;
        Err(Status::RoFs)
    }
}

impl Volume for Synthetic {
    fn dependencies(&self) -> Vec<(DependencyKind, Vec<u8>)> {
        Vec::new()
    }

    fn root(&self) -> Object {
        Object { kind: FileType::Directory, body: SmallVec::from_slice(BODY) }
    }

    fn getattr(&self, object: &Object) -> Result<Attr> {
        self.check(object)?;
        let started = self.started;
        // The grafts differ from start to start at most.
        let change =
            (started.seconds as u64).wrapping_mul(1_000_000_000).wrapping_add(u64::from(started.nanos));
        Ok(Attr {
            kind: FileType::Directory,
            change,
            size: 0,
            space_used: 0,
            fsid: (0, 0),
            fileid: FILEID,
            mounted_on_fileid: FILEID,
            mode: 0o555,
            numlinks: self.numlinks,
            uid: 0,
            gid: 0,
            rawdev: (0, 0),
            atime: started,
            mtime: started,
            ctime: started,
            btime: None,
        })
    }

    fn statfs(&self, object: &Object) -> Result<FsStat> {
        self.check(object)?;
        let (maxname, maxfilesize) = (NAME_BYTES_MAX as u32, i64::MAX as u64);
        let stat = FsStat { maxname, maxfilesize, ..FsStat::default() };
        Ok(FsStat { maxlink: 1, files_total: 1, utf8_only: true, ..stat })
    }

    fn permission(&self, _cred: &Cred, object: &Object) -> Result<Permission> {
        self.check(object)?;
        Ok(Permission { read: true, write: false, execute: true })
    }

    fn lookup(&self, _cred: &Cred, dir: &Object, _name: &[u8]) -> Result<Object> {
        self.check(dir)?;
        Err(Status::NoEnt)
    }

    fn parent(&self, _cred: &Cred, dir: &Object) -> Result<Object> {
        self.check(dir)?;
        Err(Status::NoEnt)
    }

    fn readdir(
        &self,
        _cred: &Cred,
        dir: &Object,
        cookie: u64,
        _take: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<bool> {
        self.check(dir)?;
        if cookie == 0 { Ok(true) } else { Err(Status::BadCookie) }
    }

    fn readlink(&self, _cred: &Cred, link: &Object) -> Result<Vec<u8>> {
        self.refuse(link)
    }

    fn create(&self, _: &Cred, dir: &Object, _: &[u8], _: NewObject<'_>, _: &SetAttr) -> Result<Made> {
        self.refuse(dir)
    }

    fn create_file(&self, _: &Cred, dir: &Object, _: &[u8], _: CreateMode, _: &SetAttr) -> Result<Made> {
        self.refuse(dir)
    }

    fn setattr(&self, _: &Cred, object: &Object, _: &SetAttr, _: bool) -> (Applied, Result<()>) {
        (Applied::default(), self.refuse(object))
    }

    fn read(&self, _: &Cred, file: &Object, _: u64, _: u32, _: bool, _: &mut Vec<u8>) -> Result<bool> {
        self.refuse(file)
    }

    fn write(
        &self,
        _: &Cred,
        file: &Object,
        _: u64,
        _: &[u8],
        _: Stability,
        _: bool,
    ) -> Result<(u32, Stability)> {
        self.refuse(file)
    }

    fn commit(&self, _: &Cred, file: &Object) -> Result<()> {
        self.refuse(file)
    }

    fn remove(&self, _: &Cred, dir: &Object, _: &[u8]) -> Result<ChangeInfo> {
        self.check(dir)?;
        Err(Status::NoEnt)
    }

    fn rename(
        &self,
        _: &Cred,
        from_dir: &Object,
        _: &[u8],
        _: &Object,
        _: &[u8],
    ) -> Result<(ChangeInfo, ChangeInfo)> {
        self.check(from_dir)?;
        Err(Status::NoEnt)
    }

    fn link(&self, _: &Cred, _: &Object, dir: &Object, _: &[u8]) -> Result<ChangeInfo> {
        self.refuse(dir)
    }

    fn hold(&self, file: &Object) -> Result<()> {
        self.check(file)
    }

    fn release(&self, _: &Object) {}
}
