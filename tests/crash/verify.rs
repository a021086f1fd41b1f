//! While nothing is in flight: is everything held that should be, and nothing else?

use crate::load::Worker;
use crate::load::action::lock_type;
use crate::oracle::Counts;
use crate::oracle::locks::{Extent, Owner};
use crate::oracle::shares::Share;
use lockhouse::client::{CompoundReply, Error, OpenRequest, op};
use lockhouse::nfs4::{LockKind, Range, Stateid, Status};
use lockhouse::xdr::generated::nfs4::*;
use std::sync::atomic::Ordering;

/// Locks of others that each client looks at.
const LOOKS: usize = 50;
/// Files of a hundred whose free bytes are looked at.
const GAPS: u64 = 25;
/// Stateids of its own that a 4.0 client uses.
const USES: usize = 12;
/// Opens that each client tries.
const PROBES: usize = 3;
/// Stateids in one TEST_STATEID, and LOCKTs in one COMPOUND.
const AT_ONCE: usize = 30;
/// An owner that no client knows otherwise.
const WITNESS: &[u8] = b"witness";

/// What is wrong: of what kind, and more about it.
type Wrong = (String, String);
/// A look at something.
type Check = fn(&mut Worker) -> Result<(), Wrong>;

impl Worker {
    /// Looks at a sample of everything.
    pub fn verify(&mut self) {
        let checks: [Check; 6] = [
            Self::check_stateids,
            Self::check_locks_of_others,
            Self::check_gaps,
            Self::check_shares,
            Self::check_generations,
            Self::check_private,
        ];
        for check in checks {
            if let Err((kind, details)) = check(self) {
                self.violation(&kind, &details);
            }
        }
    }

    /// Its own stateids are good.
    fn check_stateids(&mut self) -> Result<(), Wrong> {
        let opens = self.opens.iter().filter(|open| !open.unconfirmed);
        let opens =
            opens.filter_map(|open| open.stateid.map(|stateid| (open.file, stateid, open.share.access)));
        let locks = self.lockers.iter().filter_map(|locker| {
            let open = &self.opens[locker.open?];
            Some((open.file, locker.stateid?, open.share.access))
        });
        let mut all: Vec<_> = opens.chain(locks).collect();
        self.random.shuffle(&mut all);
        if self.has_session() {
            return all.chunks(AT_ONCE).try_for_each(|chunk| {
                self.test_stateids(&chunk.iter().map(|(_, stateid, _)| *stateid).collect::<Vec<_>>())
            });
        }
        let readable = all.into_iter().filter(|(_, _, access)| access & 1 != 0).take(USES);
        for (file, stateid, _) in readable.collect::<Vec<_>>() {
            let status = self.read_with(file, stateid).map_err(|error| wrong("READ fails", &error))?;
            Counts::add(&self.shared.oracle.counts.checks);
            if status != Status::Ok {
                return Err((
                    format!("READ with a good stateid is answered {status}"),
                    format!("{stateid:?}"),
                ));
            }
        }
        Ok(())
    }

    fn test_stateids(&mut self, stateids: &[Stateid]) -> Result<(), Wrong> {
        let reply = self.ask(&[op::test_stateid(stateids)]).and_then(CompoundReply::ok);
        let reply = reply.map_err(|error| wrong("TEST_STATEID fails", &error))?;
        let codes = reply.find(|result| match result {
            nfs_resop4::OP_TEST_STATEID(TEST_STATEID4res::NFS4_OK(ok)) => {
                Some(ok.tsr_status_codes.iter().map(|code| *code as u32).collect::<Vec<_>>())
            }
            _ => None,
        });
        let codes = codes.map_err(|error| wrong("TEST_STATEID fails", &error))?;
        stateids.iter().for_each(|_| Counts::add(&self.shared.oracle.counts.checks));
        match stateids.iter().zip(codes).find(|(_, code)| *code != 0) {
            None => Ok(()),
            Some((stateid, code)) => {
                let status = Status::from_number(code).map_or("an unknown status", Status::name);
                Err((format!("a good stateid is said to be {status}"), format!("{stateid:?}")))
            }
        }
    }

    /// What others hold is denied to this client.
    fn check_locks_of_others(&mut self) -> Result<(), Wrong> {
        let mut held: Vec<(usize, Owner, Extent)> = Vec::new();
        for file in 0..self.shared.files.len() {
            let locks = self.shared.oracle.locks(file);
            held.extend(locks.all().map(|(owner, extent)| (file, owner, extent)));
        }
        let some: Vec<_> = match self.is_thorough() {
            true => held.into_iter().skip(self.id).step_by(self.shared.clients).collect(),
            false => {
                self.random.shuffle(&mut held);
                held.into_iter().take(LOOKS).collect()
            }
        };
        for (file, owner, extent) in some {
            let range = self.one_byte_of(extent.range);
            let probe = Extent { range, kind: LockKind::Write };
            match self.lockt(file, &[probe])? {
                Status::Denied => {}
                status => {
                    let details = format!("{owner:?} {extent:?}: LOCKT of {range:?} says {status}");
                    return Err(("a granted lock is lost".to_owned(), details));
                }
            }
            let shared = Extent { range, kind: LockKind::Read };
            let expected = if extent.kind == LockKind::Read { Status::Ok } else { Status::Denied };
            let status = self.lockt(file, &[shared])?;
            if status != expected {
                let details = format!("{owner:?} {extent:?}: LOCKT of {range:?} says {status}");
                return Err(("a granted lock has another kind".to_owned(), details));
            }
        }
        Ok(())
    }

    fn is_thorough(&self) -> bool {
        self.shared.thorough.load(Ordering::Acquire)
    }

    fn one_byte_of(&mut self, range: Range) -> Range {
        let bytes = (range.last() - range.first()).min(1 << 20) + 1;
        let byte = range.first() + self.random.below(bytes);
        Range::new(byte, byte).unwrap_or(range)
    }

    /// What nobody holds is free.
    fn check_gaps(&mut self) -> Result<(), Wrong> {
        for file in (self.id..self.shared.files.len()).step_by(self.shared.clients) {
            if !self.is_thorough() && !self.random.percent(GAPS) {
                continue;
            }
            let gaps = self.shared.oracle.locks(file).gaps();
            let gaps = gaps.into_iter().map(|range| Extent { range, kind: LockKind::Write });
            for chunk in gaps.collect::<Vec<_>>().chunks(AT_ONCE) {
                let status = self.lockt(file, chunk)?;
                if status != Status::Ok {
                    let kind = format!("what nobody holds is not free: {status}");
                    return Err((kind, format!("file {file}, one of {chunk:?}")));
                }
            }
        }
        Ok(())
    }

    /// Whether a stranger could have these locks.
    fn lockt(&mut self, file: usize, wants: &[Extent]) -> Result<Status, Wrong> {
        let mut ops = vec![op::putfh(&self.shared.files[file].filehandle)];
        for want in wants {
            let (offset, length) = want.range.to_wire();
            let kind = lock_type(want.kind, false);
            ops.push(op::lockt(kind, offset, length, self.client.clientid, WITNESS));
        }
        let reply = self.ask(&ops).map_err(|error| wrong("LOCKT fails", &error))?;
        wants.iter().for_each(|_| Counts::add(&self.shared.oracle.counts.checks));
        match reply.status {
            status @ (Status::Ok | Status::Denied) => Ok(status),
            status => Err((format!("LOCKT is answered {status}"), String::new())),
        }
    }

    /// What is open denies to others what it should, and nothing else.
    fn check_shares(&mut self) -> Result<(), Wrong> {
        for file in (self.id..self.shared.files.len()).step_by(self.shared.clients) {
            if !self.shared.files[file].denied {
                continue;
            }
            for _ in 0..PROBES {
                let share =
                    Share { access: self.random.pick(&[1, 2, 3]), deny: self.random.pick(&[0, 0, 1, 2]) };
                let expected = self.shared.oracle.shares(file).conflict(None, share);
                let opened = self.probe(file, share);
                Counts::add(&self.shared.oracle.counts.checks);
                match (expected, opened) {
                    (None, Ok(())) => {}
                    (Some(_), Err(error)) if error.status() == Some(Status::ShareDenied) => {}
                    (Some(other), Ok(())) => {
                        let details =
                            format!("file {file}: {other:?} does not stand in the way of {share:?}");
                        return Err(("a granted open is lost".to_owned(), details));
                    }
                    (expected, Err(error)) => {
                        let details = format!("file {file}, {share:?} against {expected:?}: {error}");
                        return Err(("a file cannot be opened".to_owned(), details));
                    }
                }
            }
        }
        Ok(())
    }

    /// Opens and closes a file.
    fn probe(&mut self, file: usize, share: Share) -> Result<(), Error> {
        self.slots.remove(&0);
        let target = self.shared.files[file].clone();
        let request = OpenRequest::existing(&target.name).share(share.access, share.deny);
        let mut opened = self.client.open(&mut self.prober, &target.directory, &request)?;
        let closed = self.client.close(&mut opened);
        self.prober = opened.owner;
        closed
    }

    /// The lock generations are what they should be.
    fn check_generations(&mut self) -> Result<(), Wrong> {
        if self.client.minor < 2 {
            return Ok(());
        }
        for file in (0..self.shared.files.len()).filter(|file| !self.shared.files[*file].denied) {
            // All clients of 4.2 look, at the same time; they must see the same.
            self.slots.remove(&0);
            let filehandle = self.shared.files[file].filehandle.clone();
            let number = generation(&mut self.client, &filehandle)?;
            Counts::add(&self.shared.oracle.counts.checks);
            let seen = self.shared.oracle.saw_generation(file, number);
            seen.map_err(|why| ("a lock generation is not what it must be".to_owned(), why))?;
        }
        Ok(())
    }
}

/// The lock generation of a file.
pub fn generation(
    client: &mut lockhouse::client::Client,
    file: &lockhouse::nfs4::Filehandle,
) -> Result<u64, Wrong> {
    let reply = client.compound_ok(&[op::putfh(file), op::getxattr("lockhouse.generation")]);
    let found = reply.and_then(|reply| {
        reply.find(|result| match result {
            nfs_resop4::OP_GETXATTR(GETXATTR4res::NFS4_OK(value)) => {
                String::from_utf8(value.0.clone()).ok()?.parse().ok()
            }
            _ => None,
        })
    });
    found.map_err(|error| wrong("GETXATTR fails", &error))
}

fn wrong(kind: &str, error: &Error) -> Wrong {
    (kind.to_owned(), error.to_string())
}
