//! The phone's transaction layer: requests of both sides, on the shared [`Base`].

use bytes::Bytes;
use rsip::headers::Header;
use rsip::{Method, Request, Response};
use turno_ground::Moment;

use crate::answering::Answering;
use crate::asking::{Asking, ResponseKind};
use crate::base::Base;
use crate::client::{self, ClientKey, Purpose};
use crate::digest::Challenge;
use crate::server::ServerKey;
use crate::station::Station;
use crate::writing;

/// The transactions between the phone and its server.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) base: Base,
    asking: Asking,
    answering: Answering,
}

impl Wire {
    pub(crate) fn new(base: Base, seed: u64) -> Self {
        Self { base, asking: Asking::default(), answering: Answering::new(seed) }
    }

    /// Sends a new request; `build` writes it around the Via value it is given.
    pub(crate) fn ask(
        &mut self,
        purpose: Purpose,
        now: Moment,
        build: impl FnOnce(&Station, String) -> Request,
    ) -> ClientKey {
        self.asking.ask(&mut self.base, purpose, now, build)
    }

    /// Sends a request again with credentials and this CSeq number.
    pub(crate) fn ask_again(
        &mut self,
        key: ClientKey,
        challenge: Challenge,
        cseq: u32,
        now: Moment,
    ) -> Option<ClientKey> {
        self.asking.ask_again(&mut self.base, key, challenge, cseq, now)
    }

    /// Sends CANCEL for a pending INVITE.
    pub(crate) fn cancel_invite(&mut self, invite: ClientKey, now: Moment) {
        self.asking.cancel(&mut self.base, invite, now);
    }

    /// Answers a request and returns the response's bytes. `tag` is our tag of the request's call.
    pub(crate) fn respond(
        &mut self,
        key: ServerKey,
        status_and_tag: (u16, Option<String>),
        extra_and_body: (Vec<Header>, Option<writing::Body>),
        now: Moment,
    ) -> Option<Bytes> {
        self.answering.respond(&mut self.base, key, status_and_tag, extra_and_body, now)
    }

    /// Handles an ACK; false if it is not for a refusal.
    pub(crate) fn take_ack(&mut self, ack: &Request) -> bool {
        self.answering.on_ack(&mut self.base, ack)
    }

    /// Handles a request other than ACK; `None` if it is a retransmission.
    pub(crate) fn take_request(&mut self, request: Request) -> Option<(ServerKey, Method)> {
        self.answering.on_request(&mut self.base, request)
    }

    pub(crate) fn take_response(&mut self, response: &Response, now: Moment) -> ResponseKind {
        self.asking.on_response(&mut self.base, response, now)
    }

    pub(crate) fn repeat(&mut self, key: ClientKey, now: Moment) {
        self.asking.on_repeat(&mut self.base, key, now);
    }

    /// Removes a request. Returns its purpose if no final response came.
    pub(crate) fn give_up(&mut self, key: ClientKey) -> Option<Purpose> {
        self.asking.on_give_up(&mut self.base, key)
    }

    pub(crate) fn repeat_refusal(&mut self, key: ServerKey, now: Moment) {
        self.answering.on_repeat_refusal(&mut self.base, key, now);
    }

    pub(crate) fn forget(&mut self, key: ServerKey) {
        self.answering.on_forget(&mut self.base, key);
    }

    /// Sends again what may have been lost with a connection.
    pub(crate) fn say_again(&mut self) {
        let again: Vec<_> =
            self.asking.without_final().chain(self.answering.unacknowledged()).cloned().collect();
        again.into_iter().for_each(|bytes| self.base.transmit(bytes));
    }

    /// Whether a request of ours has no final response yet.
    pub(crate) fn waits_for_answers(&self) -> bool {
        self.asking.waits_for_answers()
    }

    /// A request of the server.
    pub(crate) fn request(&self, key: ServerKey) -> Option<&Request> {
        self.answering.request(key)
    }

    /// The INVITE that a CANCEL is for.
    pub(crate) fn invite_of(&self, cancel: ServerKey) -> Option<ServerKey> {
        self.answering.invite_of(cancel)
    }

    /// The Via value of an ACK for a 200, which gets no response. Its number is 0, which no request of ours has.
    pub(crate) fn via_of_ack(&mut self) -> String {
        let branch = client::branch(0, &self.base.station.rng.token::<16>());
        self.base.station.via(&branch)
    }
}
