//! A letter as the platform's requests: one, or several if it is longer than a message may be.

use serde_json::{Value, json};

use super::answer::Uploaded;
use super::choices::asked;
use super::cutting::{length, pieces};
use super::media::class_of;
use crate::address::Address;
use crate::body::{Body, Choices};
use crate::joint::Letter;
use crate::message::MessageId;

/// Characters of a text.
const TEXT_MAX: usize = 4_096;
/// Characters of a question, and of the words with a file.
const BODY_MAX: usize = 1_024;
/// What our own number for a message begins with, in what comes back with each status.
const OWN: &str = "turno:";

/// Why a letter has no form on this channel.
pub const CANNOT_BE_SENT: &str = "WhatsApp has no form for such a message";

/// The site's own words in messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// What opens a list, at most 20 characters.
    pub list_button: String,
}

impl Default for Wording {
    fn default() -> Self {
        Self { list_button: "Opciones".to_owned() }
    }
}

/// Whether the letter has a file that must be with the platform first.
#[must_use]
pub const fn needs_upload(letter: &Letter) -> bool {
    matches!(letter.body, Body::File { .. }) && letter.file.is_some()
}

/// The requests of a letter in order. `uploaded` is its file; `quoted` is the message that it answers.
///
/// # Errors
/// [`CANNOT_BE_SENT`]: the channel has no form for it, or it says nothing.
pub fn requests(
    letter: &Letter,
    wording: &Wording,
    uploaded: Option<&Uploaded>,
    quoted: Option<&str>,
) -> Result<Vec<Value>, &'static str> {
    let contents = contents(letter, wording, uploaded)?;
    let mut requests = Vec::new();
    for (at, (kind, content)) in contents.into_iter().enumerate() {
        let mut request = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "type": kind,
            "biz_opaque_callback_data": format!("{OWN}{}", letter.message.0),
        });
        match &letter.address {
            Address::WhatsApp { number: Some(number), .. } => request["to"] = number.as_str().into(),
            Address::WhatsApp { user: Some(user), .. } => request["recipient"] = user.as_str().into(),
            Address::WhatsApp { .. } | Address::Chat(_) | Address::Mail(_) => return Err(CANNOT_BE_SENT),
        }
        request[kind] = content;
        if at == 0
            && let Some(quoted) = quoted
        {
            request["context"] = json!({ "message_id": quoted });
        }
        requests.push(request);
    }
    if requests.is_empty() { Err(CANNOT_BE_SENT) } else { Ok(requests) }
}

/// Our own number in what came back with a status.
pub(crate) fn own_number(data: &str) -> Option<MessageId> {
    data.strip_prefix(OWN)?.parse().ok().map(MessageId)
}

/// The request that marks a person's message as seen, with 'is typing' if an answer follows.
#[must_use]
pub fn mark_seen(external: &str, is_typing: bool) -> Value {
    let mut request = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": external });
    if is_typing {
        request["typing_indicator"] = json!({ "type": "text" });
    }
    request
}

type Contents = Vec<(&'static str, Value)>;

fn texts(text: &str) -> Contents {
    pieces(text, TEXT_MAX).into_iter().map(|piece| ("text", json!({ "body": piece }))).collect()
}

fn contents(
    letter: &Letter,
    wording: &Wording,
    uploaded: Option<&Uploaded>,
) -> Result<Contents, &'static str> {
    match &letter.body {
        Body::Text { text } => Ok(texts(text)),
        Body::Card { text, choices, .. } => {
            Ok(asked_contents(&Choices { text: text.clone(), choices: choices.clone() }, wording))
        }
        Body::Choices(choices) => Ok(asked_contents(choices, wording)),
        Body::File { name, caption, .. } => {
            let (Some(file), Some(uploaded)) = (&letter.file, uploaded) else { return Err(CANNOT_BE_SENT) };
            Ok(file_contents(name, caption.as_deref(), (&file.kind, file.bytes.len()), uploaded))
        }
        Body::Template { name, language, parameters, .. } => {
            Ok(vec![("template", template(name, language, parameters))])
        }
        Body::Location { north, east, name } => {
            let mut place = json!({ "latitude": degrees(*north), "longitude": degrees(*east) });
            if let Some(name) = name {
                place["name"] = name.as_str().into();
            }
            Ok(vec![("location", place)])
        }
        Body::Reaction { to, sign } => Ok(vec![("reaction", json!({ "message_id": to, "emoji": sign }))]),
        Body::Chosen { .. } | Body::FileElsewhere { .. } | Body::Other { .. } => Err(CANNOT_BE_SENT),
    }
}

fn asked_contents(choices: &Choices, wording: &Wording) -> Contents {
    let asked = asked(choices, &wording.list_button);
    match asked.interactive {
        Some(interactive) => question(&asked.text, interactive),
        None => texts(&asked.text),
    }
}

/// A question stands whole above its buttons if it fits; else what comes before is a text of its own.
fn question(text: &str, mut interactive: Value) -> Contents {
    let mut parts = pieces(text, BODY_MAX);
    let last = parts.pop().unwrap_or_default();
    let before = &text.trim()[..text.trim().len() - last.len()];
    let mut contents = texts(before);
    interactive["body"] = json!({ "text": last });
    contents.push(("interactive", interactive));
    contents
}

fn file_contents(
    name: &str,
    caption: Option<&str>,
    (kind, bytes): (&str, usize),
    uploaded: &Uploaded,
) -> Contents {
    let class = class_of(kind, bytes);
    let mut content = json!({ "id": uploaded.0 });
    if class.name() == "document" {
        content["filename"] = name.into();
    }
    let caption = caption.map(str::trim).filter(|caption| !caption.is_empty());
    let is_beside = class.name() != "audio" && caption.is_some_and(|caption| length(caption) <= BODY_MAX);
    if is_beside {
        content["caption"] = caption.into();
    }
    let mut contents = vec![(class.name(), content)];
    if !is_beside {
        contents.extend(texts(caption.unwrap_or_default()));
    }
    contents
}

/// A value of a template may have neither line ends nor wide gaps.
fn template(name: &str, language: &str, parameters: &[String]) -> Value {
    let flat = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let values: Vec<Value> =
        parameters.iter().map(|text| json!({ "type": "text", "text": flat(text) })).collect();
    let mut template = json!({ "name": name, "language": { "policy": "deterministic", "code": language } });
    if !values.is_empty() {
        template["components"] = json!([{ "type": "body", "parameters": values }]);
    }
    template
}

fn degrees(millionths: i32) -> String {
    format!("{:.6}", f64::from(millionths) / 1e6)
}
