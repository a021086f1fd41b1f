//! Where a 4.0 client wants to be called back.

use crate::state::clients::Callback;
use crate::state::records::text::text;
use serde::{Deserialize, Serialize};

/// Stores a `cb_client4` and its `callback_ident`.
#[derive(Debug, Serialize, Deserialize)]
pub struct CallbackPart<'a> {
    program: u32,
    #[serde(borrow, serialize_with = "text")]
    netid: &'a [u8],
    #[serde(serialize_with = "text")]
    addr: &'a [u8],
    ident: u32,
}

impl<'a> CallbackPart<'a> {
    /// Returns what is stored.
    pub fn new(callback: &'a Callback) -> Self {
        let Callback { program, netid, addr, ident } = callback;
        Self { program: *program, netid, addr, ident: *ident }
    }

    /// Returns what was stored.
    pub fn value(&self) -> Callback {
        let Self { program, netid, addr, ident } = *self;
        Callback { program, netid: netid.into(), addr: addr.into(), ident }
    }
}
