use super::*;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().mode() & 0o7777
}

#[test]
fn it_is_made_for_its_owner_only() {
    let tmp = tempfile::tempdir().unwrap();
    let path = tmp.path().join("state/lockhouse");
    let state = StateDir::open(&path).unwrap();
    state.next_epoch(None).unwrap();
    assert_eq!(mode(&path), 0o700);
    assert_eq!((mode(&path.join("lock")), mode(&path.join("epoch"))), (0o600, 0o600));
}

#[test]
fn one_holder_at_a_time() {
    let tmp = tempfile::tempdir().unwrap();
    let first = StateDir::open(&tmp.path().join("s")).unwrap();
    let second = StateDir::open(first.path()).unwrap_err();
    assert!(matches!(second, StateDirError::InUse { pid: Some(pid), .. } if pid == std::process::id()));
    assert!(second.to_string().ends_with(&format!("(process {})", std::process::id())), "{second}");
    let path = first.path().to_owned();
    drop(first);
    StateDir::open(&path).unwrap();
}

#[test]
fn what_others_can_write_is_refused() {
    let tmp = tempfile::tempdir().unwrap();
    for bits in [0o770, 0o707, 0o1777] {
        std::fs::set_permissions(tmp.path(), Permissions::from_mode(bits)).unwrap();
        let error = StateDir::open(tmp.path()).unwrap_err();
        assert!(matches!(error, StateDirError::WritableByOthers { mode, .. } if mode == bits), "{error}");
    }
    std::fs::set_permissions(tmp.path(), Permissions::from_mode(0o755)).unwrap();
    StateDir::open(tmp.path()).unwrap();
}

#[test]
fn a_file_is_no_directory() {
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(matches!(StateDir::open(file.path()), Err(StateDirError::NotADirectory(_))));
}

#[test]
fn epochs_only_grow_and_start_at_the_clock() {
    let tmp = tempfile::tempdir().unwrap();
    let state = StateDir::open(&tmp.path().join("s")).unwrap();
    let first = state.next_epoch(None).unwrap();
    assert!(first > 1_700_000_000);
    let second = state.next_epoch(None).unwrap();
    assert!(second > first);
    std::fs::write(state.path().join("epoch"), "4000000000\n").unwrap();
    assert_eq!(state.next_epoch(None).unwrap(), 4_000_000_001);
    assert_eq!(std::fs::read_to_string(state.path().join("epoch")).unwrap(), "4000000001\n");
}

#[test]
fn a_damaged_epoch_is_not_guessed() {
    let tmp = tempfile::tempdir().unwrap();
    let state = StateDir::open(&tmp.path().join("s")).unwrap();
    for text in ["", "12", "-1\n", "12 \n", "4294967296\n", "x\n"] {
        std::fs::write(state.path().join("epoch"), text).unwrap();
        assert!(matches!(state.next_epoch(None), Err(StateDirError::DamagedEpoch(_))), "{text:?}");
    }
    std::fs::write(state.path().join("epoch"), "4294967295\n").unwrap();
    assert!(matches!(state.next_epoch(None), Err(StateDirError::EpochsUsedUp(_))));
}

#[test]
fn the_greater_epoch_counts_of_what_the_file_and_the_store_say() {
    let tmp = tempfile::tempdir().unwrap();
    let state = StateDir::open(&tmp.path().join("s")).unwrap();
    let path = state.path().join("epoch");
    let next = |file: Option<&str>, known| {
        match file {
            Some(text) => std::fs::write(&path, text).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        state.next_epoch(Some(known)).unwrap()
    };
    assert_eq!(next(Some("4000000000\n"), 4_000_000_007), 4_000_000_008, "set back");
    assert_eq!(next(Some("4000000009\n"), 4_000_000_007), 4_000_000_010);
    assert_eq!(next(None, 4_000_000_020), 4_000_000_021, "lost");
    for text in ["", "40000", "x\n", "\u{0}\u{0}"] {
        assert_eq!(next(Some(text), 4_000_000_030), 4_000_000_031, "{text:?}");
    }
}

#[test]
fn epochs_0_and_1_are_never_used() {
    assert_eq!(epoch_after(None, 0), Some(2));
    assert_eq!(epoch_after(Some(0), 0), Some(2));
    assert_eq!(epoch_after(Some(7), 5), Some(8));
    assert_eq!(epoch_after(Some(7), 90), Some(90));
    assert_eq!(epoch_after(Some(7), u64::from(u32::MAX) + 1), Some(8));
    assert_eq!(epoch_after(Some(u32::MAX), 90), None);
}
