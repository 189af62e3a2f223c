//! How a bad hour draws lots.

use turno_ground::Rng;

/// The longest that a scenario's deeds go on.
pub(crate) const SPAN_MICROS: u64 = 120_000_000;

/// One of these, each alike.
pub(crate) fn one_of<T: Copy>(choices: &[T], rng: &mut Rng) -> T {
    let place = usize::try_from(rng.below(choices.len() as u64)).unwrap_or(0);
    choices[place]
}
