//! Least occupied agent: the smallest part of the working time spent on contacts.

use turno_model::PassedOver;

use super::{IdlePlace, Standing};

/// Puts the occupancy before what `place` goes by.
pub(super) const fn first(standing: Standing, place: IdlePlace) -> IdlePlace {
    IdlePlace { occupancy: standing.occupancy, ..place }
}

/// Whether the occupancy decided between two of the same level.
pub(super) fn why(loser: &IdlePlace, winner: &IdlePlace) -> Option<PassedOver> {
    (loser.load_and_level == winner.load_and_level && loser.occupancy > winner.occupancy)
        .then_some(PassedOver::MoreOccupied)
}
