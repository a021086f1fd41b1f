//! A tree of each kind to test, and short ways to use it.

use crate::files::{
    Attr, Backend, CreateMode, ExportSpec, HandleKind, NameRule, Namespace, NewObject, Result, Secret,
    SetAttr, Stability,
};
use crate::nfs4::{Cred, Filehandle};
use smallvec::SmallVec;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use tempfile::TempDir;

/// What a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Memory,
    /// As root, with kernel handles.
    Kernel,
    /// As root, with the index.
    Index,
    /// As an ordinary user, with the index and mode bits.
    Unprivileged,
}

/// A namespace whose root belongs to [`Fixture::user`].
pub(super) struct Fixture {
    pub(super) kind: Kind,
    pub(super) files: Namespace,
    pub(super) root: Filehandle,
    pub(super) user: Cred,
    pub(super) dir: TempDir,
    pub(super) state: TempDir,
}

pub(super) fn cred(uid: u32, gid: u32) -> Cred {
    Cred { uid, gid, groups: SmallVec::new() }
}

fn am_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Somebody without any right by ownership or group.
pub(super) fn stranger() -> Cred {
    cred(54_321, 54_321)
}

fn user() -> Cred {
    if am_root() {
        return cred(1000, 1000);
    }
    cred(rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw())
}

/// Runs `test` on a fresh tree; what needs root is left out for others.
pub(super) fn run(kind: Kind, test: fn(&Fixture)) {
    run_after(kind, || true, test);
}

/// As [`run`], after `prepare` on the test's thread; without the test when that answers false.
pub(super) fn run_after(kind: Kind, prepare: fn() -> bool, test: fn(&Fixture)) {
    if !am_root() && matches!(kind, Kind::Kernel | Kind::Index) {
        return;
    }
    let user = user();
    let (dir, state) = (owned_dir(&user), owned_dir(&user));
    let start = move || {
        if !prepare() {
            return None;
        }
        if kind == Kind::Unprivileged {
            become_user(&user);
        }
        let fixture = Fixture::new(kind, user, dir, state);
        test(&fixture);
        Some(fixture)
    };
    // The thread's identity ends with it; the directories are removed by one that may.
    let result = std::thread::Builder::new().name(format!("{kind:?}")).spawn(start).unwrap().join();
    match result {
        Ok(fixture) => drop(fixture),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

fn owned_dir(user: &Cred) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), PermissionsExt::from_mode(0o755)).unwrap();
    if am_root() {
        chown(dir.path(), Some(user.uid), Some(user.gid)).unwrap();
    }
    dir
}

/// Makes this thread, and no other, an ordinary user, which cannot be undone.
fn become_user(user: &Cred) {
    if !am_root() {
        return;
    }
    #[allow(unsafe_code, reason = "the library functions change all threads")]
    // SAFETY: system calls that take numbers only and act on the calling thread alone.
    unsafe {
        assert_eq!(libc::syscall(libc::SYS_setgroups, 0, std::ptr::null::<u32>()), 0);
        assert_eq!(libc::syscall(libc::SYS_setresgid, user.gid, user.gid, user.gid), 0);
        assert_eq!(libc::syscall(libc::SYS_setresuid, user.uid, user.uid, user.uid), 0);
    }
}

/// A root export.
pub(super) fn export(name: &str, backend: Backend, handles: HandleKind) -> ExportSpec {
    ExportSpec { name: name.to_owned(), backend, root_squash: false, handles, names: NameRule::Bytes }
}

impl Fixture {
    fn new(kind: Kind, user: Cred, dir: TempDir, state: TempDir) -> Self {
        let files = open(kind, dir.path(), state.path());
        let root = files.root();
        if kind == Kind::Memory {
            let set =
                SetAttr { uid: Some(user.uid), gid: Some(user.gid), mode: Some(0o755), ..SetAttr::default() };
            assert_eq!(files.setattr(&cred(0, 0), &root, &set, false).1, Ok(()));
        }
        Self { kind, files, root, user, dir, state }
    }

    /// The tree as it is after the server was stopped and started again.
    pub(super) fn restarted(&self) -> Namespace {
        open(self.kind, self.dir.path(), self.state.path())
    }

    /// Whether the kernel sees the caller, or the memory tree does: files belong to who makes them.
    pub(super) fn knows_users(&self) -> bool {
        self.kind != Kind::Unprivileged
    }

    pub(super) fn file(&self, dir: &Filehandle, name: &str, mode: u32) -> Filehandle {
        let created = self
            .files
            .create_file(&self.user, dir, name.as_bytes(), CreateMode::Guarded, &mode_only(mode))
            .unwrap();
        assert!(created.new && created.applied.mode);
        created.object
    }

    pub(super) fn mkdir(&self, dir: &Filehandle, name: &str, mode: u32) -> Filehandle {
        self.make(dir, name, NewObject::Directory, mode)
    }

    pub(super) fn make(&self, dir: &Filehandle, name: &str, what: NewObject<'_>, mode: u32) -> Filehandle {
        let created = self.files.create(&self.user, dir, name.as_bytes(), what, &mode_only(mode)).unwrap();
        assert!(created.new && created.change.after > created.change.before);
        created.object
    }

    pub(super) fn lookup(&self, dir: &Filehandle, name: &str) -> Result<Filehandle> {
        self.files.lookup(&self.user, dir, name.as_bytes())
    }

    pub(super) fn attr(&self, fh: &Filehandle) -> Attr {
        self.files.getattr(fh).unwrap()
    }

    pub(super) fn write(&self, fh: &Filehandle, offset: u64, data: &[u8]) -> Result<u32> {
        self.files.write(&self.user, fh, offset, data, Stability::Unstable, false).map(|(count, _)| count)
    }

    pub(super) fn read(&self, fh: &Filehandle, offset: u64, count: u32) -> Result<(Vec<u8>, bool)> {
        let mut data = b"before".to_vec();
        let eof = self.files.read(&self.user, fh, offset, count, false, &mut data)?;
        assert_eq!(data.drain(..6).as_slice(), b"before");
        Ok((data, eof))
    }

    pub(super) fn rename(
        &self,
        from_dir: &Filehandle,
        from: &str,
        to_dir: &Filehandle,
        to: &str,
    ) -> Result<()> {
        let (source, target) =
            self.files.rename(&self.user, from_dir, from.as_bytes(), to_dir, to.as_bytes())?;
        assert_eq!(source.after, self.attr(from_dir).change);
        assert_eq!(target.after, self.attr(to_dir).change);
        Ok(())
    }

    pub(super) fn set(&self, fh: &Filehandle, set: &SetAttr) -> Result<()> {
        self.files.setattr(&self.user, fh, set, false).1
    }

    /// All names of a directory, asked for `batch` at a time.
    pub(super) fn names(&self, dir: &Filehandle, batch: usize) -> Vec<String> {
        names(&self.files, &self.user, dir, batch)
    }
}

fn open(kind: Kind, dir: &Path, state: &Path) -> Namespace {
    let (backend, handles) = match kind {
        Kind::Memory => (Backend::MEMORY, HandleKind::Auto),
        Kind::Kernel => (Backend::Directory(dir.to_owned()), HandleKind::Kernel),
        Kind::Index => (Backend::Directory(dir.to_owned()), HandleKind::Index),
        Kind::Unprivileged => (Backend::Directory(dir.to_owned()), HandleKind::Auto),
    };
    let secret = Secret::load_or_create(state).unwrap();
    Namespace::new(&[export("", backend, handles)], &secret, state).unwrap()
}

pub(super) fn names(files: &Namespace, cred: &Cred, dir: &Filehandle, batch: usize) -> Vec<String> {
    let (mut all, mut cookie) = (Vec::new(), 0);
    loop {
        let mut room = batch;
        let eof = files
            .readdir(cred, dir, cookie, &mut |entry| {
                if room == 0 {
                    return false;
                }
                room -= 1;
                assert!(entry.cookie > 2);
                cookie = entry.cookie;
                all.push(String::from_utf8(entry.name.to_vec()).unwrap());
                true
            })
            .unwrap();
        if eof {
            return all;
        }
        assert_eq!(room, 0, "not the end, and not full either");
    }
}

pub(super) fn mode_only(mode: u32) -> SetAttr {
    SetAttr { mode: Some(mode), ..SetAttr::default() }
}

pub(super) fn size_only(size: u64) -> SetAttr {
    SetAttr { size: Some(size), ..SetAttr::default() }
}

/// Makes each function a test on each kind of tree.
macro_rules! on_all_trees {
    ($($test:ident)*) => {
        mod memory { $(#[test] fn $test() { super::run(super::Kind::Memory, super::$test); })* }
        mod kernel { $(#[test] fn $test() { super::run(super::Kind::Kernel, super::$test); })* }
        mod index { $(#[test] fn $test() { super::run(super::Kind::Index, super::$test); })* }
        mod unprivileged { $(#[test] fn $test() { super::run(super::Kind::Unprivileged, super::$test); })* }
    };
}
pub(super) use on_all_trees;
