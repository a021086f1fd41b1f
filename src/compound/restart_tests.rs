//! A COMPOUND in whose middle the server was killed: what it had changed was stored, its end was not.

use super::tests::{Server, args, behind};
use super::*;
use crate::client::{LockOwner, OpenFile, OpenOwner, OpenRequest, op, write_lock};
use crate::nfs4::{Filehandle, Stateid};
use crate::state::{Changes, Config, Core, Key, Restoring, Start};
use crate::xdr::generated::nfs4::{GETFH4res, OPEN4res, nfs_argop4, nfs_lock_type4, nfs_resop4};
use std::collections::BTreeMap;

/// What was stored, as it would be found.
#[derive(Default)]
struct Stored(BTreeMap<Vec<u8>, Vec<u8>>);

impl Stored {
    /// Takes the changes up to the first slot that is written, that one included, if `half`; else all of them.
    /// Answers how many slots were written in all.
    fn take(&mut self, nfs: &Nfs, half: bool) -> usize {
        let mut changes = Changes::default();
        nfs.core().take_changes(&mut changes);
        let mut slots = 0;
        for (key, value) in changes.records() {
            if slots == 0 || !half {
                match value.get() {
                    Some(value) => drop(self.0.insert(key.into(), value.into())),
                    None => drop(self.0.remove(key)),
                }
            }
            slots += usize::from(matches!(Key::read(key), Some(Key::Slot(..))));
        }
        slots
    }

    fn restore(&self, server: &mut Server) {
        let now = server.caller.now;
        let start = Start { epoch: 4, seed: 2, recorded: Default::default(), now };
        let mut restoring = Restoring::new(Config::default(), start);
        self.0.iter().for_each(|(key, value)| restoring.record(key, value).unwrap());
        let core: Core = restoring.finish().unwrap();
        *server.nfs.core() = core;
    }
}

/// Executes `ops` in a slot, kills the server after its first change was stored, and sends the same again. Both replies
/// must be the same.
fn killed_in_between(server: &mut Server, ops: &[nfs_argop4]) {
    let mut stored = Stored::default();
    stored.take(&server.nfs, false);
    let everything = server.nfs.core().records();
    for (key, value) in everything.records() {
        stored.0.insert(key.into(), value.get().unwrap().into());
    }
    let bytes = args(1, &behind(server.sequence(true), ops));
    let reply = server.execute(&bytes);
    assert!(stored.take(&server.nfs, true) >= 2, "the progress and the end");
    stored.restore(server);
    assert_eq!(server.execute(&bytes), reply, "carried out to the end");
    stored.take(&server.nfs, false);
    stored.restore(server);
    assert_eq!(server.execute(&bytes), reply, "answered again");
    server.sequence += 1;
}

fn opened(server: &mut Server) -> (Filehandle, Stateid) {
    let reply = server.run(&[op::putrootfh(), server.open("f"), op::getfh()]);
    let stateid = reply.find(|result| match result {
        nfs_resop4::OP_OPEN(OPEN4res::NFS4_OK(open)) => {
            Some(Stateid { seqid: open.stateid.seqid, other: open.stateid.other })
        }
        _ => None,
    });
    let filehandle = reply.find(|result| match result {
        nfs_resop4::OP_GETFH(GETFH4res::NFS4_OK(fh)) => Filehandle::new(&fh.object.0),
        _ => None,
    });
    (filehandle.unwrap(), stateid.unwrap())
}

#[test]
fn a_close_before_getattr_is_done_once() {
    let mut server = Server::new();
    let (file, stateid) = opened(&mut server);
    killed_in_between(&mut server, &[op::putfh(&file), op::close(0, stateid), op::getattr(&[1, 3])]);
    assert_eq!(server.nfs.core().counts().1, 0);
}

#[test]
fn an_open_before_its_getattr_is_done_once_and_leaves_its_file_current() {
    let mut server = Server::new();
    let (file, first) = opened(&mut server);
    let open = OpenRequest::existing("f").op(&OpenOwner::new(server.client.0, "opener"));
    killed_in_between(&mut server, &[op::putrootfh(), open, op::getfh(), op::getattr(&[1, 3])]);
    // Opened twice, not three times.
    let close = [op::putfh(&file), op::close(0, Stateid { seqid: 2, ..first })];
    assert_eq!(server.run(&close).status, Status::Ok);
}

#[test]
fn a_lock_of_the_current_stateid_is_done_once() {
    let mut server = Server::new();
    let (filehandle, stateid) = opened(&mut server);
    let owner = LockOwner::new(server.client.0, "locker");
    let opener = OpenOwner::new(server.client.0, "opener");
    let file = OpenFile { filehandle: filehandle.clone(), stateid, result_flags: 0, owner: opener };
    let lock = write_lock(0, 10).op_new_owner(&file, &owner);
    let unlock = op::locku(nfs_lock_type4::WRITE_LT, 0, Stateid::CURRENT, 0, 5);
    let type_of = || op::getattr(&[1]);
    killed_in_between(&mut server, &[op::putfh(&filehandle), lock, type_of(), unlock, type_of()]);
    assert_eq!(server.nfs.core().held().count(), 1);
}
