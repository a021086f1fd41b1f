//! The lines of the file of client records: its header, and one line for each change.

use siphasher::sip::SipHasher24;
use std::hash::Hasher;

const TITLE: &str = "lockhouse clients ";
/// The version that is written.
pub(super) const VERSION: u32 = 3;
/// Had neither an epoch nor a checksum in the header.
const HEADER_2: &str = "lockhouse clients 2";
/// Had one line a client, its name in hexadecimal.
pub(super) const HEADER_1: &str = "lockhouse clients 1";
/// Longest line: a name of 1024 bytes in hexadecimal, and some.
const LINE_BYTES_MAX: usize = 2100;

/// Appends the line of a change.
pub(super) fn put_line(text: &mut String, sign: char, name: &[u8]) {
    let start = text.len();
    text.push(sign);
    name.iter().for_each(|byte| text.push_str(&format!("{byte:02x}")));
    let sum = checksum(&text[start..]);
    text.push_str(&format!(" {sum:08x}\n"));
}

/// Computes the checksum at the end of a line.
pub(super) fn checksum(line: &str) -> u32 {
    let mut hasher = SipHasher24::new();
    hasher.write(line.as_bytes());
    hasher.finish() as u32
}

fn is_sum(sum: &str, line: &str) -> bool {
    sum == format!("{:08x}", checksum(line))
}

/// Returns the version in the header line, and the epoch that it tells. `None`: the line is not what was written.
pub(super) fn read_header(line: &str) -> Option<(u32, u32)> {
    let line = line.strip_suffix('\n')?;
    match line {
        HEADER_1 => return Some((1, 0)),
        HEADER_2 => return Some((2, 0)),
        _ => {}
    }
    let (said, sum) = line.rsplit_once(' ')?;
    if !is_sum(sum, said) {
        return None;
    }
    let (version, epoch) = said.strip_prefix(TITLE)?.split_once(' ')?;
    let version = version.parse().ok()?;
    // A newer header may go on in another way.
    Some((version, if version == VERSION { epoch.parse().ok()? } else { 0 }))
}

/// Reads the line of a change: its sign and a name. `None`: it is not what was written.
pub(super) fn decode_line(line: &str) -> Option<(char, Box<[u8]>)> {
    let (change, sum) = line.split_once(' ')?;
    let right = is_sum(sum, change);
    let sign = change.chars().next().filter(|sign| right && ['+', '-'].contains(sign))?;
    Some((sign, decode_hex(&change[1..])?))
}

/// Reads a name in hexadecimal.
pub(super) fn decode_hex(line: &str) -> Option<Box<[u8]>> {
    if !line.len().is_multiple_of(2) || line.len() > LINE_BYTES_MAX || !line.is_ascii() {
        return None;
    }
    (0..line.len()).step_by(2).map(|at| u8::from_str_radix(&line[at..at + 2], 16).ok()).collect()
}

/// Returns the header line of a file that is written in the run of this epoch.
pub(super) fn header(epoch: u32) -> String {
    let mut text = format!("{TITLE}{VERSION} {epoch}");
    text.push_str(&format!(" {:08x}\n", checksum(&text)));
    text
}
