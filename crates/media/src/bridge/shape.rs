//! The ways a bridge passes voices on.

/// How a bridge passes voices on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nobody hears anybody.
    Apart,
    /// Two slots hear each other, by relay.
    Pair(usize, usize),
    /// The members hear a mix.
    Mix,
    /// The next tick is the last one of the mix; after it the two slots are a pair.
    LastMix(usize, usize),
}
