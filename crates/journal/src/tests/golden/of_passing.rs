//! Facts about talks that agents pass on, in the golden journal.

use turno_model::{AgentId, ConsultEnd, Consulted, Fact, Passing, PassingChange};

use super::{AGENT, CONTACT};

pub(super) fn passing_facts() -> Vec<Fact> {
    let dependency = || "registro civil".into();
    let who = || Consulted::Agent(AgentId(4));
    let first = [
        PassingChange::Returned,
        PassingChange::DependencyRung { dependency: dependency() },
        PassingChange::DependencyReached { dependency: dependency(), outcome: "21".into() },
        PassingChange::DependencyNotReached { dependency: dependency(), status: 486 },
        PassingChange::Consults(who()),
        PassingChange::ConsultBegan(Consulted::Dependency(dependency())),
        PassingChange::Conferenced(Consulted::Outside),
    ];
    let changes = first.into_iter().chain(ConsultEnd::ALL.map(|end| PassingChange::ConsultEnded(who(), end)));
    let passing = |change| Fact::Passing(Passing { contact: CONTACT, agent: AGENT, change });
    changes.map(passing).collect()
}
