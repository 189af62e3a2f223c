//! What phones watch: their lamps for agents, queues (RFC 4235) and messages (RFC 3842), and what each lamp showed last.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use turno_ground::{Change, Changeset, DecodeError, RowChange, Tracked};
use turno_model::{AgentId, QueueId, SeatId};
use turno_sip::SubscriptionId;

/// What a lamp shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Watched {
    /// Whether an agent's phone rings, or the agent is on a call.
    Agent(AgentId),
    /// Whether somebody waits in a queue.
    Queue(QueueId),
    /// The messages of a queue.
    Messages(QueueId),
    /// The messages that an agent may take.
    MessagesOf(AgentId),
}

/// The state of a lamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Light {
    /// No call.
    Off,
    /// The phone rings, or somebody waits: most phones flash.
    Flashes,
    /// On a call.
    On,
    /// Messages that wait, and those that are heard now.
    Messages {
        /// They wait.
        waiting: u32,
        /// They are heard.
        heard: u32,
    },
}

/// One subscription of a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lamp {
    pub(crate) watched: Watched,
    /// The extension or number that the phone named.
    pub(crate) user: String,
    /// The seat whose phone it is, and the phone's address.
    pub(crate) phone: (SeatId, SocketAddr),
    /// The number of the next document (RFC 4235, 4.1.1).
    pub(crate) version: u32,
    /// What the phone was told last.
    pub(crate) shown: Option<Light>,
}

/// All lamps.
#[derive(Debug)]
pub(crate) struct Lamps {
    table: Tracked<SubscriptionId, Lamp>,
    of: BTreeMap<Watched, BTreeSet<SubscriptionId>>,
    /// What may have changed since the phones were told.
    stale: BTreeSet<Watched>,
}

impl Lamps {
    /// No lamp. `seed` seeds the hash table.
    pub(crate) fn new(seed: u64) -> Self {
        Self { table: Tracked::new(seed), of: BTreeMap::new(), stale: BTreeSet::new() }
    }

    /// A phone watches from now on.
    pub(crate) fn insert(&mut self, id: SubscriptionId, lamp: Lamp) {
        self.of.entry(lamp.watched).or_default().insert(id);
        self.table.insert(id, lamp);
    }

    /// A phone watches no longer.
    pub(crate) fn remove(&mut self, id: SubscriptionId) {
        let Some(lamp) = self.table.remove(&id) else { return };
        if let Some(ids) = self.of.get_mut(&lamp.watched) {
            ids.remove(&id);
            if ids.is_empty() {
                self.of.remove(&lamp.watched);
            }
        }
    }

    /// The lamp of a subscription.
    pub(crate) fn get(&self, id: SubscriptionId) -> Option<&Lamp> {
        self.table.get(&id)
    }

    /// The phone is told this state. Returns the number of the document.
    pub(crate) fn is_told(&mut self, id: SubscriptionId, light: Light) -> u32 {
        let Some(lamp) = self.table.get_mut(&id) else { return 0 };
        lamp.shown = Some(light);
        lamp.version += 1;
        lamp.version - 1
    }

    /// What this phone watches of the same already: it has started again and forgotten that.
    pub(crate) fn same(&self, watched: Watched, phone: (SeatId, SocketAddr)) -> Option<SubscriptionId> {
        let ids = self.of.get(&watched)?;
        ids.iter().copied().find(|id| self.get(*id).is_some_and(|lamp| lamp.phone == phone))
    }

    /// Number of lamps.
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether nobody watches anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// This may have changed.
    pub(crate) fn is_stale(&mut self, watched: Watched) {
        if self.of.contains_key(&watched) {
            self.stale.insert(watched);
        }
    }

    /// The messages that anybody watches may have changed.
    pub(crate) fn messages_are_stale(&mut self) {
        let all = self.of.range(Watched::Messages(QueueId(0))..).map(|(watched, _)| *watched);
        self.stale.extend(all);
    }

    /// Everything may have changed.
    pub(crate) fn all_are_stale(&mut self) {
        self.stale = self.of.keys().copied().collect();
    }

    /// All subscriptions. Scans the whole table.
    pub(crate) fn keys(&self) -> Vec<SubscriptionId> {
        self.table.keys()
    }

    /// The next thing that may have changed, with those who watch it.
    pub(crate) fn pop_stale(&mut self) -> Option<(Watched, Vec<SubscriptionId>)> {
        let watched = self.stale.pop_first()?;
        let ids = self.of.get(&watched).map(|ids| ids.iter().copied().collect());
        Some((watched, ids.unwrap_or_default()))
    }

    /// Writes changed rows.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|id, change| match change {
            Change::Is(lamp) => {
                changes.keep(table, id.number(), lamp);
                true
            }
            Change::Gone => {
                changes.delete(table, id.number());
                false
            }
        });
    }

    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores a lamp from its row.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let (id, lamp): (_, Lamp) = (SubscriptionId::of_number(line.key), line.read()?);
        self.of.entry(lamp.watched).or_default().insert(id);
        self.table.restore(id, lamp);
        Ok(())
    }
}
