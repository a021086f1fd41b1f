//! The memory tree and real directories do the same under random operations.

use super::fixture::{Fixture, Kind, cred, mode_only, run, size_only, stranger};
use crate::files::{CreateMode, Namespace, NewObject, Result, SetAttr, Stability};
use crate::nfs4::{Cred, FileType, Filehandle, SetTime, Status, Timespec};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Objects are picked by number from those made so far, whatever became of them; names from a few.
#[derive(Clone, Debug)]
enum Step {
    Open(usize, u8, u8),
    Create(usize, u8, u8, u32),
    Lookup(usize, u8),
    Parent(usize),
    Remove(usize, u8),
    Rename(usize, u8, usize, u8),
    Link(usize, usize, u8),
    Write(usize, u64, usize, bool),
    Read(usize, u64, u32),
    Size(usize, u64),
    Mode(usize, u32),
    Time(usize, i64),
    Own(usize, u32),
    Hold(usize),
    Release(usize),
}

fn step() -> impl Strategy<Value = (bool, Step)> {
    let (object, name) = (0..40usize, 0..5u8);
    let o = || object.clone();
    let n = || name.clone();
    let step = prop_oneof![
        4 => (o(), n(), 0..4u8).prop_map(|(dir, name, mode)| Step::Open(dir, name, mode)),
        5 => (o(), n(), 0..4u8, 0..0o10000u32).prop_map(|(dir, name, what, mode)| Step::Create(dir, name, what, mode)),
        3 => (o(), n()).prop_map(|(dir, name)| Step::Lookup(dir, name)),
        1 => o().prop_map(Step::Parent),
        3 => (o(), n()).prop_map(|(dir, name)| Step::Remove(dir, name)),
        5 => (o(), n(), o(), n()).prop_map(|(from_dir, from, to_dir, to)| Step::Rename(from_dir, from, to_dir, to)),
        3 => (o(), o(), n()).prop_map(|(object, dir, name)| Step::Link(object, dir, name)),
        3 => (o(), 0..200_000u64, 0..3000usize, any::<bool>()).prop_map(|(o, at, len, right)| Step::Write(o, at, len, right)),
        2 => (o(), 0..210_000u64, 0..100_000u32).prop_map(|(object, at, count)| Step::Read(object, at, count)),
        2 => (o(), 0..200_000u64).prop_map(|(object, size)| Step::Size(object, size)),
        2 => (o(), 0..0o10000u32).prop_map(|(object, mode)| Step::Mode(object, mode)),
        1 => (o(), 0..2_000_000_000i64).prop_map(|(object, seconds)| Step::Time(object, seconds)),
        1 => (o(), 0..3000u32).prop_map(|(object, uid)| Step::Own(object, uid)),
        3 => o().prop_map(Step::Hold),
        1 => o().prop_map(Step::Release),
    ];
    // Mostly the owner, sometimes somebody else.
    (prop::bool::weighted(0.9), step)
}

/// One of the two trees, with the objects made so far.
struct Side<'a> {
    files: &'a Namespace,
    objects: Vec<Filehandle>,
}

impl Side<'_> {
    fn pick(&self, number: usize) -> &Filehandle {
        &self.objects[number % self.objects.len()]
    }

    /// Notes an object unless it is known; answers its number, which must be the same on both sides.
    fn number_of(&mut self, fh: Filehandle) -> usize {
        self.objects.iter().position(|known| *known == fh).unwrap_or_else(|| {
            self.objects.push(fh);
            self.objects.len() - 1
        })
    }

    /// Does a step; answers what both sides must agree on.
    fn step(&mut self, cred: &Cred, step: &Step) -> Result<String> {
        match step {
            Step::Open(..) | Step::Create(..) => self.make(cred, step),
            Step::Lookup(dir, name) => {
                let fh = self.files.lookup(cred, self.pick(*dir), label(*name).as_bytes())?;
                Ok(format!("object {}", self.number_of(fh)))
            }
            Step::Parent(dir) => {
                let fh = self.files.parent(cred, self.pick(*dir))?;
                Ok(if self.objects.contains(&fh) {
                    format!("object {}", self.number_of(fh))
                } else {
                    "above".into()
                })
            }
            Step::Remove(dir, name) => {
                let change = self.files.remove(cred, self.pick(*dir), label(*name).as_bytes())?;
                Ok(format!("changed {}", change.after > change.before))
            }
            Step::Rename(from_dir, from, to_dir, to) => {
                let (from_dir, to_dir) = (self.pick(*from_dir), self.pick(*to_dir));
                let (from, to) = (label(*from), label(*to));
                let (a, b) = self.files.rename(cred, from_dir, from.as_bytes(), to_dir, to.as_bytes())?;
                Ok(format!("changed {} {}", a.after > a.before, b.after > b.before))
            }
            Step::Link(object, dir, name) => {
                let change =
                    self.files.link(cred, self.pick(*object), self.pick(*dir), label(*name).as_bytes())?;
                Ok(format!("changed {}", change.after > change.before))
            }
            Step::Write(object, at, length, right) => {
                let data = vec![*length as u8; *length];
                let result =
                    self.files.write(cred, self.pick(*object), *at, &data, Stability::Unstable, *right);
                result.map(|(count, _)| count.to_string())
            }
            Step::Read(object, at, count) => {
                let mut data = Vec::new();
                let eof = self.files.read(cred, self.pick(*object), *at, *count, true, &mut data)?;
                Ok(format!(
                    "{eof} {} {:?}",
                    data.len(),
                    data.iter().map(|byte| u64::from(*byte)).sum::<u64>()
                ))
            }
            Step::Size(..) | Step::Mode(..) | Step::Time(..) | Step::Own(..) => self.set(cred, step),
            Step::Hold(object) => {
                let object = self.pick(*object);
                self.files.hold(object).map(|()| "held".into())
            }
            Step::Release(object) => {
                self.files.release(self.pick(*object));
                Ok("released".into())
            }
        }
    }

    fn release_all(&self) {
        self.objects.iter().for_each(|object| self.files.release(object));
    }

    fn make(&mut self, cred: &Cred, step: &Step) -> Result<String> {
        let created = match *step {
            Step::Open(dir, name, mode) => {
                let modes = [
                    CreateMode::Unchecked,
                    CreateMode::Guarded,
                    CreateMode::Exclusive([1; 8]),
                    CreateMode::Exclusive([2; 8]),
                ];
                let mode = modes[usize::from(mode)];
                self.files.create_file(
                    cred,
                    self.pick(dir),
                    label(name).as_bytes(),
                    mode,
                    &mode_only(0o664),
                )?
            }
            Step::Create(dir, name, what, mode) => {
                let what = match what {
                    0 => NewObject::Symlink(b"somewhere"),
                    1 => NewObject::Fifo,
                    _ => NewObject::Directory,
                };
                // Directories that nobody may enter would end most stories early.
                // And a group that is inherited but not the maker's is a matter of the process's umask.
                let mode = if what == NewObject::Directory { (mode | 0o700) & !0o2000 } else { mode };
                self.files.create(cred, self.pick(dir), label(name).as_bytes(), what, &mode_only(mode))?
            }
            _ => unreachable!("only what makes objects"),
        };
        let changed = created.change.after > created.change.before;
        Ok(format!(
            "object {} new {} {changed} {:?}",
            self.number_of(created.object),
            created.new,
            created.applied
        ))
    }

    fn set(&mut self, cred: &Cred, step: &Step) -> Result<String> {
        let (object, set) = match *step {
            Step::Size(object, size) => (object, size_only(size)),
            Step::Mode(object, mode) => (object, mode_only(mode & !0o2000)),
            Step::Time(object, seconds) => {
                let time = Some(SetTime::To(Timespec { seconds, nanos: 0 }));
                (object, SetAttr { atime: time, mtime: time, ..SetAttr::default() })
            }
            Step::Own(object, uid) => {
                (object, SetAttr { uid: Some(uid), gid: Some(uid), ..SetAttr::default() })
            }
            _ => unreachable!("only what sets attributes"),
        };
        let (applied, result) = self.files.setattr(cred, self.pick(object), &set, false);
        result.map(|()| format!("{applied:?}"))
    }

    /// All that can be seen of an object.
    fn describe(&self, number: usize) -> String {
        let fh = &self.objects[number];
        let Ok(attr) = self.files.getattr(fh) else { return "gone".into() };
        let all = cred(0, 0);
        let mut names = match attr.kind {
            FileType::Directory => super::fixture::names(self.files, &all, fh, 3),
            _ => Vec::new(),
        };
        names.sort();
        let size = if attr.kind == FileType::Directory { 0 } else { attr.size };
        let mode = if attr.kind == FileType::Symlink { 0 } else { attr.mode };
        format!("{:?} {mode:o} {size} {} {}:{} {names:?}", attr.kind, attr.numlinks, attr.uid, attr.gid)
    }
}

fn label(name: u8) -> String {
    format!("name {name}")
}

fn same_objects(left: &Side<'_>, right: &Side<'_>, after: &str) -> std::result::Result<(), TestCaseError> {
    for object in 0..left.objects.len() {
        prop_assert_eq!(left.describe(object), right.describe(object), "object {} after {}", object, after);
    }
    Ok(())
}

fn same_story(f: &Fixture) {
    let memory = Namespace::memory().unwrap();
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let cases = if asked { Config::default().cases } else { 60 };
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let case = std::cell::Cell::new(0);
    let stories = prop::collection::vec(step(), 1..80);
    let result = runner.run(&stories, |story| {
        case.set(case.get() + 1);
        let name = format!("case {}", case.get());
        let top = |files: &Namespace| {
            let set = SetAttr { uid: Some(f.user.uid), gid: Some(f.user.gid), ..mode_only(0o777) };
            files
                .create(&cred(0, 0), &files.root(), name.as_bytes(), NewObject::Directory, &set)
                .unwrap()
                .object
        };
        let mut left = Side { files: &memory, objects: vec![top(&memory)] };
        let mut right = Side { files: &f.files, objects: vec![top(&f.files)] };
        for (number, (owner, step)) in story.iter().enumerate() {
            let cred = if *owner { f.user.clone() } else { stranger() };
            let real = right.step(&cred, step);
            // Some kernels let nobody link to what they do not own (fs.protected_hardlinks).
            if matches!(step, Step::Link(..)) && real == Err(Status::Perm) {
                continue;
            }
            let memory = left.step(&cred, step);
            prop_assert_eq!(&memory, &real, "step {}: {:?} as {}", number, step, cred.uid);
            same_objects(&left, &right, &format!("{step:?}"))?;
        }
        left.release_all();
        right.release_all();
        same_objects(&left, &right, "the release of all")
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn memory_is_like_a_directory_with_kernel_handles() {
    run(Kind::Kernel, same_story);
}

#[test]
fn memory_is_like_a_directory_with_an_index() {
    run(Kind::Index, same_story);
}
