//! The export as a volume: its handles, how long they last, and held files.

use super::errno::status;
use super::export::Posix;
use super::node::stat;
use crate::files::dependency::DependencyKind;
use crate::files::handle::Object;
use crate::files::index_mark::LiveIndexMark;
use crate::files::request::ReadlinkRequest;
use crate::files::result::Result;
use crate::files::volume::{Serve, Volume};
use crate::nfs4::{FileType, Status};
use std::os::fd::AsFd;
use std::sync::Arc;

impl Volume for Posix {
    fn root(&self) -> Object {
        Object { kind: FileType::Directory, body: self.root_id.clone() }
    }

    fn dependencies(&self) -> Vec<(DependencyKind, Vec<u8>)> {
        vec![(DependencyKind::Directory, self.location.mark(self.root.as_fd(), &self.root_id))]
    }

    fn index_mark(&self) -> Option<Arc<LiveIndexMark>> {
        Some(self.index().mark())
    }

    fn make_lasting(&self) -> Result<()> {
        if !self.index().is_behind() {
            return Ok(());
        }
        self.index_mut().catch_up().map_err(|error| match error.kind() {
            std::io::ErrorKind::StorageFull => Status::NoSpc,
            std::io::ErrorKind::QuotaExceeded => Status::DQuot,
            _ => Status::Io,
        })
    }

    fn sync_handles(&self) -> std::io::Result<()> {
        self.index_mut().sync()
    }

    fn hold(&self, file: &Object) -> Result<()> {
        self.fs.held.hold(&file.body, || {
            self.resolve(file).map_err(|status| match status {
                // Out of descriptors or memory: unlike an operation, this one needs them for long.
                Status::Delay => Status::Resource,
                status => status,
            })
        })
    }

    fn release(&self, file: &Object) {
        let Some(held) = self.fs.held.release(&file.body) else { return };
        if stat(held.as_fd()).is_ok_and(|stat| stat.stx_nlink == 0) {
            // Another process may have removed it, and now its number may be given to another object.
            self.index_mut().forget(&file.body);
        }
    }
}

impl Serve<ReadlinkRequest> for Posix {
    fn serve(&self, link: &Object, _: ReadlinkRequest) -> Result<Vec<u8>> {
        let node = self.resolve(link)?;
        let text = rustix::fs::readlinkat(&node.fd, "", Vec::new()).map_err(status)?;
        Ok(text.into_bytes())
    }
}
