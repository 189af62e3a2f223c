//! Tests the agent's state table against its golden file.

use core::fmt::Write as _;

use crate::agent_state::{AgentEvent, AgentState, AuxReason};

const STATES: [AgentState; 8] = [
    AgentState::LoggedOut,
    AgentState::Available,
    AgentState::Ringing,
    AgentState::Talking,
    AgentState::Holding,
    AgentState::Acw,
    AgentState::Aux(AuxReason::Rona),
    AgentState::OtherCall,
];

const EVENTS: [AgentEvent; 14] = [
    AgentEvent::LogIn,
    AgentEvent::LogOut,
    AgentEvent::Ready,
    AgentEvent::GoAux(AuxReason::Planned(0)),
    AgentEvent::Offered,
    AgentEvent::Withdrawn,
    AgentEvent::Answered,
    AgentEvent::Hold,
    AgentEvent::Resume,
    AgentEvent::ContactLeft,
    AgentEvent::AcwEnds,
    AgentEvent::OtherCallBegins,
    AgentEvent::OtherCallEnds,
    AgentEvent::TakesOver,
];

fn table() -> String {
    let mut table = String::new();
    for state in STATES {
        for event in EVENTS {
            if let Ok(next) = state.after(event) {
                writeln!(table, "{state:?} + {event:?} -> {next:?}").expect("a string grows");
            }
        }
    }
    table
}

// F#2540, F#1973, O#3123: agents stuck in a state that nothing ended.
#[test]
fn an_agents_life_is_the_table_that_is_written_down() {
    assert_eq!(table(), include_str!("agent_state_table.txt"), "what is not listed is an illegal move");
}

#[test]
fn every_state_can_be_left() {
    for state in STATES {
        let leaves = EVENTS.iter().any(|&event| state.after(event).is_ok_and(|next| next != state));
        assert!(leaves, "nothing ends {state:?}");
    }
}
