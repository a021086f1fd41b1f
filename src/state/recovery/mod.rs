//! Recovery after a restart that lost state (RFC 7530 §9.6, RFC 8881 §8.4).

mod entitlements;
mod grace;

pub(in crate::state) use entitlements::Grace;
