//! Expert agent distribution: the best level of the skill is compared first.

use turno_model::PassedOver;

use super::IdlePlace;

/// Adds the level (1 is best) in front of `place`.
pub(super) const fn first(level: u8, place: IdlePlace) -> IdlePlace {
    IdlePlace { load_and_level: level as u16, ..place }
}

/// Whether the level decided.
pub(super) fn why(loser: &IdlePlace, winner: &IdlePlace) -> Option<PassedOver> {
    (loser.load_and_level > winner.load_and_level).then_some(PassedOver::WorseLevel)
}
