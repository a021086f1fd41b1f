//! The root directory where no export is the root: empty but for the grafts, read-only.

use crate::files::attr::{Attr, FsStat};
use crate::files::dependency::DependencyKind;
use crate::files::handle::Object;
use crate::files::request::{
    AllocateRequest, CloneRequest, CommitRequest, CopyRequest, CreateFileRequest, CreateRequest,
    DeallocateRequest, GetattrRequest, GetxattrRequest, LinkRequest, ListxattrsRequest, LookupRequest,
    ParentRequest, Permission, PermissionRequest, ReadRequest, ReaddirRequest, ReadlinkRequest,
    RemoveRequest, RemovexattrRequest, RenameRequest, Request, SeekRequest, SetattrRequest, SetxattrRequest,
    StatfsRequest, WriteRequest,
};
use crate::files::result::Result;
use crate::files::volume::{Serve, Volume};
use crate::nfs4::{FileType, NAME_BYTES_MAX, Status, Timespec};
use smallvec::SmallVec;
use std::time::SystemTime;

/// Distinguishes its handles from those of a directory that was the root at another start.
const BODY: &[u8] = b"synthetic root";
const FILEID: u64 = 1;

/// Serves the root directory.
pub(super) struct Synthetic {
    started: Timespec,
    numlinks: u32,
}

impl Synthetic {
    /// Creates a root with `grafts` entries.
    pub(super) fn new(grafts: usize) -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        let numlinks = u32::try_from(grafts).unwrap_or(u32::MAX).saturating_add(2);
        Self { started: Timespec { seconds, nanos: since.subsec_nanos() }, numlinks }
    }

    /// Refuses a request with `status`. Errors: `Stale` for other objects, unless the request is not supported at all.
    fn refuse<T>(&self, object: &Object, status: Status) -> Result<T> {
        if status != Status::NotSupp {
            self.check(object)?;
        }
        Err(status)
    }

    /// Requires the directory itself. Errors: `Stale` for any object but the directory.
    fn check(&self, object: &Object) -> Result<()> {
        if *object == self.root() { Ok(()) } else { Err(Status::Stale) }
    }
}

impl Volume for Synthetic {
    fn root(&self) -> Object {
        Object { kind: FileType::Directory, body: SmallVec::from_slice(BODY) }
    }

    fn dependencies(&self) -> Vec<(DependencyKind, Vec<u8>)> {
        Vec::new()
    }

    fn hold(&self, file: &Object) -> Result<()> {
        self.check(file)
    }

    fn release(&self, _: &Object) {}
}

impl Serve<GetattrRequest> for Synthetic {
    fn serve(&self, object: &Object, _: GetattrRequest) -> Result<Attr> {
        self.check(object)?;
        let started = self.started;
        // Grafts change only with a start.
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
}

impl Serve<StatfsRequest> for Synthetic {
    fn serve(&self, object: &Object, _: StatfsRequest) -> Result<FsStat> {
        self.check(object)?;
        let (maxname, maxfilesize) = (NAME_BYTES_MAX as u32, i64::MAX as u64);
        let stat = FsStat { maxname, maxfilesize, ..FsStat::default() };
        Ok(FsStat { maxlink: 1, files_total: 1, utf8_only: true, ..stat })
    }
}

impl Serve<PermissionRequest<'_>> for Synthetic {
    fn serve(&self, object: &Object, _: PermissionRequest<'_>) -> Result<Permission> {
        self.check(object)?;
        Ok(Permission { read: true, write: false, execute: true })
    }
}

impl Serve<ReaddirRequest<'_>> for Synthetic {
    fn serve(&self, dir: &Object, request: ReaddirRequest<'_>) -> Result<bool> {
        self.check(dir)?;
        if request.cookie == 0 { Ok(true) } else { Err(Status::BadCookie) }
    }
}

/// Answers requests of a kind with one error.
macro_rules! refuse {
    ($($request:ty => $status:ident;)*) => {$(
        impl Serve<$request> for Synthetic {
            fn serve(
                &self,
                object: &Object,
                _: $request,
            ) -> Result<<$request as Request>::Answer<Object>> {
                self.refuse(object, Status::$status)
            }
        }
    )*};
}

refuse! {
    LookupRequest<'_> => NoEnt;
    ParentRequest<'_> => NoEnt;
    RemoveRequest<'_> => NoEnt;
    RenameRequest<'_, Object> => NoEnt;
    CreateRequest<'_> => RoFs;
    CreateFileRequest<'_> => RoFs;
    LinkRequest<'_, Object> => RoFs;
    SetattrRequest<'_> => RoFs;
    ReadlinkRequest => RoFs;
    ReadRequest<'_> => RoFs;
    WriteRequest<'_> => RoFs;
    CommitRequest => RoFs;
    SeekRequest<'_> => NotSupp;
    AllocateRequest<'_> => NotSupp;
    DeallocateRequest<'_> => NotSupp;
    CopyRequest<'_, Object> => NotSupp;
    CloneRequest<'_, Object> => NotSupp;
    GetxattrRequest<'_> => NotSupp;
    SetxattrRequest<'_> => NotSupp;
    RemovexattrRequest<'_> => NotSupp;
    ListxattrsRequest<'_> => NotSupp;
}
