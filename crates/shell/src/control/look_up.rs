//! Searches for the contacts of a request among those that are kept.

use std::sync::Arc;

use turno_control::What;
use turno_ground::Moment;
use turno_model::{ContactId, Fact, Plan};
use turno_trace::{Numbers, Recent, Row, recent};

use crate::facts::batch::Facts;
use crate::facts::trace_store::TraceStore;

/// The newest contacts that are searched and can be listed.
const CONTACTS_MAX: usize = 20_000;

const NOBODY_CALLED: &str = "nobody has called since turno started, or it is too long ago";

/// Result of a search.
pub(crate) enum Found {
    Rows(Vec<Row>),
    Contact(ContactId),
    Refused(String),
}

/// Searches what is kept.
pub(crate) fn look_up(kept: &TraceStore, plan: &Plan, what: &What, numbers: Numbers) -> Found {
    let facts = kept.facts();
    let all = recent(each(&facts), CONTACTS_MAX);
    let row = |one: &Recent| one.row(plan, numbers);
    let Some((oldest, newest)) = all.first().zip(all.last()) else {
        return match what {
            What::List(_) => Found::Rows(Vec::new()),
            What::Contact(_) | What::Caller(_) | What::Agent(..) | What::Last | What::Next => {
                Found::Refused(NOBODY_CALLED.to_owned())
            }
        };
    };
    let span = || {
        let (first, last) = (row(oldest), row(newest));
        format!(
            "{} contacts are kept, from {} ({}) to {} ({}); see them with: turno trace --list",
            all.len(),
            first.contact,
            first.clock,
            last.contact,
            last.clock
        )
    };
    match what {
        What::List(most) => Found::Rows(all.iter().skip(all.len().saturating_sub(*most)).map(row).collect()),
        What::Agent(agent, most) => {
            let of_agent: Vec<&Recent> = all.iter().filter(|one| one.is_of(agent, plan)).collect();
            Found::Rows(of_agent[of_agent.len().saturating_sub(*most)..].iter().copied().map(row).collect())
        }
        What::Last | What::Next => match all.iter().rfind(|one| one.is_contact()) {
            Some(last) => Found::Contact(last.contact),
            // A call that an agent dialled is no contact.
            None => Found::Refused(NOBODY_CALLED.to_owned()),
        },
        What::Caller(number) => match all.iter().rev().find(|one| one.is_from(number)) {
            Some(one) => Found::Contact(one.contact),
            None => {
                Found::Refused(format!("nobody called from a number that ends with these digits: {}", span()))
            }
        },
        What::Contact(wanted) => by_number(&all, wanted, &span),
    }
}

/// The contact with this number, or the only one whose number ends with these digits.
fn by_number(all: &[Recent], wanted: &str, span: &dyn Fn() -> String) -> Found {
    let is_number = !wanted.is_empty() && wanted.bytes().all(|digit| digit.is_ascii_digit());
    let named = |one: &&Recent| is_number && one.contact.0.to_string().ends_with(wanted);
    let exact = all.iter().find(|one| one.contact.0.to_string() == wanted);
    let mut ending = all.iter().filter(named);
    match (exact, ending.next(), ending.next()) {
        (Some(one), _, _) | (None, Some(one), None) => Found::Contact(one.contact),
        (None, Some(one), Some(other)) => Found::Refused(format!(
            "several numbers end with {wanted}, such as {} and {}; give more of its digits",
            one.contact.0, other.contact.0
        )),
        (None, None, _) => {
            let oldest = all.first().map_or(0, |one| one.contact.0);
            let is_old = wanted.parse().is_ok_and(|wanted: u64| wanted < oldest && wanted > oldest / 2);
            let nearest = wanted.parse().ok().and_then(|wanted: u64| {
                all.iter().min_by_key(|one| one.contact.0.abs_diff(wanted)).map(|one| one.contact.0)
            });
            let why = if is_old { "is older than what is kept" } else { "is not among what is kept" };
            let near = nearest.map_or_else(String::new, |nearest| format!("; the nearest is {nearest}"));
            Found::Refused(format!("contact {} {why}{near}. {}", wanted.escape_default(), span()))
        }
    }
}

/// The facts of these batches, with their moments.
pub(crate) fn each(batches: &[Arc<Facts>]) -> impl Iterator<Item = (Moment, &Fact)> {
    batches.iter().flat_map(|batch| batch.iter()).map(|(at, fact)| (*at, fact))
}
