//! A plan whose agents, queues, trunks and reasons stand where they stood in another one.
//!
//! What lives is known by its place. Whoever puts a seat before others between two runs means no harm by it: the plan
//! is read in the order of what is kept, and what is new stands behind.

use crate::id::{QueueId, TrunkId};
use crate::places::Places;
use crate::plan::{Entry, Plan};

impl Plan {
    /// This plan in the order of `places`.
    ///
    /// # Errors
    /// A line for each name that this plan has no more.
    pub fn in_order_of(mut self, places: &Places) -> Result<Self, Vec<String>> {
        let here = Places::of(&self);
        let mut missing = Vec::new();
        let mut order = |what: &str, then: &[String], now: &[String]| -> Vec<usize> {
            let mut order = Vec::new();
            for name in then {
                match now.iter().position(|other| other == name) {
                    Some(place) => order.push(place),
                    None => missing.push(format!("the plan has no {what} `{name}` any more")),
                }
            }
            let new: Vec<usize> = (0..now.len()).filter(|place| !order.contains(place)).collect();
            order.extend(new);
            order
        };
        let queues = order("queue", &places.queues, &here.queues);
        let agents = order("agent", &places.agents, &here.agents);
        let trunks = order("trunk", &places.trunks, &here.trunks);
        let reasons = order("aux_reason", &places.aux_reasons, &here.aux_reasons);
        if !missing.is_empty() {
            return Err(missing);
        }
        self.queues = put(self.queues, &queues);
        self.agents = put(self.agents, &agents);
        self.trunks = put(self.trunks, &trunks);
        self.aux_reasons = put(self.aux_reasons, &reasons);
        let queue = |was: &mut QueueId| *was = QueueId(place_of(&queues, was.index()));
        for number in &mut self.numbers {
            if let Entry::Queue(to) = &mut number.entry {
                queue(to);
            }
        }
        for menu in &mut self.menus {
            menu.choices.iter_mut().for_each(|(_, to)| queue(to));
            queue(&mut menu.otherwise);
        }
        self.dial_out.trunk = self.dial_out.trunk.map(|was| TrunkId(place_of(&trunks, was.index())));
        Ok(self)
    }
}

fn put<T>(all: Vec<T>, order: &[usize]) -> Vec<T> {
    let mut all: Vec<Option<T>> = all.into_iter().map(Some).collect();
    order.iter().filter_map(|place| all.get_mut(*place).and_then(Option::take)).collect()
}

/// Where what stood at `was` stands now.
fn place_of(order: &[usize], was: usize) -> u32 {
    let place = order.iter().position(|place| *place == was).unwrap_or(was);
    u32::try_from(place).unwrap_or(u32::MAX)
}
