//! The configuration file: TOML whose keys are the names of the options.

use super::error::{ConfigError, KEYS};
use super::settings::Settings;
use super::values::{
    GRACE_SECONDS, LEASE_SECONDS, check_boot_id, check_export_name, check_seconds, parse_listen, parse_switch,
};
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Most mistakes reported for one file.
const MISTAKES_MAX: usize = 20;

impl Settings {
    /// Reads a configuration file. Returns all valid settings and all mistakes. Relative paths in the file are relative to its
    /// directory.
    pub fn from_file(path: &Path) -> (Self, Vec<ConfigError>) {
        match std::fs::read_to_string(path) {
            Ok(text) => parse(path, &text),
            Err(error) => (Self::default(), vec![ConfigError::Unreadable { path: path.to_owned(), error }]),
        }
    }
}

/// Parses the text of the file `path`. Returns all valid settings, and all mistakes in the order of their lines.
pub(super) fn parse(path: &Path, text: &str) -> (Settings, Vec<ConfigError>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut mistakes: Vec<_> = errors.iter().map(|error| syntax(path, text, error)).collect();
    let mut settings = Settings::default();
    for (key, value) in table.get_ref() {
        let entry = Entry { path, text, key: key.get_ref(), value };
        let line = line_of(text, key.span().start);
        if mistakes.iter().any(|(wrong, _)| *wrong == line) {
            // The rest of a line with a syntax error means nothing.
            continue;
        }
        if !KEYS.contains(&entry.key) {
            let (path, key) = (path.to_owned(), entry.key.to_owned());
            mistakes.push((line, ConfigError::UnknownKey { path, line, nearest: nearest(&key), key }));
        } else {
            let wrong = entry.store(&mut settings);
            mistakes.extend(wrong.into_iter().map(|mistake| (mistake.line().unwrap_or(line), mistake)));
        }
    }
    mistakes.sort_by_key(|(line, _)| *line);
    mistakes.truncate(MISTAKES_MAX);
    (settings, mistakes.into_iter().map(|(_, mistake)| mistake).collect())
}

/// Converts a syntax error, and returns its line.
fn syntax(path: &Path, text: &str, error: &toml::de::Error) -> (usize, ConfigError) {
    let line = line_of(text, error.span().map_or(0, |span| span.start));
    (line, ConfigError::Syntax { path: path.to_owned(), line, message: error.message().to_owned() })
}

/// One entry of the file.
struct Entry<'a> {
    path: &'a Path,
    text: &'a str,
    key: &'a str,
    value: &'a Spanned<DeValue<'a>>,
}

impl Entry<'_> {
    /// Stores the value in `settings`. Returns what is wrong with it.
    fn store(&self, settings: &mut Settings) -> Vec<ConfigError> {
        match self.key {
            "export" => self.exports(settings),
            _ => self.store_one(settings).err().into_iter().collect(),
        }
    }

    fn store_one(&self, settings: &mut Settings) -> Result<(), ConfigError> {
        match self.key {
            "boot-id" => settings.boot_id = Some(self.checked(check_boot_id(self.string()?))?),
            "deadlock-detection" => {
                settings.deadlock_detection = Some(self.checked(parse_switch(self.string()?))?);
            }
            "dir" => settings.dir = Some(self.path_value()?),
            "ephemeral" => settings.ephemeral = Some(self.boolean()?),
            "grace-time" => settings.grace_seconds = Some(self.seconds(GRACE_SECONDS)?),
            "lease-time" => settings.lease_seconds = Some(self.seconds(LEASE_SECONDS)?),
            "listen" => settings.listen = Some(self.checked(parse_listen(self.string()?))?),
            "log" => settings.log = Some(self.checked(crate::log::check(self.string()?))?),
            "memory" => settings.memory = Some(self.boolean()?),
            "names" => settings.names = Some(self.checked(self.string()?.parse())?),
            "no-root-squash" => settings.no_root_squash = Some(self.boolean()?),
            "state" => settings.state = Some(self.path_value()?),
            key => unreachable!("{key} is in KEYS"),
        }
        Ok(())
    }

    fn exports(&self, settings: &mut Settings) -> Vec<ConfigError> {
        let Some(table) = self.value.get_ref().as_table() else {
            return vec![self.wrong_type("a table of NAME = \"DIR\"")];
        };
        let mut mistakes = Vec::new();
        for (name, value) in table {
            let key = format!("export.{}", name.get_ref());
            let entry = Entry { key: &key, value, ..*self };
            match entry.checked(check_export_name(name.get_ref())) {
                Ok(()) => mistakes.extend(entry.export(name.get_ref(), settings)),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        mistakes
    }

    /// Stores `NAME = "DIR"` or `NAME = { dir = "DIR", names = "utf8" }`. Returns what is wrong with it.
    fn export(&self, name: &str, settings: &mut Settings) -> Vec<ConfigError> {
        let Some(table) = self.value.get_ref().as_table() else {
            return self.export_option("dir", name, settings).err().into_iter().collect();
        };
        let (mut mistakes, mut dir) = (Vec::new(), false);
        for (option, value) in table {
            let key = format!("{}.{}", self.key, option.get_ref());
            let entry = Entry { key: &key, value, ..*self };
            dir |= option.get_ref() == "dir";
            mistakes.extend(entry.export_option(option.get_ref(), name, settings).err());
        }
        if !dir {
            mistakes.push(self.bad("the key \"dir\" is missing: { dir = \"DIR\" }".into()));
        }
        mistakes
    }

    fn export_option(&self, option: &str, name: &str, settings: &mut Settings) -> Result<(), ConfigError> {
        match option {
            "dir" => drop(settings.exports.insert(name.to_owned(), self.path_value()?)),
            "names" => {
                let rule = self.checked(self.string()?.parse())?;
                settings.names_in.insert(name.to_owned(), rule);
            }
            _ => return Err(self.bad("the keys of an export are \"dir\" and \"names\"".into())),
        }
        Ok(())
    }

    fn string(&self) -> Result<&str, ConfigError> {
        self.value.get_ref().as_str().ok_or_else(|| self.wrong_type("a string"))
    }

    fn boolean(&self) -> Result<bool, ConfigError> {
        self.value.get_ref().as_bool().ok_or_else(|| self.wrong_type("true or false"))
    }

    fn path_value(&self) -> Result<PathBuf, ConfigError> {
        let text = self.string()?;
        if text.is_empty() {
            return Err(self.bad("must not be empty".into()));
        }
        Ok(self.path.parent().unwrap_or(Path::new("")).join(text))
    }

    fn seconds(&self, allowed: std::ops::RangeInclusive<u32>) -> Result<u32, ConfigError> {
        let integer = self.value.get_ref().as_integer();
        let integer = integer.ok_or_else(|| self.wrong_type("a whole number of seconds"))?;
        let seconds = i64::from_str_radix(integer.as_str(), integer.radix()).unwrap_or(i64::MAX);
        self.checked(check_seconds(seconds, allowed))
    }

    fn checked<T>(&self, value: Result<T, String>) -> Result<T, ConfigError> {
        value.map_err(|message| self.bad(message))
    }

    fn wrong_type(&self, wanted: &str) -> ConfigError {
        self.bad(format!("expected {wanted}, found a value of type {}", self.value.get_ref().type_str()))
    }

    fn bad(&self, message: String) -> ConfigError {
        let line = line_of(self.text, self.value.span().start);
        ConfigError::BadValue { path: self.path.to_owned(), line, key: self.key.to_owned(), message }
    }
}

/// Finds the known key that `key` is a misspelling or a prefix of.
fn nearest(key: &str) -> Option<&'static str> {
    let distance = |known: &&str| strsim::damerau_levenshtein(key, known);
    let nearest = KEYS.into_iter().min_by_key(distance);
    // One typing error in three characters is a misspelling; more is another word.
    let misspelt = nearest.filter(|known| distance(known) * 3 <= key.chars().count());
    misspelt.or_else(|| KEYS.into_iter().find(|known| !key.is_empty() && known.starts_with(key)))
}

/// Returns the line of the byte at `offset`, counting from 1.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::{line_of, nearest};

    #[test]
    fn misspellings_and_beginnings_are_recognized() {
        let cases = [
            ("lease_time", Some("lease-time")),
            ("listn", Some("listen")),
            ("exports", Some("export")),
            ("root-squash", Some("no-root-squash")),
            ("grace", Some("grace-time")),
            ("port", None),
            ("x", None),
            ("", None),
        ];
        for (key, expected) in cases {
            assert_eq!(nearest(key), expected, "{key:?}");
        }
    }

    #[test]
    fn lines_count_from_one() {
        let lines = [0, 1, 2, 3, 99].map(|offset| line_of("a\nb\n", offset));
        assert_eq!(lines, [1, 1, 2, 2, 3]);
    }
}
