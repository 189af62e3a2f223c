//! What both languages share: names of recordings of numbers, and the clock face.

/// The numbers from 0 to 20, each one recording.
pub(super) const SMALL: [&str; 21] = [
    "say/n0", "say/n1", "say/n2", "say/n3", "say/n4", "say/n5", "say/n6", "say/n7", "say/n8", "say/n9",
    "say/n10", "say/n11", "say/n12", "say/n13", "say/n14", "say/n15", "say/n16", "say/n17", "say/n18",
    "say/n19", "say/n20",
];

/// The tens from 20 to 90.
pub(super) const TENS: [&str; 8] =
    ["say/n20", "say/n30", "say/n40", "say/n50", "say/n60", "say/n70", "say/n80", "say/n90"];

/// The places from 1 to 10, each a whole sentence.
pub(super) const PLACES: [&str; 10] = [
    "say/place_1",
    "say/place_2",
    "say/place_3",
    "say/place_4",
    "say/place_5",
    "say/place_6",
    "say/place_7",
    "say/place_8",
    "say/place_9",
    "say/place_10",
];

/// The digits of this text one by one; what is no digit is left out.
pub(super) fn digits(text: &str) -> Vec<&'static str> {
    text.chars().filter_map(|digit| digit.to_digit(10)).map(|digit| SMALL[digit as usize]).collect()
}

/// The hour on a clock face, from 1 to 12, of an hour of the day.
pub(super) const fn face(hour: u16) -> usize {
    (hour as usize + 11) % 12 + 1
}

/// Hour and minute of a minute of the day; the count goes on after midnight.
pub(super) const fn clock(minute_of_day: u16) -> (u16, u16) {
    (minute_of_day / 60 % 24, minute_of_day % 60)
}
