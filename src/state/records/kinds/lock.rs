//! A lock stateid ([`Key::Lock`]).

use crate::nfs4::ClientId;
use crate::ranges::OwnerId;
use crate::state::clients::{Clients, State};
use crate::state::files::FileTable;
use crate::state::locks::LockState;
use crate::state::records::changes::{Before, Changes};
use crate::state::records::codec::{self, Malformed, decode, require};
use crate::state::records::key::Key;
use crate::state::records::sink::Short;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct LockRecord {
    /// The number of the exclusive lock that was granted under it last; 0 if none was.
    generation: u64,
    seqid: u32,
    owner: u64,
    file: u64,
    open: u32,
}

impl LockRecord {
    /// Decodes a lock. Stores before format 4 have no generation here: that of the file is the last one. What is left of a
    /// record that was cut is not taken for such a one, for its first number would be a generation: 0, or more than a
    /// seqid can be.
    fn decode(value: &[u8]) -> Result<Self, Malformed> {
        decode(value).or_else(|_: Malformed| match decode::<(u32, u64, u64, u32)>(value)? {
            (0, ..) => Err(Malformed),
            (seqid, owner, file, open) => Ok(Self { generation: 0, seqid, owner, file, open }),
        })
    }
}

impl Changes {
    /// Writes a lock stateid of a client.
    pub(in crate::state) fn put_lock(
        &mut self,
        before: Before,
        client: ClientId,
        serial: u32,
        lock: &LockState,
    ) {
        let value = |out: &mut Short| {
            let numbers =
                [lock.generation(), lock.seqid().into(), lock.owner().0, lock.file(), lock.open().into()];
            numbers.into_iter().for_each(|number| out.number(number));
        };
        self.put_short(before, Key::Lock(client, serial), value);
    }
}

pub fn restore(
    clients: &mut Clients,
    files: &mut FileTable,
    id: ClientId,
    serial: u32,
    value: &[u8],
) -> Result<(), Malformed> {
    let LockRecord { seqid, owner, file, open, generation } = LockRecord::decode(value)?;
    let owner = OwnerId(owner);
    let client = clients.get_mut(id).ok_or(Malformed)?;
    let of_open = client.open_mut(open).filter(|open| open.file() == file).ok_or(Malformed)?;
    of_open.add_lock(serial);
    client.lock_owners_mut().of_mut(owner).ok_or(Malformed)?.add_lock(file, serial);
    require(files.restore_generation(file, generation))?;
    let lock = LockState::restored(owner, file, open, (seqid, generation));
    require(client.states_mut().insert(serial, State::Lock(lock)).is_none())
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(LockRecord::decode(value)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::records::tests::NUMBERS;

    #[test]
    fn what_is_written_by_hand_is_what_is_read() {
        for number in NUMBERS {
            let (small, owner, client) = (number as u32, OwnerId(number), ClientId(number));
            let (mut got, mut want) = (Changes::default(), Changes::default());
            let lock = LockState::restored(owner, number, small, (small, number));
            got.put_lock(Before::Perhaps, client, small, &lock);
            let record =
                LockRecord { generation: number, seqid: small, owner: number, file: number, open: small };
            want.put(Key::Lock(client, small), &record);
            assert!(got.records().eq(want.records()), "{number}");
        }
    }

    #[test]
    fn a_lock_without_a_generation_is_of_an_older_form() {
        let value = postcard::to_allocvec(&(3_u32, 300_u64, 70_u64, 5_u32)).unwrap();
        let read = LockRecord::decode(&value).ok();
        assert_eq!(read, Some(LockRecord { generation: 0, seqid: 3, owner: 300, file: 70, open: 5 }));
        for seqid in [0, u64::from(u32::MAX) + 1] {
            let value = postcard::to_allocvec(&(seqid, 300_u64, 70_u64, 5_u32)).unwrap();
            assert!(LockRecord::decode(&value).is_err());
        }
    }
}
