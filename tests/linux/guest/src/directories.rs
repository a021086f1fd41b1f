//! Commands on names.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;

use crate::reply::{Args, Reply, Trouble};

/// Runs a command on names.
pub fn run(verb: &str, args: &mut Args<'_>) -> Reply {
    match verb {
        "mkdir" => fs::create_dir(args.word()?)?,
        "rmdir" => fs::remove_dir(args.word()?)?,
        "unlink" => fs::remove_file(args.word()?)?,
        "rename" => fs::rename(args.word()?, args.word()?)?,
        "link" => fs::hard_link(args.word()?, args.word()?)?,
        "symlink" => symlink(args.word()?, args.word()?)?,
        "readlink" => return readlink(args.word()?),
        "list" => return list(args.word()?),
        "populate" => populate(args)?,
        "expect" => expect(args)?,
        "clear" => clear(args)?,
        other => return Err(Trouble::new(format!("unknown command {other}"))),
    }
    Ok(String::new())
}

fn readlink(path: &str) -> Reply {
    fs::read_link(path)?.into_os_string().into_string().map_err(|_| Trouble::new("the target is not UTF-8"))
}

/// The names in a (small) directory, sorted.
fn list(path: &str) -> Reply {
    Ok(names(path)?.into_iter().collect::<Vec<_>>().join(" "))
}

fn names(path: &str) -> Result<BTreeSet<String>, Trouble> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !found.insert(name.clone()) {
            return Err(Trouble::new(format!("{name} is listed twice")));
        }
    }
    Ok(found)
}

/// Names of different lengths, so that their order in a hashed directory is not that of their numbers.
fn numbered(number: u32) -> String {
    format!("n{number}{}", "x".repeat((number % 37) as usize))
}

/// `populate DIRECTORY FILE FIRST COUNT`: makes COUNT hard links to FILE.
fn populate(args: &mut Args<'_>) -> Result<(), Trouble> {
    let (directory, file) = (args.word()?, args.word()?);
    let (first, count): (u32, u32) = (args.number()?, args.number()?);
    for number in first..first + count {
        fs::hard_link(file, format!("{directory}/{}", numbered(number)))?;
    }
    Ok(())
}

/// `expect DIRECTORY COUNT`: the directory must hold exactly the numbered names up to COUNT.
fn expect(args: &mut Args<'_>) -> Result<(), Trouble> {
    let found = names(args.word()?)?;
    let expected: BTreeSet<String> = (0..args.number()?).map(numbered).collect();
    let missing = expected.difference(&found).count();
    let extra = found.difference(&expected).count();
    if missing + extra == 0 {
        Ok(())
    } else {
        Err(Trouble::new(format!("{missing} names missing, {extra} too many")))
    }
}

/// `clear DIRECTORY FIRST COUNT`: removes numbered names.
fn clear(args: &mut Args<'_>) -> Result<(), Trouble> {
    let directory = args.word()?;
    let (first, count): (u32, u32) = (args.number()?, args.number()?);
    for number in first..first + count {
        fs::remove_file(format!("{directory}/{}", numbered(number)))?;
    }
    Ok(())
}
