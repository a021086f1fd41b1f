//! The worst that each command of the core can cost, where there is as much of everything as the limits allow: how long one
//! call holds the core, and how long it takes to store what it changed.
//!
//! `cargo bench --bench limits` prints a table, `cargo bench --bench limits -- 1000000` for another number of ranges, owners,
//! opens and files of one client than 400,000; a last argument chooses the rows whose group has that name. Times are those of
//! the processor, so that others on the machine do not count.

#![allow(missing_docs, reason = "a benchmark ends where it fails")]

mod clients;
mod locks;
mod meter;
mod opens;
mod waits;
mod world;

/// One group of commands, given how many of what they are about there are.
type Group = fn(u64);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let bench = std::env::args().any(|arg| arg == "--bench");
    let count = args.first().and_then(|arg| arg.parse().ok());
    let count = count.unwrap_or(if bench { 400_000 } else { 1000 });
    let only = args.iter().find(|arg| arg.parse::<u64>().is_err());
    let groups: [(&str, Group); 4] =
        [("locks", locks::run), ("opens", opens::run), ("clients", clients::run), ("waits", waits::run)];
    meter::head();
    for (name, run) in groups {
        if only.is_none_or(|only| only == name) {
            run(count);
        }
    }
}
