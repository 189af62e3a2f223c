//! English sentences.

use crate::speech::numbers::{PLACES, SMALL, TENS, clock, face};
use crate::speech::told::TOLD_MINUTES_MAX;

/// The place in line.
pub(super) fn place(place: u32) -> Vec<&'static str> {
    match place {
        0 => vec![PLACES[0]],
        1..=10 => vec![PLACES[place as usize - 1]],
        11..=201 => {
            let mut parts = vec!["say/there_are"];
            parts.extend(number(place - 1));
            parts.push("say/people_before");
            parts
        }
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
            parts.extend(number(minutes));
            parts.push("say/wait_minutes");
            parts
        }
        Some(_) => vec!["say/wait", "say/wait_long"],
    }
}

/// The promise of a call at this minute of the day.
pub(super) fn call_at(minute_of_day: u16) -> Vec<&'static str> {
    time("say/call_at", minute_of_day)
}

/// When an agent's turn comes.
pub(super) fn turn_at(minute_of_day: u16) -> Vec<&'static str> {
    time("say/turn_at", minute_of_day)
}

/// When a message came.
pub(super) fn message_at(minute_of_day: u16) -> Vec<&'static str> {
    time("say/message_at", minute_of_day)
}

/// A time of day behind a beginning.
fn time(beginning: &'static str, minute_of_day: u16) -> Vec<&'static str> {
    let (hour, minute) = clock(minute_of_day);
    let mut parts = vec![beginning];
    match (hour, minute) {
        (0, 0) => parts.push("say/midnight"),
        (12, 0) => parts.push("say/noon"),
        (hour, minute) => {
            parts.push(SMALL[face(hour)]);
            match minute {
                0 => parts.push("say/sharp"),
                1..=9 => parts.extend(["say/oh", SMALL[usize::from(minute)]]),
                _ => parts.extend(number(minute.into())),
            }
            parts.push(match hour {
                1..=11 => "say/morning",
                12..=17 => "say/afternoon",
                18..=20 => "say/evening",
                _ => "say/night",
            });
        }
    }
    parts
}

/// A number up to 200.
pub(super) fn number(number: u32) -> Vec<&'static str> {
    debug_assert!(number <= 200, "sentences name greater numbers only as more than two hundred");
    match number {
        0..=20 => vec![SMALL[number as usize]],
        21..=99 => {
            let mut parts = vec![TENS[number as usize / 10 - 2]];
            if !number.is_multiple_of(10) {
                parts.push(SMALL[number as usize % 10]);
            }
            parts
        }
        100 => vec!["say/n100"],
        101..=199 => [vec!["say/n100_and"], self::number(number - 100)].concat(),
        _ => vec!["say/n200"],
    }
}

/// What stands between the texts of two parts: the hyphen of `twenty-one`, or a space.
pub(super) fn joint(before: &str, after: &str) -> &'static str {
    if TENS.contains(&before) && SMALL[1..10].contains(&after) { "-" } else { " " }
}

/// The recordings and their texts.
pub(super) const RECORDINGS: &[(&str, &str)] = &[
    ("say/place_1", "You are next in line."),
    ("say/place_2", "You are the second person in line."),
    ("say/place_3", "You are the third person in line."),
    ("say/place_4", "You are the fourth person in line."),
    ("say/place_5", "You are the fifth person in line."),
    ("say/place_6", "You are the sixth person in line."),
    ("say/place_7", "You are the seventh person in line."),
    ("say/place_8", "You are the eighth person in line."),
    ("say/place_9", "You are the ninth person in line."),
    ("say/place_10", "You are the tenth person in line."),
    ("say/there_are", "There are"),
    ("say/people_before", "people ahead of you."),
    ("say/place_many", "There are more than two hundred people ahead of you."),
    ("say/wait", "Your call will be answered in"),
    ("say/wait_short", "less than a minute."),
    ("say/wait_1", "about one minute."),
    ("say/wait_about", "Your call will be answered in about"),
    ("say/wait_minutes", "minutes."),
    ("say/wait_long", "more than two hours."),
    ("say/call_at", "We will call you at"),
    ("say/turn_at", "Your turn is at"),
    ("say/message_at", "Message left at"),
    ("say/sharp", "o'clock"),
    ("say/oh", "oh"),
    ("say/noon", "noon."),
    ("say/midnight", "midnight."),
    ("say/morning", "in the morning."),
    ("say/afternoon", "in the afternoon."),
    ("say/evening", "in the evening."),
    ("say/night", "at night."),
    ("say/n0", "zero"),
    ("say/n1", "one"),
    ("say/n2", "two"),
    ("say/n3", "three"),
    ("say/n4", "four"),
    ("say/n5", "five"),
    ("say/n6", "six"),
    ("say/n7", "seven"),
    ("say/n8", "eight"),
    ("say/n9", "nine"),
    ("say/n10", "ten"),
    ("say/n11", "eleven"),
    ("say/n12", "twelve"),
    ("say/n13", "thirteen"),
    ("say/n14", "fourteen"),
    ("say/n15", "fifteen"),
    ("say/n16", "sixteen"),
    ("say/n17", "seventeen"),
    ("say/n18", "eighteen"),
    ("say/n19", "nineteen"),
    ("say/n20", "twenty"),
    ("say/n30", "thirty"),
    ("say/n40", "forty"),
    ("say/n50", "fifty"),
    ("say/n60", "sixty"),
    ("say/n70", "seventy"),
    ("say/n80", "eighty"),
    ("say/n90", "ninety"),
    ("say/n100", "one hundred"),
    ("say/n100_and", "one hundred and"),
    ("say/n200", "two hundred"),
];
