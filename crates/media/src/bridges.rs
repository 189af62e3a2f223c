//! All bridges, by index and by id.

use turno_ground::{Lookup, Rng};
use turno_media_plan::BridgeId;

use crate::bridge::Bridge;

/// All bridges. Each has a member with a stream, so there are never more bridges than streams.
pub(crate) struct Bridges {
    all: Vec<Option<Bridge>>,
    free: Vec<usize>,
    places: Lookup<BridgeId, usize>,
    /// Indexes of the bridges that mix.
    pub(crate) mixing: Vec<usize>,
}

impl Bridges {
    /// No bridges.
    pub(crate) fn new(rng: &mut Rng) -> Self {
        Self { all: Vec::new(), free: Vec::new(), places: Lookup::new(rng.number()), mixing: Vec::new() }
    }

    /// Whether the tick has a bridge to mix.
    pub(crate) fn is_mixing(&self) -> bool {
        !self.mixing.is_empty()
    }

    /// A bridge by its index.
    pub(crate) fn at(&mut self, place: usize) -> Option<&mut Bridge> {
        self.all.get_mut(place)?.as_mut()
    }

    /// The index of a bridge, which is created if there is none.
    pub(crate) fn place(&mut self, id: BridgeId) -> usize {
        if let Some(place) = self.places.get(&id) {
            return *place;
        }
        let place = self.free.pop().unwrap_or_else(|| {
            self.all.push(None);
            self.all.len() - 1
        });
        self.all[place] = Some(Bridge::new(id));
        self.places.insert(id, place);
        place
    }

    /// Removes a bridge.
    pub(crate) fn remove(&mut self, place: usize) {
        if let Some(bridge) = self.all.get_mut(place).and_then(Option::take) {
            self.places.remove(&bridge.id);
            self.mixing.retain(|mixing| *mixing != place);
            self.free.push(place);
        }
    }
}
