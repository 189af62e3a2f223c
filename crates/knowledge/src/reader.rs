//! Reads a procedure's file: a head between two lines `+++`, then the text.

use std::path::Path;

use crate::fault::{Fault, Location};
use crate::head::Head;
use crate::procedure::Procedure;

/// The line before and after the head.
pub(crate) const FENCE: &str = "+++";
/// The longest `id`, in characters.
pub(crate) const ID_LENGTH_MAX: usize = 80;

/// Reads the procedure in `text`, whose name is that of `file` without its ending.
///
/// # Errors
/// Every fault in it.
pub fn read_procedure(file: &Path, text: &str) -> Result<Procedure, Vec<Fault>> {
    let id = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
    if !is_id(&id) {
        let found = format!("`{id}` can't be the name of a procedure");
        let expected =
            format!("a name of a-z, 0-9 and `-`, at most {ID_LENGTH_MAX} long: `impuesto-predial.md`");
        return Err(vec![Fault::new(Location::of_file(file), found, expected)]);
    }
    let (head, body) = divide(file, text).map_err(|fault| vec![fault])?;
    let mut head = Head::new(file, text, head).map_err(|fault| vec![fault])?;
    let unknown = "what is known of it; `\"por confirmar\"` where nothing is";
    let procedure = Procedure {
        id,
        name: head.required_text("name", "what the institution calls the procedure"),
        aliases: head.required_texts("aliases", true, "a list of what else it is called: `[]` if nothing"),
        institution: head.required_text("institution", "who does it"),
        language: head.required_text("language", "the language of the text, such as `\"es\"`"),
        requirements: head.required_texts("requirements", true, "a list of what is needed: `[]` if nothing"),
        cost: head.required_text("cost", unknown),
        place: head.required_text("where", unknown),
        online: head.text("online"),
        hours: head.required_text("hours", unknown),
        phone: head.text("phone"),
        legal_basis: head.texts("legal_basis"),
        related: head.texts("related"),
        valid_from: head.required_day("valid_from", "the day from which the text holds: `\"2026-01-02\"`"),
        valid_until: head.day("valid_until"),
        checked_on: head.required_day("checked_on", "the day on which it was compared with its sources"),
        confirmed_on: head.day("confirmed_on"),
        sources: head.required_texts("source", false, "a list of addresses that it is taken from"),
        wrap_up: head.text("wrap_up"),
        body: text[body..].trim().to_owned(),
    };
    let mut faults = head.finish();
    if let Some(wrong) = wrong_dates(&procedure) {
        faults.push(Fault::new(Location::of_file(file), wrong, "`valid_until` after `valid_from`"));
    }
    if procedure.body.is_empty() {
        faults.push(Fault::new(
            Location::of_file(file),
            "there is no text",
            "a text below the second line `+++`",
        ));
    }
    if faults.is_empty() { Ok(procedure) } else { Err(faults) }
}

/// Whether it can be the name of a procedure: it stands in addresses, commands and facts.
pub(crate) fn is_id(id: &str) -> bool {
    let is_plain = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    !id.is_empty() && id.len() <= ID_LENGTH_MAX && !id.starts_with('-') && id.bytes().all(is_plain)
}

fn wrong_dates(procedure: &Procedure) -> Option<String> {
    let last = procedure.valid_until?;
    (last < procedure.valid_from).then(|| format!("it ends on {last} and begins on {}", procedure.valid_from))
}

/// Where the head begins and ends, and where the text begins.
fn divide(file: &Path, text: &str) -> Result<((usize, usize), usize), Fault> {
    let mark = "\u{feff}";
    let begin = if text.starts_with(mark) { mark.len() } else { 0 };
    let expected = "a head between two lines `+++`, before the text";
    let missing = |found: &str, at| Err(Fault::new(Location::in_text(file, text, at), found, expected));
    let mut lines = text[begin..].split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if first.trim_end() != FENCE {
        return missing("the first line is not `+++`", begin);
    }
    let head = begin + first.len();
    let mut at = head;
    for line in lines {
        if line.trim_end() == FENCE {
            return Ok(((head, at), at + line.len()));
        }
        at += line.len();
    }
    missing("the head has no end", begin)
}
