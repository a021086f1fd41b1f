//! Two machines with one client name: the log says so.

use crate::process::Server;
use lockhouse::client::{Client, Connection, Credential};
use rustix::process::Signal;
use std::net::TcpStream;

/// A client that comes from this address of the loopback.
fn from(server: &Server, address: [u8; 4]) -> Client {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stream: TcpStream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind((address, 0).into()).unwrap();
        socket.connect(server.address).await.unwrap().into_std().unwrap()
    });
    stream.set_nonblocking(false).unwrap();
    Client::on(Connection::over(stream).unwrap(), Credential::sys(0, 0))
}

#[test]
fn two_machines_with_one_client_name_are_told_of() {
    let server = Server::start(&["--memory", "--ephemeral"]);
    let (mut one, mut two) = (from(&server, [127, 0, 0, 1]), from(&server, [127, 0, 0, 2]));
    for _ in 0..3 {
        one.establish(b"a copied image", *b"booted 1").unwrap();
        two.establish(b"a copied image", *b"booted 2").unwrap();
    }
    one.establish(b"another", *b"booted 1").unwrap();
    one.establish(b"another", *b"booted 3").unwrap();
    let (_, said) = server.end(Signal::TERM);
    let warnings: Vec<_> = said.lines().filter(|line| line.contains("of the same name")).collect();
    let [warning] = warnings[..] else { panic!("one warning, not {warnings:?}") };
    for part in ["a copied image", "127.0.0.1:", "127.0.0.2:"] {
        assert!(warning.contains(part), "{warning}");
    }
}
