//! The streams by slot, and which of them the tick visits.

use turno_ground::Moment;
use turno_media_plan::StreamId;

use crate::exchange::Exchange;
use crate::stream::Stream;

/// When a stream stops, the list of ticking streams is searched only up to this length.
const TICKING_LOOKED_AT_MAX: usize = 2;

impl Exchange {
    /// The slot of a stream.
    pub(crate) fn slot(&self, id: StreamId) -> Option<usize> {
        self.slots.get(&id).copied()
    }

    /// Changes the stream in a slot.
    pub(crate) fn with(&mut self, slot: usize, change: impl FnOnce(&mut Stream)) {
        if let Some(Some(stream)) = self.streams.get_mut(slot) {
            change(stream);
        }
    }

    /// Changes a stream and adds it to the tick.
    pub(crate) fn tick_for(&mut self, id: StreamId, now: Moment, change: impl FnOnce(&mut Stream)) {
        let Some(slot) = self.slot(id) else { return };
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return };
        change(stream);
        if !stream.is_ticking {
            stream.is_ticking = true;
            self.wake_tick(now);
            self.ticking.push(slot);
        }
    }

    /// Starts the tick if it stood still.
    pub(crate) fn wake_tick(&mut self, now: Moment) {
        if !self.has_ticks() {
            self.next_tick = self.next_tick.max(now);
        }
    }

    /// Removes streams that have nothing to play, which saves a tick: with few calls nearly every one would cause it.
    pub(crate) fn rest_tick(&mut self) {
        let Self { ticking, streams, .. } = self;
        if ticking.len() <= TICKING_LOOKED_AT_MAX {
            ticking.retain(|slot| {
                streams.get_mut(*slot).is_some_and(|it| it.as_mut().is_some_and(Stream::goes_on))
            });
        }
    }

    /// Whether the tick has anything to do.
    pub(crate) fn has_ticks(&self) -> bool {
        !self.ticking.is_empty() || self.bridges.is_mixing()
    }
}
