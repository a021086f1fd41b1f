//! The server is killed and started again, with all that it has stored.

use super::{EPOCH, Run};
use lockhouse::state::{CallbackId, Config};

impl Run {
    /// All connections are gone. Everybody waits where it stood, as if it had asked just now; a call that was not answered
    /// keeps its slot and number, and waits for a connection.
    pub(super) fn restart(&mut self) {
        self.kept.take(&mut self.core);
        self.kept.check(&self.core);
        self.restarts += 1;
        self.core = self.kept.restore(Config::default(), EPOCH + self.restarts, self.now);
        self.plain.restart(self.now);
        for channel in &mut self.channels {
            (channel.connection, channel.faulty) = (None, false);
        }
        // The core names its calls again, in the order of sessions and slots.
        self.outstanding.sort_by_key(|outstanding| (outstanding.call.sessionid, outstanding.call.slotid));
        for (id, outstanding) in (1..).zip(&mut self.outstanding) {
            (outstanding.call.id, outstanding.sent) = (CallbackId(id), false);
        }
    }
}
