//! The number that a carrier's call is for, in whichever header and form the carrier writes it.

use turno_model::plan::{NumberSource, TrunkPlan, TrunkTrust, bare_number};
use turno_model::{Plan, TrunkId};
use turno_sip::{Message, Name, NameAddr};

use crate::directory::Directory;
use crate::user::user_of;

/// The values of one header that are looked at.
const VALUES_MAX: usize = 16;

/// What a call is for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dialled {
    /// As the carrier wrote it.
    pub(crate) text: String,
    /// The place of the plan's number; `None` if the plan has none of what was asked.
    pub(crate) place: Option<usize>,
}

/// The number that a call by `trunk` is for: of the headers that the plan asks, in their order, the first with a number
/// that the plan knows. Where the Request-URI is the Contact that we registered, it is asked last: it names the account,
/// not what was dialled.
pub(crate) fn dialled_by(message: &Message, trunk: TrunkId, plan: &Plan, directory: &Directory) -> Dialled {
    let first = || user_of(message.request_uri()).unwrap_or_default();
    let Some(plan) = plan.trunks.get(trunk.index()) else {
        return Dialled { text: first(), place: None };
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
            if let Some(place) = number_written(directory, plan, &text) {
                return Dialled { text, place: Some(place) };
            }
            unknown.get_or_insert(text);
        }
    }
    Dialled { text: unknown.unwrap_or_else(first), place: None }
}

/// The place of a number of the plan, with or without `+`, `00`, the country code or the national prefix before it.
fn number_written(directory: &Directory, plan: &TrunkPlan, text: &str) -> Option<usize> {
    // Parameters such as `;npdi` stand behind it, escaped by some.
    let bare = bare_number(text.split(';').next().unwrap_or_default());
    directory.bare_number(&bare).or_else(|| {
        let country = plan.country_code.as_deref()?;
        let prefix = plan.national_prefix.as_deref().unwrap_or_default();
        let known = |number: String| directory.bare_number(&number);
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

/// Whether the Request-URI names the account that we registered with.
fn names_account(plan: &TrunkPlan, message: &Message) -> bool {
    match &plan.trust {
        TrunkTrust::Registration { username, .. } => user_of(message.request_uri())
            .is_some_and(|user| Some(user.as_str()) == username.split('@').next()),
        TrunkTrust::Addresses(_) | TrunkTrust::Digest { .. } => false,
    }
}

/// The users of the URIs in one header, the likeliest first: Diversion has the last diversion on top (RFC 5806, 4.1),
/// History-Info at the end (RFC 7044, 5.1).
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
