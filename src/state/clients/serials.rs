//! Serials of a client's stateids.

/// How many serials are stored as given out at once, so that most need no record of it.
const SERIALS_AT_ONCE: u32 = 1024;

/// Numbers the states of a client.
#[derive(Debug)]
pub(super) struct Serials {
    /// The last serial that was given out.
    last: u32,
    /// No serial from here on was given out, as the records have it.
    end: u32,
}

impl Default for Serials {
    fn default() -> Self {
        Self::after(1)
    }
}

impl Serials {
    /// Continues at `end`, from which on none was given out before a restart.
    pub fn after(end: u32) -> Self {
        Self { last: end.wrapping_sub(1), end }
    }

    /// Returns the serial from which on none was given out, as the records have it.
    pub fn end(&self) -> u32 {
        self.end
    }

    /// Takes the next serial. Answers whether [`Serials::end`] has changed, which must be stored.
    pub fn next(&mut self) -> (u32, bool) {
        self.last = self.last.wrapping_add(1);
        let is_new_block = self.last == self.end;
        if is_new_block {
            self.end = self.end.wrapping_add(SERIALS_AT_ONCE);
        }
        (self.last, is_new_block)
    }
}
