//! Who observes which talk by the facts: beginnings and ends come in pairs.

use std::collections::BTreeMap;

use turno_model::{AgentId, ContactId, Fact, Observing};

/// Who observes which talk by the facts, and how.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    open: BTreeMap<AgentId, (ContactId, Observing)>,
    /// How many observers there were.
    many: u64,
}

impl Observed {
    /// Takes a fact: beginnings and ends come in pairs.
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

    /// Who observes.
    pub(crate) const fn open(&self) -> &BTreeMap<AgentId, (ContactId, Observing)> {
        &self.open
    }

    /// How many observers there were.
    pub(crate) const fn many(&self) -> u64 {
        self.many
    }
}
