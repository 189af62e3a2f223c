//! Arrivals: menu, hours, full queues, and who may call at all.

use turno_media_plan::Audio;
use turno_model::plan::Treatment;
use turno_model::{Command, ContactOutcome, Fact, Plan, TurnedAway};
use turno_phone::PhoneEvent;
use turno_tests::stage::plan::{HOLIDAY_AT_TEN, TUESDAY_AT_FIVE, TUESDAY_AT_TEN, prompt, quito, site};
use turno_tests::stage::{PROMPT_SPAN, Stage, answering, secs};

fn queue_of_first(stage: &Stage) -> Option<String> {
    stage.facts().iter().find_map(|(_, fact)| match fact {
        Fact::Queued { queue, .. } => Some(stage.plan.queues[queue.index()].name.clone()),
        _ => None,
    })
}

fn ending(plan: &Plan) -> Treatment {
    Treatment::PromptAndEnd(prompt(plan, "es/all_busy_goodbye"))
}

#[test]
fn a_key_cuts_the_menu_short() {
    // Wound: announcements delay delivery, DTMF is ignored during prompts.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7002", "0991234567");
    stage.until("the menu plays", secs(2), |stage| matches!(stage.hears(caller), Some(Audio::Prompts(_))));
    stage.run_for(secs(1));
    let pressed = stage.now();
    stage.presses(caller, '2');
    assert_eq!(stage.when(|fact| matches!(fact, Fact::Offered { .. })), Some(pressed), "in the same step");
    assert_eq!(queue_of_first(&stage).as_deref(), Some("info"));
    stage.talks_to(caller, ana);
    stage.finish();
}

#[test]
fn a_key_cuts_a_greeting_and_the_place_in_line_is_kept() {
    // Wound: announcements delay delivery; a prompt can always be cut. Without announcements, music follows.
    let mut stage = Stage::with(|plan| plan.queues.iter_mut().for_each(|queue| queue.announcements = None));
    let caller = stage.call("7001", "0991234567");
    stage
        .until("the greeting plays", secs(2), |stage| matches!(stage.hears(caller), Some(Audio::Prompts(_))));
    stage.presses(caller, '5');
    assert!(stage.hears_music(caller), "in the same step");
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 0);
    stage.hangs_up(caller);
    stage.finish();
}

#[test]
fn a_key_sent_by_info_counts_too() {
    // Wound: DTMF ignored.
    let mut stage = Stage::new();
    let caller = stage.call("7002", "0991234567");
    stage.until("the menu plays", secs(2), |stage| stage.is_talking(caller));
    stage.run_for(secs(1));
    stage.presses_by_info(caller, '1');
    stage.run_for(secs(1));
    assert_eq!(queue_of_first(&stage).as_deref(), Some("taxes"));
    stage.finish();
}

#[test]
fn silence_and_an_unknown_key_lead_to_the_general_queue() {
    // A caller with a rotary dial telephone, which sends no DTMF, is served too.
    let mut stage = Stage::new();
    let caller = stage.call("7002", "0991234567");
    stage.run_for(PROMPT_SPAN * 4 + secs(7));
    assert_eq!(queue_of_first(&stage), None, "the wait for a key has not passed for the second time");
    stage.run_for(secs(2));
    assert_eq!(queue_of_first(&stage).as_deref(), Some("general"));
    stage.hangs_up(caller);
    stage.finish();
    let mut stage = Stage::new();
    let caller = stage.call("7002", "0991234567");
    stage.run_for(secs(2));
    "999".chars().for_each(|key| stage.presses(caller, key));
    assert_eq!(queue_of_first(&stage).as_deref(), Some("general"));
    stage.finish();
}

#[test]
fn who_hangs_up_in_the_menu_is_no_abandon() {
    // Wound: answered shown as abandoned, counted twice.
    let mut stage = Stage::new();
    let caller = stage.call("7002", "0991234567");
    stage.run_for(secs(3));
    stage.hangs_up(caller);
    stage.finish();
    assert_eq!(stage.turned_away(TurnedAway::HungUpInMenu), 1);
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 0);
}

#[test]
fn the_line_says_when_it_is_closed_and_when_it_is_a_holiday() {
    // The hours of 1800-510-510.
    for (now, reason, said) in [
        (TUESDAY_AT_FIVE, TurnedAway::Closed, "es/closed"),
        (HOLIDAY_AT_TEN, TurnedAway::Holiday, "es/holiday"),
    ] {
        let mut stage = Stage::open(quito(), 1, now);
        let caller = stage.call("1800510510", "0991234567");
        stage.run_for(secs(1));
        let Some(Audio::Prompts(prompts)) = stage.hears(caller) else { panic!("nothing is said") };
        assert_eq!(stage.plan.prompts[usize::from(prompts[0].0)].name, said);
        stage.run_for(secs(5));
        assert!(stage.is_over(caller), "and then hangs up");
        assert_eq!(stage.turned_away(reason), 1);
        stage.finish();
    }
}

#[test]
fn a_line_opens_by_the_clock_on_the_wall_also_after_somebody_has_set_it() {
    // The machine's clock is behind when turno starts, and NTP corrects it later: the line must not open late all day.
    let mut stage = Stage::open(quito(), 1, TUESDAY_AT_FIVE);
    stage.wall_is(TUESDAY_AT_TEN);
    let caller = stage.call("1800510510", "0991234567");
    stage.run_for(secs(2));
    assert_eq!(stage.turned_away(TurnedAway::Closed), 0);
    stage.wall_is(TUESDAY_AT_FIVE);
    let late = stage.call("1800510510", "0990000000");
    stage.run_for(secs(10));
    assert_eq!(stage.turned_away(TurnedAway::Closed), 1);
    assert!(stage.is_over(late) && !stage.is_over(caller));
    stage.hangs_up(caller);
    stage.finish();
}

#[test]
fn an_open_line_leads_through_the_menu_to_the_procedure() {
    // A citizen asks for a patente in Quito.
    let mut stage = Stage::open(quito(), 1, TUESDAY_AT_TEN);
    let agent = stage.agent("1011", answering(secs(2)));
    stage.dials(agent, "*11");
    stage.run_for(secs(8));
    let caller = stage.call("1800-510-510", "0991234567");
    stage.run_for(secs(2));
    stage.presses(caller, '3');
    stage.talks_to(caller, agent);
    assert_eq!(queue_of_first(&stage).as_deref(), Some("patente"));
    stage.finish();
}

#[test]
fn a_full_queue_says_so_and_ends() {
    // Wound: under overload throughput collapses; refuse early.
    let mut plan = site();
    plan.queues[1].length_max = 2;
    plan.queues[1].when_full = ending(&plan);
    let mut stage = Stage::open(plan, 1, TUESDAY_AT_TEN);
    let first = stage.call("7001", "0991111111");
    let second = stage.call("7001", "0992222222");
    let third = stage.call("7001", "0993333333");
    stage.run_for(secs(1));
    assert!(matches!(stage.hears(third), Some(Audio::Prompts(_))));
    stage.run_for(secs(5));
    assert!(stage.is_over(third) && stage.is_talking(first) && stage.is_talking(second));
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 1);
    stage.finish();
}

#[test]
fn who_has_waited_too_long_is_told() {
    // The queue's stated treatment.
    let mut plan = site();
    plan.queues[1].wait_max = Some(secs(60));
    plan.queues[1].when_waited = ending(&plan);
    let mut stage = Stage::open(plan, 1, TUESDAY_AT_TEN);
    let caller = stage.call("7001", "0991234567");
    stage.run_for(secs(59));
    assert!(stage.hears_music(caller));
    stage.run_for(secs(2));
    assert!(matches!(stage.hears(caller), Some(Audio::Prompts(_))));
    stage.run_for(secs(5));
    assert!(stage.is_over(caller));
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 1);
    stage.finish();
}

#[test]
fn with_nobody_logged_in_the_caller_is_told_at_once() {
    // The queue's stated treatment.
    let mut plan = site();
    plan.queues[0].when_nobody = ending(&plan);
    let mut stage = Stage::open(plan, 1, TUESDAY_AT_TEN);
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(1));
    assert!(matches!(stage.hears(caller), Some(Audio::Prompts(_))), "{:?}", stage.hears(caller));
    stage.run_for(secs(5));
    assert!(stage.is_over(caller));
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 1);
    stage.finish();
}

#[test]
fn a_number_that_is_nobodys_is_refused() {
    // RFC 3261, 21.4.5.
    let mut stage = Stage::new();
    let caller = stage.call("9999", "0991234567");
    stage.run_for(secs(1));
    assert_eq!(stage.refusal(caller), Some(404));
    stage.finish();
    assert_eq!(stage.turned_away(TurnedAway::NotPossible), 1);
}

#[test]
fn a_caller_without_an_offer_gets_ours() {
    // RFC 3261, 13.2.1: the 200 has the offer, the ACK the answer.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    for number in ["7001", "7000"] {
        let desk = stage.caller("0991234567");
        let caller = stage.dials_without_offer(desk, number);
        stage.talks_to(caller, ana);
        stage.hangs_up(caller);
        stage.run_for(secs(15));
    }
    stage.finish();
}

#[test]
fn early_media_is_no_answer_and_answer_on_entry_is_one() {
    // A toll-free line pays for waiting time after the answer.
    let mut stage = Stage::new();
    let early = stage.call("7000", "0991111111");
    let answered = stage.call("7001", "0992222222");
    stage.run_for(secs(30));
    assert!(stage.saw(early.desk, |event| matches!(event, PhoneEvent::Ringing { status: 183, .. })));
    assert!(!stage.is_talking(early) && stage.is_talking(answered));
    assert!(stage.hears_music(early) && stage.hears_music(answered));
    stage.finish();
}

#[test]
fn a_stranger_is_asked_who_they_are() {
    // RFC 3261, 22: an address outside all trunks needs credentials for a call.
    let mut stage = Stage::new();
    let eve = stage.phone("eve", "guess", 30, answering(secs(1)));
    let line = stage.dials(eve, "7000");
    stage.run_for(secs(2));
    assert_eq!(stage.refusal(line), Some(401));
    stage.finish();
    assert_eq!(stage.count(|fact| matches!(fact, Fact::ContactArrived { .. })), 0);
}

#[test]
fn a_carrier_with_a_password_may_bring_callers() {
    // RFC 3261, 22.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let carrier = stage.phone("carrier", "carrier-secret", 30, answering(secs(1)));
    let caller = stage.dials_from_trunk(carrier, "7000", "0991234567");
    stage.talks_to(caller, ana);
    stage.finish();
}

#[test]
fn stopping_ends_every_call_politely() {
    // A restart by systemd: callers get a BYE, agents are free, and the figures add up.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let talking = stage.call("7000", "0991111111");
    stage.talks_to(talking, ana);
    let waiting = stage.call("7001", "0992222222");
    let early = stage.call("7000", "0993333333");
    stage.run_for(secs(1));
    stage.command(Command::Stop).expect("a stop is taken");
    stage.run_for(secs(1));
    assert!([talking, waiting, early].iter().all(|line| stage.is_over(*line)));
    assert!(stage.is_stopped());
    stage.finish();
}

#[test]
fn draining_takes_no_new_calls_and_ends_none() {
    // A drain.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let talking = stage.call("7000", "0991111111");
    stage.talks_to(talking, ana);
    stage.command(Command::Drain).expect("it is taken");
    let late = stage.call("7000", "0992222222");
    stage.run_for(secs(1));
    assert_eq!(stage.refusal(late), Some(503));
    assert!(stage.is_talking(talking) && !stage.is_stopped());
    stage.hangs_up(talking);
    stage.run_for(secs(1));
    assert!(stage.is_stopped());
    stage.finish();
}

#[test]
fn a_drain_ends_when_the_last_goodbye_was_heard_or_was_said_four_times() {
    // Wound: the process ends with the last call, its last BYE is lost, and a phone talks to nobody for the day.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let talking = stage.call("7000", "0991111111");
    stage.talks_to(talking, ana);
    stage.command(Command::Drain).expect("it is taken");
    stage.vanishes(ana);
    stage.hangs_up(talking);
    stage.run_for(secs(3));
    assert!(!stage.is_stopped() && stage.is_over(talking));
    let late = stage.call("7000", "0992222222");
    stage.run_for(secs(2));
    assert_eq!(stage.refusal(late), Some(503));
    assert!(stage.is_stopped());
    stage.finish();
}

#[test]
fn a_carrier_may_put_the_country_before_the_number() {
    // E.164: +593 1800 510 510 is 1800-510-510.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("+5937000", "0991234567");
    stage.talks_to(caller, ana);
    stage.finish();
}

#[test]
fn a_house_without_room_refuses_early_and_keeps_whom_it_has() {
    // Wound: under overload throughput collapses.
    let mut stage = Stage::with(|plan| plan.media.ports = (20_000, 20_005));
    let ana = stage.agent("a001", answering(secs(1)));
    let first = stage.call("7000", "0991111111");
    let at_ana = stage.talks_to(first, ana);
    let second = stage.call("7001", "0992222222");
    let third = stage.call("7001", "0993333333");
    stage.run_for(secs(1));
    assert_eq!(stage.refusal(third), Some(503));
    assert_eq!(stage.turned_away(TurnedAway::Overload), 1);
    assert!(stage.is_talking(second) && stage.hear_each_other(first, at_ana));
    stage.finish();
}
