//! Listens to the legs that the engine has judged, and reports who has answered.

use core::ops::Range;
use core::time::Duration;

use turno_ground::Moment;
use turno_media_plan::{Answerer, Codec, MediaEvent, StreamId};

use crate::exchange::{Deadline, Exchange, Wire};
use crate::judge::Judge;

/// A peer may send nothing while it is silent, so time is looked at too.
const LOOK_SPAN: Duration = Duration::from_millis(100);

impl Exchange {
    /// Begins or stops to judge who has answered at a stream. Only what is heard from now on counts.
    pub(crate) fn judge(&mut self, id: StreamId, is_on: bool, now: Moment) {
        let Some(slot) = self.slot(id) else { return };
        self.with(slot, |stream| {
            let codec = stream.encoding().map_or(Codec::Pcmu, |encoding| encoding.codec);
            stream.judge = is_on.then(|| Box::new(Judge::new(codec, now)));
        });
        if is_on {
            self.timers.set(Deadline::Judged(slot), now + LOOK_SPAN);
        } else {
            self.timers.cancel(&Deadline::Judged(slot));
        }
    }

    /// A packet of a voice that is judged.
    pub(crate) fn judge_voice(
        &mut self,
        slot: usize,
        (codec, payload): (Codec, Range<usize>),
        bytes: &[u8],
        now: Moment,
        wire: &mut impl Wire,
    ) {
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return };
        let judged = stream.judge.as_mut().and_then(|judge| judge.hears(codec, &bytes[payload], now));
        self.has_judged(slot, judged, wire);
    }

    /// Looks whether a judged peer has been silent for long enough.
    pub(crate) fn look_at_judge(&mut self, slot: usize, now: Moment, wire: &mut impl Wire) {
        let Some(Some(stream)) = self.streams.get(slot) else { return };
        let Some(judge) = &stream.judge else { return };
        let judged = judge.waits(now);
        self.timers.set(Deadline::Judged(slot), now + LOOK_SPAN);
        self.has_judged(slot, judged, wire);
    }

    fn has_judged(&mut self, slot: usize, judged: Option<Answerer>, wire: &mut impl Wire) {
        let (Some(who), Some(Some(stream))) = (judged, self.streams.get_mut(slot)) else { return };
        stream.judge = None;
        wire.event(MediaEvent::Judged { stream: stream.id, who });
        self.timers.cancel(&Deadline::Judged(slot));
    }
}
