//! How long an agent is still busy with a contact, learned by how long the agent has been busy with it.

use core::time::Duration;

use serde::{Deserialize, Serialize};

/// Ages in seconds, for each of which the mean remaining time is learned. Real handling times have a long tail: a talk
/// that has lasted for eight minutes lasts longer still than one that has just begun.
const AGES: [f64; 8] = [0.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 960.0];

/// The first value counts as much as this many contacts.
const PRIOR: u16 = 10;

/// After this many contacts older ones are forgotten at the same rate as new ones come.
const MEMORY: u16 = 200;

/// Mean remaining busy time of an agent, by age; times in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Remaining {
    means: [f64; AGES.len()],
    seen: [u16; AGES.len()],
}

impl Remaining {
    /// Before any contact: the same at each age.
    pub(crate) fn new(mean: Duration) -> Self {
        Self { means: [mean.as_secs_f64().max(1.0); AGES.len()], seen: [PRIOR; AGES.len()] }
    }

    /// An agent was busy with a contact for this long, from the offer until ready again.
    pub(crate) fn learn(&mut self, busy: Duration) {
        let busy = busy.as_secs_f64();
        for ((age, mean), seen) in AGES.iter().zip(&mut self.means).zip(&mut self.seen) {
            if busy <= *age {
                return;
            }
            *seen = (*seen + 1).min(MEMORY);
            *mean += (busy - age - *mean) / f64::from(*seen);
        }
    }

    /// The mean busy time of a contact, in seconds.
    pub(crate) const fn mean(&self) -> f64 {
        self.means[0]
    }

    /// The mean remaining time in seconds at this age.
    pub(crate) fn at(&self, age: Duration) -> f64 {
        let age = age.as_secs_f64();
        let next = AGES.partition_point(|from| *from <= age);
        let before = next.saturating_sub(1);
        if next == AGES.len() {
            return self.means[before];
        }
        let part = (age - AGES[before]) / (AGES[next] - AGES[before]);
        self.means[before] + part * (self.means[next] - self.means[before])
    }
}
