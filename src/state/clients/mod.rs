//! Clients: who they are, their leases, and what their stateids name.

mod client;
mod exchange_id;
mod holdings;
mod lease;
mod lease_table;
mod serials;
mod setclientid;
mod states;
mod table;

pub use client::Callback;
pub(in crate::state) use client::{Client, Identity, Unconfirmed};
pub use exchange_id::{ClientExchanged, ExchangeId};
pub use setclientid::{SetClientid, SetClientidRefused};
pub(in crate::state) use states::{State, States, check_stateid, check_version};
pub(in crate::state) use table::Clients;
