//! From values of records to what the core holds.

use super::decode::Wrong;
use super::reply::{LastRecord, Nonsense, filehandle, lock_kind};
use super::values::*;
use crate::nfs4::SessionId;
use crate::ranges::OwnerId;
use crate::state::clients::Callback;
use crate::state::files::queue::LockRequest;
use crate::state::opens::LastReply;
use crate::state::sessions::{ChannelAttrs, CreateSlot, Done, SessionCreated};

impl From<Nonsense> for Wrong {
    fn from(_: Nonsense) -> Self {
        Self
    }
}

pub(super) fn last(record: Option<&LastRecord<'_>>) -> Result<Option<(u32, u64, LastReply)>, Nonsense> {
    record.map(LastRecord::value).transpose()
}

pub(super) fn want(record: &LockRequestRecord) -> Result<LockRequest, Nonsense> {
    Ok(LockRequest { owner: OwnerId(record.owner), range: record.range()?, kind: lock_kind(record.write) })
}

pub(super) fn callback(record: &CallbackRecord<'_>) -> Callback {
    let CallbackRecord { program, netid, addr, ident } = *record;
    Callback { program, netid: netid.into(), addr: addr.into(), ident }
}

pub(super) fn create_slot(record: &CreateRecord) -> CreateSlot {
    let last = record.last.as_ref().map(|created| {
        let CreatedRecord { sequence, id, back_channel, .. } = *created;
        let (fore, back) = (attrs(&created.fore), attrs(&created.back));
        (sequence, SessionCreated { id: SessionId(id), sequence, back_channel, fore, back })
    });
    CreateSlot { last, next: record.next }
}

pub(super) fn attrs(record: &AttrsRecord) -> ChannelAttrs {
    let AttrsRecord { maxrequestsize, maxresponsesize, maxresponsesize_cached, maxoperations, maxrequests } =
        *record;
    ChannelAttrs { maxrequestsize, maxresponsesize, maxresponsesize_cached, maxoperations, maxrequests }
}

pub(super) fn operation_done(record: &DoneRecord<'_>) -> Result<Done, Nonsense> {
    let fh = record.fh.map(filehandle).transpose()?;
    Ok(Done { index: record.index, result: record.result.into(), fh, stateid: record.stateid.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_without_a_generation_is_of_an_older_form() {
        let value = postcard::to_allocvec(&(3_u32, 300_u64, 70_u64, 5_u32)).unwrap();
        let read = LockRecord::read(&value).ok();
        assert_eq!(read, Some(LockRecord { generation: 0, seqid: 3, owner: 300, file: 70, open: 5 }));
        for seqid in [0, u64::from(u32::MAX) + 1] {
            let value = postcard::to_allocvec(&(seqid, 300_u64, 70_u64, 5_u32)).unwrap();
            assert!(LockRecord::read(&value).is_err());
        }
    }
}
