//! A SIP peer with an address: an agent, a caller, a carrier or an unknown source.

use std::net::SocketAddr;

use bytes::Bytes;
use turno_ground::{Flow, Rng, Secret, Transport};
use turno_model::Plan;
use turno_sip::{
    Account, ChallengeAnswer, Challenged, Message, Method, Name, Request, Response, answer_response,
};

use crate::sequence::dialog::Dialog;
use crate::sequence::words::sdp;
use crate::sequence::world::SERVER;

/// Maximum number of dialogs or messages that a peer remembers.
const REMEMBERED_MAX: usize = 8;

/// Automatic behaviour of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Answers what a phone answers automatically; a call rings until a step answers it.
    Ringing,
    /// Answers calls too.
    Answering,
    /// Refuses calls.
    Refusing,
    /// Refuses new calls, and ends an existing call whenever it gets a message of it.
    Polite,
    /// Sends nothing.
    Deaf,
}

/// A peer.
pub(crate) struct Peer {
    pub(crate) flow: Flow,
    pub(crate) manner: Manner,
    pub(crate) user: String,
    pub(crate) dialogs: Vec<Dialog>,
    /// Requests of the engine that wait for a step to answer them.
    pub(crate) waiting: Vec<Message>,
    /// Messages that this peer has sent, the latest last.
    pub(crate) sent: Vec<Bytes>,
    /// Messages that it has received, the latest last.
    pub(crate) heard: Vec<Bytes>,
    secret: Secret,
    place: usize,
    count: u32,
    rng: Rng,
}

impl Peer {
    /// The nine peers: four agents (the third one in a browser, the last one over TCP), three callers, the carrier, and an
    /// unknown source with a trunk's password.
    pub(crate) fn all(plan: &Plan) -> Vec<Self> {
        let agents = (1..).zip(&plan.seats).map(|(number, seat)| {
            let transport = match number {
                3 => Transport::Ws,
                4 => Transport::Tcp,
                _ => Transport::Udp,
            };
            (seat.extension.clone(), seat.password.clone(), [127, 10, 0, number], transport)
        });
        let callers = (1..4).map(|number| {
            (format!("099000000{number}"), Secret::default(), [127, 20, 0, number], Transport::Udp)
        });
        let others = [
            ("0999999999".to_owned(), Secret::default(), [127, 40, 0, 1], Transport::Udp),
            ("carrier".to_owned(), Secret::new("carrier-secret"), [127, 66, 0, 1], Transport::Udp),
        ];
        let all = agents.chain(callers).chain(others).enumerate();
        all.map(|(place, (user, secret, ip, transport))| Self {
            flow: Flow { transport, local: SERVER, remote: SocketAddr::from((ip, 5060)) },
            manner: Manner::Ringing,
            user,
            secret,
            dialogs: Vec::new(),
            waiting: Vec::new(),
            sent: Vec::new(),
            heard: Vec::new(),
            place,
            count: 0,
            rng: Rng::new(place as u64),
        })
        .collect()
    }

    /// A token that this peer has not used yet.
    pub(crate) fn fresh(&mut self, kind: &str) -> String {
        self.count += 1;
        format!("{kind}{}x{}", self.place, self.count)
    }

    /// A Via with a new branch.
    pub(crate) fn via(&mut self) -> String {
        let branch = self.fresh("z9hG4bK");
        self.via_of(&branch)
    }

    /// A Via with this branch.
    pub(crate) fn via_of(&self, branch: &str) -> String {
        format!("SIP/2.0/{} {};branch={branch};rport", self.flow.transport.via_name(), self.flow.remote)
    }

    /// The value of this peer's Contact header.
    pub(crate) fn contact(&self) -> String {
        let (user, at) = (&self.user, self.flow.remote);
        match self.flow.transport {
            Transport::Udp => format!("<sip:{user}@{at}>"),
            Transport::Ws => {
                format!(
                    "<sip:{user}@{}.invalid;transport=ws>;reg-id=1;+sip.instance=\"<urn:uuid:1>\"",
                    self.place
                )
            }
            other @ (Transport::Tcp | Transport::Tls | Transport::Wss) => {
                format!("<sip:{user}@{at};transport={}>", other.uri_name())
            }
        }
    }

    /// Remembers a message as sent, and returns it.
    pub(crate) fn send(&mut self, bytes: Bytes) -> Bytes {
        remember(&mut self.sent, bytes.clone());
        bytes
    }

    /// A request outside a dialog, such as REGISTER or OPTIONS.
    pub(crate) fn ask(&mut self, method: Method, uri: &str, extra: &[(Name, String)]) -> Bytes {
        let (via, tag, call_id) = (self.via(), self.fresh("t"), self.fresh("c"));
        let own = format!("<sip:{}@turno>", self.user);
        let request = Request::new(method, uri)
            .header(Name::Via, via)
            .header(Name::MaxForwards, 70)
            .header(Name::From, format_args!("{own};tag={tag}"))
            .header(Name::To, own)
            .header(Name::CallId, call_id)
            .header(Name::CSeq, format_args!("{} {}", self.count, method.name()))
            .headers(extra)
            .finish();
        self.send(request)
    }

    /// Starts a dialog with an INVITE; without a body if `body` is empty.
    pub(crate) fn invite(&mut self, number: &str, extra: &[(Name, String)], body: &str) -> Bytes {
        let tag = self.fresh("t");
        let local = format!("\"caller\" <sip:{}@turno>;tag={tag}", self.user);
        let dialog = Dialog::calling(self.fresh("c"), local, format!("sip:{number}@turno"));
        if self.dialogs.len() == REMEMBERED_MAX {
            self.dialogs.remove(0);
        }
        self.dialogs.push(dialog);
        let last = self.dialogs.len() - 1;
        self.within(last, Method::Invite, extra, body)
    }

    /// A request within a dialog.
    pub(crate) fn within(
        &mut self,
        place: usize,
        method: Method,
        extra: &[(Name, String)],
        body: &str,
    ) -> Bytes {
        let (branch, contact) = (self.fresh("z9hG4bK"), self.contact());
        let via = self.via_of(&branch);
        let dialog = &mut self.dialogs[place];
        let mut request = dialog.request(method, &branch, &via, &contact).headers(extra);
        if method == Method::Invite {
            request = request.header(Name::Supported, "timer, replaces");
        }
        let request =
            if body.is_empty() { request.finish() } else { request.body("application/sdp", body.as_bytes()) };
        self.send(request)
    }

    /// A response to a request of the engine, with a Contact, and a body if it is not empty.
    pub(crate) fn respond(&mut self, request: &Message, status: u16, tag: &str, body: &str) -> Bytes {
        let contact = self.contact();
        let response = Response::to(request, status, "", Some(tag), None).header(Name::Contact, contact);
        let bytes = if body.is_empty() {
            response.finish()
        } else {
            response.body("application/sdp", body.as_bytes())
        };
        self.send(bytes)
    }

    /// Ends all dialogs and pending requests that this peer knows.
    pub(crate) fn hang_up_all(&mut self) -> Vec<Bytes> {
        let mut said = Vec::new();
        for request in core::mem::take(&mut self.waiting) {
            let status = if request.method() == Method::Invite { 486 } else { 200 };
            let tag = self.tag_for(&request);
            said.push(self.respond(&request, status, &tag, ""));
        }
        for place in 0..self.dialogs.len() {
            let method = if self.dialogs[place].is_early() { Method::Cancel } else { Method::Bye };
            said.push(self.within(place, method, &[], ""));
        }
        said
    }

    /// Reads a message of the engine; returns this peer's automatic answers.
    pub(crate) fn hear(&mut self, bytes: &Bytes) -> Vec<Bytes> {
        remember(&mut self.heard, bytes.clone());
        let message = Message::scan(bytes).expect("whatever the engine sends was read before it was posted");
        if message.is_request() { self.hear_request(message) } else { self.hear_response(&message) }
    }

    fn hear_response(&mut self, response: &Message) -> Vec<Bytes> {
        let status = response.status().unwrap_or(0);
        let place = self.dialogs.iter().position(|dialog| dialog.is_of(response));
        if let Some(place) = place {
            self.dialogs[place].hear(response, status);
        }
        if self.manner == Manner::Deaf {
            return Vec::new();
        }
        if status == 401 {
            return self.sign(response, place);
        }
        let Some(place) = place.filter(|_| response.method() == Method::Invite) else { return Vec::new() };
        match status {
            101..=199 => match response.header(Name::RSeq).map(str::to_owned) {
                Some(number) => {
                    let rack = format!("{number} {}", response.header(Name::CSeq).unwrap_or_default());
                    vec![self.within(place, Method::Prack, &[(Name::RAck, rack)], "")]
                }
                None => Vec::new(),
            },
            200..=299 if self.manner == Manner::Polite => {
                vec![self.within(place, Method::Ack, &[], ""), self.within(place, Method::Bye, &[], "")]
            }
            200..=299 => {
                let body = if self.dialogs[place].is_late { sdp(0, 9) } else { String::new() };
                vec![self.within(place, Method::Ack, &[], &body)]
            }
            300.. => vec![self.within(place, Method::Ack, &[], "")],
            _ => Vec::new(),
        }
    }

    /// Sends the refused request again with credentials.
    fn sign(&mut self, response: &Message, place: Option<usize>) -> Vec<Bytes> {
        let mut said = Vec::new();
        if let Some(place) = place.filter(|_| response.method() == Method::Invite) {
            said.push(self.within(place, Method::Ack, &[], ""));
        }
        let asked = self.sent.iter().rev().filter_map(|bytes| Message::scan(bytes).ok());
        let asked = asked
            .filter(|sent| sent.is_request() && sent.method() == response.method())
            .find(|sent| sent.call_id() == response.call_id());
        let Some(asked) = asked.filter(|sent| !sent.has(Name::Authorization)) else { return said };
        let (method, uri) = (asked.method_name().to_owned(), asked.request_uri().to_owned());
        let secret = self.secret.clone();
        let body = asked.body();
        let challenged =
            Challenged { method: &method, uri: &uri, body: &body, credentials: &[], has_answered: false };
        let account = Account { username: &self.user, password: &secret };
        let answer = answer_response(response, &challenged, account, &mut self.rng);
        let ChallengeAnswer::Credentials(signed) = answer else { return said };
        if let Some(place) = place.filter(|_| asked.method() == Method::Invite) {
            let body = String::from_utf8_lossy(&body).into_owned();
            said.push(self.within(place, Method::Invite, &signed, &body));
        } else if asked.method() == Method::Register {
            let kept = [Name::Contact, Name::Expires];
            let extra =
                kept.iter().flat_map(|name| asked.values(*name).map(|value| (*name, value.to_owned())));
            let extra: Vec<_> = extra.chain(signed).collect();
            said.push(self.ask(Method::Register, &uri, &extra));
        }
        said
    }

    fn hear_request(&mut self, request: Message) -> Vec<Bytes> {
        let is_new = request.method() == Method::Invite && request.to().is_ok_and(|to| to.tag().is_none());
        if is_new && !self.dialogs.iter().any(|dialog| dialog.is_of(&request)) {
            let tag = self.fresh("t");
            if let Some(dialog) = Dialog::called(&request, &tag) {
                if self.dialogs.len() == REMEMBERED_MAX {
                    self.dialogs.remove(0);
                }
                self.dialogs.push(dialog);
            }
        }
        if self.manner == Manner::Deaf || request.method() == Method::Ack {
            return Vec::new();
        }
        let tag = self.tag_for(&request);
        match request.method() {
            Method::Invite if is_new => self.ring(request, &tag),
            Method::Invite | Method::Update => {
                let body = if request.method() == Method::Update && request.body().is_empty() {
                    String::new()
                } else {
                    sdp(0, 7)
                };
                vec![self.respond(&request, 200, &tag, &body)]
            }
            Method::Cancel => {
                let mut said = vec![self.respond(&request, 200, &tag, "")];
                let place = self.waiting.iter().position(|waiting| {
                    waiting.method() == Method::Invite && waiting.call_id() == request.call_id()
                });
                if let Some(place) = place {
                    let invite = self.waiting.remove(place);
                    said.push(self.respond(&invite, 487, &tag, ""));
                }
                said
            }
            Method::Bye => {
                self.dialogs.retain(|dialog| !dialog.is_of(&request));
                vec![self.respond(&request, 200, &tag, "")]
            }
            Method::Register
            | Method::Options
            | Method::Prack
            | Method::Refer
            | Method::Notify
            | Method::Subscribe
            | Method::Info
            | Method::Message
            | Method::Publish
            | Method::Ack
            | Method::Other => vec![self.respond(&request, 200, &tag, "")],
        }
    }

    fn ring(&mut self, request: Message, tag: &str) -> Vec<Bytes> {
        match self.manner {
            Manner::Answering => vec![self.respond(&request, 200, tag, &sdp(0, 8))],
            Manner::Refusing | Manner::Polite => vec![self.respond(&request, 486, tag, "")],
            Manner::Ringing | Manner::Deaf => {
                let ringing = self.respond(&request, 180, tag, "");
                if self.waiting.len() == REMEMBERED_MAX {
                    self.waiting.remove(0);
                }
                self.waiting.push(request);
                vec![ringing]
            }
        }
    }

    /// The To tag of this peer's response to a request.
    pub(crate) fn tag_for(&self, request: &Message) -> String {
        let dialog = self.dialogs.iter().find(|dialog| dialog.is_of(request));
        dialog.map_or_else(|| format!("u{}", self.place), |dialog| dialog.tag().to_owned())
    }
}

fn remember(list: &mut Vec<Bytes>, bytes: Bytes) {
    if list.len() == REMEMBERED_MAX {
        list.remove(0);
    }
    list.push(bytes);
}
