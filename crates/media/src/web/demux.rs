//! What came to the browsers' port: a check, a flight of DTLS, voice, or nothing that we know (RFC 7983).

use core::time::Duration;
use std::net::SocketAddr;

use turno_ground::Moment;
use turno_media_plan::{Insecure, MediaEvent};

use crate::exchange::{Deadline, Exchange, Wire};
use crate::srtp::Srtp;
use crate::web::consent::{CONSENT_SPAN, HANDSHAKE_SPAN};
use crate::web::dtls::is_first_hello;
use crate::web::marks::tell;
use crate::web::stun::Check;

/// How long an address is a stream's own: another stream's check does not take it away meanwhile.
const ADDRESS_SPAN: Duration = Duration::from_secs(10);

/// Types of RTCP packets, where RTP has marker and payload type (RFC 5761, 4).
const REPORTS: core::ops::RangeInclusive<u8> = 192..=223;

impl Exchange {
    /// A datagram came to the browsers' port. Returns whether it was accepted.
    pub fn handle_web(
        &mut self,
        source: SocketAddr,
        bytes: &mut [u8],
        now: Moment,
        wire: &mut impl Wire,
    ) -> bool {
        match bytes {
            [0..=3, ..] => {
                let is_answered = self.handle_check(source, bytes, now, wire);
                self.web.counts.answered += u64::from(is_answered);
                self.web.counts.dropped += u64::from(!is_answered);
                is_answered
            }
            [20..=63, ..] => self.handle_dtls(source, bytes, now, wire),
            [128..=191, kind, ..] => {
                let is_report = REPORTS.contains(kind);
                let Some(slot) = self.web.of_address(source) else { return false };
                self.look_at_cut(slot, wire);
                let accepted = if is_report {
                    self.handle_rtcp(slot, source, bytes, now)
                } else {
                    self.handle_rtp(slot, source, bytes, now, wire)
                };
                self.heard_web(slot, source, (accepted, is_report), now, wire);
                accepted
            }
            _ => false,
        }
    }

    fn handle_check(&mut self, source: SocketAddr, bytes: &[u8], now: Moment, wire: &mut impl Wire) -> bool {
        let Some(check) = Check::read(bytes) else { return false };
        let Some(slot) = self.web.of_ufrag(check.ufrag()) else { return false };
        let holder = self.web.of_address(source).filter(|holder| *holder != slot);
        if holder.is_some_and(|holder| self.holds(holder, source, now)) {
            return false;
        }
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return false };
        let Some(web) = &mut stream.web else { return false };
        let Some(password) = web.password(check.ufrag()).filter(|it| check.is_signed_with(it)) else {
            return false;
        };
        wire.rtcp(slot, source, &check.answer(source, password));
        if check.ufrag() == web.ours.ufrag
            && let Some(earlier) = web.earlier.take()
        {
            self.web.remove_ufrag(&earlier.ufrag, slot);
        }
        let is_first = web.remote().is_none();
        let (moves, forgotten) = web.checked(source, check.nominates, now);
        self.web.counts.moved += u64::from(moves && !is_first);
        self.web.put_address(source, slot);
        if let Some(forgotten) = forgotten {
            self.web.remove_address(forgotten, slot);
        }
        if self.timers.at(&Deadline::Consent(slot)).is_none() {
            self.timers.set(Deadline::Consent(slot), now + CONSENT_SPAN);
        }
        if web.handshake.is_some() && web.handshake_until.is_none() {
            web.handshake_until = Some(now + HANDSHAKE_SPAN);
            self.timers.set(Deadline::Handshake(slot), now);
        }
        tell(stream, moves, now, wire);
        true
    }

    /// Whether an address is another stream's own.
    fn holds(&self, slot: usize, address: SocketAddr, now: Moment) -> bool {
        let web = self.streams.get(slot).and_then(Option::as_ref).and_then(|stream| stream.web.as_ref());
        web.and_then(|web| web.checked_from(address)).is_some_and(|at| now.since(at) < ADDRESS_SPAN)
    }

    fn handle_dtls(&mut self, source: SocketAddr, bytes: &[u8], now: Moment, wire: &mut impl Wire) -> bool {
        let Some(slot) = self.web.of_address(source) else { return false };
        let Some(instant) = self.web.instant(now) else { return false };
        if !is_first_hello(bytes) && self.look_at_cut(slot, wire) {
            return true;
        }
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return false };
        let Some(web) = &mut stream.web else { return false };
        web.awaits_hello = false;
        let Some(handshake) = &mut web.handshake else { return false };
        let read = handshake.read(bytes, instant);
        while let Some(packet) = handshake.write() {
            wire.rtcp(slot, source, &packet);
        }
        if let Some(next) = handshake.next_deadline().and_then(|at| self.web.moment(at)) {
            let until = web.handshake_until.unwrap_or(next);
            self.timers.set(Deadline::Handshake(slot), next.max(now).min(until));
        }
        match read {
            Ok(None) => {}
            Ok(Some(keys)) => {
                let mut srtp = Srtp::new(&keys);
                srtp.limit((0, 0));
                web.begins(keys);
                self.web.counts.done += 1;
                web.handshake_until = Some(now + HANDSHAKE_SPAN);
                self.timers.set(Deadline::Handshake(slot), now + HANDSHAKE_SPAN);
                stream.srtp = Some(Box::new(srtp));
                // Another key counts from 0, and so must the source.
                stream.sender = stream.sender.renewed(&mut self.rng);
                tell(stream, true, now, wire);
            }
            Err(why) => {
                web.handshake = None;
                self.web.counts.failed += 1;
                let event = MediaEvent::Insecure { stream: stream.id, why };
                self.timers.cancel(&Deadline::Handshake(slot));
                wire.event(event);
                return matches!(why, Insecure::NoHandshake);
            }
        }
        true
    }

    /// Follows a browser that speaks from another address, and asks for more numbers before they run out.
    fn heard_web(
        &mut self,
        slot: usize,
        source: SocketAddr,
        (accepted, is_report): (bool, bool),
        now: Moment,
        wire: &mut impl Wire,
    ) {
        let Some(Some(stream)) = self.streams.get_mut(slot) else { return };
        let Some(web) = &mut stream.web else { return };
        let moves = accepted && !is_report && web.heard_from(source);
        self.web.counts.moved += u64::from(moves);
        tell(stream, moves, now, wire);
        self.tell_partner(slot, now, wire);
    }

    /// The browser that hears this one may need more numbers as well.
    fn tell_partner(&mut self, slot: usize, now: Moment, wire: &mut impl Wire) {
        if let Some(partner) = self.relays_to(slot)
            && let Some(Some(partner)) = self.streams.get_mut(partner)
        {
            tell(partner, false, now, wire);
        }
    }
}
