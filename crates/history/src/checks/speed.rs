//! How many facts a second a history takes, with batches of several sizes.

use core::time::Duration;

use turno_ground::{Moment, Pii};
use turno_model::{
    AgentId, AgentState, Channel, ContactId, ContactOutcome, Decision, EndedBy, Fact, OfferId, OfferOutcome,
    Position, QueueId, Rule,
};

use crate::checks::{MORNING, plan};
use crate::history::History;
use crate::names::Names;

/// Contacts for each size of a batch; a twentieth of them for batches of one fact.
const CONTACTS: u64 = 4_000;

const BATCHES: [usize; 4] = [1, 50, 256, 1_000];

/// One line for each size of a batch. `opens` opens the database, `seconds` is a clock.
pub fn speeds(opens: &dyn Fn() -> History, seconds: &dyn Fn() -> f64) -> Vec<String> {
    let names = Names::new(&plan(), None);
    let (mut number, mut lines) = (0, Vec::new());
    for batch in BATCHES {
        let mut history = opens();
        history.open().expect("it opens");
        let contacts = if batch == 1 { CONTACTS / 20 } else { CONTACTS };
        let facts: Vec<_> = (0..contacts).flat_map(|contact| facts_of(number + contact)).collect();
        number += contacts;
        let (begin, mut rows) = (seconds(), 0);
        for facts in facts.chunks(batch) {
            let before = history.position().unwrap_or(Position { run: MORNING, number: 0 });
            let until = before.plus(facts.len() as u64);
            rows += history.take(&names, facts, until).expect("it is written").rows;
        }
        let spent = seconds() - begin;
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let speed = facts.len() as f64 / spent;
        lines.push(format!(
            "batches of {batch:>5}: {} facts, {rows} rows in {spent:.2} s: {speed:.0} facts a second",
            facts.len()
        ));
    }
    lines
}

/// The 12 facts of a contact that waits, is offered, talks and ends.
fn facts_of(number: u64) -> Vec<(Moment, Fact)> {
    use AgentState as State;
    let (contact, queue, agent) = (ContactId(number + 1), QueueId(0), AgentId(0));
    let at = |seconds: u64| MORNING + Duration::from_secs(number * 30 + seconds);
    let changed = |from, to| Fact::AgentChanged { agent, from, to };
    let (waited, talked, held) = (Duration::from_secs(5), Duration::from_secs(20), Duration::ZERO);
    let decision = Decision {
        contact,
        queue,
        winner: agent,
        rule: Rule::UcdMia,
        waited,
        idle: waited,
        passed_over: Default::default(),
        others: 0,
    };
    let offer = OfferId(number + 1);
    let arrived = Fact::ContactArrived {
        contact,
        channel: Channel::Voice,
        from: Pii(format!("09{:08}", number % 100_000).into()),
        dialled: "1800510510".into(),
        trunk: None,
    };
    vec![
        (at(0), arrived),
        (at(0), Fact::Queued { contact, queue, priority: 0, position: 1 }),
        (
            at(3),
            Fact::Offered {
                offer,
                contact,
                agent,
                queue,
                delay: Duration::ZERO,
                decision: Box::new(decision),
            },
        ),
        (at(3), changed(State::Available, State::Ringing)),
        (
            at(5),
            Fact::OfferSettled {
                offer,
                contact,
                agent,
                queue,
                outcome: OfferOutcome::Accepted,
                rang: waited,
            },
        ),
        (at(5), Fact::Connected { contact, agent, queue, waited }),
        (at(5), changed(State::Ringing, State::Talking)),
        (at(25), Fact::Disconnected { contact, agent, queue, talked, held }),
        (
            at(25),
            Fact::ContactEnded {
                contact,
                queue,
                outcome: ContactOutcome::Answered,
                by: EndedBy::Caller,
                waited,
            },
        ),
        (at(25), changed(State::Talking, State::Acw)),
        (at(27), Fact::WrapUp { contact, agent, code: "12".into() }),
        (at(29), changed(State::Acw, State::Available)),
    ]
}
