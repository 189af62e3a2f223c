//! The agenda: scheduled actions by time, and in the order of scheduling at one moment.

use std::collections::BTreeMap;

use turno_ground::Moment;

use crate::scheduled_action::ScheduledAction;

/// Scheduled actions.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    actions: BTreeMap<(Moment, u64), ScheduledAction>,
    meant: u64,
}

impl Agenda {
    pub(crate) fn means(&mut self, at: Moment, action: ScheduledAction) {
        self.meant += 1;
        self.actions.insert((at, self.meant), action);
    }

    /// When the next action is due.
    pub(crate) fn next(&self) -> Option<Moment> {
        self.actions.keys().next().map(|&(at, _)| at)
    }

    /// Takes the next action that is due by `now`.
    pub(crate) fn due(&mut self, now: Moment) -> Option<ScheduledAction> {
        let entry = self.actions.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(entry.remove())
    }
}
