//! What is sent: a fact as a CloudEvent (version 1.0, structured, JSON).

use jiff::Timestamp;
use serde_json::{Value, json};
use turno_control::PlacedFact;
use turno_ground::Moment;
use turno_model::plan::WebhookPlan;
use turno_model::{Fact, PlanIndex, Position};
use turno_trace::Numbers;

/// The type of the body.
pub const CONTENT_TYPE: &str = "application/cloudevents+json; charset=utf-8";

/// Words before the kind of a fact in `type`.
const TYPE_PREFIX: &str = "turno.";

/// A message for a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id: the position of the fact. The same for every try.
    pub id: String,
    /// Messages with the same text here are delivered in order.
    pub line: String,
    /// The body.
    pub body: String,
}

/// The message of a fact for a hook; `None` if the hook does not want this kind.
pub fn of(
    plan: &WebhookPlan,
    (position, at, fact): (Position, Moment, &Fact),
    names: &PlanIndex,
) -> Option<Event> {
    let numbers = if plan.with_numbers { Numbers::Full } else { Numbers::Short };
    let placed = PlacedFact::new(position, at, fact, numbers);
    let kind = kind_of(&placed.fact)?.to_owned();
    if !plan.events.is_empty() && !plan.events.contains(&kind) {
        return None;
    }
    let contact = fact.contact().map(|contact| contact.0);
    let line = contact.map_or_else(|| "site".to_owned(), |contact| format!("contact {contact}"));
    let queue = fact.queue().and_then(|queue| names.queues.get(queue.index()));
    let agent = fact.agent().and_then(|agent| names.agents.get(agent.index()));
    let id = position.to_string();
    let body = json!({
        "specversion": "1.0",
        "id": id,
        "source": format!("turno/{}", names.site),
        "type": format!("{TYPE_PREFIX}{kind}"),
        "time": time(at),
        "subject": line,
        "datacontenttype": "application/json",
        "data": {
            "at": at.as_micros(),
            // A number of 64 bits is a text: programs in JavaScript would round it.
            "contact": contact.map(|contact| contact.to_string()),
            "queue": queue,
            "agent": agent,
            "fact": placed.fact,
        },
    });
    Some(Event { id, line, body: body.to_string() })
}

/// Facts that the journal no longer has are told as well.
pub fn missing(site: &str, (after, until): (Position, Position), facts: Option<u64>, at: Moment) -> Event {
    let id = format!("{until}-missing");
    let body = json!({
        "specversion": "1.0",
        "id": id,
        "source": format!("turno/{site}"),
        "type": format!("{TYPE_PREFIX}Missing"),
        "time": time(at),
        "subject": "site",
        "datacontenttype": "application/json",
        "data": { "after": after.to_string(), "until": until.to_string(), "facts": facts },
    });
    Event { id, line: "site".to_owned(), body: body.to_string() }
}

/// The kind of a fact, as JSON has it: `"Started"` or `{"ContactEnded": {...}}`.
fn kind_of(fact: &Value) -> Option<&str> {
    match fact {
        Value::String(kind) => Some(kind),
        Value::Object(one) => one.keys().next().map(String::as_str),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}

fn time(at: Moment) -> String {
    let micros = i64::try_from(at.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_microsecond(micros).unwrap_or_default().to_string()
}
