//! The suite once more, over a store that takes 5 ms for each commit and reports them in another order.
//!
//! Run twice is what depends on state and its durability: RFC 7530 §9 and the operations of its owners, all of RFC 8881, and
//! broken connections. Files, attributes and the wire format change nothing that is stored.

use crate::support::server::{SLOW_STORE, is_ours, store_delay};
use std::process::Command;

const DELAY: &str = "5";
/// So many tests are run a second time, at least.
const TESTS_MIN: usize = 200;
const TWICE: [&str; 8] = [
    "rfc7530::section_9",
    "rfc7530::section_16_02",
    "rfc7530::section_16_10",
    "rfc7530::section_16_16",
    "rfc7530::section_16_18",
    "rfc7530::section_16_33",
    "rfc8881::",
    "broken_connections::",
];

#[test]
fn replies_wait_for_a_slow_store_and_are_the_same() {
    if store_delay().is_some() || !is_ours() {
        eprintln!("skipped: this is the second run, or the server is not ours");
        return;
    }
    let itself = std::env::current_exe().expect("a path");
    let output = Command::new(itself).args(TWICE).env(SLOW_STORE, DELAY).output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    let passed = text.rsplit_once("test result: ok. ").and_then(|(_, rest)| rest.split_once(" passed"));
    let passed: usize = passed.and_then(|(count, _)| count.parse().ok()).unwrap_or(0);
    assert!(passed >= TESTS_MIN, "few tests ran: {text}");
}
