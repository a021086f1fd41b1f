//! The event loop: lanes of one call in flight each, on a few connections, driven by one thread.
//!
//! A [`Script`] says what each lane calls next and takes the replies. All replies that a read brings are looked at, and
//! what they lead to leaves in one write, so a call costs a fraction of a system call where many are in flight.

use super::error::BenchError;
use super::tally::Tally;
use crate::client::{Callback, Pipeline, xid_of};
use rustix::event::{Timespec, epoll};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// How long the loop sleeps at most, so that lanes without a call are asked again.
const TICK: Duration = Duration::from_millis(10);
/// How long no reply may come while calls are in flight.
const PATIENCE: Duration = Duration::from_secs(60);

/// Decides what is said on each lane, and what becomes of the answers. Lanes are counted through all connections.
pub trait Script {
    /// Puts the next call of a lane into `out` under this xid; false when the lane has nothing to say now.
    fn call(&mut self, lane: usize, xid: u32, out: &mut Pipeline) -> bool;

    /// Takes the reply to the last call of a lane, which took `timing.nanos()`.
    fn reply(&mut self, lane: usize, record: &[u8], timing: Timing, tally: &mut Tally);

    /// Takes a call of the server, which was answered.
    fn called(&mut self, _callback: &Callback) {}

    /// Returns whether a reply on one lane may let others call at once.
    fn stirs(&self) -> bool {
        false
    }

    /// Takes the time, in nanoseconds of the engine's clock, before lanes are asked.
    fn now(&mut self, _now: u64) {}
}

/// Says when a call was sent and its reply read, in nanoseconds of the engine's clock.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// When it was handed to the socket.
    pub sent: u64,
    /// When the read that brought the reply came back.
    pub received: u64,
}

impl Timing {
    /// Returns how long it took, in nanoseconds.
    pub fn nanos(self) -> u64 {
        self.received.saturating_sub(self.sent)
    }
}

/// Runs the loop over its connections.
#[derive(Debug)]
pub struct Engine {
    epoll: OwnedFd,
    lines: Vec<Line>,
    start: Instant,
    tick: Duration,
    bursts: bool,
    /// Calls without a reply.
    in_flight: usize,
    /// When the last reply came, or the first call after a pause went.
    heard: u64,
}

/// A connection and its lanes.
#[derive(Debug)]
struct Line {
    pipeline: Pipeline,
    /// The first lane's number among all.
    first: usize,
    lanes: Vec<Lane>,
    /// Those with a call in flight.
    busy: usize,
    /// Low bits of an xid: the lane. The others count.
    lane_bits: u32,
    count: u32,
    /// Whether the socket took less than there was.
    clogged: bool,
}

/// One call in flight, or none.
#[derive(Clone, Copy, Debug, Default)]
struct Lane {
    xid: u32,
    sent: u64,
    busy: bool,
}

impl Engine {
    /// Creates a loop over these connections with so many lanes each.
    pub fn new(pipelines: Vec<Pipeline>, depth: usize) -> Result<Self, BenchError> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).map_err(BenchError::system("epoll"))?;
        let mut lines = Vec::with_capacity(pipelines.len());
        for (index, pipeline) in pipelines.into_iter().enumerate() {
            let data = epoll::EventData::new_u64(index as u64);
            epoll::add(&epoll, &pipeline, data, epoll::EventFlags::IN)
                .map_err(BenchError::system("epoll"))?;
            lines.push(Line::new(pipeline, index * depth, depth));
        }
        let start = Instant::now();
        Ok(Self { epoll, lines, start, tick: TICK, bursts: false, in_flight: 0, heard: 0 })
    }

    /// Sets how long the loop sleeps at most.
    pub fn set_tick(&mut self, tick: Duration) {
        self.tick = tick;
    }

    /// Lets the lanes of a connection call together, when all of them have their replies, instead of one by one.
    pub fn set_bursts(&mut self, bursts: bool) {
        self.bursts = bursts;
    }

    /// Returns the engine's clock, in nanoseconds.
    pub fn now(&self) -> u64 {
        self.start.elapsed().as_nanos() as u64
    }

    /// Runs for so long and leaves what is in flight in flight.
    pub fn run(
        &mut self,
        script: &mut impl Script,
        tally: &mut Tally,
        duration: Duration,
    ) -> Result<(), BenchError> {
        let end = self.now() + duration.as_nanos() as u64;
        self.run_while(script, tally, |_, now| now < end)
    }

    /// Runs as long as `go_on` says, which is asked after each round with the script and the time.
    pub fn run_while<S: Script>(
        &mut self,
        script: &mut S,
        tally: &mut Tally,
        mut go_on: impl FnMut(&S, u64) -> bool,
    ) -> Result<(), BenchError> {
        self.ask_idle(script)?;
        let mut now = self.now();
        let mut asked = now;
        self.heard = now;
        while go_on(script, now) {
            now = self.round(script, tally, true)?;
            if now.saturating_sub(asked) >= self.tick.as_nanos() as u64 || self.in_flight == 0 {
                self.ask_idle(script)?;
                asked = now;
            }
        }
        Ok(())
    }

    /// Runs until no lane has anything more to say.
    pub fn run_out(&mut self, script: &mut impl Script, tally: &mut Tally) -> Result<(), BenchError> {
        self.heard = self.now();
        self.ask_idle(script)?;
        while self.in_flight > 0 {
            self.round(script, tally, true)?;
        }
        Ok(())
    }

    /// Waits for all replies, and calls nothing more.
    pub fn drain(&mut self, script: &mut impl Script, tally: &mut Tally) -> Result<(), BenchError> {
        self.heard = self.now();
        while self.in_flight > 0 {
            self.round(script, tally, false)?;
        }
        Ok(())
    }

    /// Waits for replies or a tick, and takes what came; the time after it.
    fn round(&mut self, script: &mut impl Script, tally: &mut Tally, go_on: bool) -> Result<u64, BenchError> {
        const NOTHING: epoll::Event =
            epoll::Event { flags: epoll::EventFlags::empty(), data: epoll::EventData::new_u64(0) };
        let mut events = [NOTHING; 32];
        let timeout =
            Timespec { tv_sec: 0, tv_nsec: self.tick.min(Duration::from_millis(999)).as_nanos() as i64 };
        let count = match epoll::wait(&self.epoll, &mut events, Some(&timeout)) {
            Ok(count) => count,
            Err(rustix::io::Errno::INTR) => 0,
            Err(error) => return Err(BenchError::system("epoll")(error)),
        };
        if count == 0 {
            let now = self.now();
            let waited = Duration::from_nanos(now.saturating_sub(self.heard));
            return match self.in_flight > 0 && waited > PATIENCE {
                true => Err(BenchError::Silent { calls: self.in_flight, seconds: waited.as_secs() }),
                false => Ok(now),
            };
        }
        let mut called = false;
        for event in events.iter().take(count) {
            called |= self.take(event.data.u64() as usize, script, tally, go_on)?;
        }
        if go_on && (called || script.stirs()) {
            self.ask_idle(script)?;
        }
        Ok(self.heard)
    }

    /// Takes what came on one connection and sends what it leads to; whether the server called.
    fn take(
        &mut self,
        index: usize,
        script: &mut impl Script,
        tally: &mut Tally,
        go_on: bool,
    ) -> Result<bool, BenchError> {
        let Some(line) = self.lines.get_mut(index) else { return Ok(false) };
        let (mut called, before) = (false, line.busy);
        if line.pipeline.fill()? {
            let received = self.start.elapsed().as_nanos() as u64;
            self.heard = received;
            script.now(received);
            let one_by_one = go_on && !self.bursts;
            called = line.take_all(script, tally, received, one_by_one)?;
            if go_on && self.bursts && line.busy == 0 {
                line.ask_all(script);
            }
        }
        let sent = self.start.elapsed().as_nanos() as u64;
        line.send(&self.epoll, index, sent)?;
        self.in_flight = self.in_flight + line.busy - before;
        Ok(called)
    }

    /// Asks every lane without a call for one.
    fn ask_idle(&mut self, script: &mut impl Script) -> Result<(), BenchError> {
        script.now(self.now());
        for (index, line) in self.lines.iter_mut().enumerate() {
            let before = line.busy;
            if !self.bursts || line.busy == 0 {
                line.ask_all(script);
            }
            line.send(&self.epoll, index, self.start.elapsed().as_nanos() as u64)?;
            self.in_flight = self.in_flight + line.busy - before;
        }
        Ok(())
    }
}

impl Line {
    fn new(pipeline: Pipeline, first: usize, depth: usize) -> Self {
        let lanes = vec![Lane::default(); depth];
        let lane_bits = usize::BITS - depth.saturating_sub(1).leading_zeros();
        Self { pipeline, first, lanes, busy: 0, lane_bits, count: 1, clogged: false }
    }

    /// Lets every idle lane call.
    fn ask_all(&mut self, script: &mut impl Script) {
        for lane in 0..self.lanes.len() {
            self.ask(lane, script);
        }
    }

    /// Lets an idle lane call.
    fn ask(&mut self, index: usize, script: &mut impl Script) {
        let xid = (self.count << self.lane_bits) | index as u32;
        let Some(lane) = self.lanes.get_mut(index).filter(|lane| !lane.busy) else { return };
        if script.call(self.first + index, xid, &mut self.pipeline) {
            *lane = Lane { xid, sent: u64::MAX, busy: true };
            self.count = self.count.wrapping_add(1);
            self.busy += 1;
        }
    }

    /// Takes every whole record; with `go_on` the lane of each calls again.
    fn take_all(
        &mut self,
        script: &mut impl Script,
        tally: &mut Tally,
        received: u64,
        go_on: bool,
    ) -> Result<bool, BenchError> {
        let mut called = false;
        while let Some(record) = self.pipeline.record()? {
            let Some((xid, is_call)) = xid_of(record) else {
                tally.error("reply of a wrong length");
                continue;
            };
            if is_call {
                let record = record.to_vec();
                if let Some(callback) = self.pipeline.answer_call(&record) {
                    script.called(&callback);
                }
                called = true;
                continue;
            }
            let index = (xid & ((1 << self.lane_bits) - 1)) as usize;
            match self.lanes.get_mut(index) {
                Some(lane) if lane.busy && lane.xid == xid => {
                    lane.busy = false;
                    self.busy -= 1;
                    let timing = Timing { sent: lane.sent, received };
                    script.reply(self.first + index, record, timing, tally);
                }
                _ => tally.error("reply to no call"),
            }
            if go_on {
                self.ask(index, script);
            }
        }
        Ok(called)
    }

    /// Sends what there is and notes when; asks to be told when the socket takes more, if it did not take all.
    fn send(&mut self, epoll: &OwnedFd, index: usize, now: u64) -> Result<(), BenchError> {
        if !self.pipeline.has_unsent() {
            return Ok(());
        }
        self.lanes.iter_mut().filter(|lane| lane.sent == u64::MAX).for_each(|lane| lane.sent = now);
        let clogged = !self.pipeline.flush()?;
        if clogged != self.clogged {
            let out = if clogged { epoll::EventFlags::OUT } else { epoll::EventFlags::empty() };
            let data = epoll::EventData::new_u64(index as u64);
            epoll::modify(epoll, &self.pipeline, data, epoll::EventFlags::IN | out)
                .map_err(BenchError::system("epoll"))?;
            self.clogged = clogged;
        }
        Ok(())
    }
}
