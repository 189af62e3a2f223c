//! The times of a browser's stream: consent to send (RFC 7675), and the handshake's.

use core::time::Duration;

use turno_ground::Moment;
use turno_media_plan::{Insecure, MediaEvent};

use crate::exchange::{Deadline, Exchange, Wire};
use crate::web::marks::tell;

/// Without a good check for this long the browser is gone, and nothing more is sent (RFC 7675, 5.1).
pub(crate) const CONSENT_SPAN: Duration = Duration::from_secs(30);

/// A handshake that takes longer has failed.
pub(crate) const HANDSHAKE_SPAN: Duration = Duration::from_secs(20);

impl Exchange {
    /// Looks whether the browser still checks.
    pub(crate) fn look_at_consent(&mut self, slot: usize, now: Moment, wire: &mut impl Wire) {
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return };
        let Some(web) = &mut stream.web else { return };
        let until = web.checked_at + CONSENT_SPAN;
        if until > now {
            self.timers.set(Deadline::Consent(slot), until);
            return;
        }
        web.loses_consent();
        wire.event(MediaEvent::Inactive { stream: stream.id });
    }

    /// A browser has sent what belongs to a handshake that a turno before this one began. Returns whether that is so; the engine
    /// is told once, and then the browser is told of our other certificate.
    pub(crate) fn look_at_cut(&mut self, slot: usize, wire: &mut impl Wire) -> bool {
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return false };
        let Some(web) = stream.web.as_mut().filter(|web| web.awaits_hello && web.keys.is_none()) else {
            return false;
        };
        if !core::mem::replace(&mut web.is_cut_off, true) {
            wire.event(MediaEvent::CutOff { stream: stream.id });
        }
        true
    }

    /// Goes on with the handshake, repeats a flight, or ends it.
    pub(crate) fn look_at_handshake(&mut self, slot: usize, now: Moment, wire: &mut impl Wire) {
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return };
        tell(stream, false, now, wire);
        let id = stream.id;
        let Some(web) = &mut stream.web else { return };
        let Some(instant) = self.web.instant(now) else { return };
        let is_over = web.handshake_until.is_some_and(|until| until <= now);
        let remote = web.remote();
        if let (Some(handshake), Some(remote), false) = (&mut web.handshake, remote, is_over) {
            handshake.begin(instant);
            handshake.handle_time(instant);
            while let Some(packet) = handshake.write() {
                wire.rtcp(slot, remote, &packet);
            }
            let next = handshake.next_deadline().and_then(|at| self.web.moment(at)).map(|at| at.max(now));
            let next = next.into_iter().chain(web.handshake_until).min();
            if let Some(next) = next {
                self.timers.set(Deadline::Handshake(slot), next);
            }
            return;
        }
        let has_failed = is_over && web.keys.is_none();
        web.handshake = web.handshake.take().filter(|_| !is_over);
        web.handshake_until = web.handshake_until.filter(|_| !is_over);
        if has_failed {
            self.web.counts.failed += 1;
            wire.event(MediaEvent::Insecure { stream: id, why: Insecure::NoHandshake });
        }
    }
}
