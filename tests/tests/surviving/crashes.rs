//! Crash and recovery: calls, places in line, offers, agents and audio.

use turno_media_plan::Audio;
use turno_model::{AgentState, Command, Fact, OfferOutcome, Step};
use turno_tests::stage::{Images, Stage, TakenUp, answering, millis, refusing, ringing, secs};

#[test]
fn people_who_talk_talk_on_through_the_same_ports() {
    // Wound: every call is lost when the switch dies (Asterisk, FreeSWITCH).
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let ports =
        |stage: &Stage| [caller, at_ana].map(|line| stage.stream_of(line).map(|(_, stream)| stream.local));
    let before = ports(&stage);
    stage.crashes(millis(300));
    assert!(stage.hear_each_other(caller, at_ana));
    assert_eq!(ports(&stage), before, "the phones send where they sent before");
    stage.run_for(secs(20));
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert!(stage.is_over(at_ana), "hanging up works in a dialog that outlived us");
    assert_eq!(stage.state("a001"), AgentState::Acw);
    stage.finish();
}

#[test]
fn who_waits_keeps_the_place_in_line_and_hears_the_music_again() {
    // Wound: a restart empties the queue.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let first = stage.call("7000", "0991111111");
    stage.run_for(secs(30));
    let second = stage.call("7000", "0992222222");
    stage.run_for(secs(30));
    stage.crashes(millis(300));
    stage.run_for(secs(4));
    assert!(stage.hears_music(first) && stage.hears_music(second));
    let ana = stage.agent("a001", answering(secs(1)));
    let at_ana = stage.talks_to(first, ana);
    assert!(!stage.is_over(at_ana));
    let waited = stage
        .facts()
        .iter()
        .find_map(|(_, fact)| if let Fact::Connected { waited, .. } = fact { Some(*waited) } else { None });
    assert!(waited.is_some_and(|waited| waited > secs(60)), "the clock has run on: {waited:?}");
    stage.hangs_up(first);
    stage.hangs_up(second);
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn a_phone_that_rings_rings_on_and_the_offer_is_not_made_twice() {
    // Wound: an offer is doubled after a restart.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", ringing());
    let caller = stage.call("7000", "0991234567");
    stage.until("it rings", secs(2), |stage| stage.times_rung(ana) == 1);
    stage.crashes(millis(200));
    stage.run_for(secs(3));
    assert_eq!(stage.times_rung(ana), 1, "one call, one ringing");
    let line = stage.last_incoming(ana).expect("it rings");
    stage.answers(line);
    stage.until("they talk", secs(2), |stage| stage.hear_each_other(caller, line));
    assert_eq!(stage.count(|fact| matches!(fact, Fact::Offered { .. })), 1);
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    stage.finish();
    assert_eq!(stage.settled(OfferOutcome::Accepted), 1);
}

#[test]
fn an_offer_whose_time_passed_while_we_were_gone_is_withdrawn_at_once() {
    // Wound: stuck ringing after a restart.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", ringing());
    let caller = stage.call("7000", "0991234567");
    stage.until("it rings", secs(2), |stage| stage.times_rung(ana) == 1);
    stage.crashes(secs(28));
    stage.run_for(secs(2));
    assert_eq!(stage.settled(OfferOutcome::NoAnswer), 1);
    stage.hangs_up(caller);
    stage.run_for(secs(70));
    stage.finish();
}

#[test]
fn a_held_caller_is_still_held_and_hears_music() {
    // Wound: a caller forgotten on hold.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.holds(at_ana);
    stage.until("the caller hears music", secs(2), |stage| stage.hears_music(caller));
    stage.crashes(millis(500));
    assert!(stage.hears_music(caller));
    assert_eq!(stage.state("a001"), AgentState::Holding);
    stage.resumes(at_ana);
    stage.until("they talk again", secs(2), |stage| stage.hear_each_other(caller, at_ana));
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn a_caller_who_was_taken_back_is_not_recalled_by_the_clock_of_the_hold_before() {
    // Found by the simulated world: a cancelled deadline came back after a crash.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.behaves(ana, refusing(486));
    stage.holds(at_ana);
    stage.until("the recall is refused", secs(130), |stage| stage.times_rung(ana) == 2);
    stage.run_for(secs(1));
    stage.resumes(at_ana);
    stage.run_for(secs(1));
    stage.holds(at_ana);
    stage.run_for(secs(1));
    stage.crashes(millis(100));
    stage.run_for(secs(110));
    assert_eq!(stage.times_rung(ana), 2, "the second hold has two minutes of its own");
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn a_menu_begins_its_prompts_again_and_takes_the_key() {
    // Wound: a caller in a menu hears nothing after a restart.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7002", "0991234567");
    stage.run_for(secs(1));
    stage.crashes(millis(300));
    let plays = |stage: &Stage| matches!(stage.hears(caller), Some(Audio::Prompts(_)));
    assert!(plays(&stage), "the prompts begin again");
    stage.presses(caller, '1');
    let at_ana = stage.talks_to(caller, ana);
    stage.hangs_up(at_ana);
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn a_journal_that_lacks_any_of_its_steps_is_survived() {
    // Wound: a switch with a damaged database does not start.
    let mut stage = Stage::new();
    stage.keeps_steps();
    let ana = stage.agent("a001", answering(secs(1)));
    let ben = stage.agent("a002", ringing());
    let one = stage.call("7000", "0991111111");
    let at_ana = stage.talks_to(one, ana);
    let two = stage.call("7000", "0992222222");
    stage.run_for(secs(5));
    stage.holds(at_ana);
    let three = stage.call("7002", "0993333333");
    stage.run_for(secs(2));
    let steps = stage.steps().to_vec();
    let (mut whole, mut in_part) = (0, 0);
    for lost in 0..steps.len() {
        for many in [1, 3, 8] {
            let images = fold(steps.iter().enumerate().filter(|(at, _)| !(lost..lost + many).contains(at)));
            match stage.picked_up_from(images) {
                TakenUp::Whole => whole += 1,
                TakenUp::InPart => in_part += 1,
            }
        }
    }
    assert!(in_part > 0 && whole > 0, "{whole} whole, {in_part} in part");
    for line in [one, two, three] {
        stage.hangs_up(line);
    }
    let _ = ben;
    stage.run_for(secs(70));
    stage.finish();
}

#[test]
fn every_fact_is_written_once_also_where_nothing_else_has_changed() {
    // Wound: figures that a restart forgets or counts twice.
    let mut stage = Stage::new();
    stage.keeps_steps();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let who = stage.who("a001");
    stage.command(Command::WrapUp(who, "7".into())).expect("there is a contact to give a code");
    stage.hangs_up(at_ana);
    stage.run_for(secs(1));
    let written: Vec<&Fact> = stage.steps().iter().flat_map(|step| &step.facts).collect();
    let told: Vec<&Fact> = stage.facts().iter().map(|(_, fact)| fact).collect();
    assert!(told.ends_with(&written) && !written.is_empty(), "what is written is what is told");
    assert_eq!(written.iter().filter(|fact| matches!(fact, Fact::WrapUp { .. })).count(), 1);
    stage.finish();
}

fn fold<'a>(steps: impl Iterator<Item = (usize, &'a Step)>) -> Images {
    let mut images = Images::new();
    for (_, step) in steps {
        step.gone.iter().for_each(|name| drop(images.remove(name)));
        images.extend(step.kept.iter().map(|kept| (kept.name, kept.form.clone())));
    }
    images
}
