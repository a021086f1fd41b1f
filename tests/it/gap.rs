//! A server that does not run for longer than a lease: that counts against nobody.

use crate::process::Server;
use lockhouse::client::{Client, Credential, Error, LockOwner, OpenFile, OpenOwner, OpenRequest, write_lock};
use lockhouse::nfs4::Filehandle;
use std::time::Duration;

const LEASE: Duration = Duration::from_secs(2);

/// A client with the file `f` open.
struct Locker {
    client: Client,
    file: OpenFile,
    owner: LockOwner,
}

impl Locker {
    fn new(server: &Server, name: &str) -> Self {
        let mut client = Client::connect(server.address, Credential::sys(0, 0)).unwrap();
        client.establish(name.as_bytes(), *b"verifier").unwrap();
        let root: Filehandle = client.root().unwrap();
        let (mut opener, owner) =
            (OpenOwner::new(client.clientid, name), LockOwner::new(client.clientid, name));
        let file = client.open(&mut opener, &root, &OpenRequest::create("f")).unwrap();
        Self { client, file, owner }
    }

    fn lock(&mut self) -> Result<(), Error> {
        self.client.lock(&mut self.file, &mut self.owner, write_lock(0, 10)).map(drop)
    }
}

/// The request of a rival waits in its socket while the server is stopped, and the holder's renewal comes after it.
#[test]
fn a_server_that_is_stopped_for_longer_than_a_lease_gives_no_lock_away() {
    let server = Server::start(&["--memory", "--ephemeral", "--lease-time", "2", "--grace-time", "0"]);
    let (mut holder, mut rival) = (Locker::new(&server, "holder"), Locker::new(&server, "rival"));
    holder.lock().unwrap();
    for _ in 0..2 {
        holder.client.renew().unwrap();
        rival.client.renew().unwrap();
        let mut pending = None;
        server.stopped_for(LEASE * 2, || {
            let lock = write_lock(0, 10).op_new_owner(&rival.file, &rival.owner);
            pending = rival.client.send(&[lockhouse::client::op::putfh(&rival.file.filehandle), lock]).ok();
        });
        let reply = rival.client.receive(pending.unwrap()).unwrap();
        assert_eq!(reply.status, lockhouse::nfs4::Status::Denied);
        rival.file.owner.seqid += 1;
        rival.owner.seqid += 1;
        holder.client.renew().unwrap();
    }
    holder.client.unlock(&holder.file.filehandle, &mut holder.owner, write_lock(0, 10)).unwrap();
    rival.lock().unwrap();
    let (_, said) = server.end(rustix::process::Signal::TERM);
    assert!(said.contains("did not run"), "{said}");
}
