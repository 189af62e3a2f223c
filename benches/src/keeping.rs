//! A house whose steps are written down.

use core::time::Duration;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use turno_ground::Moment;
use turno_journal::{Content, Writer};
use turno_model::{Plan, Row, Step};

use crate::scale::Scale;

/// What went into the journal so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    /// Steps.
    pub steps: u64,
    /// Bytes.
    pub bytes: u64,
    /// What it took to make frames of them.
    pub span: Duration,
}

impl Scale {
    /// Writes each step down from now on.
    pub fn keep_journal(&mut self) {
        let mut writer = Writer::new(0);
        writer.begin(Content::Segment, 1, self.now);
        writer.clear();
        self.journal = Some(writer);
        self.engine.keep_journal(self.now);
    }

    /// What all steps took so far.
    pub const fn spent(&self) -> Duration {
        self.spent
    }

    /// What went into the journal so far.
    pub const fn written(&self) -> Written {
        self.written
    }

    /// Everything that lives, as it is written down, with the plan and the moment.
    pub fn images(&mut self) -> (Vec<Row>, Arc<Plan>, Moment) {
        (self.engine.images(), Arc::clone(self.ledger.plan()), self.now)
    }

    #[expect(clippy::disallowed_methods, reason = "to measure is what a bench is for")]
    pub(crate) fn keep(&mut self, step: &Step) {
        let Some(writer) = &mut self.journal else { return };
        let begin = Instant::now();
        writer.step(step).expect("no step is too long");
        self.written.span += begin.elapsed();
        self.written.bytes += black_box(writer.bytes()).len() as u64;
        self.written.steps += 1;
        writer.clear();
    }
}
