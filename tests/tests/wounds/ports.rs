//! Media ports that run out or can't be opened: our own shortage, which no agent and no caller pays for.

use turno_model::agent_state::AuxReason;
use turno_model::plan::Treatment;
use turno_model::{AgentState, ContactOutcome, Fact, OfferOutcome, TurnedAway};
use turno_tests::stage::{Stage, answering, secs};

fn offers(stage: &Stage) -> usize {
    stage.count(|fact| matches!(fact, Fact::Offered { .. }))
}

fn nobody_was_blamed(stage: &Stage) {
    for how in [OfferOutcome::Refused, OfferOutcome::NoAnswer, OfferOutcome::Unreachable] {
        assert_eq!(stage.settled(how), 0, "{how:?}");
    }
    let cools_down =
        |fact: &Fact| matches!(fact, Fact::AgentChanged { to: AgentState::Aux(AuxReason::Rona), .. });
    assert_eq!(stage.count(cools_down), 0);
}

#[test]
fn with_every_media_port_in_use_agents_stay_available_and_the_longest_waiting_is_next() {
    // Wound: offers went out without a port, failed, and put idle agents into RONA one after the other.
    let mut stage = Stage::with(|plan| plan.media.ports = (20_000, 20_007));
    let ana = stage.agent("a001", answering(secs(1)));
    let first = stage.call("7000", "0991111111");
    stage.talks_to(first, ana);
    let second = stage.call("7000", "0992222222");
    let third = stage.call("7000", "0993333333");
    stage.run_for(secs(1));
    let fourth = stage.call("7000", "0994444444");
    stage.run_for(secs(1));
    assert_eq!(stage.refusal(fourth), Some(503), "there is no port for one more");
    let berta = stage.agent("a002", answering(secs(1)));
    stage.run_for(secs(20));
    assert_eq!((offers(&stage), stage.times_rung(berta)), (1, 0), "no offer without a port in hand");
    assert_eq!(stage.state("a002"), AgentState::Available);
    assert!(stage.hears_music(second) && stage.hears_music(third), "both keep their places");
    stage.hangs_up(first);
    stage.talks_to(second, berta);
    assert!(stage.hears_music(third));
    nobody_was_blamed(&stage);
    stage.finish();
    assert_eq!(stage.turned_away(TurnedAway::Overload), 1);
}

#[test]
fn without_descriptors_whoever_waits_keeps_the_place_and_nobody_is_rung_in_vain() {
    // Wound: under `ulimit -n 200`, 120 calls made 4,975 INVITEs to agents.
    let mut stage =
        Stage::with(|plan| plan.queues.iter_mut().for_each(|queue| queue.when_nobody = Treatment::Wait));
    let first = stage.call("7000", "0991111111");
    stage.run_for(secs(1));
    stage.cannot_open_ports_for(secs(20));
    let ana = stage.agent("a001", answering(secs(1)));
    stage.run_for(secs(10));
    let late = stage.call("7000", "0992222222");
    stage.run_for(secs(5));
    assert_eq!(stage.refusal(late), Some(503), "new calls hear it at once");
    assert!(offers(&stage) <= 1, "{} offers in fifteen seconds", offers(&stage));
    assert_eq!(stage.state("a001"), AgentState::Available);
    assert!(stage.hears_music(first));
    let says_why = |fact: &Fact| matches!(fact, Fact::Alarm { text } if text.contains("descriptors"));
    assert!((1..=2).contains(&stage.count(says_why)), "said, and not with every attempt");
    stage.run_for(secs(5));
    stage.talks_to(first, ana);
    nobody_was_blamed(&stage);
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
}

#[test]
fn a_caller_whose_own_port_cannot_be_opened_has_not_given_up() {
    // A failure of turno never counts as an action of a person.
    let mut stage = Stage::new();
    let _ana = stage.agent("a001", answering(secs(1)));
    stage.cannot_open_ports_for(secs(5));
    let caller = stage.call("7001", "0991111111");
    stage.run_for(secs(3));
    assert!(stage.is_over(caller));
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 0);
    assert_eq!(stage.state("a001"), AgentState::Available);
    nobody_was_blamed(&stage);
    stage.run_for(secs(40));
    stage.finish();
}

#[test]
fn a_port_that_another_program_has_leads_to_the_next_one() {
    // EADDRINUSE: the port is not used any more, and calls get another one.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let first = stage.call("7000", "0991111111");
    stage.talks_to(first, ana);
    stage.takes_ports(3);
    let berta = stage.agent("a002", answering(secs(1)));
    // This caller's port is one of the three.
    let unlucky = stage.call("7000", "0992222222");
    stage.run_for(secs(1));
    assert_eq!(stage.refusal(unlucky), Some(503));
    let second = stage.call("7000", "0993333333");
    stage.talks_to(second, berta);
    nobody_was_blamed(&stage);
    stage.finish();
}
