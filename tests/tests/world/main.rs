//! The simulated world: bad hours by the seed, the same again, and as small as they get.

mod bad_hours;
mod day;
mod memory;
mod mixed;
mod shielded;
mod smaller;
