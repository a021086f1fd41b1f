//! The file descriptors of the process.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::sync::LazyLock;

/// Returns how many descriptors this process may have; raises the limit to what is allowed at the first call.
pub(super) fn descriptors_max() -> u64 {
    static DESCRIPTORS_MAX: LazyLock<u64> = LazyLock::new(|| {
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit { current: limit.maximum, ..limit };
        match setrlimit(Resource::Nofile, raised) {
            Ok(()) => raised.current,
            Err(error) => {
                tracing::warn!(%error, "cannot raise the limit of open files");
                limit.current
            }
        }
        .unwrap_or(u64::MAX)
    });
    *DESCRIPTORS_MAX
}
