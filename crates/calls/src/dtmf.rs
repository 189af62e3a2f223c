//! DTMF digits: reads them from INFO bodies and routes them.

use turno_ground::Moment;
use turno_media_plan::MediaCommand;
use turno_sip::{SessionId, Stack};

use crate::event::CallEvent;
use crate::switchboard::Switchboard;

impl Switchboard {
    pub(crate) fn on_info(
        &mut self,
        stack: &mut Stack,
        session: SessionId,
        (content_type, body): (&str, &[u8]),
        now: Moment,
    ) {
        if let Some(digit) = digit_of_info(content_type, body) {
            self.on_digit(stack, session, (digit, true), now);
        }
    }

    /// A digit from INFO or from the media plane. The media plane relays its own digits to the other leg.
    pub(crate) fn on_digit(
        &mut self,
        stack: &mut Stack,
        session: SessionId,
        (digit, relay): (char, bool),
        now: Moment,
    ) {
        if self.is_confirming(session) {
            self.confirming_keyed(stack, session, digit, now);
            return;
        }
        if let Some(call) = self.guest_at(session) {
            self.tell(CallEvent::GuestDigit { call, session, digit });
            return;
        }
        let Some((id, side)) = self.place_of(session) else { return };
        if self.menu_digit(id, digit) {
            return;
        }
        let other = self.calls.get(id).filter(|call| !call.is_aside).and_then(|call| call.other(session));
        if let Some(leg) = other.and_then(|other| self.legs.get(other)).filter(|_| relay) {
            let stream = leg.stream;
            self.legs.command(MediaCommand::SendDigit { stream, digit });
        }
        self.tell(CallEvent::Digit { call: id, side, digit });
    }
}

/// The digit of an INFO body: `application/dtmf-relay` (`Signal=5`) or `application/dtmf` (`5`).
fn digit_of_info(content_type: &str, body: &[u8]) -> Option<char> {
    let text = core::str::from_utf8(body).ok()?;
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let sign = if kind.eq_ignore_ascii_case("application/dtmf-relay") {
        text.lines().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            key.trim().eq_ignore_ascii_case("signal").then_some(value)
        })?
    } else if kind.eq_ignore_ascii_case("application/dtmf") {
        text
    } else {
        return None;
    };
    let sign = sign.trim();
    match sign {
        "10" => Some('*'),
        "11" => Some('#'),
        _ => {
            let mut signs = sign.chars();
            let digit = signs.next()?.to_ascii_uppercase();
            let known = digit.is_ascii_digit() || matches!(digit, '*' | '#' | 'A'..='D');
            (known && signs.next().is_none()).then_some(digit)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_from_both_kinds_of_info() {
        assert_eq!(digit_of_info("application/dtmf-relay", b"Signal=5\r\nDuration=160\r\n"), Some('5'));
        assert_eq!(digit_of_info("application/dtmf-relay", b"Duration=100\r\nSignal= * \r\n"), Some('*'));
        assert_eq!(digit_of_info("application/dtmf; x=y", b"11"), Some('#'));
        assert_eq!(digit_of_info("application/dtmf", b"d"), Some('D'));
    }

    #[test]
    fn what_is_no_key_is_ignored() {
        assert_eq!(digit_of_info("application/dtmf", b"99"), None);
        assert_eq!(digit_of_info("application/dtmf", b"\xff"), None);
        assert_eq!(digit_of_info("text/plain", b"5"), None);
    }
}
