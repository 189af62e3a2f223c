//! Callers who choose a language in a menu hear it from then on.

use turno_media_plan::Audio;
use turno_model::{Fact, Language, MenuChange};
use turno_phone::PhoneEvent;
use turno_tests::stage::{Line, PROMPT_SPAN, Stage, answering, millis, ringing, secs};

use crate::{MAIN, hears, in_menu, keys, queue};

/// Everything that a caller hears in a while, each once.
fn heard(stage: &mut Stage, line: Line, seconds: u64) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for _ in 0..seconds {
        for prompt in hears(stage, line) {
            if !all.contains(&prompt) {
                all.push(prompt);
            }
        }
        stage.run_for(secs(1));
    }
    all
}

#[test]
fn menu_greeting_announcements_and_sentences_are_in_the_chosen_language() {
    let mut stage = Stage::new();
    stage.agent("a001", ringing());
    let first = stage.call("7000", "0990000000");
    stage.run_for(secs(1));
    let line = in_menu(&mut stage);
    assert_eq!(hears(&stage, line), MAIN);
    stage.presses(line, '8');
    assert_eq!(hears(&stage, line), ["en/welcome", "en/menu"], "in the same step");
    keys(&mut stage, line, "3");
    assert_eq!(hears(&stage, line), ["en/thanks"], "in the next menu too");
    keys(&mut stage, line, "*1");
    let all = heard(&mut stage, line, 90);
    assert!(all.contains(&"en/please_wait".to_owned()), "the greeting: {all:?}");
    assert!(all.iter().any(|name| name.starts_with("en/say/")), "sentences: {all:?}");
    assert!(all.contains(&"en/thanks_for_waiting".to_owned()), "comfort: {all:?}");
    assert!(all.iter().all(|name| name.starts_with("en/")), "{all:?}");
    stage.hangs_up(line);
    stage.hangs_up(first);
    stage.finish();
}

#[test]
fn the_dialogue_of_a_callback_is_in_the_chosen_language() {
    let mut stage = Stage::new();
    let line = in_menu(&mut stage);
    keys(&mut stage, line, "80");
    assert_eq!(queue(&stage).as_deref(), Some("general"));
    keys(&mut stage, line, "1");
    let all = heard(&mut stage, line, 3);
    assert!(all.iter().any(|name| name == "en/callback/confirm"), "{all:?}");
    assert!(all.iter().all(|name| name.starts_with("en/")), "{all:?}");
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn the_language_lives_through_a_crash_and_can_be_changed_back() {
    // Wound: a restart speaks Spanish to somebody who asked for English.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let line = in_menu(&mut stage);
    keys(&mut stage, line, "8");
    stage.crashes(millis(300));
    assert_eq!(hears(&stage, line), ["en/welcome", "en/menu"]);
    stage.presses(line, '4');
    assert_eq!(hears(&stage, line), ["en/portal"]);
    stage.crashes(millis(300));
    stage.run_for(PROMPT_SPAN + secs(1));
    assert_eq!(hears(&stage, line), ["en/welcome", "en/menu"]);
    stage.presses(line, '7');
    assert_eq!(hears(&stage, line), MAIN);
    let chosen = |language| {
        stage.count(|fact| matches!(fact, Fact::Menu(step) if step.change == MenuChange::Language(language)))
    };
    assert_eq!((chosen(Language::English), chosen(Language::Spanish)), (1, 1));
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn the_agent_sees_the_language_on_the_phone() {
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let line = in_menu(&mut stage);
    keys(&mut stage, line, "82");
    let talk = stage.talks_to(line, ana);
    let shown = |event: &PhoneEvent| matches!(event, PhoneEvent::Incoming { display, .. } if display.contains("[en]"));
    assert!(stage.saw(ana, shown));
    stage.hangs_up(talk);
    stage.finish();
}

#[test]
fn a_caller_who_chose_nothing_hears_what_the_plan_says() {
    let mut stage = Stage::new();
    let other = in_menu(&mut stage);
    keys(&mut stage, other, "8");
    let line = stage.call("7002", "0998888888");
    stage.until("the menu plays", secs(2), |stage| matches!(stage.hears(line), Some(Audio::Prompts(_))));
    assert_eq!(hears(&stage, line), MAIN);
    stage.hangs_up(line);
    stage.hangs_up(other);
    stage.finish();
}
