//! Lists of callers: some are preferred, some are not served; numbers come and go while turno runs.

use core::time::Duration;

use turno_ground::Pii;
use turno_media_plan::Audio;
use turno_model::plan::CallerListPlan;
use turno_model::{
    AfterEmergency, Asker, CallerKnown, Command, ContactId, Done, Fact, ListChange, ListEffect, Listing,
    Plan, Refusal, TurnedAway,
};
use turno_tests::stage::plan::prompt;
use turno_tests::stage::{Line, PROMPT_SPAN, Stage, answering, millis, ringing, secs};

const HOUR: Duration = secs(3_600);

/// A doctor is preferred, and so is one exchange; a nuisance is not served. `es/closed` says so.
fn lay(plan: &mut Plan) {
    let list = |name: &str, numbers: &[&str], effect, prompt| CallerListPlan {
        name: name.to_owned(),
        numbers: numbers.iter().map(|&number| Pii(number.to_owned())).collect(),
        effect,
        prompt,
    };
    let closed = prompt(plan, "es/closed");
    plan.caller_lists = vec![
        list("doctors", &["0991111111", "0228XXXXX"], ListEffect::Prefer(5), None),
        list("blocked", &["0990000000"], ListEffect::Refuse, Some(closed)),
    ];
}

fn stage() -> Stage {
    let mut stage = Stage::with(lay);
    stage.keeps_journal();
    stage
}

fn orders(stage: &mut Stage, command: Command) -> Result<Done, Refusal> {
    stage.ordered(Asker::Control, command, Some("insults the agents"))
}

fn add(list: &str, number: &str, span: Duration) -> Command {
    Command::ListCaller(Listing { list: list.into(), number: Pii(number.into()), span })
}

fn remove(list: &str, number: &str) -> Command {
    Command::UnlistCaller(list.into(), Pii(number.into()))
}

fn priorities(stage: &Stage) -> Vec<u8> {
    let queued = stage.facts().iter().filter_map(|(_, fact)| match fact {
        Fact::Queued { priority, .. } => Some(*priority),
        _ => None,
    });
    queued.collect()
}

fn changes(stage: &Stage) -> Vec<&ListChange> {
    let changes = stage.facts().iter().filter_map(|(_, fact)| match fact {
        Fact::CallerList(listed) => Some(&listed.change),
        _ => None,
    });
    changes.collect()
}

fn last_contact(stage: &Stage) -> ContactId {
    let arrived = stage.facts().iter().rev().find_map(|(_, fact)| match fact {
        Fact::ContactArrived { contact, .. } => Some(*contact),
        _ => None,
    });
    arrived.expect("somebody called")
}

fn hears(stage: &Stage, line: Line, name: &str) -> bool {
    let heard = prompt(&stage.plan, name).index();
    matches!(stage.hears(line), Some(Audio::Prompts(prompts)) if prompts.iter().any(|it| it.0 as usize == heard))
}

/// The caller hears that the number is not served, and the call ends.
fn is_refused(stage: &mut Stage, from: &str) {
    let before = stage.turned_away(TurnedAway::Listed);
    let line = stage.call("7002", from);
    stage.until("the refusal plays", secs(2), |stage| hears(stage, line, "es/closed"));
    stage.run_for(PROMPT_SPAN + secs(1));
    assert!(stage.is_over(line), "{from}");
    assert_eq!(stage.turned_away(TurnedAway::Listed), before + 1);
}

#[test]
fn a_refused_caller_hears_so_and_enters_no_menu_and_no_queue() {
    let mut stage = stage();
    stage.agent("a001", answering(secs(1)));
    stage.keep_messages();
    // However the carrier writes the number.
    for written in ["0990000000", "+593990000000", "593990000000"] {
        is_refused(&mut stage, written);
    }
    assert_eq!(stage.count(|fact| matches!(fact, Fact::Menu(_) | Fact::Queued { .. })), 0);
    let told = format!("{:?}", stage.story(last_contact(&stage)));
    assert!(told.contains("is on the list `blocked`: not served"), "{told}");
    assert!(!told.contains("990000000"), "numbers are short: {told}");
    stage.finish();
}

#[test]
fn a_preferred_caller_goes_before_those_who_came_earlier() {
    let mut stage = stage();
    let ana = stage.agent("a001", answering(millis(500)));
    let busy = stage.call("7001", "0995555555");
    stage.talks_to(busy, ana);
    let first = stage.call("7001", "0996666666");
    let doctor = stage.call("7001", "+593991111111");
    let exchange = stage.call("7001", "022812345");
    stage.run_for(secs(2));
    assert_eq!(priorities(&stage), [0, 0, 5, 5]);
    let mut before = busy;
    for next in [doctor, exchange, first] {
        stage.hangs_up(before);
        stage.talks_to(next, ana);
        before = next;
    }
    let told = stage.count(|fact| {
        matches!(fact, Fact::CallerKnown(_, CallerKnown::Listed { effect: ListEffect::Prefer(5), .. }))
    });
    assert_eq!(told, 2);
    stage.hangs_up(first);
    stage.finish();
}

#[test]
fn a_queue_of_a_higher_priority_keeps_it() {
    let mut stage = Stage::with(|plan| {
        lay(plan);
        plan.queues.iter_mut().for_each(|queue| queue.priority = 9);
    });
    stage.agent("a001", ringing());
    let line = stage.call("7001", "0991111111");
    stage.run_for(secs(1));
    assert_eq!(priorities(&stage), [9]);
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn a_number_that_a_supervisor_adds_is_refused_until_its_time_is_over() {
    let mut stage = stage();
    let ana = stage.agent("a001", answering(millis(500)));
    let waiting = stage.call("7001", "0997777777");
    stage.talks_to(waiting, ana);
    assert_eq!(orders(&mut stage, add("blocked", "+593 99 777-7777", HOUR)), Ok(Done::Now));
    stage.run_for(secs(5));
    assert!(stage.is_talking(waiting), "who is in already stays");
    stage.hangs_up(waiting);
    is_refused(&mut stage, "0997777777");
    stage.run_for(HOUR);
    let later = stage.call("7001", "0997777777");
    stage.talks_to(later, ana);
    let until = match changes(&stage)[..] {
        [ListChange::Added { by: Asker::Control, why, until }, ListChange::Ended] => {
            assert_eq!(why.as_deref(), Some("insults the agents"));
            *until
        }
        ref other => panic!("{other:?}"),
    };
    assert_eq!(
        stage.when(|fact| matches!(fact, Fact::CallerList(it) if it.change == ListChange::Ended)),
        Some(until)
    );
    stage.hangs_up(later);
    stage.finish();
}

#[test]
fn a_crash_and_another_plan_keep_the_numbers_that_were_added() {
    // Wound: a caller who insults the agents waits in line again after a restart.
    let mut stage = stage();
    stage.agent("a001", answering(millis(500)));
    assert_eq!(orders(&mut stage, add("blocked", "0997777777", HOUR)), Ok(Done::Now));
    stage.crashes(millis(300));
    is_refused(&mut stage, "0997777777");
    // The list stands in another place of the new plan.
    let mut plan = (*stage.plan).clone();
    plan.caller_lists.swap(0, 1);
    stage.replans(plan);
    is_refused(&mut stage, "0997777777");
    assert_eq!(orders(&mut stage, remove("blocked", "0997777777")), Ok(Done::Now));
    stage.crashes(millis(300));
    let line = stage.call("7001", "0997777777");
    stage.until("the caller talks", secs(5), |stage| stage.is_talking(line));
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn a_list_that_leaves_the_plan_takes_its_numbers_with_it() {
    let mut stage = stage();
    stage.agent("a001", answering(millis(500)));
    assert_eq!(orders(&mut stage, add("blocked", "0997777777", HOUR)), Ok(Done::Now));
    let with_list = (*stage.plan).clone();
    let mut without = with_list.clone();
    without.caller_lists.pop();
    stage.replans(without);
    stage.replans(with_list);
    assert!(matches!(changes(&stage)[..], [ListChange::Added { .. }, ListChange::ListGone]));
    let line = stage.call("7001", "0997777777");
    stage.until("the caller talks", secs(5), |stage| stage.is_talking(line));
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn a_list_that_left_the_plan_while_turno_was_down_takes_its_numbers_with_it() {
    let mut stage = stage();
    stage.agent("a001", answering(millis(500)));
    assert_eq!(orders(&mut stage, add("blocked", "0997777777", HOUR)), Ok(Done::Now));
    let mut plan = (*stage.plan).clone();
    plan.caller_lists.pop();
    stage.edits_while_down(plan);
    stage.crashes(millis(300));
    assert!(matches!(changes(&stage)[..], [ListChange::Added { .. }, ListChange::ListGone]));
    stage.finish();
}

#[test]
fn the_emergency_announcement_comes_before_a_refusal() {
    let mut stage = Stage::with(|plan| {
        lay(plan);
        plan.emergency.then = AfterEmergency::GoOn;
    });
    assert_eq!(orders(&mut stage, Command::EmergencyOn(None)), Ok(Done::Now));
    let line = stage.call("7002", "0990000000");
    stage.until("the emergency plays", secs(2), |stage| hears(stage, line, "es/holiday"));
    stage.until("the refusal plays", PROMPT_SPAN + secs(2), |stage| hears(stage, line, "es/closed"));
    stage.run_for(PROMPT_SPAN + secs(1));
    assert_eq!(stage.turned_away(TurnedAway::Listed), 1);
    stage.finish();
}

#[test]
fn a_withheld_number_is_on_no_list_and_an_agent_who_tries_a_number_neither() {
    let mut stage = Stage::with(|plan| {
        lay(plan);
        plan.caller_lists[1].numbers.push(Pii("XXX.".to_owned()));
        plan.caller_lists[1].numbers.push(Pii("X.".to_owned()));
    });
    let ana = stage.agent("a001", answering(millis(500)));
    let anonymous = stage.call("7001", "anonymous");
    stage.talks_to(anonymous, ana);
    stage.hangs_up(anonymous);
    stage.run_for(secs(15));
    assert_eq!(stage.turned_away(TurnedAway::Listed), 0);
    is_refused(&mut stage, "0993333333");
    stage.finish();
}

#[test]
fn what_is_no_number_or_no_list_is_refused() {
    let mut stage = stage();
    for (command, why) in [
        (add("friends", "0997777777", HOUR), Refusal::NoSuchList),
        (add("blocked", "withheld", HOUR), Refusal::NoNumber),
        (add("blocked", "12", HOUR), Refusal::NoNumber),
        (add("blocked", "0997777777", secs(1)), Refusal::ListSpan),
        (remove("blocked", "0990000000"), Refusal::NotListed),
    ] {
        assert_eq!(orders(&mut stage, command), Err(why));
    }
    assert!(changes(&stage).is_empty());
    stage.finish();
}

#[test]
fn a_preferred_caller_has_at_least_the_lists_priority_in_every_queue() {
    let mut stage = Stage::with(|plan| {
        lay(plan);
        plan.queues[1].priority = 9;
    });
    stage.call("7000", "0991111111");
    stage.run_for(secs(2));
    let contact = last_contact(&stage);
    let later = turno_model::QueueId(1);
    stage.ordered(Asker::Control, Command::Move(contact, later), None).expect("it waits");
    assert_eq!(priorities(&stage), [5, 9], "a queue's own counts where it is higher");
    stage.finish();
}
