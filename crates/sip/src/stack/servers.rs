//! Peers' requests under way, each found by its number, by what its copies say, and by what another way would bring again.

use turno_ground::{Change, Dated, Lookup, Moment, Timed, Tracked};

use crate::stack::event::ServerKey;
use crate::stack::server::Server;
use crate::transaction::Timer;
use crate::transaction::key::Key;

/// Peers' requests under way.
#[derive(Debug)]
pub(crate) struct Servers {
    table: Timed<Tracked<ServerKey, Dated<Timer, Box<Server>>>>,
    by_key: Lookup<Key, ServerKey>,
    merged: Lookup<Key, ServerKey>,
}

impl Servers {
    /// None; the numbers guard the tables.
    pub(crate) fn new(table: u64, by_key: u64, merged: u64) -> Self {
        Self {
            table: Timed::<Tracked<_, _>>::new(table),
            by_key: Lookup::new(by_key),
            merged: Lookup::new(merged),
        }
    }

    pub(crate) fn insert(&mut self, number: ServerKey, server: Server) {
        if let Some(merged) = server.merged {
            self.merged.insert(merged, number);
        }
        self.by_key.insert(server.key, number);
        self.table.insert(number, Box::new(server));
    }

    pub(crate) fn remove(&mut self, number: ServerKey) -> Option<Box<Server>> {
        let server = self.table.remove(number)?;
        self.by_key.remove(&server.key);
        if let Some(merged) = server.merged
            && self.merged.get(&merged) == Some(&number)
        {
            self.merged.remove(&merged);
        }
        Some(server)
    }

    pub(crate) fn get(&self, number: ServerKey) -> Option<&Server> {
        self.table.get(&number).map(|server| &***server)
    }

    pub(crate) fn get_mut(&mut self, number: ServerKey) -> Option<&mut Server> {
        self.table.get_mut(number).map(|server| &mut **server)
    }

    /// The request that has this key.
    pub(crate) fn of_key(&self, key: Key) -> Option<ServerKey> {
        self.by_key.get(&key).copied()
    }

    /// Whether the same request has come by another way (RFC 3261, 8.2.2.2).
    pub(crate) fn has_merged(&self, merged: Key) -> bool {
        self.merged.contains(&merged)
    }

    /// How many there are. Each has one key.
    pub(crate) fn len(&self) -> usize {
        debug_assert_eq!(self.table.len(), self.by_key.len(), "each peer's request has one key");
        debug_assert!(self.merged.len() <= self.table.len(), "what is merged is under way");
        self.table.len()
    }

    /// Sets the only deadline of a timer, if the request still exists.
    pub(crate) fn set(&mut self, number: ServerKey, timer: Timer, at: Moment) {
        self.table.set(number, timer, at);
    }

    /// Cancels the deadline of a timer, if there is one.
    pub(crate) fn cancel(&mut self, number: ServerKey, timer: Timer) {
        self.table.cancel(number, timer);
    }

    /// Number of deadlines.
    pub(crate) const fn deadlines(&self) -> usize {
        self.table.living()
    }

    /// The earliest deadline.
    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.table.next_deadline()
    }

    /// Takes the earliest deadline that is not later than `now`.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(ServerKey, Timer)> {
        self.table.pop_due(now).map(|(_, timer, number)| (number, timer))
    }

    /// Shows each that has changed since the last time.
    pub(crate) fn write_down(
        &mut self,
        write: impl FnMut(ServerKey, Change<'_, Dated<Timer, Box<Server>>>) -> bool,
    ) {
        self.table.write_down(write);
    }

    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Puts one back that was written down.
    pub(crate) fn restore(&mut self, number: ServerKey, server: Dated<Timer, Box<Server>>) {
        self.by_key.insert(server.key, number);
        if let Some(merged) = server.merged {
            self.merged.insert(merged, number);
        }
        self.table.restore(number, server);
    }
}
