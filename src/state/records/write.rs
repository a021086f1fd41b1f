//! From what the core holds to records.

use super::changes::{Before, Changes};
use super::key::Key;
use super::reply::{LastRecord, uid};
use super::sink::Short;
use super::values::*;
use crate::nfs4::{ClientId, LockKind, SessionId};
use crate::ranges::{OwnerId, RangeEdit};
use crate::state::callbacks::{BackSlot, CallbackBody, CallbackSec, Outstanding};
use crate::state::clients::{Callback, Client, Unconfirmed};
use crate::state::files::FileState;
use crate::state::files::queue::{LockRequest, Waiter};
use crate::state::locks::{LockOwnerState, LockState};
use crate::state::opens::{OpenOwnerState, OpenState};
use crate::state::sessions::{ChannelAttrs, CreateSlot, Session, SessionCreated};
use crate::state::sessions::{Done, KeptReply};
use crate::state::teardown::Revoked;

/// Number of `SlotLastRecord::Uncached` among its kind.
const UNCACHED: u8 = 0;
/// Number of `SlotLastRecord::Cached`.
const CACHED: u8 = 1;

impl Changes {
    pub(in crate::state) fn put_instance(&mut self, since: u32) {
        self.put(Key::Instance, &InstanceRecord { since });
    }

    pub(in crate::state) fn put_epochs(&mut self, first: u32, last: u32) {
        self.put(Key::Epochs(first), &EpochsRecord { last });
    }

    pub(in crate::state) fn put_client(&mut self, client: &Client) {
        let record = ClientRecord {
            name: &client.name,
            verifier: client.verifier,
            principal: uid(client.principal),
            callback: callback(&client.callback),
            confirm: client.confirm,
            expired: match (client.expired, client.forgotten) {
                (_, true) => StandingRecord::Forgotten,
                (true, false) => StandingRecord::Expired,
                (false, false) => StandingRecord::Current,
            },
            recorded: client.recorded,
            reclaim_complete: client.reclaim_complete,
            serials_end: client.serials_end,
            create: create(&client.create),
        };
        self.put(Key::Client(client.id), &record);
    }

    pub(in crate::state) fn put_unconfirmed(&mut self, name: &[u8], client: &Unconfirmed) {
        let record = UnconfirmedRecord {
            name,
            verifier: client.verifier,
            principal: uid(client.principal),
            callback: callback(&client.callback),
            confirm: client.confirm,
            create: create(&client.create),
        };
        self.put(Key::Unconfirmed(client.id), &record);
    }

    pub(in crate::state) fn put_session(&mut self, id: SessionId, session: &Session) {
        let (program, sec, slots) = session.back.address_and_slots();
        let record = SessionRecord {
            client: session.client.0,
            minor: session.minor,
            fore: attrs(session.fore),
            slots: session.slots.count(),
            asked_highest: session.asked_highest,
            back_wanted: session.back.wanted,
            back_program: program,
            back_sec: sec.map(|sec| match sec {
                CallbackSec::None => SecRecord::None,
                CallbackSec::Sys(body) => SecRecord::Sys(body),
            }),
            back_slots: slots as u32,
        };
        self.put(Key::Session(id), &record);
    }

    pub(in crate::state) fn put_slot(
        &mut self,
        id: SessionId,
        slot: u32,
        sequenceid: u32,
        request: u64,
        last: KeptReply<'_>,
    ) {
        let (kind, reply) = match last {
            KeptReply::Uncached => (UNCACHED, &[][..]),
            KeptReply::Cached(bytes) => (CACHED, bytes),
            KeptReply::Half(done) => {
                let last = SlotLastRecord::Half(done.iter().map(done_record).collect());
                return self.put(Key::Slot(id, slot), &SlotRecord { sequenceid, request, last });
            }
        };
        let value = |out: &mut Short| {
            out.number(sequenceid.into());
            out.number(request);
            out.byte(kind);
            if kind == CACHED {
                out.number(reply.len() as u64);
            }
        };
        self.put_short_with(Before::Perhaps, Key::Slot(id, slot), value, [reply]);
    }

    pub(in crate::state) fn put_back_slot(
        &mut self,
        id: SessionId,
        slotid: u32,
        slot: &BackSlot,
        call: Option<&Outstanding>,
    ) {
        let call = call.map(|Outstanding { call, request, .. }| match &call.body {
            CallbackBody::NotifyLock { fh, owner } => CallRecord {
                fh: fh.as_bytes(),
                highest_slotid: call.highest_slotid,
                clientid: owner.clientid.0,
                owner: &owner.owner,
                want: lock_request_record(request),
            },
        });
        let record = BackSlotRecord { sequenceid: slot.sequenceid, call };
        match slot.is_unused() {
            true => self.delete(Key::BackSlot(id, slotid)),
            false => self.put(Key::BackSlot(id, slotid), &record),
        }
    }

    /// Only for a client without sessions: one with them has no numbered owners, and no other open_owners than those
    /// that its opens name.
    pub(in crate::state) fn put_open_owner(
        &mut self,
        client: ClientId,
        owner: &[u8],
        state: &OpenOwnerState,
    ) {
        if !client.has_sessions() {
            let last = state.sequence.last().map(LastRecord::new);
            let record = OpenOwnerRecord { confirmed: state.confirmed, closed: state.closed, last };
            self.put(Key::OpenOwner(client, owner), &record);
        }
    }

    pub(in crate::state) fn delete_open_owner(&mut self, client: ClientId, owner: &[u8]) {
        if !client.has_sessions() {
            self.delete(Key::OpenOwner(client, owner));
        }
    }

    pub(in crate::state) fn put_lock_owner(
        &mut self,
        before: Before,
        client: ClientId,
        state: &LockOwnerState,
    ) {
        let last = state.sequence.last().map(LastRecord::new);
        let record = LockOwnerRecord { client: client.0, owner: &state.bytes, last };
        self.put_over(before, Key::LockOwner(state.id), &record);
    }

    pub(in crate::state) fn put_file(&mut self, file: &FileState) {
        let mut generation = Short::default();
        generation.number(file.generation.of_its_record());
        let fh = file.fh.as_bytes();
        let (key, head) = (Key::File(file.number), |out: &mut Short| out.number(fh.len() as u64));
        self.put_short_with(Before::Perhaps, key, head, [fh, generation.as_bytes()]);
    }

    pub(in crate::state) fn put_open(
        &mut self,
        before: Before,
        client: ClientId,
        serial: u32,
        open: &OpenState,
    ) {
        let record = OpenRecord {
            seqid: open.stateid.seqid,
            owner: &open.owner,
            file: open.file,
            principal: uid(open.principal),
            access: open.access.bits() as u8,
            deny: open.deny.bits() as u8,
            asked: open.asked,
        };
        self.put_over(before, Key::Open(client, serial), &record);
    }

    pub(in crate::state) fn put_lock(
        &mut self,
        before: Before,
        client: ClientId,
        serial: u32,
        lock: &LockState,
    ) {
        let LockState { owner, file, seqid, open, generation } = *lock;
        let value = |out: &mut Short| {
            let numbers = [generation, seqid.into(), owner.0, file, open.into()];
            numbers.into_iter().for_each(|number| out.number(number));
        };
        self.put_short(before, Key::Lock(client, serial), value);
    }

    /// One step of a change of what an owner holds on a file.
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

    pub(in crate::state) fn put_waiter(&mut self, file: u64, waiter: &Waiter) {
        let (client, open) = waiter.open;
        let record = WaiterRecord {
            want: lock_request_record(&waiter.request),
            client: client.0,
            open,
            called: waiter.called,
        };
        self.put(Key::Waiter(file, waiter.place), &record);
    }

    pub(in crate::state) fn put_revoked(&mut self, client: ClientId, serial: u32, revoked: &Revoked) {
        let Revoked { seqid, owner, open } = revoked;
        self.put(Key::Revoked(client, serial), &RevokedRecord { seqid: *seqid, owner, open: *open });
    }
}

fn callback(callback: &Callback) -> CallbackRecord<'_> {
    let Callback { program, netid, addr, ident } = callback;
    CallbackRecord { program: *program, netid, addr, ident: *ident }
}

fn create(slot: &CreateSlot) -> CreateRecord {
    let last = slot.last.as_ref().map(|(_, created)| {
        let SessionCreated { id, sequence, back_channel, fore, back } = *created;
        CreatedRecord { sequence, id: id.0, back_channel, fore: attrs(fore), back: attrs(back) }
    });
    CreateRecord { next: slot.next, last }
}

fn attrs(attrs: ChannelAttrs) -> AttrsRecord {
    let ChannelAttrs { maxrequestsize, maxresponsesize, maxresponsesize_cached, maxoperations, maxrequests } =
        attrs;
    AttrsRecord { maxrequestsize, maxresponsesize, maxresponsesize_cached, maxoperations, maxrequests }
}

fn done_record(done: &Done) -> DoneRecord<'_> {
    let fh = done.fh.as_ref().map(|fh| fh.as_bytes());
    DoneRecord { index: done.index, result: &done.result, fh, stateid: done.stateid.into() }
}

fn lock_request_record(want: &LockRequest) -> LockRequestRecord {
    let LockRequest { owner, range, kind } = want;
    LockRequestRecord {
        owner: owner.0,
        first: range.first(),
        last: range.last(),
        write: *kind == LockKind::Write,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nfs4::{Filehandle, Range};
    use crate::state::files::FileTable;
    use crate::state::files::Generations;

    /// Those written by hand are the bytes that their values have.
    #[test]
    fn short_records_are_what_is_read_back() {
        for number in [0, 1, 127, 128, 300, 1 << 14, u64::from(u32::MAX), 1 << 50, u64::MAX] {
            let (small, owner) = (number as u32, OwnerId(number));
            let (client, session) = (ClientId(number), SessionId([3; 16]));
            let (mut got, mut want) = (Changes::default(), Changes::default());
            let lock = LockState { owner, file: number, seqid: small, open: small, generation: number };
            got.put_lock(Before::Perhaps, client, small, &lock);
            let record =
                LockRecord { generation: number, seqid: small, owner: number, file: number, open: small };
            want.put(Key::Lock(client, small), &record);
            for (kind, write) in [(LockKind::Read, false), (LockKind::Write, true)] {
                let range = Range::new(0, number).unwrap();
                got.range(number, owner, RangeEdit::Changed(range, kind));
                want.put(Key::Range(number, owner, 0), &RangeRecord { last: number, write });
            }
            let reply = vec![7; small as usize % 200];
            for (kept, last) in [
                (KeptReply::Uncached, SlotLastRecord::Uncached),
                (KeptReply::Cached(&reply), SlotLastRecord::Cached(&reply)),
            ] {
                got.put_slot(session, small, small, number, kept);
                let record = SlotRecord { sequenceid: small, request: number, last };
                want.put(Key::Slot(session, small), &record);
            }
            let mut files = FileTable::new(Generations::starting(small));
            let fh = Filehandle::new(&reply[..reply.len().min(128)]).unwrap();
            let file = files.entry(&mut got, &fh);
            let record = FileRecord { fh: fh.as_bytes(), generation: file.generation.last() };
            want.put(Key::File(file.number), &record);
            assert!(got.records().eq(want.records()), "{number}");
        }
    }
}
