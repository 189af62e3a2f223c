//! Caller's identity as the carrier gives it, and whether it is withheld (RFC 3323; RFC 3325; RFC 5876).

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_calls::normalised;
use turno_ground::Pii;
use turno_model::plan::TrunkPlan;
use turno_model::{ANONYMOUS, CallerKnown, DiversionReason, Plan, TrunkId, WITHHELD};
use turno_sip::{Message, Name, NameAddr};

use crate::user::user_of;

/// Longest caller's number that is kept and shown, in characters.
const NUMBER_MAX: usize = 64;

/// Cap on the values of one identity header that are read; RFC 3325 allows two.
const IDENTITIES_MAX: usize = 4;

/// The caller's number, shown or withheld.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The number for phones, reports and traces: [`ANONYMOUS`] if there is none, [`WITHHELD`] if the caller withheld
    /// it.
    pub(crate) shown: String,
    /// The withheld number, if the carrier sent it.
    pub(crate) withheld: Option<String>,
    /// The number in From, if the carrier asserts another one.
    pub(crate) claimed: Option<String>,
    /// The diversions by which the call came, the latest first.
    pub(crate) diversions: Vec<Diverted>,
}

/// One diversion of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Diverted {
    /// The number that was called, or [`WITHHELD`].
    pub(crate) from: String,
    pub(crate) why: DiversionReason,
}

impl Caller {
    /// What is known besides the number, for the record.
    pub(crate) fn known(&self) -> impl Iterator<Item = CallerKnown> {
        let number = |text: &String| Pii(CompactString::from(text));
        let claims = self.claimed.iter().map(move |claimed| CallerKnown::Claims { number: number(claimed) });
        let diverted = self.diversions.iter();
        claims.chain(diverted.map(move |it| CallerKnown::Diverted { from: number(&it.from), why: it.why }))
    }
}

/// The caller of a call from a trunk. P-Asserted-Identity is asserted by the carrier, so it goes before From, which the
/// caller's own equipment writes. Only trunks are trusted to assert an identity, and the plan may except one.
pub(crate) fn caller_by(message: &Message, trunk: TrunkId, plan: &Plan) -> Caller {
    let plan = plan.trunks.get(trunk.index());
    let is_trusted = plan.is_some_and(|plan| plan.trust_identity);
    let from = message.from().ok();
    let party = identity_in(message, Name::RemotePartyId);
    let asserted = identity_in(message, Name::PAssertedIdentity).map(|(number, _)| number);
    let asserted = asserted.or_else(|| party.as_ref().map(|(number, _)| number.clone()));
    let asserted = asserted.filter(|_| is_trusted).map(|number| kept(&number, plan));
    let claimed = from.and_then(|from| user_of(from.uri)).filter(|it| !is_nobody(it));
    let claimed = claimed.map(|number| kept(&number, plan));
    // A peer that is not believed may still hide a number.
    let is_withheld = is_private(message).unwrap_or_else(|| {
        party.is_some_and(|(_, is_private)| is_private) || from.is_some_and(|from| is_hidden(&from))
    });
    let diversions = if is_trusted { diversions(message, plan, is_withheld) } else { Vec::new() };
    let number = asserted.clone().or_else(|| claimed.clone());
    if is_withheld {
        return Caller { shown: WITHHELD.to_owned(), withheld: number, claimed: None, diversions };
    }
    let claimed = claimed.filter(|claimed| asserted.is_some_and(|asserted| asserted != *claimed));
    let shown = number.unwrap_or_else(|| ANONYMOUS.to_owned());
    Caller { shown, withheld: None, claimed, diversions }
}

/// A number as it is kept and shown.
fn kept(number: &str, plan: Option<&TrunkPlan>) -> String {
    let country = plan.and_then(|plan| plan.country_code.as_deref());
    let prefix = plan.and_then(|plan| plan.national_prefix.as_deref());
    let number: String = number.chars().take(NUMBER_MAX).collect();
    normalised(&number, country, prefix)
}

/// The diversions of a call. Their numbers are withheld with the caller's: often they are the same household's, and some
/// networks write the caller there.
fn diversions(message: &Message, plan: Option<&TrunkPlan>, is_withheld: bool) -> Vec<Diverted> {
    let diverted = message.diversions().into_iter().filter_map(|it| {
        let number = user_of(it.uri).filter(|user| !user.is_empty())?;
        let is_hidden = is_withheld || it.is_private || is_nobody(&number);
        let from = if is_hidden { WITHHELD.to_owned() } else { kept(&number, plan) };
        Some(Diverted { from, why: DiversionReason::of(it.reason) })
    });
    diverted.collect()
}

/// The first number in an identity header, and whether this header withholds it (Remote-Party-ID can).
fn identity_in(message: &Message, name: Name) -> Option<(String, bool)> {
    message.values(name).take(IDENTITIES_MAX).find_map(|value| {
        let who = NameAddr::parse(name, value).ok()?;
        let is_caller = who.param("party").is_none_or(|party| party.eq_ignore_ascii_case("calling"));
        let privacy = who.param("privacy").unwrap_or_default();
        let is_private = privacy
            .trim_matches('"')
            .split(['-', ',', ' '])
            .any(|word| ["full", "uri"].iter().any(|private| word.trim().eq_ignore_ascii_case(private)));
        let number = user_of(who.uri).filter(|user| !user.is_empty() && !is_nobody(user))?;
        is_caller.then_some((number, is_private))
    })
}

/// Whether the Privacy header withholds the number; `None` if it does not decide. `id`, `user` and `full` withhold it.
/// `header` and `session` hide what turno replaces on every call anyway: Contact, Via and the media address. `none`
/// asks for no privacy, even if other headers ask for it (RFC 3323, 4.2; RFC 3325, 9.3).
fn is_private(message: &Message) -> Option<bool> {
    let mut words = message
        .headers()
        .filter(|(name, _, _)| *name == Name::Privacy)
        .flat_map(|(_, _, value)| value.split([';', ',', ' ', '\t']))
        .filter(|word| !word.is_empty())
        .peekable();
    words.peek()?;
    let mut is_none = false;
    for word in words {
        if ["id", "user", "full"].iter().any(|private| word.eq_ignore_ascii_case(private)) {
            return Some(true);
        }
        is_none |= word.eq_ignore_ascii_case("none");
    }
    is_none.then_some(false)
}

/// Whether From is anonymous on purpose (RFC 3323, 4.1.1.3).
fn is_hidden(from: &NameAddr<'_>) -> bool {
    from.uri().is_ok_and(|uri| {
        uri.host.eq_ignore_ascii_case("anonymous.invalid")
            || uri.user_unescaped().eq_ignore_ascii_case(ANONYMOUS)
    })
}

/// User parts that carriers send when there is no number.
fn is_nobody(user: &str) -> bool {
    const NOBODY: [&str; 6] = ["anonymous", "unavailable", "restricted", "unknown", "private", WITHHELD];
    user.is_empty() || NOBODY.iter().any(|nobody| user.eq_ignore_ascii_case(nobody))
}
