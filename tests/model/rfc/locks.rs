//! Byte-range locks (RFC 7530 §9.2 to §9.4, §16.10 to §16.12, §16.37).

use super::opens::version;
use super::{
    Command, Holder, LEASE, Lock, LockOwner, Locker, Model, Open, Reply, Turn, Wait, advances, cells, turn,
};
use lockhouse::nfs4::{ClientId, LockKind, Range, ShareAccess, Stateid, Status};
use lockhouse::state::Denied;

/// A LOCK whose seqids and stateid are right.
struct Asked {
    file: u8,
    range: Option<Range>,
    blocking: bool,
    who: Holder,
    open: [u8; 12],
}

/// Who asks by a stateid, under which open, and whether the stateid is of the current version and of this file.
struct Found {
    client: ClientId,
    owner: u8,
    open: [u8; 12],
    checked: Result<(), Status>,
}

fn overlap(a: (usize, usize), b: (usize, usize)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

fn is_owner(holder: &Holder, client: ClientId, owner: u8) -> bool {
    holder.client == client && holder.owner == owner
}

impl Holder {
    fn conflicts(&self, other: &Holder) -> bool {
        !is_owner(self, other.client, other.owner) && self.kind.conflicts(other.kind)
    }
}

impl Model {
    fn lock_owner(&mut self, client: ClientId, name: u8) -> Option<&mut LockOwner> {
        self.lock_owners.iter_mut().find(|owner| owner.client == client && owner.name == name)
    }

    fn has_locks(&self, client: ClientId, name: u8) -> bool {
        self.locks.iter().any(|lock| lock.client == client && lock.owner == name)
    }

    /// Whether the owner holds any byte of the file.
    pub(super) fn holds(&self, client: ClientId, owner: u8, file: u8) -> bool {
        let bytes = self.bytes.get(usize::from(file));
        bytes.into_iter().flatten().flatten().any(|holder| is_owner(holder, client, owner))
    }

    fn note_lock_owner(&mut self, client: ClientId, name: u8, seqid: u32, command: &Command, reply: &Reply) {
        let now = self.now;
        let Some(owner) = self.lock_owner(client, name) else { return };
        owner.last_used = now;
        if advances(reply) {
            owner.last = Some((seqid, command.clone(), reply.clone()));
        }
    }

    /// All who hold a byte of the range in a way that goes against `who`.
    fn conflicts(&mut self, file: u8, (first, last): (usize, usize), who: &Holder) -> Vec<Holder> {
        let held = self.file(file)[first..=last].iter().flatten();
        held.filter(|holder| holder.conflicts(who)).copied().collect()
    }

    /// A denial must name somebody who holds, all of it in this way, a range that goes against the request.
    fn is_held(&mut self, denied: &Denied, file: u8, asked: (usize, usize), who: &Holder) -> bool {
        let (first, last) = cells(denied.range);
        let owner = denied.owner.owner.first().copied().unwrap_or(u8::MAX);
        let holder = Holder { client: denied.owner.clientid, owner, kind: denied.kind };
        let all = self.file(file)[first..=last].iter().all(|byte| byte.contains(&holder));
        all && overlap((first, last), asked) && holder.conflicts(who)
    }

    /// Or somebody who came before and waits for such a range.
    fn is_waited_for(&self, denied: &Denied, file: u8, asked: (usize, usize), who: &Holder) -> bool {
        let owner = denied.owner.owner.first().copied().unwrap_or(u8::MAX);
        let waiter = Holder { client: denied.owner.clientid, owner, kind: denied.kind };
        let same =
            |wait: &&Wait| wait.file == file && wait.cells == cells(denied.range) && wait.who == waiter;
        let fresh = |wait: &Wait| self.now < wait.polled + LEASE;
        self.waits.iter().find(same).is_some_and(fresh)
            && overlap(cells(denied.range), asked)
            && waiter.conflicts(who)
    }

    /// §16.10.
    pub(super) fn lock(&mut self, command: &Command, reply: &Reply) {
        let Command::Lock { file, range, kind, blocking, ref locker } = *command else { unreachable!() };
        let found = match *locker {
            Locker::New { .. } => self.new_locker(command),
            Locker::Existing { lock, lock_seqid } => self.existing_locker(lock, file, lock_seqid, command),
        };
        let Found { client, owner, open, checked } = match found {
            Ok(found) => found,
            Err(want) => return assert_eq!(*reply, want, "{command:?}"),
        };
        let who = Holder { client, owner, kind };
        match checked {
            Ok(()) => self.decided(&Asked { file, range, blocking, who, open }, reply),
            Err(status) => assert_eq!(*reply, Reply::Failed(status), "{command:?}"),
        }
        match *locker {
            Locker::Existing { lock_seqid, .. } => {
                self.note_lock_owner(who.client, who.owner, lock_seqid, command, reply);
            }
            Locker::New { open_seqid, lock_seqid, .. } => {
                // As long as it was granted nothing, its seqids bind nobody.
                if !self.has_locks(who.client, who.owner) {
                    let owner = self.lock_owner(who.client, who.owner).expect("made at the latest now");
                    owner.last = None;
                }
                self.note_lock_owner(who.client, who.owner, lock_seqid, command, reply);
                let name = self.opens.iter().find(|o| o.stateid.other == open).map(|open| open.owner);
                let name = name.expect("it was locked under it");
                self.note_open_owner(who.client, name, open_seqid, command, reply);
            }
        }
    }

    /// Who asks as a new locker. `Err` is a reply that is certain by now, without any seqid being used up.
    fn new_locker(&mut self, command: &Command) -> Result<Found, Reply> {
        let Command::Lock { file, ref locker, .. } = *command else { unreachable!() };
        let Locker::New { open: given, open_seqid, client: named, owner: name, lock_seqid } = *locker else {
            unreachable!()
        };
        let client = self.resolve(&given).map_err(Reply::Failed)?;
        let open = self.opens.iter().find(|open| open.stateid.other == given.other);
        let open = open.ok_or(Reply::Failed(Status::BadStateid))?;
        let (stateid, opener, of, closed) = (open.stateid, open.owner, open.file, open.closed);
        let opener_last = &self.open_owner(client, opener).expect("an open has an owner").last;
        let opener_turn = turn(opener_last, open_seqid, command);
        self.take_turn(client, opener_turn)?;
        if named != client {
            let stale = !self.is_of_us(named);
            return Err(Reply::Failed(if stale { Status::StaleClientid } else { Status::BadStateid }));
        }
        if self.has_locks(client, name) {
            let owner = self.lock_owner(client, name).expect("a lock has an owner");
            if !matches!(turn(&owner.last, lock_seqid, command), Turn::Next) {
                return Err(Reply::Failed(Status::BadSeqid));
            }
        }
        if closed || !self.is_confirmed(client, opener) {
            return Err(Reply::Failed(Status::BadStateid));
        }
        if self.lock_owner(client, name).is_none() {
            self.lock_owners.push(LockOwner { client, name, last: None, last_used: self.now });
        }
        let checked = version(stateid, of, given, file);
        if checked.is_ok() {
            self.heard(client);
        }
        Ok(Found { client, owner: name, open: stateid.other, checked })
    }

    /// Whose lock stateid this is, for LOCK and LOCKU. `Err` as for a new locker.
    fn existing_locker(
        &mut self,
        given: Stateid,
        file: u8,
        seqid: u32,
        command: &Command,
    ) -> Result<Found, Reply> {
        let client = self.resolve(&given).map_err(Reply::Failed)?;
        let lock = self.locks.iter().find(|lock| lock.stateid.other == given.other);
        let lock = lock.ok_or(Reply::Failed(Status::BadStateid))?;
        let (owner, open) = (lock.owner, lock.open);
        let checked = version(lock.stateid, lock.file, given, file);
        let last = &self.lock_owner(client, owner).expect("a lock has an owner").last;
        let turn = turn(last, seqid, command);
        self.take_turn(client, turn)?;
        if checked.is_ok() {
            self.heard(client);
        }
        Ok(Found { client, owner, open, checked })
    }

    /// Granted, denied or refused?
    fn decided(&mut self, asked: &Asked, reply: &Reply) {
        let Some(range) = asked.range else { return assert_eq!(*reply, Reply::Failed(Status::Inval)) };
        let mode = match asked.who.kind {
            LockKind::Read => ShareAccess::READ,
            LockKind::Write => ShareAccess::WRITE,
        };
        let open = self.opens.iter().find(|open| open.stateid.other == asked.open).expect("resolved");
        if open.access() & mode.bits() == 0 {
            return assert_eq!(*reply, Reply::Failed(Status::OpenMode));
        }
        let range = cells(range);
        let conflicts: Vec<ClientId> =
            self.conflicts(asked.file, range, &asked.who).iter().map(|holder| holder.client).collect();
        let in_the_way = self.take_courtesy(&conflicts, matches!(reply, Reply::State(_)));
        match reply {
            Reply::State(stateid) => {
                assert!(!in_the_way, "granted against a holder");
                self.granted(asked, range, *stateid);
            }
            Reply::Denied(denied) if in_the_way => {
                assert!(self.is_held(denied, asked.file, range, &asked.who), "{denied:?} is not held");
                self.wait(asked, range);
            }
            Reply::Denied(denied) => {
                let waits = self.is_waited_for(denied, asked.file, range, &asked.who);
                assert!(waits, "{denied:?} is neither held nor waited for");
                self.wait(asked, range);
            }
            Reply::Failed(Status::Deadlock) => {
                assert!(asked.blocking, "only who waits can be in a deadlock");
                assert!(self.is_circle(asked, range), "no circle: {:?}", self.waits);
            }
            other => panic!("{other:?} to a lock that is in order"),
        }
    }

    fn granted(&mut self, asked: &Asked, range: (usize, usize), stateid: Stateid) {
        let Holder { client, owner, .. } = asked.who;
        let (file, open) = (asked.file, asked.open);
        for byte in &mut self.file(file)[range.0..=range.1] {
            byte.retain(|holder| !is_owner(holder, client, owner));
            byte.push(asked.who);
        }
        self.waits.retain(|wait| wait.who != asked.who || wait.file != file || wait.cells != range);
        let same = |lock: &&mut Lock| lock.client == client && lock.owner == owner && lock.open == open;
        match self.locks.iter_mut().find(same) {
            Some(lock) => {
                lock.stateid = lock.stateid.next();
                assert_eq!(stateid, lock.stateid);
            }
            None => {
                self.assert_new(client, stateid);
                self.locks.push(Lock { client, owner, file, stateid, open });
            }
        }
    }

    fn wait(&mut self, asked: &Asked, cells: (usize, usize)) {
        if asked.blocking {
            let (who, file, polled, open) = (asked.who, asked.file, self.now, asked.open);
            self.waits.retain(|wait| wait.who != who || wait.file != file || wait.cells != cells);
            self.waits.push(Wait { who, file, cells, polled, open });
        }
    }

    /// Whether, of all who hold and all who may wait, some stand in a circle that this request would close.
    fn is_circle(&mut self, asked: &Asked, range: (usize, usize)) -> bool {
        let mut seen: Vec<(ClientId, u8)> = Vec::new();
        let mut open = vec![(asked.file, range, asked.who)];
        while let Some((file, range, who)) = open.pop() {
            let mut before = self.conflicts(file, range, &who);
            let waits = self.waits.iter().filter(|wait| wait.file == file && overlap(wait.cells, range));
            before.extend(waits.map(|wait| wait.who).filter(|waiter| waiter.conflicts(&who)));
            for holder in before {
                if is_owner(&holder, asked.who.client, asked.who.owner) {
                    return true;
                }
                if !seen.contains(&(holder.client, holder.owner)) {
                    seen.push((holder.client, holder.owner));
                    let own = self.waits.iter().filter(|w| is_owner(&w.who, holder.client, holder.owner));
                    open.extend(own.map(|wait| (wait.file, wait.cells, wait.who)));
                }
            }
        }
        false
    }

    /// §16.12.
    pub(super) fn locku(&mut self, command: &Command, reply: &Reply) {
        let Command::Locku { stateid: given, file, range, seqid } = *command else { unreachable!() };
        let Found { client, owner, checked, .. } = match self.existing_locker(given, file, seqid, command) {
            Ok(found) => found,
            Err(want) => return assert_eq!(*reply, want, "{command:?}"),
        };
        let want = checked.and(range.ok_or(Status::Inval)).map(|range| {
            let (first, last) = cells(range);
            for byte in &mut self.file(file)[first..=last] {
                byte.retain(|holder| !is_owner(holder, client, owner));
            }
            self.waits.retain(|wait| {
                let inside = first <= wait.cells.0 && wait.cells.1 <= last;
                !is_owner(&wait.who, client, owner) || wait.file != file || !inside
            });
            let lock = self.locks.iter_mut().find(|lock| lock.stateid.other == given.other);
            let lock = lock.expect("it was found before");
            lock.stateid = lock.stateid.next();
            lock.stateid
        });
        assert_eq!(*reply, Reply::from(want));
        self.note_lock_owner(client, owner, seqid, command, reply);
    }

    /// §16.11.
    pub(super) fn lockt(&mut self, command: &Command, reply: &Reply) {
        let Command::Lockt { client, owner, file, range, kind } = *command else { unreachable!() };
        if let Err(status) = self.find(client).and(range.map(|_| ()).ok_or(Status::Inval)) {
            return assert_eq!(*reply, Reply::Failed(status));
        }
        let range = cells(range.expect("just checked"));
        let who = Holder { client, owner, kind };
        let conflicts: Vec<ClientId> =
            self.conflicts(file, range, &who).iter().map(|holder| holder.client).collect();
        if self.take_courtesy(&conflicts, *reply == Reply::Done) {
            let Reply::Denied(denied) = reply else { panic!("{reply:?} though a lock is in the way") };
            assert!(self.is_held(denied, file, range, &who), "{denied:?} is not held");
        } else {
            assert_eq!(*reply, Reply::Done);
        }
    }

    /// §16.37.
    pub(super) fn release(&mut self, client: ClientId, owner: u8, reply: &Reply) {
        let held = |model: &Self| (0..model.bytes.len()).any(|file| model.holds(client, owner, file as u8));
        let want = match self.find(client) {
            Err(status) => Reply::Failed(status),
            Ok(()) if held(self) => Reply::Failed(Status::LocksHeld),
            Ok(()) => {
                self.lock_owners.retain(|other| other.client != client || other.name != owner);
                self.locks.retain(|lock| lock.client != client || lock.owner != owner);
                self.waits.retain(|wait| !is_owner(&wait.who, client, owner));
                Reply::Done
            }
        };
        assert_eq!(*reply, want);
    }

    /// The opens are not closed that locks came from.
    pub(super) fn check_locks(&self) {
        for lock in &self.locks {
            let open = |open: &Open| open.stateid.other == lock.open && !open.closed;
            assert!(self.opens.iter().any(open), "{lock:?} outlived its open");
        }
    }
}
