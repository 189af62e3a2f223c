//! One message of a person: what it says, from whom, what it answers.

use serde_json::Value;

use super::clean::{file_name, person_name};
use super::event::{NoticeKind, What, moment, notice};
use crate::address::Address;
use crate::body::Body;
use crate::joint::{Incoming, Report, Reported};
use crate::time::Millis;

/// Bytes of words that are kept: the platform's own limit is 4,096 characters.
const TEXT_BYTES_MAX: usize = 32_768;

/// Cards or goods of one message that are named.
const NAMED_MAX: usize = 10;

/// What a message is.
pub(crate) fn message(value: &Value, contacts: &[Value], now: Millis) -> What {
    let kind = value["type"].as_str().unwrap_or("nothing");
    let Some(external) = name(&value["id"]) else {
        return notice(NoticeKind::Malformed, "a message without a name");
    };
    if value["group_id"].is_string() {
        return notice(NoticeKind::Group, kind);
    }
    match kind {
        "system" => return system(value),
        "edit" => return changed(value, &value["edit"], now),
        "revoke" => return changed(value, &value["revoke"], now),
        "request_welcome" => return notice(NoticeKind::Unknown, kind),
        _ => {}
    }
    let sender = sender(value, contacts);
    let Some(address) = address_of(value, sender) else {
        return notice(NoticeKind::Malformed, "a message from nobody");
    };
    What::Message(Box::new(Incoming {
        address,
        external,
        at: moment(&value["timestamp"], now),
        name: sender.and_then(|sender| person_name(sender["profile"]["name"].as_str()?)),
        body: Some(body(kind, value)),
        files: Vec::new(),
        conversation: None,
        replies_to: name(&value["context"]["id"]),
        subject: None,
        language: None,
        queue: None,
        marks: marks(kind, value),
    }))
}

/// A name of the platform: not empty, and not longer than a row should be.
fn name(value: &Value) -> Option<String> {
    value.as_str().filter(|name| !name.is_empty() && name.len() <= 512).map(str::to_owned)
}

fn digits(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim_start_matches('+');
    let is_number = (5..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.to_owned())
}

/// The contact who has sent it: by name, else the only one.
fn sender<'a>(value: &Value, contacts: &'a [Value]) -> Option<&'a Value> {
    let is = |contact: &&Value, key: &str, from: &str| value[from].is_string() && contact[key] == value[from];
    let by_user = contacts.iter().find(|contact| is(contact, "user_id", "from_user_id"));
    let by_number = || contacts.iter().find(|contact| is(contact, "wa_id", "from"));
    by_user.or_else(by_number).or(if let [only] = contacts { Some(only) } else { None })
}

fn address_of(value: &Value, sender: Option<&Value>) -> Option<Address> {
    let of = |key: &str| sender.map_or(&Value::Null, |sender| &sender[key]);
    let number = digits(&value["from"]).or_else(|| digits(of("wa_id")));
    let user = name(&value["from_user_id"]).or_else(|| name(of("user_id")));
    (number.is_some() || user.is_some()).then_some(Address::WhatsApp { number, user })
}

/// The words at a place, within the limit.
fn words(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| !text.trim().is_empty())?;
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Some(text[..end].replace('\0', ""))
}

fn other(what: &str) -> Body {
    Body::Other { what: person_name(what).unwrap_or_else(|| "a message".to_owned()) }
}

/// What a message of this kind says. Whatever lacks its content is named.
pub(crate) fn body(kind: &str, value: &Value) -> Body {
    let content = &value[kind];
    let found = match kind {
        "text" => words(&content["body"]).map(|text| Body::Text { text }),
        "image" | "video" | "audio" | "document" | "sticker" => file(content),
        "location" => location(content),
        "contacts" => cards(content),
        "interactive" => Some(interactive(content)),
        "button" => chosen(&content["payload"], &content["text"]),
        "reaction" => name(&content["message_id"])
            .map(|to| Body::Reaction { to, sign: words(&content["emoji"]).unwrap_or_default() }),
        "order" => Some(other(&goods(content))),
        "unsupported" => Some(other(&unsupported(value))),
        _ => None,
    };
    found.unwrap_or_else(|| other(kind))
}

fn file(content: &Value) -> Option<Body> {
    Some(Body::FileElsewhere {
        reference: name(&content["id"])?,
        media: person_name(content["mime_type"].as_str().unwrap_or("application/octet-stream"))?,
        name: content["filename"].as_str().and_then(file_name),
        caption: words(&content["caption"]),
    })
}

fn location(content: &Value) -> Option<Body> {
    let degrees = |value: &Value, most: f64| {
        let told = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
        (told.abs() <= most).then(|| (told * 1e6).round() as i32)
    };
    Some(Body::Location {
        north: degrees(&content["latitude"], 90.0)?,
        east: degrees(&content["longitude"], 180.0)?,
        name: words(&content["name"]).or_else(|| words(&content["address"])),
    })
}

/// Cards of an address book as lines: name, numbers, addresses.
fn cards(content: &Value) -> Option<Body> {
    let mut lines = Vec::new();
    for card in content.as_array()?.iter().take(NAMED_MAX) {
        let all = |list: &str, key: &str| {
            let found = card[list].as_array().into_iter().flatten().filter_map(|one| one[key].as_str());
            found.map(str::to_owned).collect::<Vec<_>>()
        };
        let called = card["name"]["formatted_name"].as_str().map(str::to_owned);
        let parts = called.into_iter().chain(all("phones", "phone")).chain(all("emails", "email"));
        lines.extend(person_name(&parts.collect::<Vec<_>>().join(", ")));
    }
    (!lines.is_empty()).then(|| Body::Text { text: lines.join("\n") })
}

fn chosen(id: &Value, title: &Value) -> Option<Body> {
    let title = words(title)?;
    Some(Body::Chosen { id: words(id).unwrap_or_else(|| title.clone()), title })
}

fn interactive(content: &Value) -> Body {
    let kind = content["type"].as_str().unwrap_or("interactive");
    let answer = &content[kind];
    let found = match kind {
        "button_reply" | "list_reply" => chosen(&answer["id"], &answer["title"]),
        "call_permission_reply" => {
            answer["response"].as_str().map(|response| other(&format!("call permission: {response}")))
        }
        "nfm_reply" => Some(form(answer)),
        _ => None,
    };
    found.unwrap_or_else(|| other(kind))
}

/// A form that was filled in: its fields as lines, without the token that belongs to no reader.
fn form(answer: &Value) -> Body {
    let fields: Option<serde_json::Map<String, Value>> =
        answer["response_json"].as_str().and_then(|text| serde_json::from_str(text).ok());
    let mut lines = Vec::new();
    for (key, value) in fields.iter().flatten().filter(|(key, _)| *key != "flow_token").take(50) {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        lines.extend(person_name(&format!("{key}: {value}")));
    }
    if lines.is_empty() { other("form") } else { Body::Text { text: lines.join("\n") } }
}

fn goods(content: &Value) -> String {
    let mut named = Vec::new();
    for one in content["product_items"].as_array().into_iter().flatten().take(NAMED_MAX) {
        let name = one["product_retailer_id"].as_str().unwrap_or("?");
        named.push(format!("{} × {name}", one["quantity"].as_u64().unwrap_or(1)));
    }
    format!("order: {}", named.join(", "))
}

fn unsupported(value: &Value) -> String {
    let named = value["unsupported"]["type"].as_str().map(str::to_owned);
    let code = || value["errors"][0]["code"].as_u64().map(|code| format!("unsupported ({code})"));
    named.or_else(code).unwrap_or_else(|| "unsupported".to_owned())
}

fn marks(kind: &str, value: &Value) -> Vec<String> {
    let mut marks = Vec::new();
    let context = &value["context"];
    if context["frequently_forwarded"] == true {
        marks.push("forwarded many times".to_owned());
    } else if context["forwarded"] == true {
        marks.push("forwarded".to_owned());
    }
    if kind == "audio" && value["audio"]["voice"] == true {
        marks.push("voice message".to_owned());
    }
    if matches!(kind, "sticker" | "contacts" | "order") {
        marks.push(kind.to_owned());
    }
    let advertisement = &value["referral"];
    if advertisement.is_object() {
        let headline = advertisement["headline"].as_str().unwrap_or_default();
        marks.extend(person_name(&format!("from an advertisement: {headline}")));
    }
    marks
}

/// An edit, or that a person took a message back.
fn changed(value: &Value, content: &Value, now: Millis) -> What {
    let Some(external) = name(&content["original_message_id"]) else {
        return notice(NoticeKind::Malformed, "a change of no message");
    };
    let now_says = &content["message"];
    let what = match now_says["type"].as_str() {
        Some(kind) => Reported::Edited(body(kind, now_says)),
        None => Reported::TakenBack,
    };
    What::Report(Report { external, at: moment(&value["timestamp"], now), what })
}

/// What the platform says about a person: another number, another name, another device.
fn system(value: &Value) -> What {
    let system = &value["system"];
    let kind = system["type"].as_str().unwrap_or_default();
    let from = Address::WhatsApp { number: digits(&value["from"]), user: name(&value["from_user_id"]) };
    match kind {
        "user_changed_number" | "customer_changed_number" | "user_changed_user_id" => {
            let told = [&system["wa_id"], &system["new_wa_id"], &value["from"]];
            let number = told.into_iter().find_map(digits);
            let user = name(&system["user_id"]).or_else(|| name(&value["from_user_id"]));
            let to = Address::WhatsApp { number, user };
            if from.key().is_empty() || to.key().is_empty() {
                return notice(NoticeKind::Malformed, kind);
            }
            What::Moved { from, to }
        }
        "customer_identity_changed" => notice(NoticeKind::Identity, kind),
        _ => notice(NoticeKind::Unknown, kind),
    }
}
