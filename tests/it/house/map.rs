//! The tables that the rules of the house are about.

/// Which rooms a room may name, as in the table of docs/ARCHITECTURE.md.
pub const EDGES: &[(&str, &[&str])] = &[
    ("nfs4", &[]),
    ("xdr", &["nfs4"]),
    ("rpc", &["nfs4", "commits", "clock"]),
    ("ranges", &["nfs4"]),
    // The one owner of the byte format of records, for both ends: the state writes it, the store keeps it.
    ("batch", &[]),
    ("state", &["nfs4", "ranges", "batch"]),
    ("files", &["nfs4"]),
    ("sync", &[]),
    ("commits", &["sync"]),
    ("clock", &["nfs4"]),
    ("store", &["batch", "commits"]),
    ("compound", &["nfs4", "xdr", "ops"]),
    ("ops", &["nfs4", "xdr", "state", "files"]),
    ("transport", &["nfs4", "rpc", "commits", "clock", "sync"]),
    ("host", &["compound", "nfs4", "xdr", "state", "store", "files", "rpc", "transport", "commits", "clock"]),
    ("client", &["nfs4", "xdr"]),
    ("bench", &["client", "nfs4", "xdr"]),
    ("config", &["files", "log", "nfs4"]),
    ("log", &[]),
];

/// The room that may name all others: it puts the program together.
pub const COMPOSITION: &str = "cli";

/// The rooms without I/O, clocks and randomness.
pub const PURE: &[&str] = &["nfs4", "ranges", "batch", "state"];

/// The crates that a pure room may name beside the standard library.
pub const PURE_CRATES: &[&str] =
    &["hashbrown", "postcard", "serde", "serde_json", "siphasher", "smallvec", "thiserror"];

/// What a pure room must not name in the standard library, and everything below it. The maps are here for their default
/// hasher, which is seeded at random.
pub const IMPURE: &[&str] = &[
    "std::collections::HashMap",
    "std::collections::HashSet",
    "std::collections::hash_map",
    "std::collections::hash_set",
    "std::env",
    "std::fs",
    "std::hash::RandomState",
    "std::io",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::thread_local",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::time::UNIX_EPOCH",
];

/// The macros that a pure room must not invoke.
pub const IMPURE_MACROS: &[&str] =
    &["eprint", "eprintln", "env", "option_env", "print", "println", "thread_local"];

/// What pure rooms name all the same: room, path, and why it does no harm.
pub const IMPURE_ALLOWED: &[(&str, &str, &str)] = &[];

/// The parents of modules that name each other in circles which are still to be opened.
pub const CIRCLES_ALLOWED: &[&str] = &["state"];

/// Most lines of a file.
pub const FILE_LINES_MAX: usize = 400;

/// The files that are longer still.
pub const LONG_FILES: &[&str] = &[];

/// Most lines of a function.
pub const FUNCTION_LINES_MAX: usize = 60;

/// The functions that are longer still.
pub const LONG_FUNCTIONS: &[&str] = &[];
