//! Facts over the control socket: the request, and the form in which they are sent.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use turno_ground::Moment;
use turno_model::{Fact, Position};
use turno_trace::Numbers;

/// A request for facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactsAsk {
    /// Where to begin.
    pub begin: FactsBegin,
    /// Whether new facts are sent too, as they happen.
    pub follow: bool,
    /// Whether callers' numbers are sent in full.
    pub numbers: Numbers,
}

/// Where a reader of facts begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactsBegin {
    /// With the oldest stored fact.
    Oldest,
    /// With the next new fact.
    Now,
    /// After this position.
    After(Position),
}

/// A fact as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedFact {
    /// The fact's position. A reader continues after it.
    pub position: Position,
    /// When it happened, in microseconds since the Unix epoch.
    pub at: Moment,
    /// The fact. Numbers of queues, agents and trunks are indexes into the latest
    /// [`Answer::Names`](crate::Answer::Names).
    pub fact: Value,
}

impl PlacedFact {
    /// The fact with callers' numbers as requested. A withheld number is never sent in full.
    pub fn new(position: Position, at: Moment, fact: &Fact, numbers: Numbers) -> Self {
        let mut value = serde_json::to_value(fact).expect("a fact is made of names, numbers and texts");
        if let Some((key, short)) = hidden(fact, numbers)
            && let Some(field) = value.as_object_mut().and_then(|kind| kind.values_mut().next())
            && let Some(number) = field.get_mut(key)
        {
            *number = Value::String(short);
        }
        Self { position, at, fact: value }
    }
}

/// The field of a fact that is shortened, and its short text.
fn hidden(fact: &Fact, numbers: Numbers) -> Option<(&'static str, String)> {
    let is_short = numbers == Numbers::Short;
    if let Fact::NumberWithheld { number, .. } = fact {
        Some(("number", format!("{number:?}")))
    } else if let Fact::ContactArrived { from, .. } = fact {
        is_short.then(|| ("from", format!("{from:?}")))
    } else if let Fact::OwnCallDialled { dialled, .. } = fact {
        is_short.then(|| ("dialled", format!("{dialled:?}")))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use turno_ground::Pii;
    use turno_model::{AgentCall, AgentId, Channel, ContactId};

    use super::*;

    #[test]
    fn a_callers_number_is_told_whole_only_where_that_is_asked_for_and_a_withheld_one_never() {
        let number = || Pii("0991234567".into());
        let contact = ContactId(7);
        let (agent, what) = (AgentId(0), AgentCall::Outside);
        let from = number();
        let facts = [
            (
                Fact::ContactArrived {
                    contact,
                    channel: Channel::Voice,
                    from,
                    dialled: "1800".into(),
                    trunk: None,
                },
                true,
            ),
            (Fact::OwnCallDialled { call: contact, agent, dialled: number(), what }, true),
            (Fact::NumberWithheld { contact, number: number() }, false),
        ];
        for (fact, may_be_told) in facts {
            for (numbers, is_asked_for) in [(Numbers::Short, false), (Numbers::Full, true)] {
                let told =
                    PlacedFact::new(Position::default(), Moment::default(), &fact, numbers).fact.to_string();
                assert_eq!(told.contains("0991234567"), is_asked_for && may_be_told, "{told}");
                assert!(told.contains("67"), "{told}");
            }
        }
    }
}
