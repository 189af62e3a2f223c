//! Passes one input to the engine and handles the outputs.

use turno_engine::Input;
use turno_ground::Moment;
use turno_model::{Asker, Command, Why};

use crate::engine_thread::inbox::Answer;
use crate::engine_thread::{Ending, EngineThread, STOP_SPAN_MAX};

impl EngineThread {
    pub(super) fn take_command(
        &mut self,
        (by, command, why): (Asker, Command, Why),
        answer: Option<Answer>,
        now: Moment,
    ) {
        self.progress.commands += 1;
        let number = self.progress.commands;
        if let Some(answer) = answer {
            self.progress.answers.insert(number, answer);
        }
        if matches!(command, Command::Stop | Command::Drain) {
            self.begin_closing(now);
        }
        if command == Command::Stop && self.progress.ending == Ending::Serving {
            self.progress.ending = Ending::Stopping(now + STOP_SPAN_MAX);
        }
        self.step(Input::Command(number, by, command, why), now);
    }

    /// Notes what lives when the end begins; only the first time counts.
    pub(super) fn begin_closing(&mut self, now: Moment) {
        self.progress.closing.get_or_insert_with(|| (now, self.engine.recovered()));
    }

    pub(super) fn step(&mut self, input: Input<'_>, now: Moment) {
        let before = self.clock.nanos();
        self.engine.handle(input, now);
        self.meters.stepped(self.clock.nanos() - before);
        self.drain_at(now);
    }
}
