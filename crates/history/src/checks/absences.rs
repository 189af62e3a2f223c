//! No time is booked of which nothing is known.

use std::sync::Arc;

use core::time::Duration;

use turno_model::{AgentState, Gap, Plan};

use crate::checks::{MORNING, Opens, changed, place, plan, rows};
use crate::history::History;
use crate::names::Names;
use crate::value::Value;

/// The agent is available at half past nine less a minute, and something happens; the next fact comes five hours later.
fn available_ms(opens: Opens<'_>, happens: impl FnOnce(&mut History, &Names)) -> (i64, Vec<Vec<Value>>) {
    let mut history = History::new(opens());
    history.open().expect("it opens");
    let names = Names::new(&plan(), None);
    let before = [(MORNING, changed(AgentState::LoggedOut, AgentState::Available))];
    history.take(&names, &before, place(1)).expect("it is written");
    happens(&mut history, &names);
    let store = history.store();
    let booked = rows(store, "SELECT CAST(coalesce(sum(available_ms), 0) AS BIGINT) FROM v_interval_agent");
    let booked = booked[0][0].int().expect("a number");
    (booked, rows(store, "SELECT state, is_partial FROM v_agent_state ORDER BY began_us"))
}

/// Facts are lost while an agent is available: nothing is booked until the next fact of the agent.
pub fn over_a_gap_nobody_works(opens: Opens<'_>) {
    let (booked, states) = available_ms(opens, |history, names| {
        let gap = Gap { after: place(1), until: place(9), facts: Some(8) };
        history.miss(names, gap).expect("it is written");
        let later = MORNING + Duration::from_hours(5);
        let after = [
            (later, changed(AgentState::Available, AgentState::Acw)),
            (later + Duration::from_secs(60), changed(AgentState::Acw, AgentState::LoggedOut)),
        ];
        history.take(names, &after, place(11)).expect("it is written");
    });
    assert_eq!(booked, 0, "five hours that nobody knows of");
    assert_eq!(states[0], [Value::Text("available".to_owned()), Value::Int(1)]);
}

/// An agent gets another name while available: the old name works no more.
pub fn a_renamed_agent_works_once(opens: Opens<'_>) {
    let (booked, _) = available_ms(opens, |history, _| {
        let mut renamed = Plan::clone(&plan());
        "1009".clone_into(&mut renamed.agents[0].name);
        let names = Names::new(&Arc::new(renamed), None);
        let at = |seconds| MORNING + Duration::from_secs(seconds);
        let first = [(at(30), changed(AgentState::Available, AgentState::Talking))];
        history.take(&names, &first, place(2)).expect("it is written");
        let last = [(at(5 * 3_600), changed(AgentState::Talking, AgentState::LoggedOut))];
        history.take(&names, &last, place(3)).expect("it is written");
    });
    assert_eq!(booked, 30_000, "until the first fact under the other name");
}
