//! What the engine says about a browser's stream: terms, and what the journal has.

use std::time::Instant;

use turno_ground::Moment;
use turno_media_plan::{DtlsRole, StreamId, WebTerms};

use crate::exchange::{Deadline, Exchange};
use crate::stream::Stream;
use crate::web::consent::{CONSENT_SPAN, HANDSHAKE_SPAN};
use crate::web::dtls::Handshake;
use crate::web::identity::Identity;
use crate::web::marks::continue_from;
use crate::web::peer::WebPeer;

impl Exchange {
    /// Serves browsers from now on, with this certificate. `same` is the same time on both clocks.
    pub fn serve_browsers(&mut self, identity: Identity, same: (Instant, Moment)) {
        self.web.open(identity, same);
    }

    /// Applies the terms of offer and answer.
    pub(crate) fn secure(&mut self, id: StreamId, terms: &WebTerms, now: Moment) {
        let Some(slot) = self.slot(id) else { return };
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return };
        let is_new = stream.web.is_none();
        let new = || Box::new(WebPeer::new(terms.ours.clone(), terms.fingerprint.clone(), now));
        let web = stream.web.get_or_insert_with(new);
        if web.ours != terms.ours {
            // ICE begins anew.
            let before = core::mem::replace(&mut web.ours, terms.ours.clone());
            if let Some(earlier) = web.earlier.replace(before) {
                self.web.remove_ufrag(&earlier.ufrag, slot);
            }
        }
        web.fingerprint = terms.fingerprint.clone();
        self.web.put_ufrag(&terms.ours.ufrag, slot);
        let kept = terms.kept.as_deref().filter(|kept| is_new && kept.fingerprint == terms.fingerprint);
        if let Some(kept) = kept {
            continue_from(stream, kept, now);
            self.web.put_address(kept.remote, slot);
        }
        let has_keys = stream
            .web
            .as_ref()
            .is_some_and(|web| web.keys.as_ref().is_some_and(|(of, _)| *of == terms.fingerprint));
        if !has_keys {
            self.begin_handshake(slot, terms, now);
        }
        if kept.is_some() {
            // Consent begins with the first check (a caller who hears early media may answer it late), or goes on.
            self.timers.set(Deadline::Consent(slot), now + CONSENT_SPAN);
            // What must be written first is asked for at once.
            self.timers.set(Deadline::Handshake(slot), now);
        }
    }

    /// The journal has this much of a browser's stream.
    pub(crate) fn kept(&mut self, id: StreamId, limits: (u64, u32)) {
        let Some(slot) = self.slot(id) else { return };
        self.with(slot, |stream| {
            let Stream { web: Some(web), srtp: Some(srtp), .. } = stream else { return };
            web.kept(limits);
            srtp.limit(web.limits());
        });
    }

    /// Forgets what names a browser's stream, which ends.
    pub(crate) fn forget_web(&mut self, slot: usize, web: &WebPeer) {
        for known in core::iter::once(&web.ours).chain(&web.earlier) {
            self.web.remove_ufrag(&known.ufrag, slot);
        }
        for address in web.addresses() {
            self.web.remove_address(address, slot);
        }
        self.timers.cancel(&Deadline::Consent(slot));
        self.timers.cancel(&Deadline::Handshake(slot));
    }

    fn begin_handshake(&mut self, slot: usize, terms: &WebTerms, now: Moment) {
        let Some(identity) = &self.web.identity else { return };
        let handshake = Handshake::new(identity, (terms.role, terms.shows), terms.fingerprint.clone());
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return };
        // Voice under the earlier certificate's keys is no longer this peer's.
        stream.srtp = None;
        if let Some(web) = &mut stream.web {
            web.keys = None;
            web.handshake = handshake;
            web.handshake_until = None;
            // Where we begin, ours is the first message.
            web.awaits_hello = terms.was_begun || web.awaits_hello && terms.role == DtlsRole::Server;
            if web.remote().is_some() {
                web.handshake_until = Some(now + HANDSHAKE_SPAN);
                self.timers.set(Deadline::Handshake(slot), now);
            }
        }
    }
}
