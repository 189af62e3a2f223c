//! A webhook's bytes as events: each entry and each change by itself, so that a strange one takes nothing with it.

use serde::Deserialize;
use serde_json::Value;

use super::event::{Event, NoticeKind, notice};
use super::message::message;
use super::status::status;
use crate::time::Millis;

/// What the platform calls itself.
const OBJECT: &str = "whatsapp_business_account";

/// Why a webhook can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is no JSON of the platform's form.
    Broken,
    /// It is about something else than WhatsApp.
    NotOurs,
}

#[derive(Deserialize)]
struct Envelope {
    object: String,
    #[serde(default)]
    entry: Vec<Value>,
}

/// Reads a webhook whose signature is good. `now` stands for times that it lacks.
///
/// # Errors
/// [`Unread`]: the whole of it. Everything smaller that can't be read is a `Notice`, or a message with a named
/// [`Body::Other`](crate::Body::Other).
pub fn read(raw: &[u8], now: Millis) -> Result<Vec<Event>, Unread> {
    let envelope: Envelope = serde_json::from_slice(raw).map_err(|_| Unread::Broken)?;
    if envelope.object != OBJECT {
        return Err(Unread::NotOurs);
    }
    let mut events = Vec::new();
    for entry in &envelope.entry {
        let Some(changes) = entry["changes"].as_array() else {
            events.push(account(NoticeKind::Malformed, "an entry without changes"));
            continue;
        };
        for change in changes {
            read_change(change, now, &mut events);
        }
    }
    Ok(events)
}

fn account(kind: NoticeKind, words: &str) -> Event {
    Event { number: None, what: notice(kind, words) }
}

fn read_change(change: &Value, now: Millis, events: &mut Vec<Event>) {
    let (field, value) = (change["field"].as_str().unwrap_or_default(), &change["value"]);
    match field {
        "messages" => read_messages(value, now, events),
        "calls" => events.push(account(NoticeKind::Call, &about_call(value))),
        "smb_message_echoes" | "message_echoes" | "history" | "smb_app_state_sync" => {
            events.push(account(NoticeKind::Echo, field));
        }
        "user_preferences" => events.push(account(NoticeKind::Preference, &about_preference(value))),
        _ if field.starts_with("message_template_") || field.starts_with("template_") => {
            events.push(account(NoticeKind::Template, &about_template(field, value)));
        }
        _ if field.starts_with("group_") => events.push(account(NoticeKind::Group, field)),
        _ if field.starts_with("account_")
            || field.starts_with("phone_number_")
            || field.starts_with("business_")
            || matches!(field, "security" | "flows" | "payment_configuration_update") =>
        {
            events.push(account(NoticeKind::Account, &about_account(field, value)));
        }
        _ => events.push(account(NoticeKind::Unknown, &format!("the field '{field}'"))),
    }
}

fn words<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or("?")
}

fn about_call(value: &Value) -> String {
    value["calls"][0]["event"]
        .as_str()
        .or_else(|| value["statuses"][0]["status"].as_str())
        .unwrap_or("?")
        .to_owned()
}

fn about_preference(value: &Value) -> String {
    let first = &value["user_preferences"][0];
    format!("{}: {}", words(first, "category"), words(first, "value"))
}

fn about_template(field: &str, value: &Value) -> String {
    let name = words(value, "message_template_name");
    let news = ["event", "new_category", "new_quality_score"];
    let news = news.into_iter().find_map(|key| value[key].as_str()).unwrap_or(field);
    match value["reason"].as_str() {
        Some(reason) if reason != "NONE" => format!("{name}: {news}, {reason}"),
        _ => format!("{name}: {news}"),
    }
}

fn about_account(field: &str, value: &Value) -> String {
    let news = ["event", "decision", "current_limit"].into_iter().find_map(|key| value[key].as_str());
    let more = [
        value["ban_info"]["waba_ban_state"].as_str(),
        value["violation_info"]["violation_type"].as_str(),
        value["restriction_info"][0]["restriction_type"].as_str(),
    ];
    let parts = [Some(field), news].into_iter().chain(more).flatten();
    parts.collect::<Vec<_>>().join(" ")
}

fn read_messages(value: &Value, now: Millis, events: &mut Vec<Event>) {
    let number = value["metadata"]["phone_number_id"].as_str().map(str::to_owned);
    let mut push = |what| events.push(Event { number: number.clone(), what });
    let list = |name: &str| value[name].as_array().map_or(&[][..], Vec::as_slice);
    for one in list("messages") {
        push(message(one, list("contacts"), now));
    }
    for one in list("statuses") {
        status(one, now, &mut push);
    }
    for error in list("errors") {
        let code = error["code"].as_u64().unwrap_or_default();
        push(notice(NoticeKind::Error, &format!("{code} {}", words(error, "title"))));
    }
    if ["messages", "statuses", "errors"].iter().all(|name| !value[name].is_array()) {
        push(notice(NoticeKind::Malformed, "neither messages nor statuses"));
    }
}
