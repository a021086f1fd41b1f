//! Extended attributes: those that Linux calls `user.NAME`.

use super::errno::status;
use super::export::Posix;
use super::node::Node;
use crate::files::access;
use crate::files::handle::Object;
use crate::files::request::{
    ChangeInfo, GetxattrRequest, ListxattrsRequest, Permission, RemovexattrRequest, SetxattrRequest,
    XATTR_BYTES_MAX, XATTR_LIST_BYTES_MAX,
};
use crate::files::result::Result;
use crate::files::volume::Serve;
use crate::files::xattr::PREFIX;
use crate::nfs4::{Cred, Status, XattrMode};
use rustix::buffer::spare_capacity;
use rustix::fs::XattrFlags;
use rustix::io::Errno;
use std::os::fd::AsRawFd;

impl Serve<GetxattrRequest<'_>> for Posix {
    fn serve(&self, object: &Object, request: GetxattrRequest<'_>) -> Result<Vec<u8>> {
        let GetxattrRequest { cred, name } = request;
        let node = self.resolve(object)?;
        self.check_xattr_right(cred, &node, access::READ)?;
        let mut value = Vec::with_capacity(XATTR_BYTES_MAX);
        let _acting = self.rights.act_as(cred)?;
        rustix::fs::getxattr(path(&node), full(name), spare_capacity(&mut value)).map_err(xattr_status)?;
        value.shrink_to_fit();
        Ok(value)
    }
}

impl Serve<SetxattrRequest<'_>> for Posix {
    fn serve(&self, object: &Object, request: SetxattrRequest<'_>) -> Result<ChangeInfo> {
        let SetxattrRequest { cred, name, value, mode } = request;
        let mut node = self.resolve(object)?;
        self.check_xattr_right(cred, &node, access::WRITE)?;
        let before = self.change_of(&node);
        let flags = match mode {
            XattrMode::Either => XattrFlags::empty(),
            XattrMode::Create => XattrFlags::CREATE,
            XattrMode::Replace => XattrFlags::REPLACE,
        };
        let acting = self.rights.act_as(cred)?;
        rustix::fs::setxattr(path(&node), full(name), value, flags).map_err(xattr_status)?;
        drop(acting);
        self.changed_from(&mut node, before)
    }
}

impl Serve<RemovexattrRequest<'_>> for Posix {
    fn serve(&self, object: &Object, request: RemovexattrRequest<'_>) -> Result<ChangeInfo> {
        let RemovexattrRequest { cred, name } = request;
        let mut node = self.resolve(object)?;
        self.check_xattr_right(cred, &node, access::WRITE)?;
        let before = self.change_of(&node);
        let acting = self.rights.act_as(cred)?;
        rustix::fs::removexattr(path(&node), full(name)).map_err(xattr_status)?;
        drop(acting);
        self.changed_from(&mut node, before)
    }
}

impl Serve<ListxattrsRequest<'_>> for Posix {
    fn serve(&self, object: &Object, request: ListxattrsRequest<'_>) -> Result<Vec<Vec<u8>>> {
        let node = self.resolve(object)?;
        if !self.permission_of(request.cred, &node)?.read {
            return Err(Status::Access);
        }
        let mut list = Vec::with_capacity(XATTR_LIST_BYTES_MAX);
        rustix::fs::listxattr(path(&node), spare_capacity(&mut list)).map_err(xattr_status)?;
        let all = list.split(|&byte| byte == 0).filter_map(|name| name.strip_prefix(PREFIX));
        let mut names: Vec<_> = all.filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect();
        names.sort_unstable();
        Ok(names)
    }
}

impl Posix {
    /// Refuses, where the kernel does not see the caller, what the mode bits do not permit. Errors: `Access`, `Perm`.
    fn check_xattr_right(&self, cred: &Cred, node: &Node, want: Permission) -> Result<()> {
        if self.rights.by_mode_bits() { access::may_touch_xattrs(&node.attr()?, cred, want) } else { Ok(()) }
    }
}

/// Returns a path to an object that is open as `O_PATH`, which the calls on descriptors do not accept.
fn path(node: &Node) -> String {
    format!("/proc/self/fd/{}", node.fd.as_raw_fd())
}

fn full(name: &[u8]) -> Vec<u8> {
    [PREFIX, name].concat()
}

fn xattr_status(error: Errno) -> Status {
    match error {
        Errno::NODATA => Status::NoXattr,
        Errno::TOOBIG | Errno::RANGE => Status::Xattr2Big,
        error => status(error),
    }
}
