//! The callers of a load: each sends an INVITE, talks for a while and hangs up, or waits until the agent hangs up.

use crate::load::figures::Figures;
use crate::load::text::{NO_BODY, header, method, number_after, response, status, uri, with_sdp};
use crate::load::wire::Wire;

/// T1 of RFC 3261 in nanoseconds: a phone repeats a request without an answer after this.
pub(super) const T1: u64 = 500_000_000;

/// Port for media to the callers.
pub(super) const CALLERS_RTP: u16 = 16_000;

/// One caller.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) invited_at: u64,
    pub(super) life: Life,
    is_heard: bool,
    asked_at: u64,
    to: String,
    target: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Calling,
    Talking,
    /// The caller's BYE is sent.
    Leaving,
    Done,
}

/// Result of a message for a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Nothing,
    /// This caller talks from now on.
    Talks(usize),
    /// This caller's call is over.
    Over,
}

/// All callers, by number.
#[derive(Debug, Default)]
pub(super) struct Callers {
    pub(super) all: Vec<Caller>,
    pub(super) open: usize,
}

impl Callers {
    /// Starts a call of one more caller.
    pub(super) fn call(&mut self, wire: &mut Wire) {
        let number = self.all.len();
        let body = with_sdp(CALLERS_RTP);
        let invite = format!(
            "INVITE sip:7000@127.0.0.1:5060 SIP/2.0\r\n\
             Via: SIP/2.0/UDP 127.0.0.1:5090;branch=z9hG4bK-load-{number}-invite;rport\r\nMax-Forwards: 70\r\n\
             From: \"Citizen {number}\" <sip:099{number}@127.0.0.1:5090>;tag=caller{number}\r\n\
             To: <sip:7000@127.0.0.1:5060>\r\nCall-ID: {number}-load@127.0.0.1\r\nCSeq: 1 INVITE\r\n\
             Contact: <sip:099{number}@127.0.0.1:5090;transport=UDP>\r\n\
             Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE\r\n{body}"
        );
        let at = wire.send(invite.as_bytes());
        let (to, target) = (String::new(), String::new());
        self.all.push(Caller {
            invited_at: at,
            life: Life::Calling,
            is_heard: false,
            asked_at: at,
            to,
            target,
        });
        self.open += 1;
    }

    /// The caller hangs up.
    pub(super) fn hang_up(&mut self, number: usize, wire: &mut Wire) {
        let caller = &mut self.all[number];
        if caller.life != Life::Talking {
            return;
        }
        caller.life = Life::Leaving;
        caller.is_heard = false;
        let bye = caller.request(number, "BYE", 2);
        caller.asked_at = wire.send(bye.as_bytes());
    }

    /// Handles a message for a caller.
    pub(super) fn take(&mut self, at: u64, message: &[u8], wire: &mut Wire, figures: &mut Figures) -> Step {
        let Some(number) = header(message, "Call-ID").split('-').next().and_then(|n| n.parse().ok()) else {
            return Step::Nothing;
        };
        let number: usize = number;
        let Some(caller) = self.all.get_mut(number) else { return Step::Nothing };
        match method(message) {
            "" => caller.on_response(number, at, message, wire, figures),
            "BYE" => {
                wire.send(response(message, "200 OK", "", NO_BODY).as_bytes());
                if caller.life == Life::Done {
                    figures.came_again += 1;
                    return Step::Nothing;
                }
                caller.life = Life::Done;
                figures.completed += 1;
                Step::Over
            }
            _ => Step::Nothing,
        }
        .also(&mut self.open)
    }
}

impl Step {
    fn also(self, open: &mut usize) -> Self {
        if self == Self::Over {
            *open -= 1;
        }
        self
    }
}

impl Caller {
    fn on_response(
        &mut self,
        number: usize,
        at: u64,
        message: &[u8],
        wire: &mut Wire,
        figures: &mut Figures,
    ) -> Step {
        let (status, is_invite) = (status(message), header(message, "CSeq").ends_with("INVITE"));
        if !core::mem::replace(&mut self.is_heard, true) {
            figures.answered_late += u64::from(at.saturating_sub(self.asked_at) > T1);
        }
        match (self.life, is_invite, status) {
            (Life::Calling, true, 200..=299) => {
                self.life = Life::Talking;
                header(message, "To").clone_into(&mut self.to);
                uri(header(message, "Contact")).clone_into(&mut self.target);
                wire.send(self.request(number, "ACK", 1).as_bytes());
                Step::Talks(number)
            }
            (Life::Calling, true, 300..) => {
                self.life = Life::Done;
                figures.failed += 1;
                *figures.refusals.entry(status).or_default() += 1;
                Step::Over
            }
            (Life::Leaving, false, 200..=299) => {
                self.life = Life::Done;
                figures.completed += 1;
                Step::Over
            }
            (Life::Talking | Life::Leaving | Life::Done, true, 200..) => {
                figures.came_again += 1;
                Step::Nothing
            }
            _ => Step::Nothing,
        }
    }

    fn request(&self, number: usize, method: &str, cseq: u8) -> String {
        format!(
            "{method} {} SIP/2.0\r\n\
             Via: SIP/2.0/UDP 127.0.0.1:5090;branch=z9hG4bK-load-{number}-{method};rport\r\nMax-Forwards: 70\r\n\
             From: \"Citizen {number}\" <sip:099{number}@127.0.0.1:5090>;tag=caller{number}\r\n\
             To: {}\r\nCall-ID: {number}-load@127.0.0.1\r\nCSeq: {cseq} {method}\r\n\
             Contact: <sip:099{number}@127.0.0.1:5090;transport=UDP>\r\n{NO_BODY}",
            self.target, self.to
        )
    }
}

/// The caller behind turno's INVITE to an agent.
pub(super) fn caller_of(offer: &[u8]) -> Option<usize> {
    number_after(header(offer, "From"), "<sip:099")
}
