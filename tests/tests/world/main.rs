//! The simulated world: bad hours by seed, their repetition, and shrinking.

mod bad_hours;
mod day;
mod memory;
mod mixed;
mod once_broken;
mod smaller;
mod srtp;
