//! Letters in order, again and given up.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::Position;

use crate::event::Event;
use crate::queue::{Figures, Queue};
use crate::schedule;

const HOOK: &str = "crm";

fn position(number: u64) -> Position {
    Position { run: Moment::from_secs(1_800_000_000), number }
}

fn at(seconds: u64) -> Moment {
    Moment::from_secs(1_800_000_000 + seconds)
}

/// A queue with letters of these lines.
fn queue(lines: &[&str]) -> Queue {
    let mut queue = Queue::in_memory().expect("a database");
    let events: Vec<Event> = lines
        .iter()
        .enumerate()
        .map(|(place, line)| Event {
            id: format!("{place}"),
            line: (*line).to_owned(),
            body: "{}".to_owned(),
        })
        .collect();
    queue.take(HOOK, &events, position(lines.len() as u64), at(0)).expect("taken");
    queue
}

fn due(queue: &Queue, seconds: u64) -> Vec<String> {
    let letters = queue.due(HOOK, at(seconds), 100).expect("read");
    letters.into_iter().map(|letter| letter.id).collect()
}

fn fails(queue: &Queue, id: &str, seconds: u64) -> bool {
    let letters = queue.due(HOOK, at(seconds), 100).expect("read");
    let letter = letters.iter().find(|letter| letter.id == id).expect("it is due");
    queue.failed((HOOK, letter), "503", None, at(seconds)).expect("written")
}

fn arrives(queue: &Queue, id: &str, seconds: u64) {
    let letters = queue.due(HOOK, at(seconds), 100).expect("read");
    queue.arrived(letters.iter().find(|letter| letter.id == id).expect("it is due").place).expect("written");
}

#[test]
fn letters_of_one_contact_go_one_after_another_and_others_do_not_wait_for_them() {
    let queue = queue(&["a", "b", "a", "b", "a"]);
    assert_eq!(due(&queue, 0), ["0", "1"]);
    assert!(!fails(&queue, "0", 0));
    arrives(&queue, "1", 0);
    assert_eq!(due(&queue, 0), ["3"], "the next of the other contact, and none of the one that waits");
    assert_eq!(queue.next_due(HOOK).expect("read"), Some(at(0)));
    arrives(&queue, "3", 0);
    assert_eq!(queue.next_due(HOOK).expect("read"), Some(at(5)));
    assert!(due(&queue, 4).is_empty());
    assert_eq!(due(&queue, 5), ["0"]);
    for id in ["0", "2", "4"] {
        arrives(&queue, id, 5);
    }
    assert_eq!(queue.figures(HOOK).expect("read"), Figures::default());
    assert_eq!(queue.next_due(HOOK).expect("read"), None);
}

#[test]
fn what_never_arrives_is_given_up_listed_and_sent_again_on_demand() {
    let mut queue = queue(&["a", "a"]);
    let mut seconds = 0;
    for failures in 1.. {
        let is_given_up = fails(&queue, "0", seconds);
        let Some(pause) = schedule::pause(failures, None) else {
            assert!(is_given_up);
            break;
        };
        assert!(!is_given_up);
        seconds += pause.as_secs();
    }
    assert_eq!(queue.figures(HOOK).expect("read"), Figures { waiting: 1, dead: 1 });
    assert_eq!(due(&queue, seconds), ["1"], "the contact's next letter is held up no longer");
    let dead = queue.dead(HOOK, 0, 10).expect("read");
    assert_eq!((dead.len(), dead[0].letter.id.as_str(), dead[0].why.as_str()), (1, "0", "503"));
    assert_eq!(queue.again(HOOK, Some(dead[0].letter.place + 100), at(seconds)).expect("written"), 0);
    assert_eq!(queue.again(HOOK, None, at(seconds)).expect("written"), 1);
    arrives(&queue, "1", seconds);
    assert_eq!(due(&queue, seconds), ["0"]);
}

#[test]
fn the_position_and_the_letters_come_together_and_a_receiver_may_ask_for_a_pause() {
    let mut queue = queue(&["a"]);
    assert_eq!(queue.position(HOOK).expect("read"), Some(position(1)));
    assert_eq!(queue.position("other").expect("read"), None);
    let letter = queue.due(HOOK, at(0), 1).expect("read").remove(0);
    queue.failed((HOOK, &letter), "429", Some(Duration::from_secs(90)), at(0)).expect("written");
    assert_eq!(queue.next_due(HOOK).expect("read"), Some(at(90)));
    queue.take("other", &[], position(9), at(0)).expect("taken");
    queue.keep_only(&["other"]).expect("removed");
    assert_eq!(queue.position(HOOK).expect("read"), None);
    assert_eq!(queue.figures(HOOK).expect("read"), Figures::default());
    assert_eq!(queue.position("other").expect("read"), Some(position(9)));
}
