//! The agenda: what is to be done, each thing at its moment, and in the order in which it was meant.

use std::collections::BTreeMap;

use turno_ground::Moment;

use crate::scheduled_action::ScheduledAction;

/// What is to be done.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    errands: BTreeMap<(Moment, u64), ScheduledAction>,
    meant: u64,
}

impl Agenda {
    pub(crate) fn means(&mut self, at: Moment, errand: ScheduledAction) {
        self.meant += 1;
        self.errands.insert((at, self.meant), errand);
    }

    /// When the next thing is to be done.
    pub(crate) fn next(&self) -> Option<Moment> {
        self.errands.keys().next().map(|&(at, _)| at)
    }

    /// Takes what is to be done by now.
    pub(crate) fn due(&mut self, now: Moment) -> Option<ScheduledAction> {
        let entry = self.errands.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(entry.remove())
    }
}
