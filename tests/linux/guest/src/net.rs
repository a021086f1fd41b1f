//! The network card of the guest: address, state and default route.

use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::AsRawFd;

use nix::libc;

use crate::reply::Trouble;

/// The router of QEMU's user network, which is also the host's loopback.
const ROUTER: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 2);
const NETMASK: Ipv4Addr = Ipv4Addr::new(255, 255, 255, 0);

/// `struct ifreq` with the member that SIOCSIFADDR and SIOCSIFNETMASK take.
#[repr(C)]
struct AddressRequest {
    name: [libc::c_char; libc::IFNAMSIZ],
    address: libc::sockaddr_in,
    rest: [u8; 8],
}

/// `struct ifreq` with the member that SIOCSIFFLAGS takes.
#[repr(C)]
struct FlagsRequest {
    name: [libc::c_char; libc::IFNAMSIZ],
    flags: libc::c_short,
    rest: [u8; 22],
}

/// Gives `eth0` its address, starts it and `lo`, and routes everything else to the router.
pub fn configure(address: &str) -> Result<(), Trouble> {
    let address: Ipv4Addr = address.parse().map_err(|_| Trouble::new("LH_ADDRESS is no IPv4 address"))?;
    start("lo")?;
    request(libc::SIOCSIFADDR, &address_request("eth0", address))?;
    request(libc::SIOCSIFNETMASK, &address_request("eth0", NETMASK))?;
    start("eth0")?;
    add_default_route()
}

fn start(card: &str) -> Result<(), Trouble> {
    let flags = (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
    request(libc::SIOCSIFFLAGS, &FlagsRequest { name: name_of(card), flags, rest: [0; 22] })
}

fn address_request(card: &str, address: Ipv4Addr) -> AddressRequest {
    AddressRequest { name: name_of(card), address: socket_address(address), rest: [0; 8] }
}

#[allow(unsafe_code, reason = "rtentry has no other constructor")]
fn add_default_route() -> Result<(), Trouble> {
    // SAFETY: `rtentry` is plain data (numbers, addresses, a pointer that may be null); zeros are a value of it.
    let mut route: libc::rtentry = unsafe { std::mem::zeroed() };
    route.rt_dst = generic(socket_address(Ipv4Addr::UNSPECIFIED));
    route.rt_genmask = generic(socket_address(Ipv4Addr::UNSPECIFIED));
    route.rt_gateway = generic(socket_address(ROUTER));
    route.rt_flags = libc::RTF_UP | libc::RTF_GATEWAY;
    request(libc::SIOCADDRT, &route)
}

fn name_of(card: &str) -> [libc::c_char; libc::IFNAMSIZ] {
    let mut name = [0; libc::IFNAMSIZ];
    for (to, from) in name.iter_mut().zip(card.bytes()) {
        *to = from as libc::c_char;
    }
    name
}

fn socket_address(address: Ipv4Addr) -> libc::sockaddr_in {
    libc::sockaddr_in {
        sin_family: libc::AF_INET as libc::sa_family_t,
        sin_port: 0,
        sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes(address.octets()) },
        sin_zero: [0; 8],
    }
}

#[allow(unsafe_code, reason = "the C library has two shapes for one address")]
fn generic(address: libc::sockaddr_in) -> libc::sockaddr {
    // SAFETY: both are 16 bytes of plain data that begin with the family, which says how to read the rest.
    unsafe { std::mem::transmute(address) }
}

#[allow(unsafe_code, reason = "ioctl")]
fn request<T>(code: libc::c_ulong, argument: &T) -> Result<(), Trouble> {
    let socket = UdpSocket::bind(("0.0.0.0", 0))?;
    // SAFETY: `argument` is the structure that `code` takes, at least as long as the kernel reads, and alive.
    let answer = unsafe { libc::ioctl(socket.as_raw_fd(), code as _, std::ptr::from_ref(argument)) };
    nix::errno::Errno::result(answer)?;
    Ok(())
}
