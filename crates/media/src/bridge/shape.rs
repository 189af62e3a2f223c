//! How a bridge works: by relay, or by a mix.

/// How the bridge works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nobody hears anybody.
    Apart,
    /// Two slots hear each other, by relay.
    Pair(usize, usize),
    /// It mixes.
    Mix,
    /// It mixes for the last time with the next tick, and is a pair then.
    LastMix(usize, usize),
}
