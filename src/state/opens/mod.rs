//! Opens, open_owners and what access they give.

mod access;
mod close;
mod open;
mod open_owner;
mod open_owners;
mod owner_seqid;
mod reply;

pub use access::IoRight;
pub use open::{OpenBegin, OpenCommit, OpenTicket, OpenTurn};
pub use open_owner::Numbered;
pub(in crate::state) use open_owner::{OpenOwnerState, OpenState};
pub(in crate::state) use open_owners::OpenOwners;
pub use owner_seqid::Digest;
#[cfg(test)]
pub(in crate::state) use owner_seqid::advances;
pub(in crate::state) use owner_seqid::{LastReply, SeqidCheck, Sequence};
pub use reply::{OpenEffects, OpenReply};
