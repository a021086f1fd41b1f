//! Scripts of commands to the state core, judged by the model of the RFC that the model test uses: nobody holds what
//! excludes another's range or open, a retransmission is answered alike, and everything is counted.
//!
//! Bytes: eight a step.

#[path = "../../tests/model/rfc/mod.rs"]
mod rfc;

/// Longer scripts are cut: the model is slow, and a failure should be short.
const STEPS_MAX: usize = 400;

/// Judges a script.
pub fn run(bytes: &[u8]) {
    let mut run = rfc::Run::default();
    for step in bytes.as_chunks().0.iter().take(STEPS_MAX) {
        run.step(&rfc::Op::from_bytes(*step));
    }
    assert!(run.seen().values().sum::<usize>() <= STEPS_MAX, "at most one reply a step");
}
