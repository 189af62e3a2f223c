//! `turno journal show`: what was written, one line a record, for people or as JSON.

use std::collections::BTreeSet;
use std::io::{BufWriter, Write, stdout};
use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};
use turno_control::hide_number;
use turno_ground::Moment;
use turno_journal::{Content, Entry, Item, read};
use turno_model::Fact;

use crate::exit::Exit;
use crate::fact_text::fact_text;
use crate::journal::folder::{Trouble, read_folder};
use crate::journal::owner_words::words;
use crate::journal::verify::fine_clock;

/// Print what was written, one line a record.
#[derive(Args)]
pub(crate) struct Show {
    /// The folder, as it was given to --state.
    folder: PathBuf,
    /// Only what belongs to the contact whose number ends with these digits.
    #[arg(long, value_name = "DIGITS", value_parser = digits)]
    contact: Option<String>,
    /// Only `facts`, only `images`, or only one kind of fact, such as ContactEnded.
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    kind: Option<String>,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    /// Callers' whole numbers; without it, their last two digits.
    #[arg(long)]
    numbers: bool,
}

/// Where a record stands.
struct Place<'a> {
    file: &'a str,
    step: u32,
    at: Moment,
}

impl Show {
    /// Prints, and says how it ended.
    pub(crate) fn run(&self) -> Result<Exit, Trouble> {
        let files = read_folder(&self.folder)?;
        let whole: BTreeSet<u64> =
            files.iter().filter(|file| file.content == Content::Segment).map(|file| file.number).collect();
        let mut out = BufWriter::new(stdout().lock());
        let mut is_empty = true;
        for file in &files {
            // The facts of a segment that is still there would be said twice; a checkpoint only repeats.
            let is_repetition = file.content == Content::Facts && whole.contains(&file.number);
            if is_repetition || file.content == Content::Checkpoint {
                continue;
            }
            for frame in &read(&file.bytes, file.number).frames {
                let Entry::Step(items) = frame.entry else { continue };
                let place = Place { file: &file.name, step: frame.place, at: frame.at };
                for line in items.filter_map(|item| self.line(&place, item)) {
                    is_empty = false;
                    if writeln!(out, "{line}").is_err() {
                        // The reader has closed: no error.
                        return Ok(Exit::Done);
                    }
                }
            }
        }
        let _ = out.flush();
        if is_empty { Err(Trouble::new(&self.folder, self.nothing())) } else { Ok(Exit::Done) }
    }

    /// What is said where no record is as it was asked for.
    fn nothing(&self) -> String {
        let kind = match self.kind.as_deref() {
            None => "nothing".to_owned(),
            Some("facts") => "no fact".to_owned(),
            Some("images") => "no image".to_owned(),
            Some(kind) => format!("no {kind}"),
        };
        let contact = self.contact.as_ref();
        let of = contact.map(|digits| format!(" of a contact whose number ends with {digits}"));
        format!("the journal has {kind}{}", of.unwrap_or_default())
    }

    fn line(&self, place: &Place<'_>, item: Item<'_>) -> Option<String> {
        match item {
            Item::Fact(form) => match form.fact() {
                Ok(fact) => self.fact_line(place, &fact),
                Err(unreadable) => Some(self.put(place, "fact", &unreadable.to_string(), &json!({}))),
            },
            Item::Row { name, form } => {
                let (owner, key, bytes) = (words(name.table), name.key, form.len());
                let value = json!({ "owner": owner, "key": key, "bytes": bytes });
                self.image_line(place, "kept", &format!("{owner} {key}, {bytes} bytes"), &value)
            }
            Item::Gone(name) => {
                let (owner, key) = (words(name.table), name.key);
                self.image_line(
                    place,
                    "gone",
                    &format!("{owner} {key}"),
                    &json!({ "owner": owner, "key": key }),
                )
            }
        }
    }

    fn fact_line(&self, place: &Place<'_>, fact: &Fact) -> Option<String> {
        let mut value = serde_json::to_value(fact).unwrap_or_default();
        let kind = match &value {
            Value::String(kind) => kind.clone(),
            Value::Object(map) => map.keys().next().cloned().unwrap_or_default(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => String::new(),
        };
        // What an agent dialled is found like a contact.
        let contact = fact.contact().map(|contact| contact.0);
        let is_wanted = self.kind.as_ref().is_none_or(|wanted| wanted == "facts" || *wanted == kind);
        if !is_wanted || !self.is_of_contact(contact) {
            return None;
        }
        if let Some(number) = fact.number().filter(|_| !self.numbers) {
            hide_number(&mut value, &number.0, &format!("{number:?}"));
        }
        Some(self.put(place, "fact", &fact_text(&value), &value))
    }

    fn image_line(&self, place: &Place<'_>, what: &str, text: &str, value: &Value) -> Option<String> {
        let is_wanted = self.kind.as_ref().is_none_or(|wanted| wanted == "images") && self.contact.is_none();
        is_wanted.then(|| self.put(place, what, text, value))
    }

    fn is_of_contact(&self, contact: Option<u64>) -> bool {
        let ends = |wanted: &String| contact.is_some_and(|contact| contact.to_string().ends_with(wanted));
        self.contact.as_ref().is_none_or(ends)
    }

    fn put(&self, place: &Place<'_>, what: &str, text: &str, value: &Value) -> String {
        let micros = place.at.as_micros();
        if self.json {
            return json!({ "at": micros, "file": place.file, "step": place.step, what: value }).to_string();
        }
        format!("{}  {}:{:<6} {what:<5} {text}", fine_clock(place.at), place.file, place.step)
    }
}

/// The end of a contact's number.
fn digits(text: &str) -> Result<String, String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Ok(text.to_owned()) } else { Err("the last digits of a contact's number".to_owned()) }
}

/// What may be asked for by `--kind`.
fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(["facts", "images"].iter().chain(Fact::kinds()))
}

#[cfg(test)]
mod tests {
    use turno_ground::Pii;
    use turno_model::{AgentCall, AgentId, ContactId};

    use super::*;

    #[test]
    fn whom_an_agent_called_is_hidden_like_a_caller_until_it_is_asked_for() {
        let dialled = Fact::OwnCallDialled {
            call: ContactId(4_711),
            agent: AgentId(0),
            dialled: Pii("0987654321".into()),
            what: AgentCall::Outside,
        };
        let place = Place { file: "0000000001.segment", step: 1, at: Moment::from_secs(1_795_617_175) };
        for (json, numbers) in [(false, false), (true, false), (false, true), (true, true)] {
            let contact = Some("711".to_owned());
            let show = Show { folder: PathBuf::new(), contact, kind: None, json, numbers };
            let line = show.fact_line(&place, &dialled).expect("it is that call's");
            assert_eq!(line.contains("0987654321"), numbers, "{line}");
            assert!(line.contains("21"), "{line}");
        }
        let other = Some("712".to_owned());
        let show = Show { folder: PathBuf::new(), contact: other, kind: None, json: false, numbers: false };
        assert_eq!(show.fact_line(&place, &dialled), None);
    }
}
