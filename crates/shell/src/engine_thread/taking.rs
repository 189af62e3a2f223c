//! Takes in what was received: sockets and inbox are emptied first, then running calls go before new ones.

use std::sync::Arc;

use bytes::Bytes;
use turno_engine::Input;
use turno_ground::{Flow, Moment};
use turno_model::Plan;

use crate::engine_thread::inbox::EngineMessage;
use crate::engine_thread::{Ending, EngineThread, resting};
use crate::net::priority_queue::{Staged, Turn, What};

/// Most datagrams read from one socket before the lines are served again.
const DATAGRAMS_A_TURN_MAX: usize = 512;

/// Most messages taken from the inbox before the sockets are read again.
const MESSAGES_A_TURN_MAX: usize = 256;

impl EngineThread {
    /// Takes in what was received and handles the most urgent. True if there is more to do at once.
    pub(super) fn take_in(&mut self) -> bool {
        let mut more = self.take_datagrams();
        more |= self.take_messages();
        self.take_up();
        more || !self.receive_queue.priority.is_empty()
    }

    fn take_datagrams(&mut self) -> bool {
        let mut more = false;
        if self.progress.pause.is_some() {
            // Datagrams stay in the sockets for the process that serves next.
            return false;
        }
        for place in 0..self.receive_queue.sockets.len() {
            let (may_hold, since) = self.receive_queue.sockets[place];
            if !may_hold {
                continue;
            }
            let mut left = DATAGRAMS_A_TURN_MAX;
            while left > 0 {
                let Some((flow, bytes)) = self.udp.receive(place) else { break };
                if self.receive_queue.priority.put(flow, bytes, since).is_err() {
                    self.meters.overload.dropped.inc();
                }
                left -= 1;
            }
            let is_empty = left > 0;
            self.receive_queue.sockets[place] =
                if is_empty { (false, self.clock.now()) } else { (true, since) };
            more |= !is_empty;
        }
        // A socket seen empty is not read again before the sleep, but while there is work something may arrive.
        if !self.receive_queue.priority.is_empty() {
            self.receive_queue.sockets.iter_mut().for_each(|socket| socket.0 = true);
        }
        more
    }

    fn take_messages(&mut self) -> bool {
        self.inbox.answer_bell();
        let since = self.receive_queue.inbox_empty_at;
        for _ in 0..MESSAGES_A_TURN_MAX {
            let Some(message) = self.inbox.take() else {
                self.receive_queue.inbox_empty_at = self.clock.now();
                return false;
            };
            let now = self.clock.now();
            match message {
                EngineMessage::Message(flow, bytes) => {
                    // A message of a stream is never dropped, because it is not retransmitted.
                    if let Err((flow, bytes)) = self.receive_queue.priority.put(flow, bytes, since) {
                        self.engine.waited(now.since(since), now);
                        self.take_message(flow, &bytes, now);
                    }
                }
                EngineMessage::FlowClosed(flow) => self.receive_queue.priority.put_closed(flow, since),
                EngineMessage::SignedIn(flow, agent) => self.step(Input::SignedIn(flow, agent), now),
                EngineMessage::SignedOut(flow) => self.step(Input::SignedOut(flow), now),
                EngineMessage::SeatOf(agent, answer) => {
                    let _ = answer.try_send(self.engine.seat_of(agent));
                }
                EngineMessage::Media(event) => self.step(Input::Media(event), now),
                EngineMessage::Command(by, command, why, answer) => {
                    self.take_command((by, command, why), answer, now);
                }
                EngineMessage::Recording(event) => self.step(Input::Recording(event), now),
                EngineMessage::Bans(answer) => {
                    let _ = answer.try_send((self.engine.bans(now), now));
                }
                EngineMessage::CallerLists(answer) => {
                    let _ = answer.try_send((self.engine.callers_listed(), now));
                }
                EngineMessage::Skills(agent, answer) => {
                    let _ = answer.try_send((self.engine.skills_seen(agent), now));
                }
                EngineMessage::Callbacks(answer) => {
                    let _ = answer.try_send(self.engine.callbacks_seen());
                }
                EngineMessage::Breaks(answer) => {
                    let _ = answer.try_send(self.engine.breaks_seen());
                }
                EngineMessage::ExpectedWait(contact, answer) => {
                    let _ = answer.try_send(self.engine.expected_wait(contact, now));
                }
                EngineMessage::Replan(plan, answer) => {
                    let _ = answer.try_send(self.replan(plan, now));
                }
                // If this process is ending, a pause is not granted.
                EngineMessage::Pause(pause) if self.progress.ending == Ending::Serving => {
                    self.progress.pause = Some((pause, now + resting::FINISH_SPAN_MAX));
                }
                EngineMessage::Pause(_) => {}
                EngineMessage::Halt => {
                    self.begin_closing(now);
                    self.progress.ending = Ending::Ended;
                }
            }
        }
        true
    }

    /// Uses another plan. Its index is in the journal before any record that uses it.
    fn replan(&mut self, plan: Arc<Plan>, now: Moment) -> Result<usize, String> {
        if let Some(journal) = &mut self.journal {
            journal.move_to(&plan, now);
        }
        let done = self.engine.replan(plan, now);
        self.drain_at(now);
        done.map(|()| self.engine.skills_changed())
    }

    fn take_up(&mut self) {
        let mut turn = Turn::begin(self.clock.now());
        loop {
            let now = self.clock.now();
            let Some(staged) = self.receive_queue.priority.next(&mut turn, now) else { break };
            if staged.is_fresh {
                self.engine.waited(now.since(staged.since), now);
            }
            self.take_staged(&staged, now);
        }
    }

    fn take_staged(&mut self, staged: &Staged, now: Moment) {
        match &staged.what {
            What::Message(flow, bytes) => self.take_message(*flow, bytes, now),
            What::FlowClosed(flow) => {
                self.step(Input::FlowClosed(*flow), now);
                self.progress.closed.push(*flow);
            }
        }
    }

    fn take_message(&mut self, flow: Flow, bytes: &Bytes, now: Moment) {
        if let Some(gathering) = self.gathering_with_room() {
            gathering.received(flow, bytes, now);
        }
        self.step(Input::Datagram(turno_ground::Datagram { flow, bytes }), now);
    }
}
