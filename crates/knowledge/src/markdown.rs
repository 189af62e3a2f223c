//! Writes a procedure's file, in the form in which it is read.

use core::fmt::Write as _;

use crate::procedure::Procedure;
use crate::reader::FENCE;

/// The file of a procedure.
#[must_use]
pub fn to_markdown(procedure: &Procedure) -> String {
    let mut head = String::new();
    let optional = |text: &Option<String>| text.as_deref().map(quoted);
    let lines = [
        ("name", Some(quoted(&procedure.name))),
        ("aliases", Some(list(&procedure.aliases))),
        ("institution", Some(quoted(&procedure.institution))),
        ("language", Some(quoted(&procedure.language))),
        ("requirements", Some(list(&procedure.requirements))),
        ("cost", Some(quoted(&procedure.cost))),
        ("where", Some(quoted(&procedure.place))),
        ("online", optional(&procedure.online)),
        ("hours", Some(quoted(&procedure.hours))),
        ("phone", optional(&procedure.phone)),
        ("legal_basis", (!procedure.legal_basis.is_empty()).then(|| list(&procedure.legal_basis))),
        ("related", (!procedure.related.is_empty()).then(|| list(&procedure.related))),
        ("valid_from", Some(quoted(&procedure.valid_from.to_string()))),
        ("valid_until", procedure.valid_until.map(|day| quoted(&day.to_string()))),
        ("checked_on", Some(quoted(&procedure.checked_on.to_string()))),
        ("confirmed_on", procedure.confirmed_on.map(|day| quoted(&day.to_string()))),
        ("source", Some(list(&procedure.sources))),
        ("wrap_up", optional(&procedure.wrap_up)),
    ];
    for (name, value) in lines {
        if let Some(value) = value {
            writeln!(head, "{name} = {value}").expect("a String takes everything");
        }
    }
    format!("{FENCE}\n{head}{FENCE}\n\n{}\n", procedure.body)
}

fn list(texts: &[String]) -> String {
    match texts {
        [] => "[]".to_owned(),
        [one] => format!("[{}]", quoted(one)),
        several => {
            let lines: String = several.iter().map(|text| format!("  {},\n", quoted(text))).collect();
            format!("[\n{lines}]")
        }
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            control if control.is_control() => {
                write!(quoted, "\\u{:04X}", u32::from(control)).expect("a String takes everything");
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}
