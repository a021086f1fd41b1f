//! A client that speaks bytes: nothing of the library is used, so that both cannot be wrong in the same way.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// Long enough for any machine; a test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// One connection.
pub struct Peer {
    stream: TcpStream,
}

impl Peer {
    pub fn connect(address: SocketAddr) -> Self {
        Self::on(TcpStream::connect(address).expect("the server listens"))
    }

    pub fn on(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket takes it");
        stream.set_write_timeout(Some(PATIENCE)).expect("a socket takes it");
        Self { stream }
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the server reads");
    }

    /// Writes `bytes` over and over until the connection breaks.
    pub fn send_until_broken(&mut self, bytes: &[u8]) {
        while self.stream.write_all(bytes).is_ok() {}
    }

    /// The next record, which has to be of one fragment.
    pub fn receive(&mut self) -> Vec<u8> {
        let mut mark = [0; 4];
        self.stream.read_exact(&mut mark).expect("a reply comes");
        let mark = u32::from_be_bytes(mark);
        assert!(mark & 0x8000_0000 != 0, "one fragment");
        let mut record = vec![0; (mark & 0x7fff_ffff) as usize];
        self.stream.read_exact(&mut record).expect("a reply comes");
        record
    }

    pub fn call(&mut self, call: &[u8]) -> Vec<u8> {
        self.send(&record(call));
        self.receive()
    }

    /// Says that nothing more will be sent.
    pub fn finish_sending(&mut self) {
        self.stream.shutdown(Shutdown::Write).expect("the connection is there");
    }

    /// Waits until the server closes the connection, which must not say any more.
    pub fn expect_end(&mut self) {
        match self.stream.read(&mut [0; 64]) {
            Ok(0) => (),
            Ok(count) => panic!("{count} bytes more"),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => (),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Big-endian words.
pub fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A record of one fragment.
pub fn record(content: &[u8]) -> Vec<u8> {
    fragment(true, content)
}

pub fn fragment(last: bool, content: &[u8]) -> Vec<u8> {
    [words(&[content.len() as u32 | u32::from(last) << 31]), content.to_vec()].concat()
}

/// A call of (program, version, procedure) with AUTH_NONE.
pub fn call(xid: u32, (prog, vers, proc): (u32, u32, u32), args: &[u8]) -> Vec<u8> {
    [words(&[xid, 0, 2, prog, vers, proc, 0, 0, 0, 0]), args.to_vec()].concat()
}

pub fn null(xid: u32) -> Vec<u8> {
    call(xid, (100_003, 4, 0), &[])
}

pub fn compound(xid: u32, args: &[u8]) -> Vec<u8> {
    call(xid, (100_003, 4, 1), args)
}

/// An accepted reply with this `accept_stat`.
pub fn accepted(xid: u32, stat: u32, result: &[u8]) -> Vec<u8> {
    [words(&[xid, 1, 0, 0, 0, stat]), result.to_vec()].concat()
}
