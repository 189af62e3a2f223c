//! An hour without the platform, and limits of a number and a person, in virtual time.

use super::breaker::Breaker;
use super::pace::{Pace, Scope};
use crate::time::Millis;

#[test]
fn a_number_sends_eighty_messages_a_second_and_no_more() {
    let mut pace = Pace::new(80);
    let mut sent = 0;
    for ms in 0..10_000 {
        while pace.wait(Millis(ms)).is_none() {
            pace.spend(&format!("person {sent}"), 1, Millis(ms));
            sent += 1;
        }
    }
    assert!((799..=801).contains(&sent), "{sent} in ten seconds");
}

#[test]
fn a_person_gets_a_handful_at_once_and_then_one_each_six_seconds() {
    let mut pace = Pace::new(80);
    let mut at = Vec::new();
    for ms in (0..60_000).step_by(100) {
        while pace.wait_for("593", Millis(ms)).is_none() {
            pace.spend("593", 1, Millis(ms));
            at.push(ms);
        }
    }
    assert_eq!(at.iter().filter(|&&ms| ms == 0).count(), 20);
    let late: Vec<i64> = at.iter().copied().filter(|&ms| ms > 0).collect();
    assert_eq!(late, (1..10).map(|six| six * 6_000).collect::<Vec<_>>());
    assert_eq!(pace.wait_for("594", Millis(0)), None, "somebody else");
}

#[test]
fn a_pause_that_the_platform_asks_for_is_kept() {
    let mut pace = Pace::new(80);
    pace.hold(Scope::Letter, "593", Millis(9_000));
    assert_eq!((pace.wait(Millis(0)), pace.wait_for("593", Millis(0))), (None, None));
    pace.hold(Scope::Person, "593", Millis(4_000));
    assert_eq!(pace.wait_for("593", Millis(1_000)), Some(3_000));
    assert_eq!(pace.wait(Millis(1_000)), None);
    pace.hold(Scope::Number, "593", Millis(7_000));
    pace.hold(Scope::Number, "593", Millis(5_000));
    assert_eq!(pace.wait(Millis(1_000)), Some(6_000));
    assert_eq!(pace.wait(Millis(7_000)), None);
}

#[test]
fn people_who_were_written_to_long_ago_are_forgotten() {
    let mut pace = Pace::new(80);
    for person in 0..50_000 {
        pace.spend(&person.to_string(), 1, Millis(person * 10));
    }
    assert!(format!("{pace:?}").len() < 2_000_000);
}

#[test]
fn while_the_platform_is_away_for_an_hour_one_letter_a_minute_tries() {
    let mut breaker = Breaker::default();
    let mut tried = Vec::new();
    for second in 0..3_700 {
        let now = Millis(second * 1_000);
        if breaker.wait(now).is_some() {
            continue;
        }
        breaker.tries();
        if breaker.is_away() {
            assert!(breaker.wait(now).is_some(), "only one tries");
        }
        tried.push(second);
        if second < 3_600 {
            breaker.failed(now);
        } else {
            breaker.worked();
            break;
        }
    }
    assert!((60..=70).contains(&tried.len()), "{} tries", tried.len());
    assert_eq!(tried[..5], [0, 1, 2, 3, 8]);
    assert!(*tried.last().expect("tries") < 3_661, "it is noticed within a minute that the platform is back");
    assert!(!breaker.is_away());
}
