//! RFC 4506: XDR.

mod section_4_10_sizes;
