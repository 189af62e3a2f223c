//! A procedure's card as it is read out.

use crate::procedure::Procedure;

/// The longest card that is read out, in characters: about a minute and a half. Nobody keeps more in mind.
const SPOKEN_CHARS_MAX: usize = 1_200;

/// The words of a card, in the card's language: name, requirements, cost, place, hours, who says so and since when. What does
/// not fit is left out from the end of the requirements, and that is said. Pages and addresses are not read out.
#[must_use]
pub fn spoken_card(procedure: &Procedure) -> String {
    let all = procedure.requirements.len();
    let fits = |text: &String| text.chars().count() <= SPOKEN_CHARS_MAX;
    (1..=all)
        .rev()
        .map(|read| words(procedure, read))
        .find(fits)
        .unwrap_or_else(|| words(procedure, all.min(1)))
}

fn words(procedure: &Procedure, read: usize) -> String {
    let is_english = procedure.language.starts_with("en");
    let say = |english: &'static str, spanish: &'static str| if is_english { english } else { spanish };
    let mut sentences = vec![procedure.name.clone()];
    if !procedure.requirements.is_empty() {
        sentences.push(say("You need", "Se necesita").to_owned());
        sentences.extend(procedure.requirements.iter().take(read).cloned());
        if read < procedure.requirements.len() {
            sentences.push(
                say("There is more; a person will tell you", "Hay más; una persona se lo dirá").to_owned(),
            );
        }
    }
    sentences.push(format!("{}: {}", say("Cost", "Costo"), procedure.cost));
    sentences.push(format!("{}: {}", say("Where", "Dónde"), procedure.place));
    sentences.push(format!("{}: {}", say("Hours", "Horario"), procedure.hours));
    let day = day(procedure, is_english);
    sentences.push(match is_english {
        true => format!("This is what the public pages of {} said on {day}", procedure.institution),
        false => format!("Así lo decían las páginas públicas de {} el {day}", procedure.institution),
    });
    if procedure.confirmed_on.is_none() {
        let unconfirmed = say("To be confirmed by the institution", "Por confirmar con la institución");
        sentences.push(unconfirmed.to_owned());
    }
    let ended = sentences.iter().map(|sentence| format!("{}.", plain(sentence)));
    ended.collect::<Vec<_>>().join("\n")
}

/// One line without addresses of pages and what else no voice can say.
fn plain(sentence: &str) -> String {
    let is_sayable = |word: &&str| !word.contains("://") && !word.contains("www.");
    let words: Vec<&str> = sentence.split_whitespace().filter(is_sayable).collect();
    words
        .join(" ")
        .replace(['*', '`', '_', '<', '>', '[', ']'], "")
        .trim_end_matches(['.', ':', ',', ';'])
        .to_owned()
}

fn day(procedure: &Procedure, is_english: bool) -> String {
    let day = procedure.checked_on;
    let (english, spanish) = match day.month() {
        1 => ("January", "enero"),
        2 => ("February", "febrero"),
        3 => ("March", "marzo"),
        4 => ("April", "abril"),
        5 => ("May", "mayo"),
        6 => ("June", "junio"),
        7 => ("July", "julio"),
        8 => ("August", "agosto"),
        9 => ("September", "septiembre"),
        10 => ("October", "octubre"),
        11 => ("November", "noviembre"),
        _ => ("December", "diciembre"),
    };
    match is_english {
        true => format!("{} {english} {}", day.day(), day.year()),
        false => format!("{} de {spanish} de {}", day.day(), day.year()),
    }
}
