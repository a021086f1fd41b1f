//! ONC RPC over a byte stream (RFC 5531), without a socket: records, call and reply headers, credentials.
//!
//! - [`record`] bytes of a TCP connection ⇄ records
//! - [`message`] a record → [`Call`], and the heads of replies
//! - [`flavor`] credentials as they are sent; [`auth`] credential → [`Identity`]
//!
//! Everything read is parsed with `nom`, borrowed from the record, and nothing here allocates more than what arrived.

mod arrival;
pub mod auth;
mod dispatch;
pub mod flavor;
pub mod message;
pub mod record;
mod replay_cache;
mod service;
mod wire;

pub use arrival::{Arrival, Expected, Origin, Replies, ReplyTo};
pub use auth::{Identity, LastCredential, authenticate};
pub use dispatch::{BlockingCall, Dispatched, Dispatcher, Executed, Keyed, Round};
pub use flavor::{AuthStat, OpaqueAuth};
pub use message::{
    Accepted, Call, Denied, Refusal, Reply, parse_call, parse_reply, put_accepted, put_call, put_denied,
};
pub use record::{RecordAssembler, RecordError, RecordLimits, begin_record, finish_record};
pub use replay_cache::{Admission, ReplayCache, ReplayKey, ReplayLimits};
pub use service::{CallContext, Committed, GarbageArgs, OutgoingCall, Service, next_alarm};
