//! A fact on one line for people: its kind, then its fields in words.

use serde_json::{Map, Value};

/// `ContactEnded  contact 42, waited 12.5 s`: of a fact in its form of records.
pub(crate) fn fact_text(fact: &Value) -> String {
    match fact {
        Value::Object(kinds) => {
            let all: Vec<String> = kinds.iter().map(|(kind, it)| format!("{kind}  {}", bare(it))).collect();
            all.join(", ")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => words(fact),
    }
}

/// The fields of a fact, without a frame around them.
fn bare(value: &Value) -> String {
    match value {
        Value::Object(fields) if span(fields).is_none() => list(fields),
        Value::Object(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_) => words(value),
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => "not set".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.is_empty() => "empty".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(" + "),
        Value::Object(fields) => match (span(fields), fields.len()) {
            (Some(span), _) => span,
            (None, 0) => "none".to_owned(),
            (None, 1) => list(fields),
            (None, _) => format!("<{}>", list(fields)),
        },
    }
}

/// `contact 42, waited 12.5 s`.
fn list(fields: &Map<String, Value>) -> String {
    let field = |(name, value): (&String, &Value)| format!("{} {}", name.replace('_', " "), words(value));
    fields.iter().map(field).collect::<Vec<_>>().join(", ")
}

/// A time span, which records have in seconds and nanoseconds.
fn span(fields: &Map<String, Value>) -> Option<String> {
    let (secs, nanos) = (fields.get("secs")?.as_u64()?, fields.get("nanos")?.as_u64()?);
    let is_span = fields.len() == 2;
    is_span.then(|| format!("{secs}.{:03} s", nanos / 1_000_000))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fact_is_read_without_brackets_and_quotes() {
        let fact = json!({ "ContactEnded": {
            "contact": 42, "agent": null, "outcome": { "Left": "Queue" }, "waited": { "secs": 12, "nanos": 500_000_000 },
            "call_id": "x", "passed": [], "decision": { "rule": "EadMia", "seen": [1, 2] },
        }});
        assert_eq!(
            fact_text(&fact),
            "ContactEnded  agent not set, call id x, contact 42, decision <rule EadMia, seen 1 + 2>, \
             outcome Left Queue, passed none, waited 12.500 s"
        );
        assert_eq!(fact_text(&json!("Started")), "Started");
    }
}
