//! What a request costs the state core alone, and what it keeps of it: nanoseconds, allocations, bytes.
//!
//! `cargo bench --bench apply` prints one table of each; `cargo bench --bench apply -- time`, `-- memory` only one of
//! them. Times are processor time: the median of many samples, and one of twenty is better than the second.
//! Each is a LOCK and a LOCKU with its SEQUENCE, its slot and its changes taken, unless it says otherwise.

#[path = "../counting.rs"]
mod counting;
mod driver;
mod memory;
mod time;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    // Without, this is a test of whether it runs.
    let bench = args.iter().any(|arg| arg == "--bench");
    let all = !args.iter().any(|arg| arg == "time" || arg == "memory");
    if all || args.iter().any(|arg| arg == "time") {
        time::run(bench);
    }
    if all || args.iter().any(|arg| arg == "memory") {
        memory::run(bench);
    }
}
