//! Our requests under way, each found by its number and by what its responses say.

use turno_ground::{Change, Lookup, Tracked};

use crate::stack::client::Client;
use crate::stack::event::ClientKey;
use crate::transaction::key::Key;

/// Our requests under way.
#[derive(Debug)]
pub(crate) struct Clients {
    table: Tracked<ClientKey, Box<Client>>,
    by_key: Lookup<Key, ClientKey>,
}

impl Clients {
    /// None; the numbers guard the tables.
    pub(crate) fn new(table: u64, by_key: u64) -> Self {
        Self { table: Tracked::new(table), by_key: Lookup::new(by_key) }
    }

    pub(crate) fn insert(&mut self, number: ClientKey, client: Client) {
        let key = client.key;
        self.table.insert(number, Box::new(client));
        self.by_key.insert(key, number);
    }

    pub(crate) fn remove(&mut self, number: ClientKey) -> Option<Box<Client>> {
        let client = self.table.remove(&number)?;
        self.by_key.remove(&client.key);
        Some(client)
    }

    pub(crate) fn get(&self, number: ClientKey) -> Option<&Client> {
        self.table.get(&number).map(|client| &**client)
    }

    pub(crate) fn get_mut(&mut self, number: ClientKey) -> Option<&mut Client> {
        self.table.get_mut(&number).map(|client| &mut **client)
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

    /// Shows each that has changed since the last time.
    pub(crate) fn write_down(&mut self, write: impl FnMut(ClientKey, Change<'_, Box<Client>>) -> bool) {
        self.table.write_down(write);
    }

    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Puts one back that was written down.
    pub(crate) fn restore(&mut self, number: ClientKey, client: Box<Client>) {
        self.by_key.insert(client.key, number);
        self.table.restore(number, client);
    }
}
