//! From an expected wait to a wait that four of five callers do not exceed.

use serde::{Deserialize, Serialize};

/// The share of callers who should be answered within the wait that is told.
pub const SHARE: f64 = 0.8;

/// The normal distribution is below this many standard deviations with a probability of [`SHARE`].
const DEVIATIONS: f64 = 0.841_621;

/// Places in line whose margins are learned apart: 1, 2 to 3, 4 to 7, 8 and more.
const CLASSES: usize = 4;

/// Size of a learning step on the logarithmic scale, at first and later. Small steps remember long, large steps follow
/// quickly.
const STEP_FIRST: f64 = 0.15;
const STEP_LATER: f64 = 0.03;

/// How far the learned margin may lie from the first one, on the logarithmic scale: a factor of about 20.
const REACH: f64 = 3.0;

/// The learned margins of a queue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Margin {
    /// Logarithm of the correction, by class.
    logs: [f64; CLASSES],
    tried: [u16; CLASSES],
}

impl Margin {
    /// The factor for a contact that is served after `contacts` contacts of these agents, itself included.
    pub(crate) fn factor(&self, contacts: f64) -> f64 {
        spread(contacts) * self.logs[class(contacts)].exp()
    }

    /// A caller was answered in the time that was told, or not: moves the margin so that [`SHARE`] of them are.
    pub(crate) fn learn(&mut self, contacts: f64, in_time: bool) {
        let class = class(contacts);
        let tried = &mut self.tried[class];
        *tried = tried.saturating_add(1);
        let step = STEP_LATER.max(STEP_FIRST / f64::from(*tried).sqrt());
        let by = if in_time { SHARE - 1.0 } else { SHARE };
        self.logs[class] = (self.logs[class] + step * by).clamp(-REACH, REACH);
    }
}

/// The ratio of the quantile to the mean of the time until so many agents become free, if each does so at random: a
/// gamma distribution, by the Wilson-Hilferty approximation.
fn spread(contacts: f64) -> f64 {
    let contacts = contacts.max(1.0);
    let root = 1.0 - 1.0 / (9.0 * contacts) + DEVIATIONS / (3.0 * contacts.sqrt());
    root * root * root
}

fn class(contacts: f64) -> usize {
    match contacts {
        ..1.5 => 0,
        ..3.5 => 1,
        ..7.5 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::{Margin, SHARE, spread};
    use turno_ground::Rng;

    #[test]
    fn the_first_margin_is_the_quantile_of_a_gamma_distribution() {
        // By the incomplete gamma function: 1.609, 1.497, 1.344, 1.252 at shapes 1, 2, 5, 10.
        for (contacts, quantile) in [(1.0, 1.609), (2.0, 1.497), (5.0, 1.344), (10.0, 1.252)] {
            assert!((spread(contacts) - quantile).abs() < 0.01, "{contacts}: {}", spread(contacts));
        }
    }

    #[test]
    fn the_learned_share_comes_near_four_of_five_from_either_side() {
        for real in [0.25, 1.0, 4.0] {
            let (mut margin, mut rng, mut in_time) = (Margin::default(), Rng::new(7), 0);
            for caller in 0..4_000 {
                let wait = -(1.0 - rng.fraction()).ln() * real;
                let is_in_time = wait <= margin.factor(1.0);
                margin.learn(1.0, is_in_time);
                in_time += u32::from(is_in_time && caller >= 1_000);
            }
            let share = f64::from(in_time) / 3_000.0;
            assert!((share - SHARE).abs() < 0.02, "{real}: {share}");
        }
    }
}
