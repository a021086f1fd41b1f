//! Listings of directories, with the grafts of the root.

use super::route::{Route, Target};
use super::tree::{GRAFTS_MAX, Namespace};
use crate::files::request::{DirEntry, PermissionRequest, ReaddirRequest};
use crate::files::result::Result;
use crate::nfs4::{Cred, Filehandle, Status};

/// Cookie of the first graft. The grafts come after the entries of the directory itself, whose cookies the kernel
/// chooses: below 2^63, or with that bit only far below this.
const COOKIE_GRAFTS: u64 = u64::MAX - GRAFTS_MAX as u64;

impl Route for ReaddirRequest<'_> {
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<bool> {
        let dir = namespace.target(fh)?;
        dir.require_dir()?;
        if !namespace.is_root(dir.mount, &dir.object) || namespace.graft_names().len() == 0 {
            return dir.serve(self);
        }
        let ReaddirRequest { cred, cookie, take } = self;
        if cookie >= COOKIE_GRAFTS {
            require_list(cred, &dir)?;
        } else {
            let mut unshadowed = |entry: DirEntry<'_>| namespace.is_graft(entry.name) || take(entry);
            if !dir.serve(ReaddirRequest { cred, cookie, take: &mut unshadowed })? {
                return Ok(false);
            }
        }
        list_grafts(namespace, cookie, take)
    }
}

/// Requires permission to list the directory. Errors: `Access`.
fn require_list(cred: &Cred, dir: &Target<'_>) -> Result<()> {
    if dir.serve(PermissionRequest { cred })?.read { Ok(()) } else { Err(Status::Access) }
}

fn list_grafts(
    namespace: &Namespace,
    cookie: u64,
    take: &mut dyn FnMut(DirEntry<'_>) -> bool,
) -> Result<bool> {
    let done = usize::try_from(cookie.saturating_sub(COOKIE_GRAFTS)).unwrap_or(usize::MAX);
    if done > namespace.graft_names().len() {
        return Err(Status::BadCookie);
    }
    let cookies = COOKIE_GRAFTS + 1..;
    let mut left = namespace.graft_names().zip(cookies).skip(done);
    Ok(left.all(|(name, cookie)| take(DirEntry { name: name.as_bytes(), cookie })))
}
