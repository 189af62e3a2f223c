//! What agents do with a talk: back to the queue, to another queue, to a dependency, and consultations.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one fact among all that there may ever be")]

mod consulting;
mod dependencies;
mod giving_back;
mod queues;
mod steering;

use core::net::SocketAddr;

use turno_model::{Fact, PassingChange};
use turno_phone::Behaviour;
use turno_tests::stage::{Desk, Stage};

/// What agents did with talks, in order.
fn changes(stage: &Stage) -> Vec<PassingChange> {
    let changes = stage.facts().iter().filter_map(|(_, fact)| match fact {
        Fact::Passing(passing) => Some(passing.change.clone()),
        _ => None,
    });
    changes.collect()
}

/// A phone behind the trunk.
fn outside(stage: &mut Stage, number: &str, behaviour: Behaviour) -> Desk {
    let address = |port: u16| SocketAddr::from(([127, 40, 0, 1], port));
    stage.phone_at(number, "", (address(5060), address(40_000)), behaviour)
}
