//! Compares the directories of exports with the state directory.

use super::error::ConfigError;
use super::export::{Export, Source};
use crate::files::MountTable;
use std::path::{Path, PathBuf};

/// Checks that the state directory, which need not exist yet, is in no export, and no export in it, whether by path, through
/// links or through mounts. Errors: `StateExported`, `ExportInState`.
pub(super) fn check_state_apart(exports: &[Export], state: &Path) -> Result<(), ConfigError> {
    let (table, place) = (MountTable::read(), without_links(state));
    for export in exports {
        let Source::Directory(path) = &export.source else { continue };
        let dir = without_links(path);
        let (state, export) = (state.to_owned(), path.clone());
        if table.is_within(&place, &dir) {
            return Err(ConfigError::StateExported { state, export });
        }
        if table.is_within(&dir, &place) {
            return Err(ConfigError::ExportInState { state, export });
        }
    }
    Ok(())
}

/// Resolves links in the part of the path that exists, and keeps the rest. `..` in the rest is not interpreted: nothing
/// exists there, and it cannot be created.
fn without_links(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for above in absolute.ancestors() {
        if let (Ok(real), Ok(rest)) = (above.canonicalize(), absolute.strip_prefix(above)) {
            return real.join(rest);
        }
    }
    absolute
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::NameRule;

    fn check(dir: &Path, state: &Path) -> Result<(), ConfigError> {
        let export = |path: &Path| Export {
            name: "a".into(),
            source: Source::Directory(path.into()),
            names: NameRule::Bytes,
        };
        let memory = Export { name: String::new(), source: Source::Memory, names: NameRule::Utf8 };
        check_state_apart(&[memory, export(dir)], state)
    }

    #[test]
    fn the_state_is_in_no_export() {
        let tmp = tempfile::tempdir().unwrap();
        let [dir, other, link] = ["dir", "other", "link"].map(|name| tmp.path().join(name));
        std::fs::create_dir_all(dir.join("sub")).unwrap();
        std::fs::create_dir_all(&other).unwrap();
        std::os::unix::fs::symlink(&dir, &link).unwrap();
        std::os::unix::fs::symlink(&other, dir.join("out")).unwrap();
        let inside = [
            dir.clone(),
            dir.join("sub"),
            dir.join("not/yet/there"),
            link.join("sub/state"),
            other.join("../dir/sub"),
        ];
        for state in inside {
            assert!(matches!(check(&dir, &state), Err(ConfigError::StateExported { .. })), "{state:?}");
            assert!(matches!(check(&link, &state), Err(ConfigError::StateExported { .. })), "{state:?}");
        }
        // A link inside leads clients nowhere.
        for state in [other.clone(), other.join("state"), dir.join("out/state"), tmp.path().join("dir2")] {
            assert!(check(&dir, &state).is_ok(), "{state:?}");
        }
        for state in [tmp.path().to_owned(), tmp.path().join("link/..")] {
            let checked = check(&dir, &state);
            assert!(matches!(checked, Err(ConfigError::ExportInState { .. })), "{state:?}: {checked:?}");
        }
    }
}
