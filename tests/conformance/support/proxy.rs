//! A proxy between one client and the server that breaks connections, at moments that a seed decides.

use rustix::net::{self, AddressFamily, SocketType, sockopt};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Random numbers that are the same for the same seed (xorshift64*).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Any seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) % bound
    }
}

/// Takes connections of one client and passes them on from one and the same port, as an NFSv4.0 server's duplicate
/// request cache wants it. Ends when dropped.
pub struct Proxy {
    /// Where the client connects.
    pub addr: SocketAddr,
    stop: Arc<AtomicBool>,
    broken: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

/// How long a reply of the server is waited for.
const SILENCE: Duration = Duration::from_secs(20);

/// What happens to a call.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Pass,
    /// It never reaches the server.
    LoseCall,
    /// It reaches the server, and the connection is gone before or while it is executed.
    CutBehindCall,
    /// It is executed, and its reply never reaches the client.
    LoseReply,
}

impl Proxy {
    /// A proxy to the server at `target`; about one call in `one_in` loses its connection.
    pub fn start(target: &str, seed: u64, one_in: u64) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let addr = listener.local_addr().expect("an address");
        let target = target.to_socket_addrs().expect("the target").next().expect("an address");
        let (stop, broken) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (stopped, count) = (Arc::clone(&stop), Arc::clone(&broken));
        let thread = std::thread::spawn(move || {
            let mut random = Random::new(seed);
            let mut port = 0;
            for client in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let server = connect_from(&mut port, target).expect("the same port again");
                // A client that goes away ends it as well.
                let broken = client.and_then(|client| carry(client, server, &mut random, one_in));
                count.fetch_add(u64::from(broken.is_ok()), Ordering::Relaxed);
            }
        });
        Self { addr, stop, broken, thread: Some(thread) }
    }

    /// How many connections it has broken.
    pub fn broken(&self) -> u64 {
        self.broken.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let woken = TcpStream::connect(self.addr).is_ok();
        if let (true, Some(thread)) = (woken, self.thread.take()) {
            let _ = thread.join();
        }
    }
}

/// Connects from `port`, or from a free one, which is then written there.
fn connect_from(port: &mut u16, target: SocketAddr) -> io::Result<TcpStream> {
    let mut last = io::Error::other("not tried");
    for _ in 0..100 {
        match try_connect_from(port, target) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Err(last)
}

fn try_connect_from(port: &mut u16, target: SocketAddr) -> io::Result<TcpStream> {
    let (family, any): (_, SocketAddr) = match target {
        SocketAddr::V4(_) => (AddressFamily::INET, (Ipv4Addr::UNSPECIFIED, *port).into()),
        SocketAddr::V6(_) => (AddressFamily::INET6, (Ipv6Addr::UNSPECIFIED, *port).into()),
    };
    let socket = net::socket(family, SocketType::STREAM, None)?;
    sockopt::set_socket_reuseaddr(&socket, true)?;
    // Closing resets the connection, so that its port can be used again at once.
    sockopt::set_socket_linger(&socket, Some(Duration::ZERO))?;
    net::bind(&socket, &any)?;
    net::connect(&socket, &target)?;
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true)?;
    *port = stream.local_addr()?.port();
    Ok(stream)
}

/// Carries calls and replies until it breaks the connection; an error when somebody else did.
fn carry(mut client: TcpStream, mut server: TcpStream, random: &mut Random, one_in: u64) -> io::Result<()> {
    client.set_nodelay(true)?;
    // Else a server that answers nothing would keep this thread for ever.
    server.set_read_timeout(Some(SILENCE))?;
    loop {
        let call = read_record(&mut client)?;
        let fate = match random.below(one_in * 3) {
            0 => Fate::LoseCall,
            1 => Fate::CutBehindCall,
            2 => Fate::LoseReply,
            _ => Fate::Pass,
        };
        if let Fate::LoseCall = fate {
            return Ok(());
        }
        server.write_all(&call)?;
        if let Fate::CutBehindCall = fate {
            return Ok(());
        }
        let reply = read_record(&mut server)?;
        if let Fate::LoseReply = fate {
            return Ok(());
        }
        client.write_all(&reply)?;
    }
}

/// A whole record with its marks.
fn read_record(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut record = Vec::new();
    loop {
        let mut mark = [0; 4];
        stream.read_exact(&mut mark)?;
        let mark_value = u32::from_be_bytes(mark);
        let start = record.len() + 4;
        record.extend_from_slice(&mark);
        record.resize(start + (mark_value & 0x7fff_ffff) as usize, 0);
        stream.read_exact(&mut record[start..])?;
        if mark_value >> 31 == 1 {
            return Ok(record);
        }
    }
}
