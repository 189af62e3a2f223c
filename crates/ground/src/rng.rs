//! Reproducible random numbers: the same seed gives the same sequence.

use core::fmt;

/// Seeded pseudo-random numbers. Not for encryption keys. Tags, branches and nonces draw 128 bits from it, and the
/// shell seeds it from the operating system.
#[derive(Clone)]
pub struct Rng(fastrand::Rng);

const TOKEN_LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

impl Rng {
    /// A generator with the sequence of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A generator for one part of the engine, so that parts do not change each other's sequence.
    pub fn fork(&mut self) -> Self {
        Self(self.0.fork())
    }

    /// A random number.
    pub fn number(&mut self) -> u64 {
        self.0.u64(..)
    }

    /// A number from 0 to `bound - 1`; 0 if `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.0.u64(..bound) }
    }

    /// A fraction from 0 up to, not including, 1.
    pub fn fraction(&mut self) -> f64 {
        self.0.f64()
    }

    /// A token (RFC 3261, 25.1) of lower-case letters and digits, five bits each; it needs no quoting.
    pub fn token<const N: usize>(&mut self) -> [u8; N] {
        core::array::from_fn(|_| TOKEN_LETTERS[usize::from(self.0.u8(..32))])
    }
}

impl fmt::Debug for Rng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rng")
    }
}
