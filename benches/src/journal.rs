//! A journal in memory: steps become frames, which are counted and dropped.

use core::time::Duration;
use std::hint::black_box;
use std::time::Instant;

use turno_ground::Moment;
use turno_journal::{Content, Writer};
use turno_model::Step;

/// Totals of a journal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    /// Number of steps.
    pub steps: u64,
    /// Number of bytes.
    pub bytes: u64,
    /// Time to make frames of the steps.
    pub span: Duration,
}

/// The journal.
pub(crate) struct Journal {
    writer: Writer,
    written: Written,
}

impl Journal {
    pub(crate) fn new(now: Moment) -> Self {
        let mut writer = Writer::new(0);
        writer.begin(Content::Segment, 1, now);
        writer.clear();
        Self { writer, written: Written::default() }
    }

    /// Writes a step as a frame.
    #[expect(clippy::disallowed_methods, reason = "to measure is what a bench is for")]
    pub(crate) fn write(&mut self, step: &Step) {
        let begin = Instant::now();
        self.writer.step(step).expect("no step is too long");
        self.written.span += begin.elapsed();
        self.written.bytes += black_box(self.writer.bytes()).len() as u64;
        self.written.steps += 1;
        self.writer.clear();
    }

    /// The totals until now.
    pub(crate) const fn written(&self) -> Written {
        self.written
    }
}
