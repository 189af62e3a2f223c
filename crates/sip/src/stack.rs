//! The one owner of transactions and dialogs: bytes and wishes in, events and bytes out.

pub(crate) mod asked;
pub(crate) mod counters;
pub(crate) mod event;
pub(crate) mod settings;

use std::collections::VecDeque;

use bytes::Bytes;
use turno_ground::{Datagram, Dice, Flow, Moment, Transmit};

use crate::message::write::Extra;
use crate::stack::asked::{HangUp, OutInvite, OutRequest, Reply};
use crate::stack::counters::Counters;
use crate::stack::event::{ClientKey, Event, ReferId, ServerKey, SessionId};
use crate::stack::settings::StackSettings;

/// Transactions and dialogs of one SIP element.
#[derive(Debug)]
pub struct Stack {
    settings: StackSettings,
    dice: Dice,
    events: VecDeque<Event>,
    transmits: VecDeque<Transmit>,
    counters: Counters,
    last_key: u64,
}

impl Stack {
    /// A stack without calls.
    pub fn new(settings: StackSettings, dice: Dice) -> Self {
        Self {
            settings,
            dice,
            events: VecDeque::new(),
            transmits: VecDeque::new(),
            counters: Counters::default(),
            last_key: 0,
        }
    }

    /// Takes what came from a peer.
    pub fn handle_datagram(&mut self, datagram: Datagram<'_>, now: Moment) {
        let _ = (datagram, now, &self.settings, &mut self.dice);
    }

    /// Takes note that a stream is gone.
    pub fn handle_flow_closed(&mut self, flow: Flow, now: Moment) {
        let _ = (flow, now, &mut self.events);
    }

    /// Does what is due.
    pub fn handle_deadlines(&mut self, now: Moment) {
        let _ = (now, &mut self.events);
    }

    /// When something will be due. Every other call may change it.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        let _ = &mut self.events;
        None
    }

    /// What happened, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// What is to be sent, oldest first.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.transmits.pop_front()
    }

    /// What has been counted.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Responds to a request outside sessions. A final response consumes it; what it no longer knows is ignored.
    pub fn respond(&mut self, request: ServerKey, response: Reply, now: Moment) {
        let _ = (request, response, now, &mut self.events);
    }

    /// Sends a request outside sessions.
    pub fn request(&mut self, out: OutRequest, now: Moment) -> ClientKey {
        let _ = (out, now);
        self.last_key += 1;
        ClientKey(self.last_key)
    }

    /// Calls somebody.
    pub fn invite(&mut self, out: OutInvite, now: Moment) -> SessionId {
        let _ = (out, now);
        self.last_key += 1;
        SessionId(self.last_key)
    }

    /// Tells an unanswered caller that it rings: 180 without SDP.
    pub fn ring(&mut self, session: SessionId, now: Moment) {
        let _ = (session, now, &mut self.events);
    }

    /// Lets an unanswered caller hear us: 183 with SDP, reliable if the caller requires that.
    pub fn progress(&mut self, session: SessionId, sdp: Bytes, now: Moment) {
        let _ = (session, sdp, now, &mut self.events);
    }

    /// Answers a call: 200. `sdp` is our answer, or our offer if the INVITE had none.
    pub fn accept(&mut self, session: SessionId, sdp: Bytes, headers: Extra, now: Moment) {
        let _ = (session, sdp, headers, now, &mut self.events);
    }

    /// Refuses a call with a status from 300. The session is over.
    pub fn refuse(&mut self, session: SessionId, reply: Reply, now: Moment) {
        let _ = (session, reply, now, &mut self.events);
    }

    /// Offers to change the session. Waits inside while another change is under way; the latest wins.
    pub fn offer(&mut self, session: SessionId, sdp: Bytes, now: Moment) {
        let _ = (session, sdp, now, &mut self.events);
    }

    /// Answers what the peer offered; if it asked for an offer, `sdp` is that, and `Answered` follows.
    pub fn answer(&mut self, session: SessionId, sdp: Bytes, now: Moment) {
        let _ = (session, sdp, now, &mut self.events);
    }

    /// Refuses what the peer offered, with a status such as 488.
    pub fn refuse_offer(&mut self, session: SessionId, status: u16, now: Moment) {
        let _ = (session, status, now, &mut self.events);
    }

    /// Ends a session in whatever way its state asks for: CANCEL, BYE, or a refusal.
    pub fn hang_up(&mut self, session: SessionId, cause: HangUp, now: Moment) {
        let _ = (session, cause, now, &mut self.events);
    }

    /// Takes on a peer's REFER (202) or refuses it (300 and more).
    pub fn refer_reply(&mut self, session: SessionId, refer: ReferId, status: u16, now: Moment) {
        let _ = (session, refer, status, now, &mut self.events);
    }

    /// Tells the peer how its REFER is doing; a final status ends the telling.
    pub fn refer_progress(&mut self, session: SessionId, refer: ReferId, status: u16, now: Moment) {
        let _ = (session, refer, status, now, &mut self.events);
    }

    /// Asks the peer to call `target`, a URI that may carry a Replaces header.
    pub fn refer(&mut self, session: SessionId, target: &str, now: Moment) {
        let _ = (session, target, now, &mut self.events);
    }

    /// Sends an INFO.
    pub fn info(&mut self, session: SessionId, content_type: &str, body: Bytes, now: Moment) {
        let _ = (session, content_type, body, now, &mut self.events);
    }

    /// The session whose dialog has these names, seen from our side: for Replaces.
    pub fn session_by_dialog(&self, call_id: &str, local_tag: &str, remote_tag: &str) -> Option<SessionId> {
        let _ = (call_id, local_tag, remote_tag, &self.events);
        None
    }

    /// Call-ID, our tag and the peer's tag. The peer's is empty while nobody has answered our INVITE.
    pub fn dialog_name(&self, session: SessionId) -> Option<(&str, &str, &str)> {
        let _ = (session, &self.events);
        None
    }
}
