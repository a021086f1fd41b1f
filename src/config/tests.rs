use super::*;

fn parse(text: &str) -> Result<Settings, ConfigError> {
    file::parse(Path::new("/etc/lockhouse/lockhouse.toml"), text)
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
    let export =
        |name: &str, path: &str| Export { name: name.into(), source: Source::Directory(path.into()) };
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
            state_dir: "/etc/lockhouse/state".into(),
            lease_seconds: 30,
            grace_seconds: 10,
            deadlock_detection: false,
            ephemeral: true,
            boot_id: Some("first".into()),
            log: "debug".into(),
        }
    );
}

#[test]
fn the_list_of_keys_is_what_is_understood() {
    for key in file::KEYS {
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
            exports: vec![Export { name: String::new(), source: Source::Memory }],
            root_squash: true,
            state_dir: "/var/lib/lockhouse".into(),
            lease_seconds: 90,
            grace_seconds: 90,
            deadlock_detection: true,
            ephemeral: false,
            boot_id: None,
            log: "info".into(),
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
        settings.into_config(&environment).map(|config| config.state_dir)
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
