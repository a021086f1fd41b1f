//! Steps of a script, each from eight bytes of any value, so that a random generator and a fuzzer can both write them.

use super::{CELLS, Command, Locker, Model};
use lockhouse::nfs4::{ClientId, LockKind, Range, ShareAccess, ShareDeny, Stateid};

/// The epoch in which the server under test first started.
pub const EPOCH: u32 = 3;
pub const FILES: u8 = 2;
const CLIENTS: u8 = 3;
const OWNERS: u8 = 2;

/// A step. Where it names a state, it does so by a number into the list of those that there are.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Seconds pass.
    Tick(u8),
    /// The core is woken if it asked to be.
    Alarm,
    /// The server is killed and started again, perhaps in the middle of an OPEN.
    Restart { open: Option<[u8; 7]> },
    /// A numbered command of the past is sent again, so many back.
    Again(u8),
    /// Any other command.
    Send(Verb, [u8; 7]),
}

/// What a command is to do; the bytes beside it say to whom.
#[derive(Clone, Copy, Debug)]
pub enum Verb {
    Setclientid,
    Confirm,
    Renew,
    Open,
    OpenConfirm,
    Downgrade,
    Close,
    Io,
    LockNew,
    LockAgain,
    Locku,
    Lockt,
    Release,
}

const VERBS: [(u8, Verb); 13] = [
    (5, Verb::Setclientid),
    (8, Verb::Confirm),
    (3, Verb::Renew),
    (20, Verb::Open),
    (20, Verb::OpenConfirm),
    (4, Verb::Downgrade),
    (8, Verb::Close),
    (3, Verb::Io),
    (36, Verb::LockNew),
    (40, Verb::LockAgain),
    (24, Verb::Locku),
    (8, Verb::Lockt),
    (4, Verb::Release),
];

impl Op {
    /// The step that these bytes stand for.
    pub fn from_bytes([what, rest @ ..]: [u8; 8]) -> Self {
        let mut what = what;
        for (weight, verb) in VERBS {
            if what < weight {
                return Self::Send(verb, rest);
            }
            what -= weight;
        }
        match what % 8 {
            0..=2 => Self::Again(rest[0] % 4),
            3 if rest[0] < 48 => Self::Restart { open: (rest[0] < 24).then_some(rest) },
            3 => Self::Alarm,
            // Mostly moments, now and then about a lease, seldom several.
            _ => Self::Tick(match rest[0] {
                long @ 250.. => long,
                medium @ 235.. => 80 + medium % 16,
                short => short % 8,
            }),
        }
    }

    /// The command of a [`Op::Send`] as a client would word it that knows what the model knows.
    pub fn command(&self, model: &Model) -> Command {
        let Self::Send(verb, [who, what, first, length, flags, slip, pick]) = *self else {
            unreachable!("the other steps are no commands")
        };
        let range = range(first, length, flags);
        let kind = if flags & 1 == 0 { LockKind::Read } else { LockKind::Write };
        let (client, file, owner) = (model.some_client(who, slip), what % FILES, what / 16 % OWNERS);
        let access = [ShareAccess::READ, ShareAccess::WRITE, ShareAccess::BOTH, ShareAccess::BOTH]
            [usize::from(first % 4)];
        let deny = [ShareDeny::READ, ShareDeny::WRITE, ShareDeny::BOTH];
        let deny = deny.get(usize::from(length % 24)).copied().unwrap_or(ShareDeny::NONE);
        let principal = u32::from(flags >= 240);
        match verb {
            Verb::Setclientid => Command::Setclientid { name: who % CLIENTS, boot: what / 120, principal },
            Verb::Confirm => {
                let (id, confirm) = model.some_pending(pick);
                Command::Confirm { id, confirm, principal }
            }
            Verb::Renew => Command::Renew { client },
            Verb::Open => {
                let seqid = slipped(model.open_seqid(client, owner), slip);
                Command::Open { client, owner, file, access, deny, seqid }
            }
            Verb::OpenConfirm | Verb::Downgrade | Verb::Close => {
                let (stateid, file, seqid) = model.some_open(pick, slip);
                let seqid = slipped(seqid, slip);
                match verb {
                    Verb::OpenConfirm => Command::OpenConfirm { stateid, file, seqid },
                    Verb::Close => Command::Close { stateid, file, seqid },
                    _ => Command::Downgrade { stateid, file, access, deny, seqid },
                }
            }
            Verb::Io => {
                let (stateid, file, _) = match pick % 4 {
                    0 => (Stateid::ANONYMOUS, file, 0),
                    1 => (Stateid::READ_BYPASS, file, 0),
                    2 => model.some_lock(pick / 4, slip),
                    _ => model.some_open(pick / 4, slip),
                };
                let access = if flags & 1 == 0 { ShareAccess::READ } else { ShareAccess::WRITE };
                Command::Io { stateid, file, access }
            }
            Verb::LockNew => {
                let (open, file, open_seqid) = model.some_open(pick, slip);
                let client = if slip == 9 { client } else { open.clientid() };
                let lock_seqid = slipped(model.lock_seqid(client, owner), slip.saturating_sub(240));
                let open_seqid = slipped(open_seqid, slip);
                let locker = Locker::New { open, open_seqid, client, owner, lock_seqid };
                Command::Lock { file, range, kind, blocking: flags & 2 != 0, locker }
            }
            Verb::LockAgain => {
                let (lock, file, lock_seqid) = model.some_lock(pick, slip);
                let locker = Locker::Existing { lock, lock_seqid: slipped(lock_seqid, slip) };
                Command::Lock { file, range, kind, blocking: flags & 2 != 0, locker }
            }
            Verb::Locku => {
                let (stateid, file, seqid) = model.some_lock(pick, slip);
                Command::Locku { stateid, file, range, seqid: slipped(seqid, slip) }
            }
            Verb::Lockt => Command::Lockt { client, owner, file, range, kind },
            Verb::Release => Command::Release { client, owner },
        }
    }
}

/// Mostly a short range, sometimes one to the end, seldom none at all.
fn range(first: u8, length: u8, flags: u8) -> Option<Range> {
    let first = u64::from(first) % (CELLS as u64 - 1);
    match flags / 8 {
        31 => None,
        30 => Range::new(first, u64::MAX),
        29 => Some(Range::WHOLE),
        _ => Range::new(first, (first + u64::from(length % 8)).min(CELLS as u64 - 2)),
    }
}

/// Mostly the right seqid, sometimes a wrong one.
fn slipped(seqid: u32, slip: u8) -> u32 {
    match slip {
        1 => seqid.wrapping_add(1),
        2 => seqid.wrapping_sub(1),
        3 => seqid.wrapping_sub(2),
        _ => seqid,
    }
}

/// Mostly the current version and the right file, sometimes others.
fn slipped_state(stateid: Stateid, file: u8, slip: u8) -> (Stateid, u8) {
    match slip {
        4 => (stateid.next(), file),
        5 => (Stateid { seqid: stateid.seqid.wrapping_sub(1), ..stateid }, file),
        6 => (stateid, (file + 1) % FILES),
        7 => (Stateid { other: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], ..stateid }, file),
        8 => (Stateid::ANONYMOUS, file),
        _ => (stateid, file),
    }
}

/// What a state would be called that there is not.
fn nothing(pick: u8) -> Stateid {
    Stateid::first(ClientId::new(EPOCH, u32::from(pick % 4)), u32::from(pick))
}

impl Model {
    fn some_client(&self, who: u8, slip: u8) -> ClientId {
        let known = self.clients.iter().filter(|client| !client.expired || slip >= 128);
        let known: Vec<_> = known.map(|client| client.id).collect();
        let unknown = || ClientId::new(EPOCH - u32::from(who) / 128, 99);
        if slip == 10 { unknown() } else { pick(&known, who).copied().unwrap_or_else(unknown) }
    }

    /// A clientid and confirm verifier from SETCLIENTID, mostly one that was not confirmed yet.
    fn some_pending(&self, number: u8) -> (ClientId, [u8; 8]) {
        let pending: Vec<_> = self.pending.iter().map(|pending| (pending.id, pending.confirm)).collect();
        let clients: Vec<_> = self.clients.iter().map(|client| (client.id, client.confirm)).collect();
        let list = if number < 40 || pending.is_empty() { &clients } else { &pending };
        let (id, confirm) = pick(list, number).copied().unwrap_or((ClientId::new(EPOCH, 99), [0; 8]));
        if number == 41 { (id, [1; 8]) } else { (id, confirm) }
    }

    /// An open stateid, its file, and the seqid that its owner is to use next.
    fn some_open(&self, number: u8, slip: u8) -> (Stateid, u8, u32) {
        let Some(open) = pick(&self.opens, number) else { return (nothing(number), 0, 1) };
        let (stateid, file) = slipped_state(open.stateid, open.file, slip);
        (stateid, file, self.open_seqid(open.client, open.owner))
    }

    /// A lock stateid, its file, and the seqid that its owner is to use next.
    fn some_lock(&self, number: u8, slip: u8) -> (Stateid, u8, u32) {
        let Some(lock) = pick(&self.locks, number) else { return (nothing(number), 0, 1) };
        let (stateid, file) = slipped_state(lock.stateid, lock.file, slip);
        (stateid, file, self.lock_seqid(lock.client, lock.owner))
    }

    fn open_seqid(&self, client: ClientId, name: u8) -> u32 {
        let owner = self.open_owners.iter().find(|owner| owner.client == client && owner.name == name);
        owner.and_then(|owner| owner.last.as_ref()).map_or(7, |(seqid, _, _)| seqid.wrapping_add(1))
    }

    fn lock_seqid(&self, client: ClientId, name: u8) -> u32 {
        let owner = self.lock_owners.iter().find(|owner| owner.client == client && owner.name == name);
        owner.and_then(|owner| owner.last.as_ref()).map_or(u32::MAX, |(seqid, _, _)| seqid.wrapping_add(1))
    }
}

fn pick<T>(list: &[T], number: u8) -> Option<&T> {
    list.get(usize::from(number).checked_rem(list.len())?)
}
