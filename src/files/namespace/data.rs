//! The data of files.

use super::route::{Checked, Target};
use crate::files::access;
use crate::files::request::{CommitRequest, ReadRequest, ReadlinkRequest, WriteRequest};
use crate::files::result::Result;
use crate::nfs4::{FileType, Status};

impl Checked for ReadlinkRequest {
    fn check(&mut self, target: &Target<'_>) -> Result<()> {
        if target.object.kind == FileType::Symlink { Ok(()) } else { Err(Status::Inval) }
    }
}

impl Checked for ReadRequest<'_> {
    fn check(&mut self, target: &Target<'_>) -> Result<()> {
        target.require_file()?;
        // No file is that long; the system calls would refuse such an offset.
        self.offset = self.offset.min(i64::MAX as u64);
        self.count = self.count.min(u32::try_from(i64::MAX as u64 - self.offset).unwrap_or(u32::MAX));
        Ok(())
    }
}

impl Checked for WriteRequest<'_> {
    fn check(&mut self, target: &Target<'_>) -> Result<()> {
        target.require_file()?;
        let end = self.offset.checked_add(self.data.len() as u64).ok_or(Status::FBig)?;
        access::check_size(FileType::Regular, end)
    }
}

impl Checked for CommitRequest {
    fn check(&mut self, target: &Target<'_>) -> Result<()> {
        target.require_file()
    }
}
