//! Order in a line, and places in it.

use super::*;

fn place(priority: u8, second: u64, contact: u64) -> Place {
    Place {
        priority: Reverse(priority),
        waiting_since: Moment::from_secs(second),
        contact: ContactId(contact),
    }
}

#[test]
fn everyone_in_line_is_told_the_place_at_which_they_are_served() {
    // Wound F#2511: the eighth caller was served first.
    let mut line = Line::default();
    for contact in 0..200u64 {
        line.insert(place((contact % 3) as u8, (contact * 7919) % 50, contact));
    }
    let order: Vec<Place> = line.iter().collect();
    assert!(order.is_sorted(), "the line is in order");
    assert_eq!(order.len(), line.len());
    for (at, &place) in order.iter().enumerate() {
        assert_eq!(line.position(place), at + 1);
    }
}

#[test]
fn a_caller_who_leaves_moves_the_others_up() {
    let mut line = Line::default();
    for contact in 1..=3 {
        line.insert(place(0, contact, contact));
    }
    line.remove(place(0, 1, 1));
    assert_eq!(line.first(), Some(place(0, 2, 2)));
    assert_eq!(line.position(place(0, 3, 3)), 2);
}
