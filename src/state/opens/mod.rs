//! Opens, open_owners and what access they give.

mod access;
mod close;
mod open;
mod open_owner;
mod open_owners;
mod open_state;
mod owner_seqid;
mod reply;

pub use access::IoRight;
pub use open::{OpenBegin, OpenCommit, OpenTicket, OpenTurn};
pub use open_owner::Numbered;
pub(in crate::state) use open_owner::OpenOwnerState;
pub(in crate::state) use open_owners::OpenOwners;
pub(in crate::state) use open_state::OpenState;
pub use owner_seqid::Digest;
#[cfg(test)]
pub(in crate::state) use owner_seqid::advances;
pub(in crate::state) use owner_seqid::{LastReply, SeqidCheck, Sequence};
pub use reply::{OpenEffects, OpenReply};
