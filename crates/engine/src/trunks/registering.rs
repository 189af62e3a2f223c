//! Registers with carriers: sends REGISTER and handles the responses (RFC 3261, 10.2; RFC 3608).

use core::time::Duration;

use smallvec::SmallVec;
use turno_ground::{Flow, Moment};
use turno_model::plan::TrunkTrust;
use turno_model::{Plan, TrunkId};
use turno_sip::{Account, ClientKey, Message, Method, Name, OutRequest};

use crate::means::Means;
use crate::trunks::deadline::TrunkDeadline;
use crate::trunks::granted::{granted_to, refusal, renewal, retry_after};
use crate::trunks::identity::{account_at, identity_at};
use crate::trunks::own_registration::{Answered, Draft};
use crate::trunks::registration::{Heard, Next, Registration};
use crate::trunks::trouble::{Trouble, peers_text};
use crate::trunks::{TrunkRequest, Trunks};

/// Longest pause after a timeout or a server failure.
const RETRY_SOON_SPAN_MAX: Duration = Duration::from_secs(120);
/// Longest pause after a refusal, such as a wrong password: it is retried, but not each minute.
const RETRY_LATE_SPAN_MAX: Duration = Duration::from_secs(30 * 60);

/// Why a REGISTER failed, and when it may be retried.
#[derive(Debug, Default)]
struct Failure {
    reason: String,
    retry_after: Option<Duration>,
}

impl Trunks {
    /// The registration with a trunk is due.
    pub(super) fn is_due(&mut self, trunk: TrunkId, means: &mut Means<'_>, now: Moment) {
        self.heard(trunk, Heard::Due, Failure::default(), means, now);
    }

    /// A connection closed: the carrier may have lost the registrations on it.
    pub(crate) fn on_closed(&mut self, flow: Flow, means: &mut Means<'_>, now: Moment) {
        for place in 0..self.states.len() {
            let is_its = self.states.get(place).is_some_and(|state| state.own.registered_by(flow));
            let (true, Ok(id)) = (is_its, u32::try_from(place)) else { continue };
            self.states[place].own.is_cut_off();
            self.heard(TrunkId(id), Heard::ConnectionClosed, Failure::default(), means, now);
        }
    }

    /// Removes our Contacts from all carriers before the process ends. Returns whether any REGISTER for that is under
    /// way.
    pub(crate) fn leave(&mut self, means: &mut Means<'_>, now: Moment) -> bool {
        for id in (0..self.states.len()).filter_map(|place| u32::try_from(place).ok()) {
            self.timers.cancel(&TrunkDeadline::Register(TrunkId(id)));
            self.heard(TrunkId(id), Heard::Stop, Failure::default(), means, now);
        }
        self.is_leaving()
    }

    /// Whether a REGISTER that removes a Contact is under way.
    pub(crate) fn is_leaving(&self) -> bool {
        self.states.iter().any(|state| state.own.stage() == Registration::Leaving)
    }

    /// Handles the response to our REGISTER, or its timeout. If the carrier accepted our Contact on a connection,
    /// returns it.
    pub(super) fn on_registered(
        &mut self,
        trunk: TrunkId,
        key: ClientKey,
        answer: Option<(&Message, Flow)>,
        means: &mut Means<'_>,
        now: Moment,
    ) -> Option<Flow> {
        if !self.states[trunk.index()].own.is_answered(key) {
            return None;
        }
        let asked = self.states[trunk.index()].address(0);
        let from = asked.map(|asked| format!(" from {asked}")).unwrap_or_default();
        let Some((message, flow)) = answer else {
            let failure = Failure { reason: format!("no answer to REGISTER{from}"), retry_after: None };
            self.is_unavailable(trunk, failure, means, now);
            return None;
        };
        let status = message.status().unwrap_or(500);
        let failure = Failure { reason: refusal(message, status), retry_after: retry_after(message) };
        match status {
            ..300 => return self.is_taken(trunk, message, flow, means, now),
            401 | 407 => self.is_challenged(trunk, message, failure, means, now),
            423 => self.is_to_last_longer(trunk, message, failure, means, now),
            408 | 430 | 500..600 => self.is_unavailable(trunk, failure, means, now),
            _ => self.heard(trunk, Heard::Refused, failure, means, now),
        }
        None
    }

    fn is_taken(
        &mut self,
        trunk: TrunkId,
        message: &Message,
        flow: Flow,
        means: &mut Means<'_>,
        now: Moment,
    ) -> Option<Flow> {
        let asked = self.span(trunk, means.plan);
        let ours = self.states[trunk.index()].own.contact().to_owned();
        let Some(granted) = granted_to(message, &ours, asked) else {
            let listed = message.contacts().flatten().next();
            let listed = listed.map_or("none".to_owned(), |contact| peers_text(contact.uri));
            let reason = format!("its 200 does not list our Contact {ours}, the first it lists is {listed}");
            self.heard(trunk, Heard::NotListed, Failure { reason, retry_after: None }, means, now);
            return None;
        };
        let own = &mut self.states[trunk.index()].own;
        own.is_taken(message, flow);
        if own.stage() == Registration::Asking {
            self.timers.set(TrunkDeadline::Register(trunk), now + renewal(granted));
        }
        self.heard(trunk, Heard::Listed, Failure::default(), means, now);
        // The carrier is on this connection: calls that it began move there without waiting for a request of its own.
        flow.transport.is_reliable().then_some(flow)
    }

    fn is_challenged(
        &mut self,
        trunk: TrunkId,
        message: &Message,
        failure: Failure,
        means: &mut Means<'_>,
        now: Moment,
    ) {
        let plan = means.plan.trunks.get(trunk.index());
        let Some((username, password)) = plan.and_then(account_at) else { return };
        let uri = self.registrar_uri(trunk, means.plan);
        let account = Account { username, password };
        let answer = self.states[trunk.index()].own.answers(message, &uri, account, means.rng);
        let Failure { reason, retry_after } = failure;
        let reason = match answer {
            Answered::Sent => {
                self.heard(trunk, Heard::Challenged, Failure::default(), means, now);
                return;
            }
            Answered::Refused => {
                format!("{reason}, though it was answered: wrong username or password")
            }
            Answered::NotUnderstood => format!("{reason} without a challenge that turno can answer"),
        };
        self.heard(trunk, Heard::Refused, Failure { reason, retry_after }, means, now);
    }

    /// RFC 3261, 10.2.8: the carrier names its shortest expiry.
    fn is_to_last_longer(
        &mut self,
        trunk: TrunkId,
        message: &Message,
        failure: Failure,
        means: &mut Means<'_>,
        now: Moment,
    ) {
        let asked = self.span(trunk, means.plan);
        let least = message.number(Name::MinExpires).map(u64::from).map(Duration::from_secs);
        let is_longer = self.states[trunk.index()].own.is_to_last(least, asked);
        let heard = if is_longer { Heard::TooBrief } else { Heard::Refused };
        self.heard(trunk, heard, failure, means, now);
    }

    fn is_unavailable(&mut self, trunk: TrunkId, failure: Failure, means: &mut Means<'_>, now: Moment) {
        // RFC 3263, 4.3.
        let heard = self.states[trunk.index()].is_unavailable();
        self.heard(trunk, heard, failure, means, now);
    }

    fn heard(&mut self, trunk: TrunkId, heard: Heard, failure: Failure, means: &mut Means<'_>, now: Moment) {
        let is_ours =
            |plan: &turno_model::plan::TrunkPlan| matches!(plan.trust, TrunkTrust::Registration { .. });
        if !means.plan.trunks.get(trunk.index()).is_some_and(is_ours) {
            return;
        }
        let state = &mut self.states[trunk.index()];
        match state.hears(heard, now) {
            Next::Nothing => {}
            Next::Ask | Next::AskElsewhere => self.begin_register(trunk, None, means, now),
            Next::AskAgain => {
                let span = (state.own.stage() == Registration::Leaving).then_some(Duration::ZERO);
                self.send_register(trunk, span, means, now);
            }
            Next::RenewLater => {
                self.is_cured(trunk, Trouble::Unregistered, means, now);
                self.judge(trunk, means, now);
            }
            Next::RetrySoon => self.register_later(trunk, failure, RETRY_SOON_SPAN_MAX, means, now),
            Next::RetryLate => self.register_later(trunk, failure, RETRY_LATE_SPAN_MAX, means, now),
            Next::AskSoon => {
                let soonest = state.own.soonest().max(now);
                self.timers.set(TrunkDeadline::Register(trunk), soonest);
            }
            Next::Leave => self.begin_register(trunk, Some(Duration::ZERO), means, now),
        }
    }

    fn register_later(
        &mut self,
        trunk: TrunkId,
        failure: Failure,
        longest: Duration,
        means: &mut Means<'_>,
        now: Moment,
    ) {
        let pause = self.states[trunk.index()].own.fails(longest, failure.retry_after);
        self.timers.set(TrunkDeadline::Register(trunk), now + pause);
        self.has(trunk, Trouble::Unregistered, failure.reason, means, now);
    }

    /// Sends the first REGISTER of a round, or the first to another address.
    fn begin_register(&mut self, trunk: TrunkId, span: Option<Duration>, means: &mut Means<'_>, now: Moment) {
        let plan = means.plan.trunks.get(trunk.index());
        let Some((username, password)) = plan.and_then(account_at) else { return };
        let uri = self.registrar_uri(trunk, means.plan);
        self.states[trunk.index()].own.carries_on(&uri, Account { username, password });
        self.send_register(trunk, span, means, now);
    }

    /// Sends REGISTER for `span`, by default the plan's expiry; zero removes our Contact.
    fn send_register(&mut self, trunk: TrunkId, span: Option<Duration>, means: &mut Means<'_>, now: Moment) {
        let Some(flow) = self.way_to(trunk, means.plan) else {
            self.states[trunk.index()].own.has_no_way();
            return;
        };
        let Some(identity) = identity_at(means.plan, trunk, flow) else { return };
        let span = span.unwrap_or_else(|| self.span(trunk, means.plan));
        let contact = means.stack.contact_on(&identity.contact_user, &flow);
        let uri = self.registrar_uri(trunk, means.plan);
        let Draft { call_id, cseq, credentials } = self.states[trunk.index()].own.draft(&contact);
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
        let key = means.stack.request(out, now);
        self.states[trunk.index()].own.is_sent(key);
        self.asked.insert(key, TrunkRequest::Register(trunk));
    }

    fn registrar_uri(&self, trunk: TrunkId, plan: &Plan) -> String {
        let domain = self.way_to(trunk, plan).and_then(|flow| identity_at(plan, trunk, flow));
        format!("sip:{}", domain.map(|identity| identity.domain).unwrap_or_default())
    }

    fn span(&self, trunk: TrunkId, plan: &Plan) -> Duration {
        let least = self.states[trunk.index()].own.least_span();
        match plan.trunks.get(trunk.index()).map(|plan| &plan.trust) {
            Some(TrunkTrust::Registration { expires, .. }) => (*expires).max(least),
            Some(TrunkTrust::Addresses(_) | TrunkTrust::Digest { .. }) | None => least,
        }
    }
}
