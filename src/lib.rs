//! Lockhouse: an NFSv4 server whose product is the lock.
//!
//! Modules in the order in which a request flows through them:
//!
//! ```text
//! bytes → rpc → xdr → compound → ops → state (and files) → result → transport → bytes
//! ```
//!
//! - [`xdr`] bytes ⇄ values, every length bounded
//! - [`rpc`] record marking, call and reply headers, credentials (RFC 5531)
//! - [`nfs4`] the checked vocabulary: stateids, ranges, filehandles, statuses
//! - [`compound`] one COMPOUND: order of operations, limits
//! - [`ops`] one file per operation, and what each sees: current and saved filehandle
//! - [`state`] the sans-I/O core: clients, owners, stateids, opens, locks, waiters
//! - [`ranges`] byte-range sets, a pure data structure
//! - [`files`] exports: real directories and the memory tree
//! - [`batch`] changes of records and their byte format, which `state` writes and `store` keeps
//! - [`store`] keyed records, committed atomically, that outlive the process
//! - [`clock`] the clock of an instance, which stands still while the server does not run
//! - [`transport`] the only asynchronous code: listener, connections, the sleep until an alarm
//! - [`commits`] numbers of commits, and how far they are durable
//! - [`host`] an instance of the server: state and files together, commits, restart
//! - `client` our own NFSv4 client, for tests and load (feature `client`)
//! - `bench` load on any server, and figures about it (feature `bench`)
//!
//! `docs/ARCHITECTURE.md` says what each room must not know.

/// The version and, where it is known, the commit that this was built from.
pub const VERSION: &str = env!("LOCKHOUSE_VERSION");

pub mod batch;
#[cfg(feature = "bench")]
pub mod bench;
pub mod cli;
#[cfg(feature = "client")]
pub mod client;
pub mod clock;
pub mod commits;
pub mod compound;
pub mod config;
pub mod files;
pub mod host;
pub mod log;
pub mod nfs4;
pub mod ops;
pub mod ranges;
pub mod rpc;
pub mod state;
pub mod store;
pub mod sync;
pub mod transport;
pub mod xdr;
