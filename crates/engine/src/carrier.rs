//! Our own registration with a carrier: what is sent, and what its answers mean (RFC 3261, 10.2; RFC 3608).

use core::time::Duration;

use smallvec::SmallVec;
use turno_ground::{Flow, Moment, Secret};
use turno_model::TrunkId;
use turno_model::plan::TrunkTrust;
use turno_sip::{Account, ClientKey, Message, Method, Name, OutRequest, SessionId, Uri};

use crate::deadline::Deadline;
use crate::engine::{Engine, Service};
use crate::own_registration::{Answered, Draft, RENEW_SPAN_MIN};
use crate::registration::{Heard, Next, Registration};
use crate::seat::Asked;
use crate::trouble::{Trouble, peers_text};

/// The longest pause where the carrier did not answer, or could not.
const RETRY_SOON_SPAN_MAX: Duration = Duration::from_secs(120);
/// The longest pause where it refused: a wrong password is not tried each minute, and never given up.
const RETRY_LATE_SPAN_MAX: Duration = Duration::from_secs(30 * 60);
/// The longest pause that a Retry-After may ask for.
const RETRY_AFTER_SPAN_MAX: Duration = Duration::from_secs(3_600);
/// What a renewal may take: 64*T1 without an answer, and a try at the next address.
const RENEW_MARGIN: Duration = Duration::from_secs(40);

/// Why a REGISTER failed, and when it is worth another.
#[derive(Debug, Default)]
struct Failure {
    reason: String,
    retry_after: Option<Duration>,
}

/// When a registration of this span is renewed.
fn renewal(granted: Duration) -> Duration {
    let margin = (granted / 10).max(RENEW_MARGIN.min(granted / 2));
    (granted - margin).max(RENEW_SPAN_MIN)
}

/// How long the carrier's 200 keeps `contact`, which is ours; `None` if it does not list it (RFC 3261, 10.2.4: its own
/// parameter before the header; 19.1.4: other bindings of the account are not ours, whoever their user is).
fn granted_to(message: &Message, contact: &str, asked: Duration) -> Option<Duration> {
    let ours = Uri::parse(contact).ok()?;
    let rewritten = rewritten_by_nat(message, &ours);
    let with_port = |uri: &Uri<'_>| uri.socket_addr().map_or(uri.port, |at| Some(at.port()));
    let is_ours = |uri: &str| {
        Uri::parse(uri).is_ok_and(|uri| {
            // Carriers write the same Contact with and without the port that it has anyway.
            (with_port(&uri) == with_port(&ours)
                && Uri { port: None, ..uri }.is_equivalent(&Uri { port: None, ..ours }))
                || rewritten.as_ref().is_some_and(|(host, port)| {
                    uri.user_unescaped() == ours.user_unescaped()
                        && uri.host == host
                        && uri.port == Some(*port)
                })
        })
    };
    let seconds = |text: &str| text.trim().parse().ok().map(Duration::from_secs);
    let general = message.number(Name::Expires).map(u64::from).map(Duration::from_secs);
    let own = message.contacts().flatten().filter(|contact| is_ours(contact.uri));
    let granted = own.map(|own| own.param("expires").and_then(seconds).or(general).unwrap_or(asked));
    granted.max().filter(|granted| !granted.is_zero())
}

/// Where the carrier saw us, as its Via says: registrars behind NAT helpers write that into our Contact.
fn rewritten_by_nat(message: &Message, ours: &Uri<'_>) -> Option<(String, u16)> {
    let via = message.top_via().ok()?;
    let host = via.params.value("received").filter(|host| !host.is_empty()).unwrap_or(ours.host);
    let port = via.params.value("rport").and_then(|port| port.parse().ok()).or(ours.port)?;
    Some((host.to_owned(), port))
}

/// What a refusal says, for people.
fn refusal(message: &Message, status: u16) -> String {
    let mut reason = format!("{status} {}", peers_text(message.reason()));
    if let Some(Ok(contact)) = message.contacts().next().filter(|_| (300..400).contains(&status)) {
        reason += &format!(", it names {}: set `host` if that is right", peers_text(contact.uri));
    } else if let Some(warning) = message.header(Name::Warning) {
        reason += &format!(", {}", peers_text(warning));
    }
    reason
}

/// The seconds of a Retry-After, which may have a comment and parameters (RFC 3261, 20.33).
fn retry_after(message: &Message) -> Option<Duration> {
    let value = message.header(Name::RetryAfter)?.trim();
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let seconds: u64 = value[..digits].parse().ok()?;
    Some(Duration::from_secs(seconds).min(RETRY_AFTER_SPAN_MAX))
}

impl Engine {
    /// A carrier that we registered with calls: what we ask within that call it may challenge.
    pub(crate) fn knows_account(&mut self, session: SessionId, trunk: TrunkId) {
        if let Some((username, password)) = self.plan.trunks.get(trunk.index()).and_then(account_at) {
            self.stack.answers_challenges(session, username.to_owned(), password.clone());
        }
    }

    /// It is time to register with a trunk.
    pub(crate) fn register_with(&mut self, trunk: TrunkId, now: Moment) {
        if matches!(self.service, Service::Open | Service::Draining) {
            self.registration_heard(trunk, Heard::Due, Failure::default(), now);
        }
    }

    /// The carrier answers again: it is not left waiting for us.
    pub(crate) fn registers_at_last(&mut self, trunk: TrunkId, now: Moment) {
        if self.trunks[trunk.index()].own.stage() == Registration::Failing {
            self.timers.set(Deadline::TrunkRegister(trunk), now);
        }
    }

    /// A connection closed; the carrier may have forgotten who registered by it.
    pub(crate) fn carrier_connection_closed(&mut self, flow: Flow, now: Moment) {
        for place in 0..self.trunks.len() {
            let is_its = self.trunks.get(place).is_some_and(|state| state.own.registered_by(flow));
            let (true, Ok(id)) = (is_its, u32::try_from(place)) else { continue };
            self.trunks[place].own.is_cut_off();
            self.registration_heard(TrunkId(id), Heard::ConnectionClosed, Failure::default(), now);
        }
    }

    /// turno ends for good: our Contacts are taken back. Whether any REGISTER is under way for it.
    pub(crate) fn leave_carriers(&mut self, now: Moment) -> bool {
        for id in (0..self.trunks.len()).filter_map(|place| u32::try_from(place).ok()) {
            self.timers.cancel(&Deadline::TrunkRegister(TrunkId(id)));
            self.registration_heard(TrunkId(id), Heard::Stop, Failure::default(), now);
        }
        self.is_leaving_carriers()
    }

    /// Whether a REGISTER that takes a Contact back is under way.
    pub(crate) fn is_leaving_carriers(&self) -> bool {
        self.trunks.iter().any(|state| state.own.stage() == Registration::Leaving)
    }

    /// A carrier answered our REGISTER, or did not.
    pub(crate) fn on_registered_with(
        &mut self,
        trunk: TrunkId,
        key: ClientKey,
        answer: Option<(&Message, Flow)>,
        now: Moment,
    ) {
        if !self.trunks[trunk.index()].own.is_answered(key) {
            return;
        }
        let asked = self.trunks[trunk.index()].address(0);
        let from = asked.map(|asked| format!(" from {asked}")).unwrap_or_default();
        let Some((message, flow)) = answer else {
            let failure = Failure { reason: format!("no answer to REGISTER{from}"), retry_after: None };
            self.carrier_unavailable(trunk, failure, now);
            return;
        };
        let status = message.status().unwrap_or(500);
        let failure = Failure { reason: refusal(message, status), retry_after: retry_after(message) };
        match status {
            ..300 => self.carrier_took(trunk, message, flow, now),
            401 | 407 => self.carrier_challenged(trunk, message, failure, now),
            423 => self.carrier_wants_longer(trunk, message, failure, now),
            408 | 430 | 500..600 => self.carrier_unavailable(trunk, failure, now),
            _ => self.registration_heard(trunk, Heard::Refused, failure, now),
        }
    }

    fn carrier_took(&mut self, trunk: TrunkId, message: &Message, flow: Flow, now: Moment) {
        let asked = self.registration_span(trunk);
        let ours = self.trunks[trunk.index()].own.contact().to_owned();
        let Some(granted) = granted_to(message, &ours, asked) else {
            let listed = message.contacts().flatten().next();
            let listed = listed.map_or("none".to_owned(), |contact| peers_text(contact.uri));
            let reason = format!("its 200 does not list our Contact {ours}, the first it lists is {listed}");
            self.registration_heard(trunk, Heard::NotListed, Failure { reason, retry_after: None }, now);
            return;
        };
        // Its own answer shows where it is: calls that it began wait for no message of its own.
        if flow.transport.is_reliable() {
            self.trunk_is_back(flow);
        }
        let own = &mut self.trunks[trunk.index()].own;
        own.is_taken(message, flow);
        if own.stage() == Registration::Asking {
            self.timers.set(Deadline::TrunkRegister(trunk), now + renewal(granted));
        }
        self.registration_heard(trunk, Heard::Listed, Failure::default(), now);
    }

    fn carrier_challenged(&mut self, trunk: TrunkId, message: &Message, failure: Failure, now: Moment) {
        let plan = self.plan.clone();
        let Some((username, password)) = plan.trunks.get(trunk.index()).and_then(account_at) else { return };
        let uri = self.registrar_uri(trunk);
        let account = Account { username, password };
        let answer = self.trunks[trunk.index()].own.answers(message, &uri, account, &mut self.dice);
        let Failure { reason, retry_after } = failure;
        let reason = match answer {
            Answered::Sent => {
                self.registration_heard(trunk, Heard::Challenged, Failure::default(), now);
                return;
            }
            Answered::Refused => {
                format!("{reason}, though it was answered: wrong username or password")
            }
            Answered::NotUnderstood => format!("{reason} without a challenge that turno can answer"),
        };
        self.registration_heard(trunk, Heard::Refused, Failure { reason, retry_after }, now);
    }

    /// RFC 3261, 10.2.8: the carrier says what is long enough.
    fn carrier_wants_longer(&mut self, trunk: TrunkId, message: &Message, failure: Failure, now: Moment) {
        let asked = self.registration_span(trunk);
        let least = message.number(Name::MinExpires).map(u64::from).map(Duration::from_secs);
        let is_longer = self.trunks[trunk.index()].own.is_to_last(least, asked);
        let heard = if is_longer { Heard::TooBrief } else { Heard::Refused };
        self.registration_heard(trunk, heard, failure, now);
    }

    fn carrier_unavailable(&mut self, trunk: TrunkId, failure: Failure, now: Moment) {
        // RFC 3263, 4.3.
        let heard = self.trunks[trunk.index()].is_unavailable();
        self.registration_heard(trunk, heard, failure, now);
    }

    fn registration_heard(&mut self, trunk: TrunkId, heard: Heard, failure: Failure, now: Moment) {
        let is_ours =
            |plan: &turno_model::plan::TrunkPlan| matches!(plan.trust, TrunkTrust::Registration { .. });
        if !self.plan.trunks.get(trunk.index()).is_some_and(is_ours) {
            return;
        }
        let state = &mut self.trunks[trunk.index()];
        match state.hears(heard, now) {
            Next::Nothing => {}
            Next::Ask | Next::AskElsewhere => self.begin_register(trunk, None, now),
            Next::AskAgain => {
                let span = (state.own.stage() == Registration::Leaving).then_some(Duration::ZERO);
                self.send_register(trunk, span, now);
            }
            Next::RenewLater => {
                self.trunk_is_cured(trunk, Trouble::Unregistered, now);
                self.judge_trunk(trunk, now);
            }
            Next::RetrySoon => self.register_later(trunk, failure, RETRY_SOON_SPAN_MAX, now),
            Next::RetryLate => self.register_later(trunk, failure, RETRY_LATE_SPAN_MAX, now),
            Next::AskSoon => {
                let soonest = state.own.soonest().max(now);
                self.timers.set(Deadline::TrunkRegister(trunk), soonest);
            }
            Next::Leave => self.begin_register(trunk, Some(Duration::ZERO), now),
        }
    }

    fn register_later(&mut self, trunk: TrunkId, failure: Failure, longest: Duration, now: Moment) {
        let pause = self.trunks[trunk.index()].own.fails(longest, failure.retry_after);
        self.timers.set(Deadline::TrunkRegister(trunk), now + pause);
        self.trunk_has(trunk, Trouble::Unregistered, failure.reason, now);
    }

    /// The first REGISTER of a round or to another address.
    fn begin_register(&mut self, trunk: TrunkId, span: Option<Duration>, now: Moment) {
        let (plan, uri) = (self.plan.clone(), self.registrar_uri(trunk));
        let Some((username, password)) = plan.trunks.get(trunk.index()).and_then(account_at) else { return };
        self.trunks[trunk.index()].own.carries_on(&uri, Account { username, password });
        self.send_register(trunk, span, now);
    }

    /// REGISTER for `span`, by default as long as the plan wants; for none to take our Contact back.
    fn send_register(&mut self, trunk: TrunkId, span: Option<Duration>, now: Moment) {
        let Some(flow) = self.trunk_flow(trunk) else {
            self.trunks[trunk.index()].own.has_no_way();
            return;
        };
        let Some(identity) = self.identity_at(trunk, flow) else { return };
        let span = span.unwrap_or_else(|| self.registration_span(trunk));
        let contact = self.stack.contact_on(&identity.contact_user, &flow);
        let uri = self.registrar_uri(trunk);
        let Draft { call_id, cseq, credentials } = self.trunks[trunk.index()].own.draft(&contact);
        let mut headers = SmallVec::new();
        headers.push((Name::Contact, contact));
        headers.push((Name::Expires, span.as_secs().to_string()));
        headers.extend(credentials);
        let out = OutRequest {
            method: Method::Register,
            uri,
            flow,
            from: identity.registered.clone(),
            to: identity.registered,
            call_id: Some(call_id),
            cseq: Some(cseq),
            route: Vec::new(),
            headers,
            body: None,
        };
        let key = self.stack.request(out, now);
        self.trunks[trunk.index()].own.is_sent(key);
        self.asked.insert(key, Asked::Register(trunk));
    }

    fn registrar_uri(&self, trunk: TrunkId) -> String {
        let domain = self.trunk_flow(trunk).and_then(|flow| self.identity_at(trunk, flow));
        format!("sip:{}", domain.map(|identity| identity.domain).unwrap_or_default())
    }

    fn registration_span(&self, trunk: TrunkId) -> Duration {
        let least = self.trunks[trunk.index()].own.least_span();
        match self.plan.trunks.get(trunk.index()).map(|plan| &plan.trust) {
            Some(TrunkTrust::Registration { expires, .. }) => (*expires).max(least),
            Some(TrunkTrust::Addresses(_) | TrunkTrust::Digest { .. }) | None => least,
        }
    }
}

/// The name and password that a carrier knows us by.
pub(crate) fn account_at(plan: &turno_model::plan::TrunkPlan) -> Option<(&str, &Secret)> {
    match &plan.trust {
        TrunkTrust::Registration { username, password, .. } => {
            Some((plan.addressing.auth_username.as_ref().unwrap_or(username), password))
        }
        TrunkTrust::Addresses(_) | TrunkTrust::Digest { .. } => None,
    }
}

#[cfg(test)]
#[path = "carrier_tests.rs"]
mod tests;
