use super::*;
use crate::files::NameRule;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

fn parse(text: &str) -> Result<Settings, ConfigError> {
    let (settings, mistakes) = file::parse(Path::new("/etc/lockhouse/lockhouse.toml"), text);
    mistakes.into_iter().next().map_or(Ok(settings), Err)
}

fn root() -> Environment {
    Environment { is_root: true, ..Environment::default() }
}

#[test]
fn every_key_of_the_file() {
    let text = r#"
        dir = "/srv/files"
        listen = "[::1]:12049"
        no-root-squash = true
        state = "state"
        lease-time = 0x1e
        grace-time = 1_0
        deadlock-detection = "off"
        ephemeral = true
        boot-id = "first"
        log = "debug"
        [export]
        mail = "/srv/mail"
        "with space" = "../rel"
    "#;
    let config = parse(text).unwrap().into_config(&root()).unwrap();
    let export = |name: &str, path: &str| Export {
        name: name.into(),
        source: Source::Directory(path.into()),
        names: NameRule::Bytes,
    };
    assert_eq!(
        config,
        Config {
            listen: "[::1]:12049".parse().unwrap(),
            exports: vec![
                export("", "/srv/files"),
                export("mail", "/srv/mail"),
                export("with space", "/etc/lockhouse/../rel"),
            ],
            root_squash: false,
            state_dir: Some("/etc/lockhouse/state".into()),
            lease_seconds: 30,
            grace_seconds: 10,
            deadlock_detection: false,
            ephemeral: true,
            boot_id: Some("first".into()),
            log: "debug".into(),
            warnings: config.warnings.clone(),
        }
    );
}

#[test]
fn the_list_of_keys_is_what_is_understood() {
    for key in error::KEYS {
        // None of them takes a date, so each complains about the type and not about the key.
        let error = parse(&format!("{key} = 2020-01-01")).unwrap_err();
        assert!(matches!(error, ConfigError::BadValue { .. }), "{key}: {error}");
    }
}

#[test]
fn defaults() {
    let config = Settings { memory: Some(true), ..Settings::default() }.into_config(&root()).unwrap();
    assert_eq!(
        config,
        Config {
            listen: "0.0.0.0:2049".parse().unwrap(),
            exports: vec![Export { name: String::new(), source: Source::Memory, names: NameRule::Utf8 }],
            root_squash: true,
            state_dir: Some("/var/lib/lockhouse".into()),
            lease_seconds: 90,
            grace_seconds: 90,
            deadlock_detection: true,
            ephemeral: false,
            boot_id: None,
            log: "info".into(),
            warnings: Vec::new(),
        }
    );
}

#[test]
fn the_grace_time_is_the_lease_time_unless_given() {
    let grace = |grace_seconds| {
        let settings =
            Settings { memory: Some(true), lease_seconds: Some(7), grace_seconds, ..Settings::default() };
        settings.into_config(&root()).unwrap().grace_seconds
    };
    assert_eq!((grace(None), grace(Some(0))), (7, 0));
}

#[test]
fn the_state_directory_of_a_user() {
    let state_dir = |xdg: Option<&str>, home: Option<&str>| {
        let (xdg_state_home, home) = (xdg.map(OsString::from), home.map(OsString::from));
        let environment = Environment { is_root: false, xdg_state_home, home };
        let settings = Settings { memory: Some(true), ..Settings::default() };
        settings.into_config(&environment).map(|config| config.state_dir.unwrap())
    };
    assert_eq!(state_dir(Some("/x"), Some("/home/u")).unwrap(), Path::new("/x/lockhouse"));
    assert_eq!(state_dir(Some(""), Some("/home/u")).unwrap(), Path::new("/home/u/.local/state/lockhouse"));
    assert_eq!(state_dir(None, Some("/home/u")).unwrap(), Path::new("/home/u/.local/state/lockhouse"));
    assert!(matches!(state_dir(None, None), Err(ConfigError::NoStateDir)));
}

#[test]
fn the_command_line_wins_key_by_key() {
    let file = parse(
        "memory = true\nlisten = \"127.0.0.1:1\"\nlog = \"warn\"\nexport.a = \"/a\"\nexport.b = \"/b\"",
    );
    let flags = Settings {
        dir: Some("/d".into()),
        log: Some("trace".into()),
        exports: [("b".to_string(), PathBuf::from("/b2"))].into(),
        ..Settings::default()
    };
    let merged = flags.or(file.unwrap());
    assert_eq!((merged.dir, merged.memory), (Some("/d".into()), None));
    assert_eq!((merged.listen, merged.log), (Some("127.0.0.1:1".parse().unwrap()), Some("trace".into())));
    let exports: Vec<_> =
        merged.exports.iter().map(|(name, dir)| (name.as_str(), dir.to_str().unwrap())).collect();
    assert_eq!(exports, [("a", "/a"), ("b", "/b2")]);
}

#[test]
fn something_must_be_served_and_only_one_thing_at_the_root() {
    assert!(matches!(Settings::default().into_config(&root()), Err(ConfigError::NothingToServe)));
    let both = Settings { memory: Some(true), dir: Some("/d".into()), ..Settings::default() };
    assert!(matches!(both.into_config(&root()), Err(ConfigError::TwoRoots)));
}

#[test]
fn what_is_hardly_meant_is_told() {
    let warnings = |settings: Settings| {
        let settings = Settings { dir: settings.memory.is_none().then(|| "/d".into()), ..settings };
        settings.into_config(&root()).unwrap().warnings
    };
    let of = |lease_seconds, grace_seconds| {
        warnings(Settings { lease_seconds, grace_seconds, ..Settings::default() })
    };
    assert_eq!(of(None, None), [""; 0]);
    assert_eq!(of(Some(10), Some(10)), [""; 0]);
    assert_eq!(of(Some(10), None), [""; 0]);
    assert!(of(None, Some(89))[0].contains("shorter than lease-time (90 s)"));
    assert_eq!(of(Some(10), Some(0)).len(), 1);
    let ephemeral = Settings { ephemeral: Some(true), ..Settings::default() };
    let vain = Settings { grace_seconds: Some(5), boot_id: Some("x".into()), ..ephemeral.clone() };
    assert_eq!(warnings(vain).len(), 2);
    assert_eq!(warnings(ephemeral), [""; 0]);
}

#[test]
fn who_keeps_nothing_needs_no_place_for_it() {
    let nowhere = Environment::default();
    let settings = |memory: bool, ephemeral| Settings {
        memory: memory.then_some(true),
        dir: (!memory).then(|| "/d".into()),
        ephemeral: Some(ephemeral),
        ..Settings::default()
    };
    assert_eq!(settings(true, true).into_config(&nowhere).unwrap().state_dir, None);
    assert_eq!(settings(true, true).into_config(&root()).unwrap().state_dir, None);
    let named = Settings { state: Some("/s".into()), ..settings(true, true) };
    assert_eq!(named.into_config(&nowhere).unwrap().state_dir, Some("/s".into()));
    for (memory, ephemeral) in [(true, false), (false, true), (false, false)] {
        let config = settings(memory, ephemeral).into_config(&nowhere);
        assert!(matches!(config, Err(ConfigError::NoStateDir)), "{memory} {ephemeral}");
    }
}

#[test]
fn all_mistakes_are_told() {
    let text = "memory = 1\nlisten = 0.0.0.0:2049\nport = 2049\nlease-time = 0\nlog = \"warn\"\n[export]\n\"a/b\" = \"/d\"";
    let (settings, mistakes) = file::parse(Path::new("f"), text);
    let lines: Vec<_> = mistakes.iter().map(|mistake| mistake.to_string()).collect();
    assert_eq!(lines.len(), 5, "{lines:#?}");
    for (line, mistake) in [1, 2, 3, 4].into_iter().zip(&lines) {
        assert!(mistake.starts_with(&format!("f:{line}: ")), "{mistake}");
    }
    assert!(lines[4].contains("a/b"));
    assert_eq!(settings.log.as_deref(), Some("warn"));
}

#[test]
fn names_of_entries() {
    let rules = |text: &str| -> Vec<_> {
        let config = parse(text).unwrap().into_config(&root()).unwrap();
        config.exports.into_iter().map(|export| (export.name, export.names)).collect()
    };
    let (bytes, utf8) = (NameRule::Bytes, NameRule::Utf8);
    let text = "memory = true\n[export]\na = \"/a\"\nb = { dir = \"/b\", names = \"utf8\" }";
    assert_eq!(rules(text), [("".into(), utf8), ("a".into(), bytes), ("b".into(), utf8)]);
    let text = "dir = \"/\"\nnames = \"utf8\"\n[export]\na = { dir = \"/a\", names = \"bytes\" }\nb = \"/b\"";
    assert_eq!(rules(text), [("".into(), utf8), ("a".into(), bytes), ("b".into(), utf8)]);
    for wrong in
        ["names = \"ascii\"", "names = 1", "[export]\na = {}", "[export]\na = { dir = \"/\", name = \"x\" }"]
    {
        assert!(matches!(parse(wrong), Err(ConfigError::BadValue { .. })), "{wrong}");
    }
    let text = "[export.a]\nnames = 1\ndirectory = \"/\"\n[export.b]\ndir = 2\nnames = \"utf8\"";
    let (_, mistakes) = file::parse(Path::new("f"), text);
    let lines: Vec<_> = mistakes.iter().map(|mistake| mistake.to_string()).collect();
    assert_eq!(lines.len(), 4, "{lines:#?}");
    for key in ["export.a.names", "export.a.directory", "export.a: the key \"dir\"", "export.b.dir"] {
        assert!(lines.iter().any(|line| line.contains(key)), "{key} in {lines:#?}");
    }
}
