//! Least occupied agent: the smallest share of working time spent on contacts.

use turno_model::PassedOver;

use super::{IdlePlace, Standing};

/// Adds the occupancy in front of `place`.
pub(super) const fn first(standing: Standing, place: IdlePlace) -> IdlePlace {
    IdlePlace { occupancy: standing.occupancy, ..place }
}

/// Whether the occupancy decided between two agents of the same level.
pub(super) fn why(loser: &IdlePlace, winner: &IdlePlace) -> Option<PassedOver> {
    (loser.load_and_level == winner.load_and_level && loser.occupancy > winner.occupancy)
        .then_some(PassedOver::MoreOccupied)
}
