//! The agents of a load: each takes one contact at a time, rings for a while, answers, and may hang up first.

use crate::load::caller::{T1, caller_of};
use crate::load::figures::Figures;
use crate::load::text::{NO_BODY, header, method, number_after, response, status, uri, with_sdp};
use crate::load::wire::Wire;

/// Port for media to the agents.
pub(super) const AGENTS_RTP: u16 = 12_000;

/// One agent.
#[derive(Debug, Default)]
pub(super) struct Agent {
    contact: Option<Contact>,
    /// When this agent's last BYE was sent, until the next offer.
    left_at: Option<u64>,
    /// When a BYE was sent that has no answer yet.
    asked_at: Option<u64>,
    calls: u64,
}

/// The present contact of an agent.
#[derive(Debug)]
struct Contact {
    invite: Vec<u8>,
    tag: String,
    is_answered: bool,
}

/// Result of a message for an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Nothing,
    /// This agent rings.
    Rings(usize),
    /// This agent talks.
    Talks(usize),
}

/// All agents; `a001` has index 0.
#[derive(Debug)]
pub(super) struct Agents {
    pub(super) all: Vec<Agent>,
}

impl Agents {
    pub(super) fn new(count: u16) -> Self {
        Self { all: (0..count).map(|_| Agent::default()).collect() }
    }

    /// Handles a message for an agent; `invited` gives the time of each caller's INVITE.
    pub(super) fn take(
        &mut self,
        at: u64,
        message: &[u8],
        wire: &mut Wire,
        figures: &mut Figures,
        invited: impl Fn(usize) -> Option<u64>,
    ) -> Step {
        let line = message.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let line = core::str::from_utf8(line).unwrap_or("");
        let method = method(message);
        let place = if method.is_empty() {
            number_after(header(message, "From"), ";tag=a")
        } else {
            number_after(line, "sip:a")
        };
        let Some(place) = place.and_then(|number| number.checked_sub(1)) else { return Step::Nothing };
        let Some(agent) = self.all.get_mut(place) else { return Step::Nothing };
        match method {
            "INVITE" => agent.on_offer(place, at, message, wire, figures, invited),
            "ACK" => Step::Talks(place),
            "BYE" => {
                wire.send(response(message, "200 OK", "", NO_BODY).as_bytes());
                if agent.contact.take().is_none() {
                    figures.came_again += 1;
                }
                Step::Nothing
            }
            "" => {
                if let Some(asked_at) = agent.asked_at.take().filter(|_| status(message) >= 200) {
                    figures.answered_late += u64::from(at.saturating_sub(asked_at) > T1);
                }
                Step::Nothing
            }
            _ => Step::Nothing,
        }
    }

    /// Whether no agent has a contact or waits for the answer to a BYE.
    pub(super) fn are_free(&self) -> bool {
        self.all.iter().all(|agent| agent.contact.is_none() && agent.asked_at.is_none())
    }

    /// The agent answers.
    pub(super) fn answer(&mut self, place: usize, wire: &mut Wire) {
        let Some(contact) = self.all[place].contact.as_mut().filter(|contact| !contact.is_answered) else {
            return;
        };
        contact.is_answered = true;
        let rest = format!("Contact: <sip:a{:03}@127.0.0.1:5080>\r\n{}", place + 1, with_sdp(AGENTS_RTP));
        wire.send(response(&contact.invite, "200 OK", &contact.tag, &rest).as_bytes());
    }

    /// The agent hangs up.
    pub(super) fn hang_up(&mut self, place: usize, wire: &mut Wire) {
        let agent = &mut self.all[place];
        let Some(Contact { invite, tag, .. }) = agent.contact.take() else { return };
        let (calls, call_id) = (agent.calls, header(&invite, "Call-ID"));
        let (us, them) = (header(&invite, "To"), header(&invite, "From"));
        let bye = format!(
            "BYE {} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bK-agent-{place}-{calls};rport\r\n\
             Max-Forwards: 70\r\nFrom: {us};tag={tag}\r\nTo: {them}\r\nCall-ID: {call_id}\r\nCSeq: 1 BYE\r\n{NO_BODY}",
            uri(header(&invite, "Contact"))
        );
        let at = wire.send(bye.as_bytes());
        agent.left_at = Some(at);
        agent.asked_at = Some(at);
    }
}

impl Agent {
    fn on_offer(
        &mut self,
        place: usize,
        at: u64,
        invite: &[u8],
        wire: &mut Wire,
        figures: &mut Figures,
        invited: impl Fn(usize) -> Option<u64>,
    ) -> Step {
        if let Some(contact) = &self.contact {
            if header(&contact.invite, "Call-ID") == header(invite, "Call-ID") {
                figures.came_again += 1;
            } else {
                figures.offered_two += 1;
            }
            return Step::Nothing;
        }
        let Some(caller) = caller_of(invite) else { return Step::Nothing };
        figures.offered(caller);
        match self.left_at.take() {
            Some(left_at) => figures.bye_to_offer.push(at.saturating_sub(left_at)),
            None => figures.invite_to_offer.extend(invited(caller).map(|began| at.saturating_sub(began))),
        }
        self.calls += 1;
        let tag = format!("a{:03}x{}", place + 1, self.calls);
        let rest = format!("Contact: <sip:a{:03}@127.0.0.1:5080>\r\n{NO_BODY}", place + 1);
        wire.send(response(invite, "180 Ringing", &tag, &rest).as_bytes());
        self.contact = Some(Contact { invite: invite.to_vec(), tag, is_answered: false });
        Step::Rings(place)
    }
}
