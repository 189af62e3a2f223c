//! Carries out outputs in their order, each after the records that it depends on are written.

use core::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use turno_engine::Output;
use turno_ground::{Moment, Transmit, Transport};

use crate::engine_thread::{Ending, EngineThread};
use crate::net::udp::Sent;
use crate::rate::Ration;

/// Most outputs held before a write: several steps share one write, and no output waits long.
const HELD_A_WRITE_MAX: usize = 64;

/// How long the end of the thread waits for the disk.
const LAST_WRITE_SPAN_MAX: Duration = Duration::from_secs(2);

impl EngineThread {
    /// Takes the engine's outputs in their order: a fact comes before the outputs that depend on it.
    pub(super) fn drain_at(&mut self, now: Moment) {
        loop {
            match self.engine.poll_output() {
                Output::Keep(step) => {
                    if let Some(journal) = &mut self.journal {
                        journal.keep(&step);
                    }
                }
                Output::Record(at, fact) => {
                    if self.progress.batch.is_empty() {
                        self.progress.batch_at = now;
                    }
                    self.progress.batch.push((at, fact));
                    self.progress.last = self.progress.last.plus(1);
                }
                output @ (Output::Transmit(_)
                | Output::Media(_)
                | Output::Recording(_)
                | Output::Reply(_)
                | Output::Stopped) => {
                    self.pass(output, now);
                }
                Output::Idle(next) => {
                    debug_assert!(
                        self.journal.as_ref().is_none_or(|journal| journal.last_fact() == self.progress.last),
                        "a fact that is handed over stands in the journal at another position"
                    );
                    self.progress.deadline = next;
                    break;
                }
            }
        }
        if self.progress.held.len() >= HELD_A_WRITE_MAX {
            self.release(now);
        }
    }

    /// Carries an output out, or holds it back until its records are written.
    fn pass(&mut self, output: Output, now: Moment) {
        if let Some(journal) = &self.journal {
            let position = journal.position();
            if !self.progress.held.is_empty() || journal.has_unwritten() || !journal.is_safe(position) {
                self.progress.held.push_back((position, output));
                return;
            }
        }
        self.carry_out(output, now);
    }

    /// Writes the changes of the last steps, then carries out the outputs that waited for them.
    pub(super) fn release(&mut self, now: Moment) {
        if let Some(journal) = &mut self.journal {
            journal.write(now);
        }
        while let Some(output) = self.next_released() {
            self.carry_out(output, now);
        }
        if self.progress.held.is_empty() {
            self.progress.closed.drain(..).for_each(|flow| self.streams.let_go(&flow));
        }
    }

    fn next_released(&mut self) -> Option<Output> {
        let (position, _) = self.progress.held.front()?;
        let is_free = self.journal.as_ref().is_none_or(|journal| journal.is_safe(*position));
        is_free.then(|| self.progress.held.pop_front().map(|(_, output)| output)).flatten()
    }

    /// Handles the disk thread's answers, and restarts the journal after a failure.
    pub(super) fn turn_journal(&mut self, now: Moment) {
        if self.journal.as_mut().is_some_and(|journal| journal.turn(now)) {
            let images = self.images();
            if let Some(journal) = &mut self.journal {
                journal.mend(images, now);
            }
        }
        self.release(now);
    }

    /// The images of all rows of the engine.
    fn images(&mut self) -> Vec<turno_model::Row> {
        self.engine.images()
    }

    /// Closes the journal, and waits a moment until the held outputs have left.
    pub(super) fn end_journal(&mut self) {
        if let Some(journal) = &mut self.journal {
            journal.end(self.clock.now());
        }
        self.flush_journal();
    }

    /// Writes the recorded steps, and waits a moment until the held outputs have left.
    pub(super) fn flush_journal(&mut self) {
        let begin = self.clock.now();
        self.release(begin);
        while !self.progress.held.is_empty() && self.clock.now().since(begin) < LAST_WRITE_SPAN_MAX {
            let mut bell = [PollFd::from_borrowed_fd(self.inbox.bell(), PollFlags::IN)];
            let _ = poll(&mut bell, Some(&Timespec { tv_sec: 0, tv_nsec: 50_000_000 }));
            self.inbox.answer_bell();
            self.turn_journal(self.clock.now());
        }
    }

    /// Wakes the media thread once for the commands of several turns: each wake-up costs two context switches.
    pub(super) fn wake_media(&mut self) {
        if self.progress.media_at.take().is_some() {
            self.voices.wake();
        }
    }

    fn transmit(&self, transmit: &Transmit) {
        match transmit.flow.transport {
            Transport::Udp => match self.udp.send(transmit) {
                Sent::Taken => {}
                Sent::Refused => self.meters.unsent.refused.inc(),
                Sent::NoSocket => {
                    static LINES: Ration = Ration::new();
                    self.meters.unsent.no_socket.inc();
                    if let Some(held_back) = LINES.admit(self.clock.now()) {
                        tracing::warn!(flow = ?transmit.flow, held_back, "no listening socket can reach this peer");
                    }
                }
            },
            Transport::Tcp | Transport::Tls | Transport::Ws | Transport::Wss => {
                if !self.streams.send(transmit) {
                    self.meters.unsent.stream.inc();
                }
            }
        }
    }

    fn carry_out(&mut self, output: Output, now: Moment) {
        match output {
            Output::Transmit(transmit) => {
                self.transmit(&transmit);
                if let Some(gathering) = self.gathering_with_room() {
                    gathering.sent(transmit.flow, transmit.bytes, now);
                }
            }
            Output::Media(command) => {
                self.voices.post(command);
                self.progress.media_at = Some(self.progress.media_free_at);
            }
            Output::Recording(order) => self.recorder.post(order),
            Output::Reply(reply) => {
                if let Some(answer) = self.progress.answers.remove(&reply.command) {
                    let _ = answer.try_send(reply.result);
                }
            }
            Output::Stopped => self.progress.ending = Ending::Ended,
            // These are never held.
            Output::Keep(_) | Output::Record(..) | Output::Idle(_) => {}
        }
    }
}
