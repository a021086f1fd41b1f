//! The directory where the server keeps what must outlive it: `lock` (held by the process that uses it), `epoch`.

use rustix::fs::Access;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Permission bits that let others than the owner write.
const WRITABLE_BY_OTHERS: u32 = 0o022;
/// Longest sensible content of the files read here, in bytes.
const FILE_BYTES_MAX: u64 = 64;
/// Epochs below are never used: 0 would make stateids look like special ones, and 1 is what testers take for stale.
const EPOCH_MIN: u32 = 2;

/// Holds the state directory exclusively, until dropped.
#[derive(Debug)]
pub struct StateDir {
    path: PathBuf,
    /// Its lock is held as long as it is open.
    _lock: File,
}

/// Says why a state directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateDirError {
    /// A system call failed.
    #[error("cannot {what} {path}: {error}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// What came of it.
        error: io::Error,
    },
    /// It is a file.
    #[error("{0} is not a directory")]
    NotADirectory(PathBuf),
    /// Its permissions let others forge what is in it.
    #[error("{path} can be written by others than its owner (mode {mode:04o})")]
    WritableByOthers {
        /// The directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Its owner could forge what is in it.
    #[error("{path} belongs to the user {owner}")]
    ForeignOwner {
        /// The directory.
        path: PathBuf,
        /// Its owner's number.
        owner: u32,
    },
    /// A second process.
    #[error("{path} is in use by another lockhouse{}", .pid.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    InUse {
        /// The directory.
        path: PathBuf,
        /// Who holds it, if known.
        pid: Option<u32>,
    },
    /// The epoch file does not hold a number.
    #[error("{0} is damaged: it should hold one number")]
    DamagedEpoch(PathBuf),
    /// There is no greater epoch.
    #[error("{0} holds the last number there is")]
    EpochsUsedUp(PathBuf),
}

impl StateDirError {
    /// Returns what the user can do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Io { .. } | Self::NotADirectory(_) => {
                Some("choose another directory with --state DIR".into())
            }
            Self::WritableByOthers { path, .. } => Some(format!("chmod go-w {}", path.display())),
            Self::ForeignOwner { .. } => {
                Some("run as that user, or choose another one with --state DIR".into())
            }
            Self::InUse { .. } => Some("stop it, or give this server its own --state DIR".into()),
            Self::DamagedEpoch(path) | Self::EpochsUsedUp(path) => {
                let path = path.display();
                Some(format!(
                    "if no client holds locks of this server, remove {path}; the next start takes a number from the clock"
                ))
            }
        }
    }
}

impl StateDir {
    /// Makes the directory if it is not there, checks that nobody else can write to it, and takes it.
    pub fn open(path: &Path) -> Result<Self, StateDirError> {
        let failed = |what| move |error| StateDirError::Io { what, path: path.to_owned(), error };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed("create"))?;
        }
        match DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(failed("create")(error));
            }
            _ => (),
        }
        check_directory(path)?;
        Ok(Self { path: path.to_owned(), _lock: take_lock(path)? })
    }

    /// Looks, without changing anything, whether [`StateDir::open`] would succeed. Errors: as there; it is in use.
    pub fn check(path: &Path) -> Result<(), StateDirError> {
        let cannot_write = |path: &Path| {
            let tried = rustix::fs::access(path, Access::WRITE_OK | Access::EXEC_OK);
            let path = path.to_owned();
            tried.map_err(|error| StateDirError::Io { what: "write to", path, error: error.into() })
        };
        if std::fs::symlink_metadata(path).is_err() {
            // It would be made, in the next directory above that is there.
            let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let above = absolute.ancestors().skip(1).find(|above| above.exists());
            return above.map_or(Ok(()), cannot_write);
        }
        check_directory(path)?;
        cannot_write(path)?;
        let Ok(lock) = File::open(path.join("lock")) else { return Ok(()) };
        match lock.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Err(in_use(path)),
            _ => Ok(()),
        }
    }

    /// Returns the path of the directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns a boot epoch greater than all before, on stable storage before it is used: one more than the last one, or
    /// the seconds since 1970 if that is more. The last one is in the file `epoch`, and perhaps `known` from elsewhere:
    /// the greater counts.
    ///
    /// Errors: `DamagedEpoch` when neither says it; those of the file.
    pub fn next_epoch(&self, known: Option<u32>) -> Result<u32, StateDirError> {
        let path = self.path.join("epoch");
        let saved = match (self.saved_epoch(&path), known) {
            (Ok(saved), known) => {
                if let Some(known) = known.filter(|known| saved.is_none_or(|saved| saved < *known)) {
                    tracing::error!(
                        ?saved,
                        known,
                        "the file epoch was lost or set back; the store knows the number"
                    );
                }
                saved.max(known)
            }
            (Err(StateDirError::DamagedEpoch(path)), Some(known)) => {
                tracing::error!(file = %path.display(), known, "the file is damaged; the store knows its number");
                Some(known)
            }
            (Err(error), _) => return Err(error),
        };
        let Some(epoch) = epoch_after(saved, clock_seconds()) else {
            return Err(StateDirError::EpochsUsedUp(path));
        };
        self.replace("epoch", format!("{epoch}\n").as_bytes())?;
        Ok(epoch)
    }

    fn saved_epoch(&self, path: &Path) -> Result<Option<u32>, StateDirError> {
        let damaged = || StateDirError::DamagedEpoch(path.to_owned());
        match read_short(path) {
            Ok(text) => parse_number(&text).map(Some).ok_or_else(damaged),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(damaged()),
            Err(error) => Err(StateDirError::Io { what: "read", path: path.to_owned(), error }),
        }
    }

    /// Writes the file `name` as a whole: after a crash it is the old one or the new one.
    fn replace(&self, name: &str, content: &[u8]) -> Result<(), StateDirError> {
        let path = self.path.join(name);
        let new = self.path.join(format!("{name}.new"));
        let written = (|| {
            let mut file =
                OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
            file.write_all(content)?;
            file.sync_all()?;
            std::fs::rename(&new, &path)?;
            File::open(&self.path)?.sync_all()
        })();
        written.map_err(|error| StateDirError::Io { what: "write", path, error })
    }
}

fn check_directory(path: &Path) -> Result<(), StateDirError> {
    let metadata = std::fs::metadata(path).map_err(|error| StateDirError::Io {
        what: "look at",
        path: path.to_owned(),
        error,
    })?;
    if !metadata.is_dir() {
        return Err(StateDirError::NotADirectory(path.to_owned()));
    }
    let mode = metadata.mode() & 0o7777;
    if mode & WRITABLE_BY_OTHERS != 0 {
        return Err(StateDirError::WritableByOthers { path: path.to_owned(), mode });
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(StateDirError::ForeignOwner { path: path.to_owned(), owner: metadata.uid() });
    }
    Ok(())
}

fn take_lock(directory: &Path) -> Result<File, StateDirError> {
    let path = directory.join("lock");
    let failed = |what| {
        let path = path.clone();
        move |error| StateDirError::Io { what, path, error }
    };
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(failed("open"))?;
    match file.try_lock() {
        Ok(()) => (),
        Err(TryLockError::WouldBlock) => return Err(in_use(directory)),
        Err(TryLockError::Error(error)) => return Err(failed("lock")(error)),
    }
    // Only for the message to a second process.
    file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(failed("write"))?;
    Ok(file)
}

fn in_use(directory: &Path) -> StateDirError {
    let pid = read_short(&directory.join("lock")).ok().and_then(|text| parse_number(&text));
    StateDirError::InUse { path: directory.to_owned(), pid }
}

fn read_short(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(FILE_BYTES_MAX).read_to_string(&mut text)?;
    Ok(text)
}

fn parse_number(text: &str) -> Option<u32> {
    text.strip_suffix('\n')?.parse().ok()
}

/// Returns a boot epoch for a server that remembers none: no other run's, unless it began in the same second.
pub fn epoch_of_clock() -> u32 {
    epoch_after(None, clock_seconds()).unwrap_or(EPOCH_MIN)
}

fn clock_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Returns the epoch after `saved`, at the time `clock_seconds`.
fn epoch_after(saved: Option<u32>, clock_seconds: u64) -> Option<u32> {
    let clock = u32::try_from(clock_seconds).unwrap_or(0).max(EPOCH_MIN);
    match saved {
        None => Some(clock),
        Some(saved) => Some(saved.checked_add(1)?.max(clock)),
    }
}

#[cfg(test)]
#[path = "state_dir_tests.rs"]
mod tests;
