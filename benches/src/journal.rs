//! A journal in memory: steps become frames, which are counted and thrown away.

use core::time::Duration;
use std::hint::black_box;
use std::time::Instant;

use turno_ground::Moment;
use turno_journal::{Content, Writer};
use turno_model::Step;

/// What went into a journal so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    /// Steps.
    pub steps: u64,
    /// Bytes.
    pub bytes: u64,
    /// What it took to make frames of them.
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

    /// Makes a frame of a step.
    #[expect(clippy::disallowed_methods, reason = "to measure is what a bench is for")]
    pub(crate) fn write(&mut self, step: &Step) {
        let begin = Instant::now();
        self.writer.step(step).expect("no step is too long");
        self.written.span += begin.elapsed();
        self.written.bytes += black_box(self.writer.bytes()).len() as u64;
        self.written.steps += 1;
        self.writer.clear();
    }

    /// What went into it so far.
    pub(crate) const fn written(&self) -> Written {
        self.written
    }
}
