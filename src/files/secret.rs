//! The secret behind the MACs of filehandles.

use rustix::fs::{CWD, Mode, OFlags};
use siphasher::sip::SipHasher24;
use std::hash::Hasher;
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

const FILE_NAME: &str = "handle-secret";
const NEW_NAME: &str = "handle-secret.new";
/// A damaged file, kept for inspection.
const DAMAGED_NAME: &str = "handle-secret.damaged";

/// Holds the key, 16 bytes. As long as it stays the same, filehandles stay valid over restarts.
#[derive(Clone)]
pub struct Secret([u8; 16]);

impl Secret {
    /// Creates a secret that is not kept: handles become `BadHandle` with the next start.
    /// Errors: the system gives no random bytes.
    pub fn ephemeral() -> io::Result<Self> {
        let mut key = [0; 16];
        getrandom::fill(&mut key).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Self(key))
    }

    /// Loads the secret kept in the directory `dir`, or creates it there with mode 0600 and syncs it to disk. A file that is
    /// not 16 bytes long is renamed and a new secret created; those who store what refers to handles recognize the change by
    /// the [fingerprint](Self::fingerprint).
    /// Only one process at a time may do this in one directory.
    /// Errors: those of the files.
    pub fn load_or_create(dir: &Path) -> io::Result<Self> {
        let path = dir.join(FILE_NAME);
        let loaded = match std::fs::File::open(&path) {
            Ok(file) => Self::load(file)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Self::create(dir),
            Err(error) => return Err(error),
        };
        if let Some(secret) = loaded {
            return Ok(secret);
        }
        let kept = dir.join(DAMAGED_NAME);
        tracing::error!(
            file = %path.display(), kept = %kept.display(),
            "the filehandle secret is not 16 bytes long; a new one is created, and all handles given out before are stale"
        );
        std::fs::rename(&path, kept)?;
        Self::create(dir)
    }

    /// Returns a number that tells this secret from others, and from which it cannot be computed.
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = SipHasher24::new_with_key(&self.0);
        hasher.write(b"fingerprint");
        hasher.finish()
    }

    /// Reads the secret from the file; `None` when it is not 16 bytes long.
    fn load(mut file: std::fs::File) -> io::Result<Option<Self>> {
        let metadata = file.metadata()?;
        if metadata.mode() & 0o077 != 0 {
            tracing::warn!(
                file = FILE_NAME,
                "other users can read the filehandle secret: its mode should be 0600"
            );
        }
        let mut key = [0; 16];
        if metadata.len() != 16 {
            return Ok(None);
        }
        file.read_exact(&mut key)?;
        Ok(Some(Self(key)))
    }

    fn create(dir: &Path) -> io::Result<Self> {
        let secret = Self::ephemeral()?;
        let new = dir.join(NEW_NAME);
        // One that a crash left half written.
        if let Err(error) = std::fs::remove_file(&new)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let mut file = std::fs::File::from(rustix::fs::openat(CWD, &new, flags, Mode::from_raw_mode(0o600))?);
        file.write_all(&secret.0)?;
        file.sync_all()?;
        std::fs::rename(&new, dir.join(FILE_NAME))?;
        std::fs::File::open(dir)?.sync_all()?;
        Ok(secret)
    }

    #[cfg(test)]
    pub(crate) fn from_key(key: [u8; 16]) -> Self {
        Self(key)
    }

    pub(crate) fn key(&self) -> &[u8; 16] {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(NEW_NAME), b"torn").unwrap();
        let first = Secret::load_or_create(dir.path()).unwrap();
        assert_eq!(std::fs::metadata(dir.path().join(FILE_NAME)).unwrap().mode() & 0o7777, 0o600);
        assert_eq!(Secret::load_or_create(dir.path()).unwrap().key(), first.key());
        assert_ne!(Secret::ephemeral().unwrap().key(), first.key());
    }

    #[test]
    fn a_secret_that_is_none_is_set_aside_for_another() {
        for bytes in [&b""[..], &[1; 15], &[1; 17]] {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join(FILE_NAME), bytes).unwrap();
            let made = Secret::load_or_create(dir.path()).unwrap();
            assert_eq!(Secret::load_or_create(dir.path()).unwrap().key(), made.key());
            assert_eq!(std::fs::read(dir.path().join(DAMAGED_NAME)).unwrap(), bytes);
        }
    }

    #[test]
    fn every_bit_of_a_secret_shows_in_its_fingerprint() {
        let fingerprint = |key| Secret::from_key(key).fingerprint();
        for bit in 0..128 {
            let mut key = [7; 16];
            key[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(fingerprint(key), fingerprint([7; 16]), "bit {bit}");
        }
    }
}
