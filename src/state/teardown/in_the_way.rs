//! What is left of clients in teardown and in the way of somebody: who meets it takes it away, so much and no more.

use crate::nfs4::{ClientId, Filehandle, Range, ShareAccess, ShareDeny, Status, Time};
use crate::state::core::Core;
use crate::state::files::FileState;
use crate::state::files::queue::{LockRequest, Queue};

/// Most pieces of clients in teardown that one request takes out of its way, or looks at.
pub(in crate::state) const IN_THE_WAY_MAX: usize = 4096;

/// Waiters that stay where they are, and cost as much to be looked at as one thing to be taken away.
const WAITERS_FOR_ONE: usize = 8;

impl Core {
    /// Looks at files with waiters first: nobody waits for a client that is gone. Answers what is left of `most`.
    pub(super) fn look_at_waited(&mut self, now: Time, most: usize) -> usize {
        let mut left = most;
        while left > 0 && self.teardown.looks > 0 {
            let after = self.teardown.looked.take();
            let Some(number) = self.files.next_waited(after) else { break };
            left -= 1;
            let waiting = |core: &Self| core.files.at(number).map_or(0, |file| file.queue().len());
            let before = waiting(self);
            let mut any = self.clear_waiters(number);
            let paid = (before - waiting(self)) + before / WAITERS_FOR_ONE;
            let queue = self.files.at(number).map(FileState::queue);
            let requests: Vec<_> =
                queue.into_iter().flat_map(Queue::iter).map(|waiter| *waiter.request()).collect();
            if requests.is_empty() {
                self.files.forget_waited(number);
            }
            for request in &requests {
                any |= left > 0 && self.clear_ranges(number, request, &mut left);
            }
            if any && let Some(file) = self.files.at_mut(number) {
                file.queue_mut().unlocked(now, &mut self.effects, Range::WHOLE);
            }
            // What is more than a slice goes on in the next one.
            if any && left == 0 {
                self.teardown.looked = after;
                break;
            }
            left = left.saturating_sub(paid);
            self.teardown.looks -= 1;
            self.teardown.looked = Some(number);
        }
        left
    }

    /// Takes what clients in teardown hold against `request` off the file, and their waiters; a request takes `most` at most out
    /// of its way. Answers whether there was anything.
    pub(in crate::state) fn clear_way(
        &mut self,
        now: Time,
        number: u64,
        request: &LockRequest,
        most: &mut usize,
    ) -> bool {
        if self.teardown.is_empty() {
            return false;
        }
        let any = self.clear_ranges(number, request, most) | self.clear_waiters(number);
        if any && let Some(file) = self.files.at_mut(number) {
            file.queue_mut().unlocked(now, &mut self.effects, Range::WHOLE);
        }
        any
    }

    /// Looks at `most` ranges at most that are held against `request`, and takes off those of clients in teardown.
    fn clear_ranges(&mut self, number: u64, request: &LockRequest, most: &mut usize) -> bool {
        let Self { teardown, files, lock_owners, effects, .. } = self;
        let Some(file) = files.at_mut(number) else { return false };
        let mut looked = 0;
        let conflicts = file.ranges().conflicts(request.owner, request.range, request.kind).take(*most);
        let conflicts = conflicts.inspect(|_| looked += 1);
        let gone: Vec<_> = conflicts.filter(|held| teardown.has_owner(lock_owners, held)).collect();
        *most -= looked;
        for held in &gone {
            file.unlock_range(&mut effects.changes, held.owner, held.range);
        }
        !gone.is_empty()
    }

    /// Takes the waiters of clients in teardown out of the queue of a file.
    fn clear_waiters(&mut self, number: u64) -> bool {
        let Self { teardown, files, effects, .. } = self;
        let file = files.at_mut(number).filter(|file| !file.queue().is_empty());
        file.is_some_and(|file| file.queue_mut().forget_clients(effects, |id| teardown.has(id)))
    }

    /// Lets share reservations of clients in teardown count no more that exclude an open with (`access`, `deny`). Answers
    /// whether there were any. Errors: `Delay` when there are too many to find them all.
    pub(in crate::state) fn clear_shares(
        &mut self,
        fh: &Filehandle,
        access: ShareAccess,
        deny: ShareDeny,
    ) -> Result<bool, Status> {
        let Some(file) = self.files.get_mut(fh) else { return Ok(false) };
        let (mut looks, mut any) = (IN_THE_WAY_MAX, false);
        for (&id, client) in &mut self.teardown.clients {
            let (some, is_last_look) = file.unreserve_some(id, &mut looks, |serial| {
                let open = client.open(serial).filter(|open| open.excludes(access, deny))?;
                let shares = open.shares();
                client.unshare(serial);
                Some(shares)
            });
            any |= some;
            if is_last_look {
                return if file.forbids(access, deny) { Err(Status::Delay) } else { Ok(any) };
            }
            looks = looks.saturating_sub(1);
        }
        Ok(any)
    }

    /// Returns whether anybody who is there has the file open, or is about to.
    pub(in crate::state) fn is_in_use(&self, file: &FileState) -> bool {
        if self.teardown.is_empty() || !file.has_opens() {
            return true;
        }
        let mut from = Some(ClientId(0));
        while let Some(id) = from.and_then(|from| file.first_opener(from)) {
            if !self.teardown.has(id) {
                return true;
            }
            from = id.0.checked_add(1).map(ClientId);
        }
        false
    }
}
