//! The fuzz targets without a fuzzer: each judges its seeds, cut and changed seeds, and plain noise.
//!
//! The seeds in `fuzz/seeds` are made here, from messages that the server understands; `UPDATE=1` writes them.

#[path = "../../fuzz/src/lib.rs"]
mod bodies;
mod dialogue;
mod seeds;
mod sessions;
mod sessions42;

use std::collections::BTreeMap;
use std::path::Path;

/// Inputs a target. A script of `ops` is some hundred commands, each judged by a slow model.
const INPUTS: usize = 2000;
const SCRIPTS: usize = 300;

/// A generator of numbers (an xorshift): the same inputs each time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides.max(1)
    }

    /// A byte as they stand in messages: often small, sometimes an extreme.
    fn byte(&mut self) -> u8 {
        match self.throw(4) {
            0 => 0,
            1 => self.throw(48) as u8,
            2 => [1, 2, 3, 4, 0x7f, 0x80, 0xfe, 0xff][self.throw(8)],
            _ => self.throw(256) as u8,
        }
    }

    /// A seed with a few bytes changed, words put in or taken out, cut off or doubled.
    fn changed(&mut self, seed: &[u8]) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=self.throw(6) {
            let at = self.throw(bytes.len());
            match self.throw(8) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..(at + 4).min(bytes.len()))),
                2 => drop(bytes.splice(at..at, [0, 0, 0, self.byte()])),
                3 => bytes.extend_from_within(at..),
                _ if bytes.is_empty() => bytes.push(self.byte()),
                _ => bytes[at] = self.byte(),
            }
        }
        bytes
    }

    fn noise(&mut self) -> Vec<u8> {
        (0..self.throw(200)).map(|_| self.byte()).collect()
    }
}

fn smoke(seeds: &BTreeMap<String, Vec<u8>>, inputs: usize, run: fn(&[u8])) {
    let seeds: Vec<&Vec<u8>> = seeds.values().collect();
    assert!(!seeds.is_empty());
    seeds.iter().for_each(|seed| run(seed));
    let mut dice = Dice(0x5eed);
    for input in 0..inputs {
        let bytes = match input % 8 {
            0 => dice.noise(),
            _ => {
                let seed = seeds[dice.throw(seeds.len())];
                dice.changed(seed)
            }
        };
        run(&bytes);
    }
}

#[test]
fn record() {
    smoke(&seeds::record(), INPUTS, bodies::record::run);
}

#[test]
fn rpc_header() {
    smoke(&seeds::rpc_header(), INPUTS, bodies::rpc_header::run);
}

#[test]
fn compound() {
    smoke(&seeds::sessions().0, INPUTS, bodies::compound::run);
}

#[test]
fn decode() {
    smoke(&seeds::sessions().1, INPUTS, bodies::decode::run);
}

#[test]
fn ops() {
    smoke(&seeds::ops(), SCRIPTS, bodies::ops::run);
}

#[test]
fn restore() {
    assert!(bodies::restore::restore(&bodies::restore::seed()), "the seed is state");
    smoke(&seeds::restore(), INPUTS, bodies::restore::run);
}

/// The files are what is made here: a fuzzer that starts from them starts from messages of today's server.
#[test]
fn seeds_are_up_to_date() {
    let (compound, decode) = seeds::sessions();
    let targets = [
        ("record", seeds::record()),
        ("restore", seeds::restore()),
        ("rpc_header", seeds::rpc_header()),
        ("compound", compound),
        ("decode", decode),
        ("ops", seeds::ops()),
    ];
    for (target, seeds) in targets {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
        if std::env::var_os("UPDATE").is_some() {
            let _ = std::fs::remove_dir_all(&dir);
            std::fs::create_dir_all(&dir).unwrap();
            seeds.iter().for_each(|(name, bytes)| std::fs::write(dir.join(name), bytes).unwrap());
        }
        let files = std::fs::read_dir(&dir).unwrap().map(|file| file.unwrap().path());
        let files: BTreeMap<_, _> = files
            .map(|path| {
                let name = path.file_name().unwrap().to_str().unwrap().to_string();
                (name, std::fs::read(path).unwrap())
            })
            .collect();
        assert!(files == seeds, "{} differs: run this test with UPDATE=1", dir.display());
    }
}
