//! Opens and share reservations (RFC 7530 §9.8 to §9.11, §16.2, §16.16 to §16.19, §16.23, §16.36).

use super::{Command, Model, Open, OpenOwner, Reply, Turn, advances, turn};
use lockhouse::nfs4::{ClientId, ShareAccess, ShareDeny, Stateid, StateidKind, Status};

impl Open {
    pub(super) fn access(&self) -> u32 {
        self.asked.iter().fold(0, |all, (access, _)| all | access)
    }

    pub(super) fn deny(&self) -> u32 {
        self.asked.iter().fold(0, |all, (_, deny)| all | deny)
    }
}

/// Judges a stateid whose state is known against the state's current version and file (§9.1.4.2).
pub(super) fn version(current: Stateid, file: u8, given: Stateid, given_file: u8) -> Result<(), Status> {
    match file == given_file {
        false => Err(Status::BadStateid),
        true if given.seqid == current.seqid => Ok(()),
        true if given.seqid.wrapping_sub(current.seqid) < 1 << 31 => Err(Status::BadStateid),
        true => Err(Status::OldStateid),
    }
}

impl Model {
    pub(super) fn open_owner(&mut self, client: ClientId, name: u8) -> Option<&mut OpenOwner> {
        self.open_owners.iter_mut().find(|owner| owner.client == client && owner.name == name)
    }

    pub(super) fn is_confirmed(&self, client: ClientId, name: u8) -> bool {
        self.open_owners.iter().any(|o| o.client == client && o.name == name && o.confirmed)
    }

    /// Notes an open_owner's reply. The open that it closed before that is of no more interest.
    pub(super) fn note_open_owner(
        &mut self,
        client: ClientId,
        name: u8,
        seqid: u32,
        command: &Command,
        reply: &Reply,
    ) {
        let now = self.now;
        let Some(owner) = self.open_owner(client, name) else { return };
        owner.last_used = now;
        if !advances(reply) {
            return;
        }
        owner.last = Some((seqid, command.clone(), reply.clone()));
        let just_closed = match (command, reply) {
            (Command::Close { stateid, .. }, Reply::State(_)) => Some(stateid.other),
            _ => None,
        };
        self.opens.retain(|open| {
            let own = open.client == client && open.owner == name;
            !own || !open.closed || Some(open.stateid.other) == just_closed
        });
    }

    /// The clients whose opens of the file go against one more (§9.9).
    pub(super) fn share_conflicts(&self, file: u8, access: ShareAccess, deny: ShareDeny) -> Vec<ClientId> {
        let against = |open: &&Open| {
            let denied = open.deny() & access.bits() != 0 || deny.bits() & open.access() != 0;
            open.file == file && !open.closed && denied
        };
        self.opens.iter().filter(against).map(|open| open.client).collect()
    }

    /// Whose turn an OPEN is, whose owner is known from then on. `Err` is a reply that is certain by now.
    pub(super) fn open_turn(&mut self, command: &Command) -> Result<(), Reply> {
        let Command::Open { client, owner: name, seqid, .. } = *command else { unreachable!() };
        self.find(client).map_err(Reply::Failed)?;
        let known =
            self.open_owner(client, name).map(|owner| (turn(&owner.last, seqid, command), owner.confirmed));
        // Who has nothing open might have been forgotten (§9.1.10).
        let idle = !self.opens.iter().any(|o| o.client == client && o.owner == name && !o.closed);
        match known {
            Some((Turn::Again(Reply::Failed(_)), _)) if idle => self.restart_owner(client, name),
            Some((Turn::Again(before), _)) => return Err(before),
            Some((Turn::Next, true)) => {}
            Some((Turn::Bad, true)) if !idle => return Err(Reply::Failed(Status::BadSeqid)),
            Some(_) => self.restart_owner(client, name),
            None => self.add_open_owner(client, name),
        }
        Ok(())
    }

    /// §16.16.
    pub(super) fn open(&mut self, command: &Command, reply: &Reply) {
        let Command::Open { client, owner: name, file, access, deny, seqid } = *command else {
            unreachable!()
        };
        if let Err(want) = self.open_turn(command) {
            return assert_eq!(*reply, want);
        }
        let conflicts = self.share_conflicts(file, access, deny);
        let granted = matches!(reply, Reply::Opened(..));
        let denied = self.take_courtesy(&conflicts, granted);
        let want = if denied { Reply::Failed(Status::ShareDenied) } else { self.opened(command, reply) };
        assert_eq!(*reply, want);
        self.note_open_owner(client, name, seqid, command, reply);
    }

    fn add_open_owner(&mut self, client: ClientId, name: u8) {
        let last_used = self.now;
        self.open_owners.push(OpenOwner { client, name, confirmed: false, last: None, last_used });
    }

    /// §16.18.5: an unconfirmed owner's other OPEN takes back what the first one opened.
    fn restart_owner(&mut self, client: ClientId, name: u8) {
        self.open_owners.retain(|owner| owner.client != client || owner.name != name);
        self.opens.retain(|open| open.client != client || open.owner != name);
        self.add_open_owner(client, name);
    }

    /// Grants an OPEN; answers what must have come back.
    fn opened(&mut self, command: &Command, reply: &Reply) -> Reply {
        let Command::Open { client, owner, file, access, deny, .. } = *command else { unreachable!() };
        let Reply::Opened(stateid, _) = *reply else {
            panic!("nothing is in the way of {command:?}: {reply:?}")
        };
        let confirm = !self.is_confirmed(client, owner);
        let asked = (access.bits(), deny.bits());
        let same = |o: &&mut Open| o.client == client && o.owner == owner && o.file == file && !o.closed;
        if let Some(open) = self.opens.iter_mut().find(same) {
            open.stateid = open.stateid.next();
            open.asked.push(asked);
            return Reply::Opened(open.stateid, confirm);
        }
        self.assert_new(client, stateid);
        self.opens.push(Open { client, owner, file, stateid, asked: vec![asked], closed: false });
        Reply::Opened(stateid, confirm)
    }

    /// A stateid must name nothing else, and be of its client and of the first version.
    pub(super) fn assert_new(&self, client: ClientId, stateid: Stateid) {
        assert_eq!((stateid.seqid, stateid.clientid()), (1, client));
        assert!(self.opens.iter().all(|open| open.stateid.other != stateid.other));
        assert!(self.locks.iter().all(|lock| lock.stateid.other != stateid.other));
    }

    /// OPEN_CONFIRM, OPEN_DOWNGRADE, CLOSE: what they have in common (§9.1.7).
    pub(super) fn numbered(&mut self, command: &Command, reply: &Reply) {
        let (given, file, seqid) = match *command {
            Command::OpenConfirm { stateid, file, seqid } | Command::Close { stateid, file, seqid } => {
                (stateid, file, seqid)
            }
            Command::Downgrade { stateid, file, seqid, .. } => (stateid, file, seqid),
            _ => unreachable!(),
        };
        let failed = |status| assert_eq!(*reply, Reply::Failed(status), "{command:?}");
        let client = match self.resolve(&given) {
            Ok(client) => client,
            Err(status) => return failed(status),
        };
        let Some(index) = self.opens.iter().position(|open| open.stateid.other == given.other) else {
            return failed(Status::BadStateid);
        };
        let name = self.opens[index].owner;
        let owner = self.open_owner(client, name).expect("an open has an owner");
        let turn = turn(&owner.last, seqid, command);
        if let Err(want) = self.take_turn(client, turn) {
            return assert_eq!(*reply, want, "{command:?}");
        }
        let open = &self.opens[index];
        let usable = !open.closed
            && (self.is_confirmed(client, name) || matches!(command, Command::OpenConfirm { .. }));
        let checked =
            if usable { version(open.stateid, open.file, given, file) } else { Err(Status::BadStateid) };
        if checked.is_ok() {
            self.heard(client);
        }
        let want = checked.and_then(|()| match command {
            Command::OpenConfirm { .. } => self.open_confirmed(index),
            Command::Downgrade { access, deny, .. } => self.downgraded(index, access.bits(), deny.bits()),
            _ => self.closed(index),
        });
        assert_eq!(*reply, Reply::from(want), "{command:?}");
        self.note_open_owner(client, name, seqid, command, reply);
    }

    fn open_confirmed(&mut self, index: usize) -> Result<Stateid, Status> {
        let (client, name) = (self.opens[index].client, self.opens[index].owner);
        let owner = self.open_owner(client, name).expect("an open has an owner");
        if std::mem::replace(&mut owner.confirmed, true) {
            return Err(Status::BadStateid);
        }
        Ok(self.next_version(index))
    }

    fn next_version(&mut self, index: usize) -> Stateid {
        let open = &mut self.opens[index];
        open.stateid = open.stateid.next();
        open.stateid
    }

    /// §16.19.4: to exactly the union of some of the pairs that it was opened with.
    fn downgraded(&mut self, index: usize, access: u32, deny: u32) -> Result<Stateid, Status> {
        let inside = |pair: &&(u32, u32)| pair.0 & !access == 0 && pair.1 & !deny == 0;
        let open = &mut self.opens[index];
        let kept: Vec<_> = open.asked.iter().filter(inside).copied().collect();
        let union = kept.iter().fold((0, 0), |all, pair| (all.0 | pair.0, all.1 | pair.1));
        if union != (access, deny) {
            return Err(Status::Inval);
        }
        open.asked = kept;
        Ok(self.next_version(index))
    }

    fn closed(&mut self, index: usize) -> Result<Stateid, Status> {
        let open = &self.opens[index];
        let (file, other) = (open.file, open.stateid.other);
        for lock in self.locks.iter().filter(|lock| lock.open == other) {
            let same = |l: &&super::Lock| l.client == lock.client && l.owner == lock.owner && l.file == file;
            if self.holds(lock.client, lock.owner, file) && self.locks.iter().filter(same).count() == 1 {
                return Err(Status::LocksHeld);
            }
        }
        self.locks.retain(|lock| lock.open != other);
        self.waits.retain(|wait| wait.open != other);
        self.opens[index].closed = true;
        Ok(self.next_version(index))
    }

    /// READ and WRITE.
    pub(super) fn io(&mut self, command: &Command, reply: &Reply) {
        let Command::Io { stateid, file, access } = *command else { unreachable!() };
        let want = match stateid.kind() {
            StateidKind::ReadBypass if access == ShareAccess::READ => Ok(()),
            StateidKind::Named => self.named_io(stateid, file, access, *reply == Reply::Done),
            _ => {
                let conflicts = self.share_conflicts(file, access, ShareDeny::NONE);
                let denied = self.take_courtesy(&conflicts, *reply == Reply::Done);
                if denied { Err(Status::Locked) } else { Ok(()) }
            }
        };
        assert_eq!(*reply, Reply::from(want), "{command:?}");
    }

    fn named_io(
        &mut self,
        given: Stateid,
        file: u8,
        access: ShareAccess,
        granted: bool,
    ) -> Result<(), Status> {
        let client = self.resolve(&given)?;
        let lock = self.locks.iter().find(|lock| lock.stateid.other == given.other);
        let other = lock.map_or(given.other, |lock| lock.open);
        let open = self.opens.iter().find(|open| open.stateid.other == other).ok_or(Status::BadStateid)?;
        if open.closed {
            return Err(Status::BadStateid);
        }
        version(lock.map_or(open.stateid, |lock| lock.stateid), open.file, given, file)?;
        if !self.is_confirmed(client, open.owner) {
            return Err(Status::BadStateid);
        }
        let allowed = open.access();
        self.heard(client);
        if allowed & access.bits() != 0 {
            return Ok(());
        }
        if access == ShareAccess::WRITE {
            return Err(Status::OpenMode);
        }
        let denies = |other: &&Open| other.file == file && !other.closed && other.deny() & access.bits() != 0;
        let others = self.opens.iter().filter(|open| open.stateid.other != other).filter(denies);
        let conflicts: Vec<_> = others.map(|open| open.client).collect();
        if self.take_courtesy(&conflicts, granted) { Err(Status::Locked) } else { Ok(()) }
    }
}
