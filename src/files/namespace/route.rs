//! Routes a request to the volume that serves its object.
//!
//! Most requests only need their object to be of the right kind and their numbers to be in bounds; they say so by
//! [`Checked`] and are passed on. Requests that concern grafts, answer with an object or name a second one have their own
//! [`Route`].

use super::mount::Mount;
use super::tree::Namespace;
use crate::files::handle::Object;
use crate::files::request::Request;
use crate::files::result::Result;
use crate::files::volume::{Serve, Volume};
use crate::nfs4::{FileType, Filehandle, Status};

/// An object and the export that it is in.
pub struct Target<'n> {
    pub(super) mount: &'n Mount,
    pub(super) object: Object,
}

impl Target<'_> {
    /// Lets the volume of the object carry out `request`.
    pub(super) fn serve<R: Request>(&self, request: R) -> Result<R::Answer<Object>>
    where
        dyn Volume: Serve<R>,
    {
        self.mount.volume.serve(&self.object, request)
    }

    /// Requires a directory. Errors: `NotDir`.
    pub(super) fn require_dir(&self) -> Result<()> {
        if self.object.kind == FileType::Directory { Ok(()) } else { Err(Status::NotDir) }
    }

    /// Requires a regular file. Errors: `IsDir`, `Inval` for any other object that is not a regular file.
    pub(super) fn require_file(&self) -> Result<()> {
        match self.object.kind {
            FileType::Regular => Ok(()),
            FileType::Directory => Err(Status::IsDir),
            _ => Err(Status::Inval),
        }
    }
}

/// Carries out a request in the namespace.
pub trait Route: Request + Sized {
    /// Carries out the request on the object of `fh`.
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<Self::Answer<Filehandle>>;
}

/// A request that is passed on to the volume once it has been checked.
pub trait Checked: Request + Sized {
    /// Checks that the request can be carried out on the object, and brings its numbers into bounds.
    fn check(&mut self, target: &Target<'_>) -> Result<()>;
}

impl<R> Route for R
where
    R: Checked + Request<Answer<Object> = <R as Request>::Answer<Filehandle>>,
    dyn Volume: Serve<R>,
{
    fn route(mut self, namespace: &Namespace, fh: &Filehandle) -> Result<Self::Answer<Filehandle>> {
        let target = namespace.target(fh)?;
        self.check(&target)?;
        target.serve(self)
    }
}

impl Namespace {
    /// Carries out `request` on the object of `fh`. May block. Errors: see [`request`](crate::files::request).
    pub fn call<R: Route>(&self, fh: &Filehandle, request: R) -> Result<R::Answer<Filehandle>> {
        request.route(self, fh)
    }

    /// Finds the object of a handle. Errors: `BadHandle`, `Stale`.
    pub(super) fn target(&self, fh: &Filehandle) -> Result<Target<'_>> {
        let (mount, object) = self.locate(fh)?;
        Ok(Target { mount, object })
    }
}
