//! Constants of the configuration, and checks of single values. Their errors are texts for the user.

use crate::nfs4::{check_component, check_utf8};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;

/// The port that IANA assigned to NFS.
pub const NFS_PORT: u16 = 2049;
/// The default listening address.
pub const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), NFS_PORT);
/// The default lease time in seconds.
pub const LEASE_SECONDS_DEFAULT: u32 = 90;
/// Allowed lease times in seconds.
pub const LEASE_SECONDS: RangeInclusive<u32> = 1..=3600;
/// Longest boot ID, in bytes.
const BOOT_ID_BYTES_MAX: usize = 64;
/// Allowed grace times in seconds.
pub const GRACE_SECONDS: RangeInclusive<u32> = 0..=3600;

/// Checks the name of an export.
pub fn check_export_name(name: &str) -> Result<(), String> {
    match check_component(name.as_bytes()).and_then(check_utf8) {
        Ok(_) => Ok(()),
        Err(_) => {
            Err(format!("{name:?} cannot be the name of an export: it must be a file name without a slash"))
        }
    }
}

/// Checks a boot ID.
pub fn check_boot_id(text: &str) -> Result<String, String> {
    let fine =
        (1..=BOOT_ID_BYTES_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    let wrong = || format!("{text:?} is not 1 to {BOOT_ID_BYTES_MAX} printable characters without spaces");
    fine.then(|| text.to_owned()).ok_or_else(wrong)
}

/// Parses `on` or `off`.
pub fn parse_switch(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(format!("{text:?} is neither \"on\" nor \"off\"")),
    }
}

/// Parses `ADDR:PORT`.
pub fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is not ADDR:PORT such as 0.0.0.0:2049 or [::1]:2049"))
}

/// Checks that a number of seconds is in the range `allowed`.
pub fn check_seconds(seconds: i64, allowed: RangeInclusive<u32>) -> Result<u32, String> {
    let fits = u32::try_from(seconds).ok().filter(|seconds| allowed.contains(seconds));
    fits.ok_or_else(|| format!("{seconds} is not between {} and {} seconds", allowed.start(), allowed.end()))
}
