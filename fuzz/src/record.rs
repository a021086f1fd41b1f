//! Record marking: however a stream is cut into pieces, the same records come out of it, and they are those that a
//! reader finds who has the whole stream before him.
//!
//! Bytes: which limits, how to cut, then the stream.

use lockhouse::rpc::record::{RecordAssembler, RecordError, RecordLimits};

/// Judges an input.
pub fn run(input: &[u8]) {
    let [limits, cut, stream @ ..] = input else { return };
    let limits = match limits % 2 {
        0 => RecordLimits { record_bytes_max: 64, empty_fragments_max: 2 },
        _ => RecordLimits::default(),
    };
    let want = read_at_once(stream, limits);
    assert_eq!(read_in_pieces(stream, limits, *cut), want);
    assert_eq!(read_in_pieces(stream, limits, u8::MAX), want);
}

type Read = (Vec<Vec<u8>>, Option<RecordError>);

/// RFC 5531 §11, literally.
fn read_at_once(mut stream: &[u8], limits: RecordLimits) -> Read {
    let mut records = Vec::new();
    let (mut record, mut empty) = (Vec::new(), 0);
    while let Some((mark, rest)) = stream.split_first_chunk() {
        let mark = u32::from_be_bytes(*mark);
        let (last, length) = (mark >> 31 == 1, (mark & 0x7fff_ffff) as usize);
        let (bytes, bytes_max) = (record.len() + length, limits.record_bytes_max);
        if bytes > bytes_max {
            return (records, Some(RecordError::TooLong { bytes, bytes_max }));
        }
        empty += u32::from(length == 0);
        if empty > limits.empty_fragments_max {
            return (records, Some(RecordError::TooManyEmptyFragments));
        }
        let Some((fragment, rest)) = rest.split_at_checked(length) else { break };
        record.extend_from_slice(fragment);
        if last {
            records.push(std::mem::take(&mut record));
            empty = 0;
        }
        stream = rest;
    }
    (records, None)
}

/// In pieces of 1 to `cut` bytes.
fn read_in_pieces(mut stream: &[u8], limits: RecordLimits, cut: u8) -> Read {
    let mut assembler = RecordAssembler::new(limits);
    let mut records = Vec::new();
    let mut length = 0;
    while !stream.is_empty() {
        length = (length * 5 + 3) % (usize::from(cut) + 1);
        let (piece, rest) = stream.split_at((length + 1).min(stream.len()));
        assembler.buffer().extend_from_slice(piece);
        stream = rest;
        loop {
            match assembler.next_record() {
                Ok(Some(record)) => records.push(record.to_vec()),
                Ok(None) => break,
                Err(error) => return (records, Some(error)),
            }
        }
    }
    (records, None)
}
