use super::*;
use proptest::prelude::*;

fn fragment(last: bool, content: &[u8]) -> Vec<u8> {
    let mark = content.len() as u32 | if last { LAST_FRAGMENT } else { 0 };
    [&mark.to_be_bytes(), content].concat()
}

fn small_limits() -> RecordLimits {
    RecordLimits { record_bytes_max: 64, empty_fragments_max: 3 }
}

/// Everything that comes out when `stream` arrives at once.
fn assemble(limits: RecordLimits, stream: &[u8]) -> Result<Vec<Vec<u8>>, RecordError> {
    let mut assembler = RecordAssembler::new(limits);
    assembler.buffer().extend_from_slice(stream);
    let mut records = Vec::new();
    while let Some(record) = assembler.next_record()? {
        records.push(record.to_vec());
    }
    Ok(records)
}

#[test]
fn a_record_in_one_fragment() {
    let stream = [0x80, 0, 0, 4, 1, 2, 3, 4, 0x80, 0, 0, 1, 9];
    assert_eq!(assemble(small_limits(), &stream).unwrap(), [&[1, 2, 3, 4][..], &[9]]);
}

#[test]
fn a_record_in_many_fragments_some_of_them_empty() {
    let stream = [
        fragment(false, b""),
        fragment(false, b"ab"),
        fragment(false, b""),
        fragment(false, b"c"),
        fragment(true, b""),
        fragment(true, b"next"),
    ];
    assert_eq!(assemble(small_limits(), &stream.concat()).unwrap(), [&b"abc"[..], b"next"]);
}

#[test]
fn half_a_word_half_a_fragment_and_nothing_wait_for_more() {
    for stream in [&[][..], &[0x80], &[0x80, 0, 0], &[0x80, 0, 0, 2], &[0x80, 0, 0, 2, 7], &[0, 0, 0, 1, 7]] {
        assert_eq!(assemble(small_limits(), stream).unwrap(), Vec::<Vec<u8>>::new(), "{stream:?}");
    }
}

#[test]
fn a_record_that_is_put_back_comes_again() {
    let pieces = [
        fragment(true, b"whole"),
        fragment(true, b""),
        [fragment(false, b"in "), fragment(true, b"pieces")].concat(),
        [fragment(false, b"in "), fragment(false, b"pieces"), fragment(true, b"")].concat(),
    ];
    let mut assembler = RecordAssembler::new(small_limits());
    assembler.buffer().extend_from_slice(&pieces.concat());
    for want in [&b"whole"[..], b"", b"in pieces", b"in pieces"] {
        for times in 0..3 {
            assert_eq!(assembler.next_record(), Ok(Some(want)), "put back {times} times");
            assembler.put_back();
            // More may arrive meanwhile.
            assembler.buffer().extend_from_slice(&[]);
            assert!(!assembler.is_idle());
        }
        assert_eq!(assembler.next_record(), Ok(Some(want)));
    }
    assert_eq!(assembler.next_record(), Ok(None));
    assert!(assembler.is_idle());
}

#[test]
fn a_record_without_content_is_a_record() {
    assert_eq!(assemble(small_limits(), &[0x80, 0, 0, 0]).unwrap(), [&b""[..]]);
}

#[test]
fn a_claim_over_the_limit_is_refused_before_its_content_arrives() {
    let too_long = |bytes| Err(RecordError::TooLong { bytes, bytes_max: 64 });
    assert_eq!(assemble(small_limits(), &[0x80, 0, 0, 65]), too_long(65));
    assert_eq!(assemble(small_limits(), &[0xff; 4]), too_long(0x7fff_ffff));
    let sum = [fragment(false, &[0; 60]), vec![0x80, 0, 0, 5]].concat();
    assert_eq!(assemble(small_limits(), &sum), too_long(65));
    let exact = [fragment(false, &[0; 60]), fragment(true, &[0; 4])].concat();
    assert_eq!(assemble(small_limits(), &exact).unwrap(), [&[0; 64][..]]);
}

#[test]
fn a_claim_alone_reserves_nothing() {
    let mut assembler = RecordAssembler::new(RecordLimits::default());
    assembler.buffer().extend_from_slice(&[0x80, 0x10, 0, 0]);
    assert_eq!(assembler.next_record(), Ok(None));
    assert!(assembler.input.capacity() + assembler.partial.capacity() < 4096);
}

#[test]
fn endless_empty_fragments_are_refused() {
    assert_eq!(assemble(small_limits(), &[0; 12]), Ok(Vec::new()));
    assert_eq!(assemble(small_limits(), &[0; 16]), Err(RecordError::TooManyEmptyFragments));
    // The count is per record.
    let records = [fragment(false, b""), fragment(false, b""), fragment(true, b"x")].concat().repeat(5);
    assert_eq!(assemble(small_limits(), &records).unwrap().len(), 5);
}

#[test]
fn idle_only_between_records() {
    let mut assembler = RecordAssembler::new(small_limits());
    assert!(assembler.is_idle());
    for byte in [0x80, 0, 0, 2, 1] {
        assembler.buffer().extend_from_slice(&[byte]);
        assert_eq!(assembler.next_record(), Ok(None));
        assert!(!assembler.is_idle());
    }
    assembler.buffer().extend_from_slice(&[2]);
    assert!(assembler.next_record().unwrap().is_some());
    assert!(assembler.is_idle());
}

#[test]
fn replies_are_framed_as_one_last_fragment() {
    let mut out = vec![0xee; 9];
    begin_record(&mut out);
    out.extend_from_slice(b"reply");
    assert!(finish_record(&mut out));
    assert_eq!(out, [&[0x80, 0, 0, 5][..], b"reply"].concat());
    assert!(!finish_record(&mut [0; 3]));
}

proptest! {
    #[test]
    fn however_it_is_chopped_the_records_are_the_same(
        records in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..6),
        fragment_bytes in prop::collection::vec(1usize..80, 1..8),
        read_bytes in prop::collection::vec(1usize..90, 1..8),
    ) {
        let mut stream = Vec::new();
        let mut fragment_bytes = fragment_bytes.iter().cycle();
        for record in &records {
            let mut rest = record.as_slice();
            loop {
                let (piece, after) = rest.split_at(rest.len().min(*fragment_bytes.next().unwrap()));
                stream.extend(fragment(after.is_empty(), piece));
                rest = after;
                if rest.is_empty() { break }
            }
        }
        let mut assembler = RecordAssembler::new(RecordLimits::default());
        let (mut out, mut rest, mut read_bytes) = (Vec::new(), stream.as_slice(), read_bytes.iter().cycle());
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.len().min(*read_bytes.next().unwrap()));
            assembler.buffer().extend_from_slice(piece);
            rest = after;
            let upcoming: Vec<_> = assembler.upcoming().map(<[u8]>::to_vec).collect();
            let before = out.len();
            while let Some(record) = assembler.next_record().unwrap() {
                out.push(record.to_vec());
            }
            prop_assert!(out[before..].starts_with(&upcoming));
        }
        prop_assert_eq!(out, records);
        prop_assert!(assembler.is_idle());
    }

    #[test]
    fn random_bytes_end_in_records_or_an_error(stream in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(records) = assemble(small_limits(), &stream) {
            prop_assert!(records.iter().all(|record| record.len() <= 64));
        }
    }
}
