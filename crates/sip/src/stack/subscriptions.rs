//! All subscriptions of peers, each found by its number and by its dialog.

use turno_ground::{Change, Lookup, Moment, Timed, Tracked};

use crate::stack::event::SubscriptionId;
use crate::stack::subscription::{Subscription, SubscriptionDeadline};
use crate::transaction::key::Key;

/// All subscriptions, each found by its number and by its dialog.
#[derive(Debug)]
pub(crate) struct Subscriptions {
    table: Timed<Tracked<SubscriptionId, Box<Subscription>>>,
    dialogs: Lookup<Key, SubscriptionId>,
}

impl Subscriptions {
    /// None; the numbers guard the tables.
    pub(crate) fn new(table: u64, dialogs: u64) -> Self {
        Self { table: Timed::<Tracked<_, _>>::new(table), dialogs: Lookup::new(dialogs) }
    }

    pub(crate) fn insert(&mut self, subscription: Subscription) {
        self.dialogs.insert(subscription.key, subscription.id);
        self.table.insert(subscription.id, Box::new(subscription));
    }

    /// Forgets a subscription.
    pub(crate) fn remove(&mut self, id: SubscriptionId) -> Option<Box<Subscription>> {
        let subscription = self.table.remove(id)?;
        self.dialogs.remove(&subscription.key);
        Some(subscription)
    }

    /// The subscription of this dialog with a peer of this tag.
    pub(crate) fn of_dialog(&self, key: Key, remote_tag: &str) -> Option<SubscriptionId> {
        let id = *self.dialogs.get(&key)?;
        self.table.get(&id).filter(|it| it.dialog.remote_tag == remote_tag).map(|_| id)
    }

    /// Changes a subscription; `None` if it is over.
    pub(crate) fn change<R>(
        &mut self,
        id: SubscriptionId,
        change: impl FnOnce(&mut Subscription) -> R,
    ) -> Option<R> {
        self.table.change(id, change)
    }

    /// How many there are; each has one deadline.
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    /// The earliest end.
    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.table.next_deadline()
    }

    /// Takes the earliest end that is not later than `now`.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(SubscriptionId, SubscriptionDeadline)> {
        self.table.pop_due(now).map(|(_, what, id)| (id, what))
    }

    /// Shows each subscription that has changed since the last time.
    pub(crate) fn write_down(
        &mut self,
        write: impl FnMut(SubscriptionId, Change<'_, Box<Subscription>>) -> bool,
    ) {
        self.table.write_down(write);
    }

    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Puts a subscription back that was written down.
    pub(crate) fn restore(&mut self, subscription: Box<Subscription>) {
        self.dialogs.insert(subscription.key, subscription.id);
        self.table.restore(subscription.id, subscription);
    }
}
