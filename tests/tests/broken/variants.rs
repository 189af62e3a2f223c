//! The deliberately broken variants: the fault of each, its place, and the number of bad hours in which it must be
//! found.

mod beside;
mod connections;
mod disk;
mod observing;
mod offer_answer;
mod plans;
mod ports;
mod routing;
mod signalling;
mod surviving;
mod trunks;

/// One broken turno.
pub(crate) struct Variant {
    /// What it does wrong, as a user would tell it.
    pub(crate) fault: &'static str,
    /// The file that is changed.
    pub(crate) file: &'static str,
    /// What stands there, once.
    pub(crate) right: &'static str,
    /// What is put there instead.
    pub(crate) wrong: &'static str,
    /// Where its bad hours are lived.
    pub(crate) site: &'static str,
    /// Within how many seeds, from 0 on, the bad hours find it.
    pub(crate) seeds: u32,
}

/// One of everything.
pub(crate) const SMALL: &str = "tests/src/stage/site.toml";
/// A queue that nobody serves, where people wait for as long as they like.
pub(crate) const LAB: &str = "sip-config/lab";

/// One behind a carrier that turno registers with.
pub(crate) const REGISTERED: &str = "tests/src/stage/registered.toml";

/// All of them; each file has its own subject.
pub(crate) fn variants() -> impl Iterator<Item = &'static Variant> {
    let subjects = [
        signalling::VARIANTS,
        routing::VARIANTS,
        surviving::VARIANTS,
        trunks::VARIANTS,
        disk::VARIANTS,
        ports::VARIANTS,
        plans::VARIANTS,
        offer_answer::VARIANTS,
        connections::VARIANTS,
        beside::VARIANTS,
        observing::VARIANTS,
    ];
    subjects.into_iter().flatten()
}
