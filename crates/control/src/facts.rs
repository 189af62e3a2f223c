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
        if let Some(number) = fact.number()
            && (numbers == Numbers::Short || fact.is_number_withheld())
        {
            hide_number(&mut value, &number.0, &format!("{number:?}"));
        }
        Self { position, at, fact: value }
    }
}

/// Puts `short` wherever the number is a value of its own.
pub fn hide_number(value: &mut Value, number: &str, short: &str) {
    match value {
        Value::String(text) if text == number => short.clone_into(text),
        Value::Array(values) => values.iter_mut().for_each(|value| hide_number(value, number, short)),
        Value::Object(fields) => fields.values_mut().for_each(|value| hide_number(value, number, short)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use turno_ground::Pii;
    use turno_model::{AgentCall, AgentId, CallbackChange, CallerKnown, Channel, ContactId};

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
            (Fact::CallerKnown(contact, CallerKnown::Claims { number: number() }), true),
            (
                Fact::Callback(contact, CallbackChange::Asked { number: number(), after: Duration::ZERO }),
                true,
            ),
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
