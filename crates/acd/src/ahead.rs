//! Contacts whose person is dialled before an agent has them: who is to be dialled, and who is dialled now.

use std::collections::{BTreeMap, BTreeSet};

use turno_ground::Moment;
use turno_model::{ContactId, QueueId};

use crate::line::Place;
use crate::lines::LineId;

/// The contacts that are in no line for a dial. It follows from the contacts' rows, and is written nowhere.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    to_dial: BTreeMap<QueueId, BTreeSet<Place>>,
    dialled: BTreeMap<ContactId, QueueId>,
    /// When somebody may be dialled at the earliest; `None`: nobody is to be dialled.
    pub(crate) look_at: Option<Moment>,
}

impl Ahead {
    /// A contact is to be dialled.
    pub(crate) fn insert(&mut self, queue: QueueId, place: Place, now: Moment) {
        self.to_dial.entry(queue).or_default().insert(place);
        self.look_now(now);
    }

    /// A contact that was to be dialled is dialled.
    pub(crate) fn dials(&mut self, queue: QueueId, place: Place) {
        self.remove(queue, place);
        self.dialled.insert(place.contact, queue);
    }

    /// A contact is dialled already, as its row says.
    pub(crate) fn restore_dialled(&mut self, queue: QueueId, contact: ContactId) {
        self.dialled.insert(contact, queue);
    }

    /// A contact is neither to be dialled nor dialled any more.
    pub(crate) fn remove(&mut self, queue: QueueId, place: Place) {
        self.dialled.remove(&place.contact);
        if let Some(places) = self.to_dial.get_mut(&queue) {
            places.remove(&place);
            if places.is_empty() {
                self.to_dial.remove(&queue);
            }
        }
        if self.to_dial.is_empty() {
            self.look_at = None;
        }
    }

    /// An agent may be free for somebody who is to be dialled.
    pub(crate) fn look_now(&mut self, now: Moment) {
        if !self.to_dial.is_empty() {
            self.look_at = Some(now);
        }
    }

    /// The first contact of each queue, in one order.
    pub(crate) fn heads(&self) -> Vec<(Place, QueueId)> {
        let first = |(queue, places): (&QueueId, &BTreeSet<Place>)| Some((*places.first()?, *queue));
        let mut heads: Vec<_> = self.to_dial.iter().filter_map(first).collect();
        heads.sort_unstable();
        heads
    }

    /// Every contact that is to be dialled, with its queue.
    pub(crate) fn all(&self) -> impl Iterator<Item = (QueueId, Place)> {
        self.to_dial.iter().flat_map(|(queue, places)| places.iter().map(|place| (*queue, *place)))
    }

    /// How many contacts are to be dialled before this place, each counted as the share of its queue's line.
    pub(crate) fn before(&self, place: Place, share: impl Fn(LineId) -> f64) -> f64 {
        let before = self.all().filter(|(_, other)| *other < place);
        before.map(|(queue, _)| share(LineId::of(queue))).sum()
    }

    /// Whether nobody is to be dialled.
    pub(crate) fn is_empty(&self) -> bool {
        self.to_dial.is_empty()
    }

    /// Those who are dialled now, with their queues.
    pub(crate) fn dialled(&self) -> impl Iterator<Item = (ContactId, QueueId)> {
        self.dialled.iter().map(|(contact, queue)| (*contact, *queue))
    }

    /// How many contacts are to be dialled or are dialled.
    pub(crate) fn len(&self) -> usize {
        self.to_dial.values().map(BTreeSet::len).sum::<usize>() + self.dialled.len()
    }
}
