//! Clients: who they are, their leases, and what their stateids name.

mod client;
mod exchange_id;
mod lease;
mod lease_table;
mod setclientid;
mod states;

pub use client::Callback;
pub(in crate::state) use client::{Client, Clients, Unconfirmed};
pub use exchange_id::{ClientExchanged, ExchangeId};
pub use setclientid::{SetClientid, SetClientidRefused};
pub(in crate::state) use states::{State, States, check_stateid, check_version};
