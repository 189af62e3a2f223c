//! Our own registration with one carrier: what it has told us of it, and what is under way (RFC 3261, 10.2; RFC 3608).

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::{Flow, Moment, Rng};
use turno_sip::{
    Account, ChallengeAnswer, Challenged, ClientKey, Message, Method, Name, answer_response, carry_on,
    take_next_nonce,
};

use crate::trunks::registration::{Heard, Next, Registration};

/// The first pause after a round that failed; it doubles from round to round.
const RETRY_SPAN: Duration = Duration::from_secs(30);
/// We don't renew a registration more often than that, whatever the carrier grants or its connection does.
pub(crate) const RENEW_SPAN_MIN: Duration = Duration::from_secs(5);
/// How often one REGISTER is sent again with what was asked for: two that challenge, a stale nonce of each, and 423.
const TRIES_MAX: u8 = 5;
/// Route values that are taken of a Service-Route.
const SERVICE_ROUTE_MAX: usize = 4;

/// Our registration with one carrier.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct OwnRegistration {
    stage: Registration,
    call_id: String,
    cseq: u32,
    /// The shortest registration that the carrier takes, as it told us.
    expires_min: Duration,
    /// Rounds that failed, in a row.
    failures: u32,
    /// The way that the carrier wants our requests to take (RFC 3608).
    service_route: Vec<String>,
    #[serde(skip)]
    asking: Asking,
}

/// What a restart may forget.
#[derive(Debug, Default)]
struct Asking {
    /// The REGISTER whose answer is waited for.
    key: Option<ClientKey>,
    /// How often the present REGISTER was sent again.
    tries: u8,
    /// Whether it was sent again to answer a challenge.
    has_answered: bool,
    /// Addresses that the present round has asked.
    tried: usize,
    /// The Contact that it names.
    contact: String,
    /// What our last REGISTER said of us, to be carried on by the next.
    credentials: Vec<(Name, String)>,
    /// How the last 200 came.
    flow: Option<Flow>,
    /// When the last round began.
    begun_at: Moment,
}

/// What became of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// It is answered by the next REGISTER.
    Sent,
    /// It was answered before, and the answer was not taken.
    Refused,
    /// There is none that we understand.
    NotUnderstood,
}

/// What one REGISTER needs besides its way and names.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) call_id: String,
    pub(crate) cseq: u32,
    pub(crate) credentials: Vec<(Name, String)>,
}

/// The pause after so many failed rounds.
pub(crate) fn pause(failures: u32, longest: Duration) -> Duration {
    RETRY_SPAN.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(longest)
}

impl OwnRegistration {
    /// turno begins, with a Call-ID for the first time. A REGISTER that was under way when we were gone has nobody who waits
    /// for its answer.
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

    /// Something has happened; what follows.
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

    /// Whether this is the answer that is waited for; it is so once.
    pub(crate) fn is_answered(&mut self, key: ClientKey) -> bool {
        let is_it = self.asking.key == Some(key);
        if is_it {
            self.asking.key = None;
        }
        is_it
    }

    /// The carrier has taken our Contact by `flow`.
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

    /// The carrier takes no registration of less than this (RFC 3261, 10.2.8). False if that helps nothing.
    pub(crate) fn is_to_last(&mut self, least: Option<Duration>, asked: Duration) -> bool {
        let longer = least.filter(|least| *least > asked && self.asking.tries < TRIES_MAX);
        self.expires_min = longer.unwrap_or(self.expires_min);
        longer.is_some()
    }

    /// A round has failed; the pause before the next.
    pub(crate) fn fails(&mut self, longest: Duration, retry_after: Option<Duration>) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let pause = pause(self.failures, longest);
        retry_after.map_or(pause, |span| span.max(RENEW_SPAN_MIN))
    }

    /// The first REGISTER of a round or to another address: the credentials of the last are carried on.
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

    /// The next REGISTER, which names this Contact: one Call-ID, and a number of one more each time (RFC 3261, 10.2.4).
    pub(crate) fn draft(&mut self, contact: &str) -> Draft {
        self.cseq += 1;
        self.asking.contact = contact.trim_matches(['<', '>']).to_owned();
        let credentials = self.asking.credentials.clone();
        Draft { call_id: self.call_id.clone(), cseq: self.cseq, credentials }
    }

    /// The REGISTER is under way.
    pub(crate) const fn is_sent(&mut self, key: ClientKey) {
        self.asking.key = Some(key);
    }

    /// There is no way to the carrier.
    pub(crate) const fn has_no_way(&mut self) {
        self.stage = Registration::Idle;
    }

    /// The connection that we registered by is gone.
    pub(crate) const fn is_cut_off(&mut self) {
        self.asking.flow = None;
    }

    /// Whether we registered by this connection.
    pub(crate) fn registered_by(&self, flow: Flow) -> bool {
        self.asking.flow == Some(flow)
    }

    /// Where it stands.
    pub(crate) const fn stage(&self) -> Registration {
        self.stage
    }

    /// The Contact that our last REGISTER named.
    pub(crate) fn contact(&self) -> &str {
        &self.asking.contact
    }

    /// How many addresses the present round has asked.
    pub(crate) const fn tried(&self) -> usize {
        self.asking.tried
    }

    /// The shortest registration that the carrier takes.
    pub(crate) const fn least_span(&self) -> Duration {
        self.expires_min
    }

    /// The way that the carrier wants our requests to take.
    pub(crate) fn service_route(&self) -> &[String] {
        &self.service_route
    }

    /// When the next round may begin at the soonest.
    pub(crate) fn soonest(&self) -> Moment {
        self.asking.begun_at + RENEW_SPAN_MIN
    }
}
