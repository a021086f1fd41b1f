//! RFC 5531: ONC RPC version 2.
