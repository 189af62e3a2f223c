//! Callers in menus: down and up, prompts that are read, wrong keys, silence, a person, the longest stay;
//! languages, and the emergency announcement.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one fact among all that there may ever be")]

mod cards;
mod emergency;
mod languages;
mod surviving;

use turno_media_plan::Audio;
use turno_model::{Fact, MenuChange, TurnedAway};
use turno_tests::stage::{Line, PROMPT_SPAN, Stage, answering, secs};

/// The prompts that a caller hears.
fn hears(stage: &Stage, line: Line) -> Vec<String> {
    match stage.hears(line) {
        Some(Audio::Prompts(prompts)) => {
            prompts.iter().map(|prompt| stage.plan.prompts[usize::from(prompt.0)].name.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// What happened in the menus, as `menu word`.
fn steps(stage: &Stage) -> Vec<String> {
    let step = |fact: &Fact| match fact {
        Fact::Menu(step) => Some(format!("{} {}", step.menu, step.change.word())),
        _ => None,
    };
    stage.facts().iter().filter_map(|(_, fact)| step(fact)).collect()
}

fn queue(stage: &Stage) -> Option<String> {
    stage.facts().iter().find_map(|(_, fact)| match fact {
        Fact::Queued { queue, .. } => Some(stage.plan.queues[queue.index()].name.clone()),
        _ => None,
    })
}

/// A caller who hears the first menu.
fn in_menu(stage: &mut Stage) -> Line {
    let line = stage.call("7002", "0991234567");
    stage.until("the menu plays", secs(2), |stage| !hears(stage, line).is_empty());
    line
}

fn keys(stage: &mut Stage, line: Line, keys: &str) {
    for key in keys.chars() {
        stage.presses(line, key);
        stage.run_for(secs(1));
    }
}

const MAIN: [&str; 2] = ["es/welcome", "es/menu"];
const MORE: [&str; 1] = ["es/thanks"];

#[test]
fn a_caller_goes_two_levels_down_has_prompts_read_and_comes_back() {
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let line = in_menu(&mut stage);
    stage.presses(line, '3');
    assert_eq!(hears(&stage, line), MORE, "in the same step");
    stage.presses(line, '2');
    assert_eq!(hears(&stage, line), ["es/portal", "es/closed"]);
    stage.run_for(PROMPT_SPAN * 2 + secs(1));
    assert_eq!(hears(&stage, line), MORE, "what was read is over");
    stage.presses(line, '2');
    stage.run_for(secs(1));
    stage.presses(line, '*');
    assert_eq!(hears(&stage, line), MORE, "a key cuts what is read");
    keys(&mut stage, line, "4");
    assert_eq!(hears(&stage, line), ["es/ready"]);
    stage.presses(line, '*');
    assert_eq!(hears(&stage, line), MORE, "back");
    stage.presses(line, '*');
    assert_eq!(hears(&stage, line), MAIN, "back");
    stage.presses(line, '*');
    assert_eq!(hears(&stage, line), MAIN, "there is nothing before the first menu");
    stage.presses(line, '2');
    stage.talks_to(line, ana);
    assert_eq!(queue(&stage).as_deref(), Some("info"));
    assert_eq!(
        steps(&stage),
        [
            "main entered",
            "more entered",
            "more read",
            "more entered",
            "more read",
            "more entered",
            "last entered",
            "more entered",
            "main entered",
            "main entered",
            "main chosen"
        ]
    );
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn keys_are_taken_as_fast_as_they_come() {
    // Wound: announcements delay delivery; a caller who knows the way keys ahead.
    let mut stage = Stage::new();
    let line = in_menu(&mut stage);
    for key in "341".chars() {
        stage.presses(line, key);
    }
    assert_eq!(queue(&stage).as_deref(), Some("taxes"));
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn a_wrong_key_is_told_twice_and_the_third_leads_to_the_general_queue() {
    let mut stage = Stage::new();
    let line = in_menu(&mut stage);
    for _ in 0..2 {
        keys(&mut stage, line, "9");
        assert_eq!(hears(&stage, line), ["es/not_now", "es/welcome", "es/menu"]);
    }
    assert_eq!(queue(&stage), None);
    stage.presses(line, '9');
    assert_eq!(queue(&stage).as_deref(), Some("general"));
    assert_eq!(stage.count(|fact| matches!(fact, Fact::MenuChosen { digit: None, .. })), 1);
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn zero_leads_to_a_person_also_while_prompts_are_read() {
    for (pressed, led_to) in [("0", "general"), ("30", "taxes"), ("320", "taxes"), ("40", "general")] {
        let mut stage = Stage::new();
        let line = in_menu(&mut stage);
        keys(&mut stage, line, pressed);
        assert_eq!(queue(&stage).as_deref(), Some(led_to), "{pressed}");
        assert_eq!(stage.count(|fact| matches!(fact, Fact::MenuChosen { digit: Some('0'), .. })), 1);
        stage.hangs_up(line);
        stage.finish();
    }
}

#[test]
fn nobody_stays_in_menus_for_ever() {
    // Wound: a caller who leaves the telephone on the table, or an answering machine, holds a line of the trunk.
    let mut stage = Stage::new();
    let line = in_menu(&mut stage);
    for _ in 0..20 {
        stage.presses(line, '#');
        stage.run_for(secs(3));
    }
    assert_eq!(queue(&stage).as_deref(), Some("general"));
    let entered =
        stage.when(|fact| matches!(fact, Fact::Menu(step) if step.change == MenuChange::Entered(None)));
    let left = stage.when(|fact| matches!(fact, Fact::Menu(step) if step.change == MenuChange::TooLong));
    assert_eq!(left.map(|at| at.since(entered.unwrap_or_default())), Some(stage.plan.room.menus_max));
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn who_hangs_up_while_prompts_are_read_is_no_abandon() {
    let mut stage = Stage::new();
    let line = in_menu(&mut stage);
    keys(&mut stage, line, "32");
    stage.hangs_up(line);
    stage.finish();
    assert_eq!(stage.turned_away(TurnedAway::HungUpInMenu), 1);
}

#[test]
fn the_trace_tells_the_way_through_the_menus() {
    let mut stage = Stage::new();
    stage.keep_messages();
    let line = in_menu(&mut stage);
    keys(&mut stage, line, "932*");
    stage.run_for(secs(20));
    let contact = stage.facts().iter().find_map(|(_, fact)| match fact {
        Fact::Menu(step) => Some(step.contact),
        _ => None,
    });
    let told = format!("{:?}", stage.story(contact.expect("it is in a menu")));
    for part in [
        "hears the menu main",
        "presses 9, which the menu main does not have",
        "presses 3: the menu more",
        "presses 2 in the menu more: es/portal is read",
        "presses *: the menu more",
        "presses nothing in the menu more",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    stage.hangs_up(line);
    stage.finish();
}
