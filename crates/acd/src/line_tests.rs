//! Tests of the order in a line, and of positions in it.

use super::*;

fn place(priority: u8, second: u64, contact: u64) -> Place {
    Place {
        priority: Reverse(priority),
        due: Moment::from_secs(second),
        contact: ContactId(contact),
        grace: Duration::ZERO,
    }
}

#[test]
fn everyone_in_line_is_told_the_place_at_which_they_are_served() {
    // Wound F#2511: the eighth caller was served first.
    let mut line = Line::default();
    for contact in 0..200u64 {
        let channel = Channel::ALL[(contact * 31 % 5) as usize];
        line.insert(channel, place((contact % 3) as u8, (contact * 7919) % 50, contact));
    }
    let mut order: Vec<Place> = line.iter().collect();
    order.sort_unstable();
    assert_eq!(line.first(Channels::ALL).map(|first| first.0), Some(order[0]));
    assert_eq!(order.len(), line.len());
    for (at, &place) in order.iter().enumerate() {
        assert_eq!(line.position(place), at + 1);
    }
}

#[test]
fn a_caller_who_leaves_moves_the_others_up() {
    let mut line = Line::default();
    for contact in 1..=3 {
        line.insert(Channel::Voice, place(0, contact, contact));
    }
    line.remove(Channel::Voice, place(0, 1, 1));
    assert_eq!(line.first(Channels::ALL), Some((place(0, 2, 2), Channel::Voice)));
    assert_eq!(line.position(place(0, 3, 3)), 2);
}

#[test]
fn who_is_free_for_some_channels_sees_the_first_of_those() {
    let mut line = Line::default();
    line.insert(Channel::Voice, place(0, 1, 1));
    line.insert(Channel::Chat, place(0, 2, 2));
    line.insert(Channel::Email, place(1, 3, 3));
    let silent = Channels::SILENT;
    assert_eq!(line.first(silent), Some((place(1, 3, 3), Channel::Email)), "the higher priority");
    assert_eq!(line.first(silent.without(Channel::Email)), Some((place(0, 2, 2), Channel::Chat)));
    assert_eq!(line.first_but(place(1, 3, 3), silent), Some(place(0, 2, 2)));
    assert_eq!((line.len(), line.len_of(silent), line.len_of(Channels::ALL)), (3, 2, 3));
    line.remove(Channel::Chat, place(0, 2, 2));
    assert_eq!(line.first(silent.without(Channel::Email)), None);
    assert_eq!(line.position(place(0, 1, 1)), 2);
}
