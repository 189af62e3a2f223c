//! Who observes which talk, by the facts: each begin has one end.

use std::collections::BTreeMap;

use turno_model::{AgentId, ContactId, Fact, Observing};

/// Who observes which talk and how, by the facts.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    open: BTreeMap<AgentId, (ContactId, Observing)>,
    /// The desk at which each contact's agent sat when the talk began. The talk stays at that phone, even if somebody
    /// else sits there later.
    talks: BTreeMap<ContactId, usize>,
    /// The last observer at each desk.
    desks: BTreeMap<usize, AgentId>,
    /// How many observers there were.
    many: u64,
}

impl Observed {
    /// Reads a fact and checks that each begin has one end.
    pub(crate) fn reads(&mut self, fact: &Fact) {
        if let Fact::ObservingBegan { observer, contact, how, by: _ } = fact {
            self.many += 1;
            let before = self.open.insert(*observer, (*contact, *how));
            assert_eq!(before, None, "{observer:?} observes two talks");
        } else if let Fact::ObservingEnded { observer, contact, how, by: _ } = fact {
            let before = self.open.remove(observer);
            assert_eq!(before, Some((*contact, *how)), "{observer:?} ends what did not begin");
        }
    }

    /// A talk begins at this desk.
    pub(crate) fn talks_at(&mut self, contact: ContactId, desk: usize) {
        self.talks.insert(contact, desk);
    }

    /// Somebody begins to observe at this desk.
    pub(crate) fn observes_at(&mut self, observer: AgentId, desk: usize) {
        self.desks.insert(desk, observer);
    }

    /// Whether the talk of a contact began at this desk.
    pub(crate) fn began_at(&self, contact: ContactId, desk: usize) -> bool {
        self.talks.get(&contact) == Some(&desk)
    }

    /// Who observes at this desk, which talk, and how.
    pub(crate) fn at_desk(&self, desk: usize) -> Option<(AgentId, ContactId, Observing)> {
        let observer = *self.desks.get(&desk)?;
        self.open.get(&observer).map(|(contact, how)| (observer, *contact, *how))
    }

    /// The present observers.
    pub(crate) const fn open(&self) -> &BTreeMap<AgentId, (ContactId, Observing)> {
        &self.open
    }

    /// How many observers there were.
    pub(crate) const fn many(&self) -> u64 {
        self.many
    }
}
