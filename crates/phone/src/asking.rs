//! Client transactions of a phone: sends and retransmits its requests, answers challenges, and matches responses.

use std::collections::BTreeMap;

use bytes::Bytes;
use rsip::headers::{ToTypedHeader, UntypedHeader};
use rsip::{Method, Request, Response};
use turno_ground::Moment;

use crate::base::Base;
use crate::client::{self, Client, ClientKey, GIVE_UP, Phase, Purpose, T1, T2, T4};
use crate::deadline::Deadline;
use crate::digest::Challenge;
use crate::event::CallId;
use crate::reading;
use crate::station::Station;
use crate::writing;

/// How many challenges a phone answers for one request: one, and another if the nonce was stale.
const CHALLENGES_MAX: u8 = 2;

/// What a response means to the sender of the request.
#[derive(Debug)]
pub(crate) enum ResponseKind {
    /// Nothing new.
    Nothing,
    /// A provisional response.
    Progress(Purpose),
    /// The final response.
    Final(Purpose),
    /// A challenge: final, unless the sender has a CSeq number to try again with credentials.
    Challenged(ClientKey, Purpose, Challenge),
    /// The 200 to this call's INVITE with this CSeq number came again.
    AnsweredAgain(CallId, Option<u32>),
}

/// The phone's requests, and the server's last challenge.
#[derive(Debug, Default)]
pub(crate) struct Asking {
    clients: BTreeMap<ClientKey, Client>,
    challenge: Option<Challenge>,
}

impl Asking {
    /// Sends a new request; `build` writes it with the Via value it is given.
    pub(crate) fn ask(
        &mut self,
        base: &mut Base,
        purpose: Purpose,
        now: Moment,
        build: impl FnOnce(&Station, String) -> Request,
    ) -> ClientKey {
        let station = &mut base.station;
        let key = ClientKey { number: station.number(), is_cancel: false };
        let branch = client::branch(key.number, &station.rng.token::<16>());
        let mut request = build(station, station.via(&branch));
        if matches!(purpose, Purpose::Register | Purpose::Unregister | Purpose::Invite(_))
            && let Some(challenge) = &mut self.challenge
        {
            // The server has challenged us before.
            let credentials = station.credentials(challenge, &request);
            request.headers.push(credentials);
        }
        self.start(base, key, Client::new(branch, request, purpose, 0), now);
        key
    }

    /// Sends the request again with credentials and this CSeq number.
    pub(crate) fn ask_again(
        &mut self,
        base: &mut Base,
        key: ClientKey,
        challenge: Challenge,
        cseq: u32,
        now: Moment,
    ) -> Option<ClientKey> {
        let client = self.clients.get(&key)?;
        let (purpose, tried) = (client.purpose, client.answered_challenges);
        let station = &mut base.station;
        let credentials = station.credentials(self.challenge.insert(challenge), &client.request);
        let next = ClientKey { number: station.number(), is_cancel: false };
        let branch = client::branch(next.number, &station.rng.token::<16>());
        let request = writing::again(&client.request, station.via(&branch), cseq, credentials);
        self.start(base, next, Client::new(branch, request, purpose, tried + 1), now);
        Some(next)
    }

    /// Sends CANCEL for a pending INVITE.
    pub(crate) fn cancel(&mut self, base: &mut Base, invite: ClientKey, now: Moment) {
        let Some(client) = self.clients.get(&invite) else { return };
        let request = writing::beside(&client.request, Method::Cancel, None);
        let branch = client.branch.clone();
        let key = ClientKey { is_cancel: true, ..invite };
        self.start(base, key, Client::new(branch, request, Purpose::Cancel, 0), now);
        // RFC 3261, 9.1: the INVITE is given up after 64 * T1, even if the CANCEL fails.
        base.timers.set(Deadline::GiveUp(invite), now + GIVE_UP);
    }

    pub(crate) fn on_response(&mut self, base: &mut Base, response: &Response, now: Moment) -> ResponseKind {
        let status = response.status_code.code();
        let key = self.client_of(response);
        let Some((key, client)) = key.and_then(|key| Some((key, self.clients.get_mut(&key)?))) else {
            base.confused(format!("{status} to nothing that we asked"));
            return ResponseKind::Nothing;
        };
        let purpose = client.purpose;
        if status < 200 {
            if client.phase == Phase::Completed {
                return ResponseKind::Nothing;
            }
            client.phase = Phase::Proceeding;
            if client.is_invite() {
                base.timers.cancel(&Deadline::Repeat(key));
                base.timers.cancel(&Deadline::GiveUp(key));
                return ResponseKind::Progress(purpose);
            }
            client.interval = T2;
            return ResponseKind::Nothing;
        }
        if client.phase == Phase::Completed {
            return on_repeated_final(base, client, response);
        }
        client.phase = Phase::Completed;
        let is_invite = client.is_invite();
        if is_invite && status >= 300 {
            let ack = writing::beside(&client.request, Method::Ack, reading::to(&response.headers));
            let bytes = Bytes::from(ack.to_string());
            client.ack = Some(bytes.clone());
            base.transmit(bytes);
        }
        base.timers.cancel(&Deadline::Repeat(key));
        base.timers.set(Deadline::GiveUp(key), now + if is_invite { GIVE_UP } else { T4 });
        if matches!(status, 401 | 407) {
            let tried = client.answered_challenges;
            return self.on_challenge(base, (key, purpose, tried), response);
        }
        ResponseKind::Final(purpose)
    }

    pub(crate) fn on_repeat(&mut self, base: &mut Base, key: ClientKey, now: Moment) {
        let Some(client) = self.clients.get_mut(&key) else { return };
        client.interval *= 2;
        if !client.is_invite() {
            client.interval = client.interval.min(T2);
        }
        let bytes = client.bytes.clone();
        base.timers.set(Deadline::Repeat(key), now + client.interval);
        base.transmit(bytes);
    }

    /// Removes a request. Returns its purpose if no final response came.
    pub(crate) fn on_give_up(&mut self, base: &mut Base, key: ClientKey) -> Option<Purpose> {
        base.timers.cancel(&Deadline::Repeat(key));
        let client = self.clients.remove(&key)?;
        match client.phase {
            Phase::Completed => None,
            Phase::Trying | Phase::Proceeding => Some(client.purpose),
        }
    }

    /// Whether a request of ours has no final response yet.
    pub(crate) fn waits_for_answers(&self) -> bool {
        self.without_final().next().is_some()
    }

    /// The requests without a final response.
    pub(crate) fn without_final(&self) -> impl Iterator<Item = &Bytes> {
        self.clients.values().filter(|client| client.phase != Phase::Completed).map(|client| &client.bytes)
    }

    /// Sends a request and starts its retransmissions.
    fn start(&mut self, base: &mut Base, key: ClientKey, client: Client, now: Moment) {
        base.transmit(client.bytes.clone());
        if !base.station.is_reliable() {
            base.timers.set(Deadline::Repeat(key), now + T1);
        }
        base.timers.set(Deadline::GiveUp(key), now + GIVE_UP);
        self.clients.insert(key, client);
    }

    /// The request that a response answers, found by our branch and the method in CSeq (RFC 3261, 17.1.3).
    fn client_of(&self, response: &Response) -> Option<ClientKey> {
        // rsip's typed Via checks the server's Via with rsip's own grammar.
        let line = reading::via(&response.headers)?;
        let via = rsip::headers::Via::new(line).typed().ok()?;
        let branch = via.branch()?.to_string();
        let (_, method) = reading::cseq(&response.headers)?;
        let key = ClientKey { number: client::number_of(&branch)?, is_cancel: method == Method::Cancel };
        let client = self.clients.get(&key)?;
        (client.branch == branch && client.request.method == method).then_some(key)
    }

    /// Whether the request may be sent again with credentials.
    fn on_challenge(
        &mut self,
        base: &mut Base,
        (key, purpose, tried): (ClientKey, Purpose, u8),
        response: &Response,
    ) -> ResponseKind {
        let Some(challenge) = Challenge::read(&response.headers) else {
            base.confused("a challenge that MD5 cannot answer".to_owned());
            return ResponseKind::Final(purpose);
        };
        if !base.station.has_password() {
            return ResponseKind::Final(purpose);
        }
        if tried >= CHALLENGES_MAX || tried == 1 && !challenge.stale {
            self.challenge = None;
            return ResponseKind::Final(purpose);
        }
        ResponseKind::Challenged(key, purpose, challenge)
    }
}

fn on_repeated_final(base: &mut Base, client: &Client, response: &Response) -> ResponseKind {
    match client.purpose {
        Purpose::Invite(id) | Purpose::Reinvite(id, _) if client.ack.is_none() => {
            ResponseKind::AnsweredAgain(id, reading::cseq(&response.headers).map(|(number, _)| number))
        }
        Purpose::Invite(_)
        | Purpose::Reinvite(..)
        | Purpose::Register
        | Purpose::Unregister
        | Purpose::Bye(_)
        | Purpose::Cancel
        | Purpose::Refer(_)
        | Purpose::Info(_) => {
            client.ack.clone().into_iter().for_each(|bytes| base.transmit(bytes));
            ResponseKind::Nothing
        }
    }
}
