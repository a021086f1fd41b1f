//! What a backend offers to the namespace: one export, whose objects it names by [`Object`]s.

use super::dependency::DependencyKind;
use super::handle::Object;
use super::index_mark::LiveIndexMark;
use super::request::{
    AllocateRequest, CloneRequest, CommitRequest, CopyRequest, CreateFileRequest, CreateRequest,
    DeallocateRequest, GetattrRequest, GetxattrRequest, LinkRequest, ListxattrsRequest, LookupRequest,
    ParentRequest, PermissionRequest, ReadRequest, ReaddirRequest, ReadlinkRequest, RemoveRequest,
    RemovexattrRequest, RenameRequest, Request, SeekRequest, SetattrRequest, SetxattrRequest, StatfsRequest,
    WriteRequest,
};
use super::result::Result;
use std::sync::Arc;

/// Carries out one kind of request on the objects of an export.
///
/// The namespace has checked kinds and bounds. Requests about entries have a directory, [`ReadlinkRequest`] a symbolic
/// link, requests about data and regions a regular file, [`LinkRequest`] a second object that is no directory, and
/// requests about extended attributes a regular file or a directory. Offsets and sizes fit an `i64`, regions are not
/// empty, and names of extended attributes and the length of their values are possible. Both files of a copy are in
/// exports of one file system, the source is long enough, and regions of one file do not overlap. The root of the export
/// is never asked for its parent.
///
/// An object may be one of another backend or of an earlier start: `Stale`. [`GetattrRequest`] leaves the major part of
/// `fsid` 0. [`CopyRequest`] may be `NotSupp`; the namespace reads and writes then.
pub(crate) trait Serve<R: Request> {
    /// Carries out `request` on `object`.
    fn serve(&self, object: &Object, request: R) -> Result<R::Answer<Object>>;
}

/// Serves one export: all requests, and what concerns its handles as such.
pub(crate) trait Volume:
    Serve<GetattrRequest>
    + Serve<StatfsRequest>
    + for<'a> Serve<PermissionRequest<'a>>
    + for<'a> Serve<SetattrRequest<'a>>
    + for<'a> Serve<LookupRequest<'a>>
    + for<'a> Serve<ParentRequest<'a>>
    + for<'a> Serve<ReaddirRequest<'a>>
    + for<'a> Serve<CreateRequest<'a>>
    + for<'a> Serve<CreateFileRequest<'a>>
    + for<'a> Serve<RemoveRequest<'a>>
    + for<'a> Serve<RenameRequest<'a, Object>>
    + for<'a> Serve<LinkRequest<'a, Object>>
    + Serve<ReadlinkRequest>
    + for<'a> Serve<ReadRequest<'a>>
    + for<'a> Serve<WriteRequest<'a>>
    + Serve<CommitRequest>
    + for<'a> Serve<SeekRequest<'a>>
    + for<'a> Serve<AllocateRequest<'a>>
    + for<'a> Serve<DeallocateRequest<'a>>
    + for<'a> Serve<CopyRequest<'a, Object>>
    + for<'a> Serve<CloneRequest<'a, Object>>
    + for<'a> Serve<GetxattrRequest<'a>>
    + for<'a> Serve<SetxattrRequest<'a>>
    + for<'a> Serve<RemovexattrRequest<'a>>
    + for<'a> Serve<ListxattrsRequest<'a>>
    + Send
    + Sync
    + 'static
{
    /// Returns the root of the export.
    fn root(&self) -> Object;

    /// Returns what the handles of this export depend on: kind and mark of each. See [`Dependency`](super::Dependency).
    fn dependencies(&self) -> Vec<(DependencyKind, Vec<u8>)>;

    /// Returns the mark of the index on which handles depend, if there is one.
    fn index_mark(&self) -> Option<Arc<LiveIndexMark>> {
        None
    }

    /// Makes all handles that were given out survive a kill of the process. Errors: `NoSpc`, `DQuot`, `Io`.
    fn make_lasting(&self) -> Result<()> {
        Ok(())
    }

    /// Makes all handles that are lasting survive a crash of the machine.
    fn sync_handles(&self) -> std::io::Result<()> {
        Ok(())
    }

    /// Keeps a regular file usable when its last name is removed. Errors: `Stale`, `Resource`; nothing has changed then.
    fn hold(&self, file: &Object) -> Result<()>;

    /// Ends [`Volume::hold`]; does nothing for a file that is not held.
    fn release(&self, file: &Object);
}
