//! Flavors of authentication, credentials as they are sent, and why they are refused (RFC 5531 §8.2, §9).

/// No authentication.
pub const AUTH_NONE: u32 = 0;
/// User and groups as the client says.
pub const AUTH_SYS: u32 = 1;
/// A short name that a server gave for an AUTH_SYS credential; we never do.
pub const AUTH_SHORT: u32 = 2;

/// Holds an `opaque_auth`: a credential or a verifier, as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpaqueAuth<'a> {
    /// `auth_flavor`.
    pub flavor: u32,
    /// What its flavor makes of it, at most `AUTH_BODY_BYTES_MAX` bytes.
    pub body: &'a [u8],
}

/// Says why a credential or verifier is refused: `auth_stat` (RFC 5531 §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum AuthStat {
    /// `AUTH_BADCRED`: the credential cannot be decoded.
    BadCred = 1,
    /// `AUTH_REJECTEDCRED`: the client must start again with a full credential.
    RejectedCred = 2,
    /// `AUTH_BADVERF`: the verifier cannot be decoded, or does not belong to the credential.
    BadVerf = 3,
    /// `AUTH_REJECTEDVERF`: the verifier has expired or was used before.
    RejectedVerf = 4,
    /// `AUTH_TOOWEAK`: not a way to authenticate here.
    TooWeak = 5,
}

impl AuthStat {
    /// Returns the number on the wire.
    pub const fn number(self) -> u32 {
        self as u32
    }
}
