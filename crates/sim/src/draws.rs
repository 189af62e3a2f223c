//! Random draws that several parts of a scenario share.

use turno_ground::Rng;

/// The time over which the actions of a scenario are spread.
pub(crate) const SPAN_MICROS: u64 = 120_000_000;

/// One of these, with equal probability.
pub(crate) fn one_of<T: Copy>(choices: &[T], rng: &mut Rng) -> T {
    let place = usize::try_from(rng.below(choices.len() as u64)).unwrap_or(0);
    choices[place]
}
