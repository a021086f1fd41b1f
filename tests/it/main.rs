//! Tests from outside: the binary, its files, and a server over real sockets.

#![allow(
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect should fail, also in its helpers"
)]

mod bench;
mod binding;
mod cli;
mod commits;
mod config;
mod fixtures;
mod gap;
mod golden;
mod guest_log;
mod house;
mod house_state;
mod memory;
mod overlay;
mod pages;
mod peer;
mod process;
mod replay;
mod rpc;
mod same_name;
mod service;
mod state;
mod stop;
mod words;
