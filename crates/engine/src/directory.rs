//! Who has which extension, and which of the plan's numbers was dialled: looked up, not searched for.

use turno_ground::Lookup;
use turno_model::plan::bare_number;
use turno_model::{AgentId, Plan};

/// The names of one plan.
#[derive(Debug)]
pub(crate) struct Directory {
    extensions: Lookup<String, AgentId>,
    /// Places of the plan's dialled numbers, by their bare digits.
    numbers: Lookup<String, usize>,
}

impl Directory {
    /// The names of `plan`; an agent who is retired has no extension any more. `seed` guards the tables.
    pub(crate) fn of(plan: &Plan, seed: u64) -> Self {
        let mut extensions = Lookup::new(seed);
        for (index, agent) in (0u32..).zip(&plan.agents).filter(|(_, agent)| !agent.is_retired) {
            extensions.insert(agent.extension.clone(), AgentId(index));
        }
        let mut numbers = Lookup::new(seed);
        for (place, number) in plan.numbers.iter().enumerate().rev() {
            numbers.insert(bare_number(&number.number), place);
        }
        Self { extensions, numbers }
    }

    /// The agent with this extension.
    pub(crate) fn agent(&self, extension: &str) -> Option<AgentId> {
        self.extensions.get(extension).copied()
    }

    /// The place of a number in the plan, however it is written.
    pub(crate) fn number(&self, dialled: &str) -> Option<usize> {
        self.bare_number(&bare_number(dialled))
    }

    /// The place of a number in the plan, by its bare digits.
    pub(crate) fn bare_number(&self, digits: &str) -> Option<usize> {
        self.numbers.get(digits).copied()
    }
}
