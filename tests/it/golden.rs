//! Texts that are compared with files in `fixtures/`, and written there when `UPDATE=1` is in the environment.

use std::path::Path;

/// Compares `actual` with `fixtures/NAME`.
pub fn check(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("fixtures can be written");
        std::fs::write(&path, actual).expect("fixtures can be written");
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "fixtures/{name} differs; if it should, run the tests again with UPDATE=1\n\
         ---- expected\n{expected}---- actual\n{actual}----"
    );
}
