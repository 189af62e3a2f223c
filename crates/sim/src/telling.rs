//! Gives inputs to the engine, and runs the checks after each step.

use bytes::Bytes;
use turno_engine::{Engine, Input, RecordingEvent};
use turno_ground::{Datagram, Flow, Moment};
use turno_media_plan::MediaEvent;
use turno_model::{Asker, Command};

use crate::disk::Disk;
use crate::held_inputs::HeldInput;
use crate::life::Life;
use crate::scheduled_action::who_asks;
use crate::world::World;

impl World {
    pub(crate) fn tell_media(&mut self, event: MediaEvent) {
        if self.is_kept_back(|| HeldInput::Media(event.clone())) {
            return;
        }
        self.chronicle.form(b'm', self.now, &event);
        let keyed = match &event {
            MediaEvent::Digit { stream, .. } => self.paused_by_digits(*stream),
            MediaEvent::Secured { .. }
            | MediaEvent::CutOff { .. }
            | MediaEvent::Insecure { .. }
            | MediaEvent::Failed { .. }
            | MediaEvent::NotReserved { .. }
            | MediaEvent::Reserved { .. }
            | MediaEvent::Scarce { .. }
            | MediaEvent::Inactive { .. }
            | MediaEvent::PlayedOut { .. }
            | MediaEvent::Judged { .. }
            | MediaEvent::Closed { .. } => None,
        };
        let is_own_failure = matches!(event, MediaEvent::Failed { .. } | MediaEvent::NotReserved { .. });
        self.invariants.patience.is_own_failure(is_own_failure);
        self.tell(Input::Media(event));
        self.invariants.patience.is_own_failure(false);
        if let Some(recording) = keyed.filter(|_| self.life == Life::Lives) {
            self.check_silent(recording);
        }
    }

    pub(crate) fn tell_recording(&mut self, event: RecordingEvent) {
        if self.is_kept_back(|| HeldInput::Recording(event.clone())) {
            return;
        }
        self.chronicle.shown(b'a', self.now, &event);
        if self.life == Life::Lives {
            self.recorder.is_told(&event);
        }
        self.tell(Input::Recording(event));
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.command_by(Asker::Shell, command);
    }

    /// A person asks for something over the control socket, or the shell does.
    pub(crate) fn command_by(&mut self, by: Asker, command: Command) {
        if self.is_kept_back(|| HeldInput::Command(by, command.clone())) {
            return;
        }
        self.chronicle.shown(b'c', self.now, &command);
        if let Some(agent) = who_asks(&command) {
            self.invariants.asks(agent, self.clocks.told(self.now));
        }
        self.commands += 1;
        self.met.asks(self.commands, &command);
        self.tell(Input::Command(self.commands, by, command, None));
    }

    pub(crate) fn tell(&mut self, input: Input<'_>) {
        self.lets(|engine, now| engine.handle(input, now));
    }

    /// Lets the engine do something, and runs the checks.
    pub(crate) fn lets(&mut self, act: impl FnOnce(&mut Engine, Moment)) {
        match self.life {
            Life::Lives => {}
            // While nothing can be written, a killed engine would lose its latest steps.
            Life::Doomed(..) if self.disk.as_ref().is_some_and(Disk::is_unsafe) => self.life = Life::Lives,
            Life::Doomed(death, down, killed) => return self.dies_over(act, death, (down, killed)),
            Life::StandsStill(_) | Life::Dead(_) => return,
        }
        let now = self.clocks.told(self.now);
        act(&mut self.engine, now);
        self.drain();
        self.invariants.looks(&self.engine, now);
        self.lent_phones_are_given_back();
        self.check_seats();
        if !self.is_long {
            self.check_ringing();
            self.check_unanswered();
            self.check_reached();
            self.check_observed();
            self.check_aside();
            self.check_left_alone();
            self.check_lamps();
            self.check_recorded();
            self.check_spoken_to();
        }
        let will_wake = self.wake.is_some() || self.is_long;
        assert!(will_wake || self.engine.is_quiet(), "something is open and nothing is due");
    }

    /// Tells the engine that a connection is gone. What is due at the same moment is done before, so that everything in
    /// this step has that cause.
    pub(crate) fn tell_closed(&mut self, flow: Flow) {
        if self.is_kept_back(|| HeldInput::Closed(flow)) {
            return;
        }
        let is_alone = self.life == Life::Lives && flow.local.port() != 0;
        if is_alone {
            self.tell(Input::Wake);
        }
        self.chronicle.shown(b'x', self.now, &flow);
        self.is_told_closed = is_alone;
        self.tell(Input::FlowClosed(flow));
        self.is_told_closed = false;
    }

    /// Gives a message to the engine.
    pub(crate) fn hand_over(&mut self, flow: Flow, bytes: &Bytes) {
        if self.is_kept_back(|| HeldInput::Datagram(flow, bytes.clone())) {
            return;
        }
        self.chronicle.bytes(b'<', self.now, bytes);
        if let Some(tape) = &mut self.tape {
            tape.received(self.now, flow, bytes);
        }
        self.tell(Input::Datagram(Datagram { flow, bytes }));
    }

    /// Whether an input waits, or is lost, because the engine stands still.
    pub(crate) fn is_kept_back(&mut self, held_input: impl FnOnce() -> HeldInput) -> bool {
        let Life::StandsStill(what) = self.life else { return false };
        self.held_inputs.take(held_input(), what);
        true
    }
}
