//! The number that a carrier's call is for, read from the header and form that the carrier uses.

use turno_model::plan::{NumberSource, TrunkPlan, TrunkTrust, bare_number};
use turno_model::{Plan, TrunkId};
use turno_sip::{Message, Name, NameAddr};

use crate::directory::Directory;
use crate::user::user_of;

/// Cap on the values of one header that are read.
const VALUES_MAX: usize = 16;

/// The number that a call is for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dialled {
    /// As the carrier wrote it.
    pub(crate) text: String,
    /// The plan index of this number; `None` if the plan has no such number.
    pub(crate) place: Option<usize>,
    /// Whether it is the agents' line.
    pub(crate) is_agents_line: bool,
}

/// The number that a call from `trunk` is for: the first one that the plan knows, in the plan's order of headers. If
/// the Request-URI is the Contact that we registered, it is read last: it names the account, not the dialled number.
pub(crate) fn dialled_by(message: &Message, trunk: TrunkId, plan: &Plan, directory: &Directory) -> Dialled {
    let first = || user_of(message.request_uri()).unwrap_or_default();
    let Some(plan) = plan.trunks.get(trunk.index()) else {
        return Dialled { text: first(), place: None, is_agents_line: false };
    };
    let sources = &plan.addressing.number_from.0;
    let is_put_off = |source: NumberSource| {
        source == NumberSource::RequestUri && sources.len() > 1 && names_account(plan, message)
    };
    let (later, sooner): (Vec<NumberSource>, Vec<_>) =
        sources.iter().copied().partition(|source| is_put_off(*source));
    let mut unknown = None;
    for source in sooner.into_iter().chain(later) {
        for text in written_in(source, message) {
            if let Some(place) = number_written(|digits| directory.bare_number(digits), plan, &text) {
                return Dialled { text, place: Some(place), is_agents_line: false };
            }
            let is_line = |digits: &str| directory.is_agents_line(digits).then_some(());
            if number_written(is_line, plan, &text).is_some() {
                return Dialled { text, place: None, is_agents_line: true };
            }
            unknown.get_or_insert(text);
        }
    }
    Dialled { text: unknown.unwrap_or_else(first), place: None, is_agents_line: false }
}

/// What is known of a number, with or without `+`, `00`, country code or national prefix.
fn number_written<T>(known: impl Fn(&str) -> Option<T>, plan: &TrunkPlan, text: &str) -> Option<T> {
    // Parameters such as `;npdi` follow the number; some carriers escape the semicolon.
    let bare = bare_number(text.split(';').next().unwrap_or_default());
    known(&bare).or_else(|| {
        let country = plan.country_code.as_deref()?;
        let prefix = plan.national_prefix.as_deref().unwrap_or_default();
        let known = |number: String| known(&number);
        let international = bare.strip_prefix("00").unwrap_or(&bare);
        if let Some(national) = international.strip_prefix(country) {
            let found = known(national.to_owned()).or_else(|| known(format!("{prefix}{national}")));
            if let Some(place) = found.or_else(|| known(format!("{country}{national}"))) {
                return Some(place);
            }
        }
        let national = if prefix.is_empty() { Some(bare.as_str()) } else { bare.strip_prefix(prefix) };
        national
            .and_then(|national| known(format!("{country}{national}")).or_else(|| known(national.to_owned())))
            .or_else(|| known(format!("{country}{bare}")))
            .or_else(|| known(format!("{prefix}{bare}")))
    })
}

/// Whether the Request-URI names the account that we registered.
fn names_account(plan: &TrunkPlan, message: &Message) -> bool {
    match &plan.trust {
        TrunkTrust::Registration { username, .. } => user_of(message.request_uri())
            .is_some_and(|user| Some(user.as_str()) == username.split('@').next()),
        TrunkTrust::Addresses(_) | TrunkTrust::Digest { .. } => false,
    }
}

/// The users of the URIs in one header, the most likely first. Diversion has the last diversion on top (RFC 5806, 4.1),
/// History-Info has it at the end (RFC 7044, 5.1).
fn written_in(source: NumberSource, message: &Message) -> Vec<String> {
    let users = |name: Name| -> Vec<String> {
        message.values(name).take(VALUES_MAX).filter_map(|value| user_in(name, value)).collect()
    };
    match source {
        NumberSource::RequestUri => user_of(message.request_uri()).into_iter().collect(),
        NumberSource::CalledParty => {
            let value = message.other_header("P-Called-Party-ID");
            value.and_then(|value| user_in(Name::Other, value)).into_iter().collect()
        }
        NumberSource::To => users(Name::To),
        NumberSource::Diversion => users(Name::Diversion),
        NumberSource::History => users(Name::HistoryInfo).into_iter().rev().collect(),
    }
}

fn user_in(name: Name, value: &str) -> Option<String> {
    user_of(NameAddr::parse(name, value).ok()?.uri).filter(|user| !user.is_empty())
}
