//! A procedure as a message: its card, never a sentence of the bot's own.

use turno_knowledge::ProcedureForm;
use turno_model::Language;

/// The longest text of a card in characters, so that it fits with its choices into one message of every channel
/// (WhatsApp allows 1,024 with buttons), and leaves room for a greeting.
const CARD_CHARS_MAX: usize = 820;

/// The words of a card's lines.
struct Labels {
    needed: &'static str,
    cost: &'static str,
    place: &'static str,
    hours: &'static str,
    online: &'static str,
    source: &'static str,
    checked: &'static str,
    holds: &'static str,
    unconfirmed: &'static str,
    more: &'static str,
}

const fn labels(language: Language) -> Labels {
    match language {
        Language::Spanish => Labels {
            needed: "Requisitos:",
            cost: "Costo",
            place: "Dónde",
            hours: "Horario",
            online: "En línea",
            source: "Fuente",
            checked: "revisada el",
            holds: "rige desde",
            unconfirmed: "Por confirmar con la institución.",
            more: "más, en la página",
        },
        Language::English => Labels {
            needed: "What you need:",
            cost: "Cost",
            place: "Where",
            hours: "Hours",
            online: "Online",
            source: "Source",
            checked: "checked on",
            holds: "valid since",
            unconfirmed: "To be confirmed by the institution.",
            more: "more, on the page",
        },
    }
}

/// The card of a procedure in plain text: name, requirements, cost, where, page, source and days. What is too long for one
/// message loses first its hours, then requirements from the end (with a line that says how many), never its source and days.
#[must_use]
pub fn card(procedure: &ProcedureForm, language: Language) -> String {
    let shown = procedure.requirements.len();
    let whole = lines(procedure, language, shown, true);
    if whole.chars().count() <= CARD_CHARS_MAX {
        return whole;
    }
    let fewer = (0..=shown).rev().map(|shown| lines(procedure, language, shown, false));
    let mut shortest = String::new();
    for text in fewer {
        if text.chars().count() <= CARD_CHARS_MAX {
            return text;
        }
        shortest = text;
    }
    shortest
}

/// The first lines of a card, to be read out or sent in few words: name and requirements.
#[must_use]
pub fn first_lines(procedure: &ProcedureForm, language: Language) -> String {
    let mut text = format!("{}.", procedure.name.trim_end_matches('.'));
    if !procedure.requirements.is_empty() {
        text.push(' ');
        text.push_str(labels(language).needed);
        for (at, requirement) in procedure.requirements.iter().enumerate() {
            text.push_str(if at == 0 { " " } else { "; " });
            text.push_str(requirement.trim_end_matches('.'));
        }
        text.push('.');
    }
    text
}

fn lines(procedure: &ProcedureForm, language: Language, shown: usize, with_hours: bool) -> String {
    let labels = labels(language);
    let mut lines = vec![procedure.name.clone()];
    if !procedure.requirements.is_empty() {
        lines.push(labels.needed.to_owned());
        lines.extend(procedure.requirements.iter().take(shown).map(|requirement| format!("• {requirement}")));
        if shown < procedure.requirements.len() {
            lines.push(format!("• {} {}", procedure.requirements.len() - shown, labels.more));
        }
    }
    lines.push(format!("{}: {}", labels.cost, procedure.cost));
    lines.push(format!("{}: {}", labels.place, procedure.place));
    if with_hours {
        lines.push(format!("{}: {}", labels.hours, procedure.hours));
    }
    if let Some(page) = &procedure.online {
        lines.push(format!("{}: {page}", labels.online));
    }
    let source = procedure.source.first().map_or(procedure.institution.as_str(), String::as_str);
    lines.push(format!(
        "{}: {source} ({} {}, {} {})",
        labels.source, labels.checked, procedure.checked_on, labels.holds, procedure.valid_from
    ));
    if procedure.confirmed_on.is_none() {
        lines.push(labels.unconfirmed.to_owned());
    }
    lines.join("\n")
}
