//! Carries out the outputs of the engine in the world.

use core::time::Duration;

use turno_engine::Output;
use turno_ground::{Moment, Transmit, Transport};
use turno_model::{Fact, Step};

use crate::network::Packet;
use crate::world::World;

impl World {
    pub(crate) fn drain(&mut self) {
        let mut has_left = false;
        loop {
            match self.engine.poll_output() {
                Output::Keep(step) => {
                    assert!(!has_left, "something has left before what allows it was written");
                    self.writes(&step);
                }
                // With a journal, the facts are read from the written step.
                Output::Record(..) if self.disk.is_some() => {}
                Output::Record(at, fact) => self.record(at, &fact),
                Output::Idle(wake) => {
                    let late = u64::try_from(self.lateness.as_micros()).unwrap_or(0);
                    self.wake =
                        wake.map(|at| self.clocks.when(at) + Duration::from_micros(self.rng.below(late)));
                    break;
                }
                output @ (Output::Transmit(_)
                | Output::Media(_)
                | Output::Recording(_)
                | Output::Reply(_)
                | Output::Stopped) => {
                    has_left = true;
                    self.lets_out(output);
                }
            }
        }
    }

    /// Writes a step to the disk and records its facts.
    pub(crate) fn writes(&mut self, step: &Step) {
        if let Some(disk) = &mut self.disk {
            disk.write(step);
        }
        for fact in &step.facts {
            self.record(step.at, fact);
        }
    }

    /// Carries out one output.
    pub(crate) fn lets_out(&mut self, output: Output) {
        match output {
            Output::Transmit(transmit) => {
                self.chronicle.bytes(b'>', self.now, &transmit.bytes);
                if let Some(tape) = &mut self.tape {
                    tape.sent(self.now, transmit.flow, &transmit.bytes);
                }
                self.looks_for_withheld(transmit.flow, &transmit.bytes);
                self.looks_for_pages(transmit.flow, &transmit.bytes);
                let Transmit { flow, bytes } = transmit;
                if flow.transport == Transport::Udp {
                    self.network.send(Packet { from: flow.local, to: flow.remote, bytes }, self.now);
                } else {
                    self.leaves_by_connection(flow, bytes);
                }
            }
            Output::Media(command) => {
                self.chronicle.form(b'M', self.now, &command);
                self.check_numbers(&command);
                self.media.obey(command, self.now);
                self.pages_voices();
            }
            Output::Recording(order) => {
                self.chronicle.shown(b'o', self.now, &order);
                self.recorder.obey(order, self.now);
            }
            Output::Reply(reply) => {
                self.met.replies(&reply);
                self.chronicle.shown(b'r', self.now, &reply);
            }
            Output::Stopped => self.chronicle.bytes(b's', self.now, &[]),
            Output::Keep(_) | Output::Record(..) | Output::Idle(_) => {}
        }
    }

    pub(crate) fn record(&mut self, at: Moment, fact: &Fact) {
        self.chronicle.form(b'f', at, fact);
        if let Some(tape) = &mut self.tape {
            tape.happened(self.now, fact);
        }
        if let Fact::AgentChanged { agent, .. } = fact {
            self.changed.insert(*agent, self.now);
        }
        self.met.reads(fact);
        self.check_refusal(fact);
        self.check_closing(fact);
        self.check_offer_to_page(fact);
        self.invariants.reads(at, fact);
        self.notes_desks(fact);
        self.notices(fact);
        self.notices_notes(fact);
    }
}
