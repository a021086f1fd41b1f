//! RFC 7862: NFSv4.2. All of its operations are optional: one that answers NFS4ERR_NOTSUPP is not judged, unless the
//! server is ours and must have it.

mod section_15_11_seek;
mod section_15_2_copy;
mod section_15_refused;
