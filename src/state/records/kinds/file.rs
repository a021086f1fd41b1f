//! A file with state ([`Key::File`]): its filehandle and its generation.

use crate::state::files::{FileState, FileTable};
use crate::state::records::changes::{Before, Changes};
use crate::state::records::codec::{self, Malformed, decode, filehandle, require};
use crate::state::records::key::Key;
use crate::state::records::sink::Short;
use crate::state::records::text::text;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
struct FileRecord<'a> {
    #[serde(borrow, serialize_with = "text")]
    fh: &'a [u8],
    /// Not the last one where the record of a lock has a greater one.
    generation: u64,
}

impl Changes {
    /// Writes a file that has state.
    pub(in crate::state) fn put_file(&mut self, file: &FileState) {
        let mut generation = Short::default();
        generation.number(file.generation_of_record());
        let fh = file.fh().as_bytes();
        let (key, head) = (Key::File(file.number()), |out: &mut Short| out.number(fh.len() as u64));
        self.put_short_with(Before::Perhaps, key, head, [fh, generation.as_bytes()]);
    }
}

pub fn restore(files: &mut FileTable, number: u64, value: &[u8]) -> Result<(), Malformed> {
    let FileRecord { fh, generation } = decode(value)?;
    require(files.restore(filehandle(fh)?, number, generation))
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<FileRecord<'_>>(value)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nfs4::Filehandle;
    use crate::state::files::Generations;
    use crate::state::records::tests::NUMBERS;

    #[test]
    fn what_is_written_by_hand_is_what_is_read() {
        for number in NUMBERS {
            let (mut got, mut want) = (Changes::default(), Changes::default());
            let mut files = FileTable::new(Generations::starting(number as u32), 0);
            let fh = Filehandle::new(&vec![7; number as usize % 129]).unwrap();
            let file = files.entry(&mut got, &fh);
            let record = FileRecord { fh: fh.as_bytes(), generation: file.generation() };
            want.put(Key::File(file.number()), &record);
            assert!(got.records().eq(want.records()), "{number}");
        }
    }
}
