//! A byte range that an owner holds ([`Key::Range`]).

use crate::nfs4::LockKind;
use crate::ranges::{OwnerId, RangeEdit};
use crate::state::core::Core;
use crate::state::records::changes::{Before, Changes};
use crate::state::records::codec::{self, Malformed, decode, lock_kind, require};
use crate::state::records::key::Key;
use crate::state::records::sink::Short;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
struct RangeRecord {
    last: u64,
    write: bool,
}

impl Changes {
    /// Writes one step of a change of what an owner holds on a file.
    pub(in crate::state) fn range(&mut self, file: u64, owner: OwnerId, edit: RangeEdit) {
        let (before, range, kind) = match edit {
            RangeEdit::Added(range, kind) => (Before::Nothing, range, kind),
            RangeEdit::Changed(range, kind) => (Before::Perhaps, range, kind),
            RangeEdit::Removed(first) => return self.delete(Key::Range(file, owner, first)),
        };
        let value = |out: &mut Short| {
            out.number(range.last());
            out.byte((kind == LockKind::Write).into());
        };
        self.put_short(before, Key::Range(file, owner, range.first()), value);
    }
}

pub fn restore(
    core: &mut Core,
    file: u64,
    owner: OwnerId,
    first: u64,
    value: &[u8],
) -> Result<(), Malformed> {
    let record: RangeRecord = decode(value)?;
    let of_file = core.files.at_mut(file).ok_or(Malformed)?;
    let client = core.lock_owners.client_of(owner).ok_or(Malformed)?;
    let client = core.clients.get_mut(client).ok_or(Malformed)?;
    let range = codec::range(first, record.last)?;
    // Without a lock stateid nobody could unlock it. Of a client that is gone the parts go one by one.
    let has_stateid = client.lock_owners().of(owner).is_some_and(|it| it.serials_on(file).next().is_some());
    require(client.has_expired() || has_stateid)?;
    require(of_file.restore_range(owner, range, lock_kind(record.write)))?;
    client.count_ranges((0, 1));
    Ok(())
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<RangeRecord>(value)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nfs4::Range;
    use crate::state::records::tests::NUMBERS;

    #[test]
    fn what_is_written_by_hand_is_what_is_read() {
        for number in NUMBERS {
            let (owner, range) = (OwnerId(number), Range::new(0, number).unwrap());
            let (mut got, mut want) = (Changes::default(), Changes::default());
            for (kind, write) in [(LockKind::Read, false), (LockKind::Write, true)] {
                got.range(number, owner, RangeEdit::Changed(range, kind));
                want.put(Key::Range(number, owner, 0), &RangeRecord { last: number, write });
            }
            assert!(got.records().eq(want.records()), "{number}");
        }
    }
}
