//! RFC 7862 and RFC 8276: NFSv4.2 and extended attributes.
