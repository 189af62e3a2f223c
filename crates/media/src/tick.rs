//! The 20 ms tick: sends everything that we play ourselves.

use core::time::Duration;

use turno_ground::Moment;
use turno_media_plan::MediaEvent;

use crate::exchange::{Exchange, Wire};
use crate::stream::Outlet;

/// One frame of audio.
pub(crate) const TICK: Duration = Duration::from_millis(20);

/// Most ticks that a delayed thread makes up for; older ones are skipped.
const TICKS_BEHIND_MAX: u32 = 5;

impl Exchange {
    /// Runs the ticks that are due.
    pub(crate) fn run_ticks(&mut self, now: Moment, wire: &mut impl Wire) {
        if now.since(self.next_tick) > TICK * TICKS_BEHIND_MAX {
            self.next_tick = now;
        }
        while self.next_tick <= now && self.has_ticks() {
            let at = self.next_tick;
            self.next_tick = at + TICK;
            self.tick(at, wire);
        }
    }

    fn tick(&mut self, at: Moment, wire: &mut impl Wire) {
        // The position in the music follows from the time: all listeners hear the same, whenever they join.
        let music_frame = at.as_micros() / TICK.as_micros() as u64;
        self.mix(music_frame, at, wire);
        self.live.tick(at);
        let Self { library, streams, scratch, live, .. } = self;
        let library = &**library;
        self.ticking.retain(|slot| {
            let Some(Some(stream)) = streams.get_mut(*slot) else { return false };
            let frame = stream.next_frame((library, live), music_frame, at, scratch);
            if let Some(Outlet { to, .. }) = frame.send
                && stream.seal(scratch)
            {
                wire.rtp(*slot, to, scratch);
            }
            if frame.played_out {
                wire.event(MediaEvent::PlayedOut { stream: stream.id });
            }
            stream.goes_on()
        });
    }
}
