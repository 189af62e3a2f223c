//! Spanish sentences, as they are said in Ecuador.

use crate::speech::numbers::{PLACES, SMALL, TENS, clock, face};
use crate::speech::told::TOLD_MINUTES_MAX;

/// The numbers from 22 to 29.
const TWENTIES: [&str; 8] =
    ["say/n22", "say/n23", "say/n24", "say/n25", "say/n26", "say/n27", "say/n28", "say/n29"];

/// The tens from 30 to 90 with the `y` that joins the number after them.
const TENS_AND: [&str; 7] =
    ["say/n30_and", "say/n40_and", "say/n50_and", "say/n60_and", "say/n70_and", "say/n80_and", "say/n90_and"];

/// The form of numbers that end in one, which follows the noun behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Before a feminine noun: `veintiuna personas`.
    Feminine,
    /// Before a masculine noun: `veintiún minutos`.
    Short,
}

impl Form {
    const fn one(self) -> &'static str {
        match self {
            Self::Feminine => "say/n1f",
            Self::Short => "say/n1s",
        }
    }

    const fn twenty_one(self) -> &'static str {
        match self {
            Self::Feminine => "say/n21f",
            Self::Short => "say/n21s",
        }
    }
}

/// The place in line.
pub(super) fn place(place: u32) -> Vec<&'static str> {
    match place {
        0 => vec![PLACES[0]],
        1..=10 => vec![PLACES[place as usize - 1]],
        11..=200 => {
            let mut parts = vec!["say/there_are"];
            parts.extend(number(place - 1, Form::Feminine));
            parts.push("say/people_before");
            parts
        }
        201 => vec!["say/there_are", "say/n200f", "say/people_before"],
        _ => vec!["say/place_many"],
    }
}

/// The wait in minutes, `None` for less than one.
pub(super) fn wait(minutes: Option<u32>) -> Vec<&'static str> {
    match minutes {
        None => vec!["say/wait", "say/wait_short"],
        Some(0 | 1) => vec!["say/wait", "say/wait_1"],
        Some(minutes @ 2..=TOLD_MINUTES_MAX) => {
            let mut parts = vec!["say/wait_about"];
            parts.extend(number(minutes, Form::Short));
            parts.push("say/wait_minutes");
            parts
        }
        Some(_) => vec!["say/wait", "say/wait_long"],
    }
}

/// The promise of a call at this minute of the day. Minutes in fives stand alone (`y veinte`); others have their noun,
/// since `y uno` is not said.
pub(super) fn call_at(minute_of_day: u16) -> Vec<&'static str> {
    time(["say/call_at_1", "say/call_at"], minute_of_day)
}

/// When an agent's turn comes.
pub(super) fn turn_at(minute_of_day: u16) -> Vec<&'static str> {
    time(["say/turn_at_1", "say/turn_at"], minute_of_day)
}

/// When a message came.
pub(super) fn message_at(minute_of_day: u16) -> Vec<&'static str> {
    time(["say/message_at_1", "say/message_at"], minute_of_day)
}

/// A time of day behind a beginning: the first one is for one o'clock.
fn time([at_one, at]: [&'static str; 2], minute_of_day: u16) -> Vec<&'static str> {
    let (hour, minute) = clock(minute_of_day);
    let mut parts = match face(hour) {
        1 => vec![at_one],
        face => vec![at, SMALL[face]],
    };
    match minute {
        0 => parts.push("say/sharp"),
        15 => parts.push("say/quarter"),
        30 => parts.push("say/half"),
        _ => {
            parts.push("say/past");
            parts.extend(number(minute.into(), Form::Short));
            if minute == 1 {
                parts.push("say/minute");
            } else if !minute.is_multiple_of(5) {
                parts.push("say/minutes");
            }
        }
    }
    parts.push(match hour {
        1..=11 => "say/morning",
        12 => "say/noon",
        13..=18 => "say/afternoon",
        _ => "say/night",
    });
    parts
}

/// A number up to 199.
pub(super) fn number(number: u32, form: Form) -> Vec<&'static str> {
    debug_assert!(number < 200, "two hundred has its own part, and sentences name no greater number");
    match number {
        1 => vec![form.one()],
        0 | 2..=20 => vec![SMALL[number as usize]],
        21 => vec![form.twenty_one()],
        22..=29 => vec![TWENTIES[number as usize - 22]],
        30..=99 if number.is_multiple_of(10) => vec![TENS[number as usize / 10 - 2]],
        30..=99 => [vec![TENS_AND[number as usize / 10 - 3]], self::number(number % 10, form)].concat(),
        100 => vec!["say/n100"],
        _ => [vec!["say/n100_and"], self::number(number - 100, form)].concat(),
    }
}

/// The recordings and their texts.
pub(super) const RECORDINGS: &[(&str, &str)] = &[
    ("say/place_1", "Usted es la próxima persona en ser atendida."),
    ("say/place_2", "Usted es la segunda persona en espera."),
    ("say/place_3", "Usted es la tercera persona en espera."),
    ("say/place_4", "Usted es la cuarta persona en espera."),
    ("say/place_5", "Usted es la quinta persona en espera."),
    ("say/place_6", "Usted es la sexta persona en espera."),
    ("say/place_7", "Usted es la séptima persona en espera."),
    ("say/place_8", "Usted es la octava persona en espera."),
    ("say/place_9", "Usted es la novena persona en espera."),
    ("say/place_10", "Usted es la décima persona en espera."),
    ("say/there_are", "Hay"),
    ("say/people_before", "personas antes que usted."),
    ("say/place_many", "Hay más de doscientas personas antes que usted."),
    ("say/wait", "Le atenderemos en"),
    ("say/wait_short", "menos de un minuto."),
    ("say/wait_1", "aproximadamente un minuto."),
    ("say/wait_about", "Le atenderemos en unos"),
    ("say/wait_minutes", "minutos."),
    ("say/wait_long", "más de dos horas."),
    ("say/call_at_1", "Le llamaremos a la una"),
    ("say/call_at", "Le llamaremos a las"),
    ("say/turn_at_1", "Su turno es a la una"),
    ("say/turn_at", "Su turno es a las"),
    ("say/message_at_1", "Mensaje de la una"),
    ("say/message_at", "Mensaje de las"),
    ("say/sharp", "en punto"),
    ("say/quarter", "y cuarto"),
    ("say/half", "y media"),
    ("say/past", "y"),
    ("say/minute", "minuto"),
    ("say/minutes", "minutos"),
    ("say/morning", "de la mañana."),
    ("say/noon", "del mediodía."),
    ("say/afternoon", "de la tarde."),
    ("say/night", "de la noche."),
    ("say/n0", "cero"),
    ("say/n1", "uno"),
    ("say/n2", "dos"),
    ("say/n3", "tres"),
    ("say/n4", "cuatro"),
    ("say/n5", "cinco"),
    ("say/n6", "seis"),
    ("say/n7", "siete"),
    ("say/n8", "ocho"),
    ("say/n9", "nueve"),
    ("say/n10", "diez"),
    ("say/n11", "once"),
    ("say/n12", "doce"),
    ("say/n13", "trece"),
    ("say/n14", "catorce"),
    ("say/n15", "quince"),
    ("say/n16", "dieciséis"),
    ("say/n17", "diecisiete"),
    ("say/n18", "dieciocho"),
    ("say/n19", "diecinueve"),
    ("say/n20", "veinte"),
    ("say/n22", "veintidós"),
    ("say/n23", "veintitrés"),
    ("say/n24", "veinticuatro"),
    ("say/n25", "veinticinco"),
    ("say/n26", "veintiséis"),
    ("say/n27", "veintisiete"),
    ("say/n28", "veintiocho"),
    ("say/n29", "veintinueve"),
    ("say/n1f", "una"),
    ("say/n1s", "un"),
    ("say/n21f", "veintiuna"),
    ("say/n21s", "veintiún"),
    ("say/n30", "treinta"),
    ("say/n30_and", "treinta y"),
    ("say/n40", "cuarenta"),
    ("say/n40_and", "cuarenta y"),
    ("say/n50", "cincuenta"),
    ("say/n50_and", "cincuenta y"),
    ("say/n60", "sesenta"),
    ("say/n60_and", "sesenta y"),
    ("say/n70", "setenta"),
    ("say/n70_and", "setenta y"),
    ("say/n80", "ochenta"),
    ("say/n80_and", "ochenta y"),
    ("say/n90", "noventa"),
    ("say/n90_and", "noventa y"),
    ("say/n100", "cien"),
    ("say/n100_and", "ciento"),
    ("say/n200f", "doscientas"),
];
