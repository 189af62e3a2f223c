//! Metrics of one agent's morning and two waiting callers.

use core::time::Duration;

use std::sync::Arc;

use turno_ground::Moment;
use turno_ledger::Ledger;
use turno_model::{AgentId, BreakChange, BreakStep, Channel, ContactId, ContactOutcome, EndedBy, Fact};

use super::*;
use crate::metrics::render;
use crate::small_plan::one_queue as plan;

fn at(seconds: u64) -> Moment {
    Moment::from_secs(1_000 + seconds)
}

fn changed(from: AgentState, to: AgentState) -> Fact {
    Fact::AgentChanged { agent: AgentId(0), from, to }
}

fn queued(contact: u64) -> Fact {
    Fact::Queued { contact: ContactId(contact), queue: QueueId(0), priority: 0, position: 1 }
}

fn arrived(contact: u64) -> Fact {
    Fact::ContactArrived {
        contact: ContactId(contact),
        channel: Channel::Voice,
        from: Default::default(),
        dialled: Default::default(),
        trunk: None,
    }
}

struct Wallboard {
    registry: Registry,
    ledger: Ledger,
    room: RoomMeters,
}

impl Wallboard {
    fn new() -> Self {
        let registry = Registry::new();
        let room = RoomMeters::new(&registry, &plan());
        Self { registry, ledger: Ledger::new(Arc::new(plan()), at(0)), room }
    }

    fn apply(&mut self, at: Moment, fact: &Fact) {
        self.ledger.apply(at, fact);
    }

    fn at(&mut self, seconds: u64) -> String {
        self.room.refresh(&self.ledger.snapshot(at(seconds)));
        render(&self.registry.gather())
    }
}

#[test]
fn an_agent_at_lunch_is_shown_in_one_state_with_its_reason() {
    let mut wall = Wallboard::new();
    let lunch = AgentState::Aux(AuxReason::Planned(0));
    wall.apply(at(10), &changed(AgentState::LoggedOut, AgentState::Available));
    wall.apply(at(30), &changed(AgentState::Available, lunch));
    let text = wall.at(40);
    assert!(text.contains("turno_agents{reason=\"lunch\",state=\"aux\"} 1\n"), "{text}");
    assert!(!text.contains("turno_agents{reason=\"\",state=\"available\"}"), "nobody is available");
    assert!(text.contains("turno_agent_state{agent=\"ana\",reason=\"lunch\",state=\"aux\"} 1\n"));
    assert!(!text.contains("turno_agent_state{agent=\"ana\",reason=\"\""), "the old state is gone");
    assert!(text.contains("turno_agent_state_since_seconds{agent=\"ana\"} 1030\n"));
    assert!(text.contains("turno_queue_agents{queue=\"passports\",state=\"aux\"} 1\n"));
}

#[test]
fn an_agent_with_a_promised_turn_for_lunch_is_counted_until_it_comes() {
    let mut wall = Wallboard::new();
    let step = |change| Fact::Break(BreakStep { agent: AgentId(0), reason: 0, change });
    wall.apply(at(10), &step(BreakChange::Promised { at: at(600) }));
    assert!(wall.at(11).contains("turno_breaks_waiting 1\n"));
    wall.apply(at(600), &step(BreakChange::Granted { until: at(720) }));
    assert!(wall.at(601).contains("turno_breaks_waiting 0\n"));
}

#[test]
fn a_seat_that_was_given_to_another_and_one_that_is_gone_leave_the_wallboard() {
    let mut wall = Wallboard::new();
    wall.apply(at(10), &changed(AgentState::LoggedOut, AgentState::Available));
    assert!(wall.at(15).contains("agent=\"ana\""));
    let edited = |change: &dyn Fn(&mut Plan)| {
        let mut edited = plan();
        change(&mut edited);
        edited
    };
    let move_to = |wall: &mut Wallboard, edited: Plan| {
        wall.ledger.move_to(Arc::new(edited.clone()), at(20));
        wall.room.move_to(&edited);
    };
    move_to(&mut wall, edited(&|plan| plan.agents[0].name = "rosa".to_owned()));
    let text = wall.at(25);
    assert!(text.contains("agent=\"rosa\"") && !text.contains("agent=\"ana\""), "{text}");
    let gone = |plan: &mut Plan| {
        plan.agents[0].name = "rosa".to_owned();
        plan.agents[0].is_retired = true;
    };
    move_to(&mut wall, edited(&gone));
    wall.apply(at(30), &changed(AgentState::Available, AgentState::Talking));
    assert!(wall.at(35).contains("agent=\"rosa\""), "who talks is shown to the end");
    wall.apply(at(40), &changed(AgentState::Talking, AgentState::LoggedOut));
    let text = wall.at(45);
    assert!(!text.contains("agent=\"rosa\"") && !text.contains("state=\"logged_out\"} 1"), "{text}");
}

#[test]
fn an_agents_time_adds_up_whenever_it_is_scraped() {
    let mut wall = Wallboard::new();
    wall.apply(at(10), &changed(AgentState::LoggedOut, AgentState::Available));
    wall.at(15);
    wall.at(25);
    wall.apply(at(30), &changed(AgentState::Available, AgentState::Ringing));
    let text = wall.at(33);
    assert!(!text.contains("seconds_total{reason=\"\",state=\"logged_out\"}"), "time at home is nobody's");
    assert!(text.contains("turno_agents_state_seconds_total{reason=\"\",state=\"available\"} 20\n"));
    assert!(text.contains("turno_agents_state_seconds_total{reason=\"\",state=\"ringing\"} 3\n"));
}

#[test]
fn a_line_shows_its_depth_and_its_oldest_wait() {
    let mut wall = Wallboard::new();
    wall.apply(at(10), &arrived(1));
    wall.apply(at(10), &queued(1));
    wall.apply(at(14), &arrived(2));
    wall.apply(at(14), &queued(2));
    let text = wall.at(20);
    assert!(text.contains("turno_queue_depth{queue=\"passports\"} 2\n"));
    assert!(text.contains("turno_queue_oldest_wait_seconds{queue=\"passports\"} 10\n"));
    wall.apply(
        at(21),
        &Fact::ContactEnded {
            contact: ContactId(1),
            queue: QueueId(0),
            outcome: ContactOutcome::Abandoned,
            by: EndedBy::Caller,
            waited: Duration::from_secs(11),
        },
    );
    let text = wall.at(22);
    assert!(text.contains("turno_queue_depth{queue=\"passports\"} 1\n"));
    assert!(text.contains("turno_queue_oldest_wait_seconds{queue=\"passports\"} 8\n"));
}

#[test]
fn the_handling_clock_runs_while_the_contact_lasts_and_then_goes() {
    let mut wall = Wallboard::new();
    wall.apply(at(0), &changed(AgentState::LoggedOut, AgentState::Available));
    wall.apply(at(0), &arrived(1));
    wall.apply(at(0), &queued(1));
    wall.apply(at(1), &changed(AgentState::Available, AgentState::Ringing));
    wall.apply(at(5), &changed(AgentState::Ringing, AgentState::Talking));
    let connected = Fact::Connected {
        contact: ContactId(1),
        agent: AgentId(0),
        queue: QueueId(0),
        waited: Duration::from_secs(5),
    };
    wall.apply(at(5), &connected);
    let text = wall.at(65);
    assert!(text.contains("turno_agent_handling_seconds{agent=\"ana\",queue=\"passports\"} 60\n"), "{text}");
    assert!(text.contains("turno_queue_depth{queue=\"passports\"} 0\n"));
    let disconnected = Fact::Disconnected {
        contact: ContactId(1),
        agent: AgentId(0),
        queue: QueueId(0),
        talked: Duration::from_secs(60),
        held: Duration::ZERO,
    };
    wall.apply(at(65), &disconnected);
    assert!(!wall.at(66).contains("turno_agent_handling_seconds{"));
}
