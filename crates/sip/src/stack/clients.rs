//! Our requests under way, each found by its number and by what its responses say.

use turno_ground::{Change, Dated, Lookup, Moment, Timed, Tracked};

use crate::stack::client::Client;
use crate::stack::event::ClientKey;
use crate::transaction::Timer;
use crate::transaction::key::Key;

/// Our requests under way.
#[derive(Debug)]
pub(crate) struct Clients {
    table: Timed<Tracked<ClientKey, Dated<Timer, Box<Client>>>>,
    by_key: Lookup<Key, ClientKey>,
}

impl Clients {
    /// None; the numbers guard the tables.
    pub(crate) fn new(table: u64, by_key: u64) -> Self {
        Self { table: Timed::<Tracked<_, _>>::new(table), by_key: Lookup::new(by_key) }
    }

    pub(crate) fn insert(&mut self, number: ClientKey, client: Client) {
        let key = client.key;
        self.table.insert(number, Box::new(client));
        self.by_key.insert(key, number);
    }

    pub(crate) fn remove(&mut self, number: ClientKey) -> Option<Box<Client>> {
        let client = self.table.remove(number)?;
        self.by_key.remove(&client.key);
        Some(client)
    }

    pub(crate) fn get(&self, number: ClientKey) -> Option<&Client> {
        self.table.get(&number).map(|client| &***client)
    }

    pub(crate) fn get_mut(&mut self, number: ClientKey) -> Option<&mut Client> {
        self.table.get_mut(number).map(|client| &mut **client)
    }

    /// The time at which a timer runs out.
    pub(crate) fn due_at(&self, number: ClientKey, timer: Timer) -> Option<Moment> {
        self.table.at(number, timer)
    }

    /// The request that has this key.
    pub(crate) fn of_key(&self, key: Key) -> Option<ClientKey> {
        self.by_key.get(&key).copied()
    }

    pub(crate) fn numbers(&self) -> Vec<ClientKey> {
        self.table.keys()
    }

    /// How many there are. Each has one key.
    pub(crate) fn len(&self) -> usize {
        debug_assert_eq!(self.table.len(), self.by_key.len(), "each request of ours has one key");
        self.table.len()
    }

    /// Sets the only deadline of a timer, if the request still exists.
    pub(crate) fn set(&mut self, number: ClientKey, timer: Timer, at: Moment) {
        self.table.set(number, timer, at);
    }

    /// Cancels the deadline of a timer, if there is one.
    pub(crate) fn cancel(&mut self, number: ClientKey, timer: Timer) {
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
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(ClientKey, Timer)> {
        self.table.pop_due(now).map(|(_, timer, number)| (number, timer))
    }

    /// Shows each that has changed since the last time.
    pub(crate) fn write_down(
        &mut self,
        write: impl FnMut(ClientKey, Change<'_, Dated<Timer, Box<Client>>>) -> bool,
    ) {
        self.table.write_down(write);
    }

    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Puts one back that was written down.
    pub(crate) fn restore(&mut self, number: ClientKey, client: Dated<Timer, Box<Client>>) {
        self.by_key.insert(client.key, number);
        self.table.restore(number, client);
    }
}
