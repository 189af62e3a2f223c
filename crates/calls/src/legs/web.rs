//! Browsers' legs: our certificates, what the journal has of a stream, a handshake that begins anew.

use bytes::Bytes;
use turno_media_plan::{Direction, Fingerprint, MediaCommand, Shown, WebState};
use turno_sip::SessionId;

use crate::legs::Legs;

impl Legs {
    pub(crate) fn show_certificates(&mut self, fingerprints: [Fingerprint; 2]) {
        self.certificates = Some(fingerprints);
    }

    /// Whether browsers can be talked to.
    pub(crate) const fn serves_browsers(&self) -> bool {
        self.settings.web.is_some() && self.certificates.is_some()
    }

    /// Whether a leg of this kind may have Opus: browsers have it anyway, telephones by the plan.
    pub(crate) const fn may_have_opus(&self, is_web: bool) -> bool {
        is_web || self.settings.opus
    }

    /// The media plane has said how far a browser's stream may go: it may once this is in the journal.
    pub(crate) fn secured(&mut self, session: SessionId, state: Box<WebState>) {
        let Some(leg) = self.table.get_mut(&session) else { return };
        let (stream, packets, reports) = (leg.stream, state.packets, state.reports);
        leg.web = Some(state);
        self.command(MediaCommand::Kept { stream, packets, reports });
    }

    /// A restart has cut a browser's handshake off: our next offer has our other certificate, so the browser begins another one,
    /// which may come before its answer.
    pub(crate) fn shakes_hands_anew(&mut self, session: SessionId) -> Option<Bytes> {
        let [first, other] = self.certificates.clone()?;
        let leg = self.table.get_mut(&session)?;
        let shows = leg.negotiation.shows()?.other();
        let fingerprint = match shows {
            Shown::First => first,
            Shown::Other => other,
        };
        leg.negotiation.show(shows, fingerprint);
        let offer = leg.negotiation.offer(Direction::SendRecv);
        let secure = leg.security();
        secure.into_iter().for_each(|secure| self.command(secure));
        Some(offer)
    }
}
