//! Our registration with one carrier: what the carrier told us, and the REGISTER under way (RFC 3261, 10.2; RFC 3608).

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::{Flow, Moment, Rng};
use turno_sip::{
    Account, ChallengeAnswer, Challenged, ClientKey, Message, Method, Name, answer_response, carry_on,
    take_next_nonce,
};

use crate::trunks::registration::{Heard, Next, Registration};

/// Pause after the first failed round; it doubles with each further one.
const RETRY_SPAN: Duration = Duration::from_secs(30);
/// Shortest time between two renewals, for any expiry granted and any closed connection.
pub(crate) const RENEW_SPAN_MIN: Duration = Duration::from_secs(5);
/// Cap on resends of one REGISTER in response to the carrier: two challenges, a stale nonce of each, and a 423.
const TRIES_MAX: u8 = 5;
/// Cap on Route values taken from a Service-Route.
const SERVICE_ROUTE_MAX: usize = 4;

/// Our registration with one carrier.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct OwnRegistration {
    stage: Registration,
    call_id: String,
    cseq: u32,
    /// The shortest expiry that the carrier accepts, from its 423.
    expires_min: Duration,
    /// Failed rounds in a row.
    failures: u32,
    /// The Service-Route for our requests (RFC 3608).
    service_route: Vec<String>,
    #[serde(skip)]
    asking: Asking,
}

/// State that a restart may lose.
#[derive(Debug, Default)]
struct Asking {
    /// The REGISTER whose response is awaited.
    key: Option<ClientKey>,
    /// How often the present REGISTER was sent again.
    tries: u8,
    /// Whether a challenge to it was answered.
    has_answered: bool,
    /// Number of addresses tried in this round.
    tried: usize,
    /// The Contact in our last REGISTER.
    contact: String,
    /// The credentials of our last REGISTER, reused by the next one.
    credentials: Vec<(Name, String)>,
    /// The flow of the last 200.
    flow: Option<Flow>,
    /// When the last round began.
    begun_at: Moment,
}

/// Outcome of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// The next REGISTER answers it.
    Sent,
    /// It was answered before, and the carrier rejected the answer.
    Refused,
    /// It has no challenge that we support.
    NotUnderstood,
}

/// Fields of one REGISTER besides its flow and its names.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) call_id: String,
    pub(crate) cseq: u32,
    pub(crate) credentials: Vec<(Name, String)>,
}

/// The pause after this number of failed rounds.
pub(crate) fn pause(failures: u32, longest: Duration) -> Duration {
    RETRY_SPAN.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(longest)
}

impl OwnRegistration {
    /// Starts, with a new Call-ID at the first start. After a restart nobody waits for the response to an earlier
    /// REGISTER.
    pub(crate) fn begins(&mut self, call_id: impl FnOnce() -> String) {
        if self.call_id.is_empty() {
            self.call_id = call_id();
        }
        match self.stage {
            Registration::Asking | Registration::Leaving | Registration::Gone => {
                self.stage = Registration::Idle;
            }
            Registration::Idle | Registration::Registered | Registration::Failing => {}
        }
    }

    /// Handles an event and returns the next action.
    pub(crate) const fn hears(&mut self, heard: Heard, now: Moment) -> Next {
        let (after, next) = self.stage.after(heard);
        self.stage = after;
        match next {
            Next::Ask => {
                self.asking.tried = 1;
                self.asking.begun_at = now;
            }
            Next::AskAgain => self.asking.tries += 1,
            Next::AskElsewhere => self.asking.tried += 1,
            Next::Nothing
            | Next::RenewLater
            | Next::RetrySoon
            | Next::RetryLate
            | Next::AskSoon
            | Next::Leave => {}
        }
        next
    }

    /// Whether this is the awaited response; true once.
    pub(crate) fn is_answered(&mut self, key: ClientKey) -> bool {
        let is_it = self.asking.key == Some(key);
        if is_it {
            self.asking.key = None;
        }
        is_it
    }

    /// The carrier accepted our Contact on `flow`.
    pub(crate) fn is_taken(&mut self, message: &Message, flow: Flow) {
        self.failures = 0;
        self.asking.flow = Some(flow);
        let route = message.values(Name::ServiceRoute).take(SERVICE_ROUTE_MAX).map(str::to_owned);
        self.service_route = route.collect();
        take_next_nonce(message, &mut self.asking.credentials);
    }

    /// The carrier challenges our REGISTER to `uri`.
    pub(crate) fn answers(
        &mut self,
        message: &Message,
        uri: &str,
        account: Account<'_>,
        rng: &mut Rng,
    ) -> Answered {
        let challenged = Challenged {
            method: Method::Register.name(),
            uri,
            body: &[],
            credentials: &self.asking.credentials,
            has_answered: self.asking.has_answered,
        };
        let answer = if self.asking.tries < TRIES_MAX {
            answer_response(message, &challenged, account, rng)
        } else {
            ChallengeAnswer::Refused
        };
        match answer {
            ChallengeAnswer::Credentials(credentials) => {
                self.asking.credentials = credentials;
                self.asking.has_answered = true;
                Answered::Sent
            }
            ChallengeAnswer::Refused => {
                self.asking.credentials.clear();
                Answered::Refused
            }
            ChallengeAnswer::NotUnderstood => {
                self.asking.credentials.clear();
                Answered::NotUnderstood
            }
        }
    }

    /// The carrier accepts no expiry below this (RFC 3261, 10.2.8). False if asking again does not help.
    pub(crate) fn is_to_last(&mut self, least: Option<Duration>, asked: Duration) -> bool {
        let longer = least.filter(|least| *least > asked && self.asking.tries < TRIES_MAX);
        self.expires_min = longer.unwrap_or(self.expires_min);
        longer.is_some()
    }

    /// A round failed; returns the pause before the next one.
    pub(crate) fn fails(&mut self, longest: Duration, retry_after: Option<Duration>) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let pause = pause(self.failures, longest);
        retry_after.map_or(pause, |span| span.max(RENEW_SPAN_MIN))
    }

    /// Prepares the first REGISTER of a round or to another address; it reuses the last credentials.
    pub(crate) fn carries_on(&mut self, uri: &str, account: Account<'_>) {
        (self.asking.tries, self.asking.has_answered) = (0, false);
        let before = Challenged {
            method: Method::Register.name(),
            uri,
            body: &[],
            credentials: &self.asking.credentials,
            has_answered: false,
        };
        self.asking.credentials = carry_on(&before, account);
    }

    /// The next REGISTER, with this Contact. The Call-ID stays, and CSeq grows by one each time (RFC 3261, 10.2.4).
    pub(crate) fn draft(&mut self, contact: &str) -> Draft {
        self.cseq += 1;
        self.asking.contact = contact.trim_matches(['<', '>']).to_owned();
        let credentials = self.asking.credentials.clone();
        Draft { call_id: self.call_id.clone(), cseq: self.cseq, credentials }
    }

    /// The REGISTER was sent.
    pub(crate) const fn is_sent(&mut self, key: ClientKey) {
        self.asking.key = Some(key);
    }

    /// There is no flow to the carrier.
    pub(crate) const fn has_no_way(&mut self) {
        self.stage = Registration::Idle;
    }

    /// The connection that we registered on closed.
    pub(crate) const fn is_cut_off(&mut self) {
        self.asking.flow = None;
    }

    /// Whether we registered on this connection.
    pub(crate) fn registered_by(&self, flow: Flow) -> bool {
        self.asking.flow == Some(flow)
    }

    /// The state of the registration.
    pub(crate) const fn stage(&self) -> Registration {
        self.stage
    }

    /// The Contact in our last REGISTER.
    pub(crate) fn contact(&self) -> &str {
        &self.asking.contact
    }

    /// Number of addresses tried in this round.
    pub(crate) const fn tried(&self) -> usize {
        self.asking.tried
    }

    /// The shortest expiry that the carrier accepts.
    pub(crate) const fn least_span(&self) -> Duration {
        self.expires_min
    }

    /// The Service-Route for our requests.
    pub(crate) fn service_route(&self) -> &[String] {
        &self.service_route
    }

    /// The earliest start of the next round.
    pub(crate) fn soonest(&self) -> Moment {
        self.asking.begun_at + RENEW_SPAN_MIN
    }
}
