//! The deliberately broken variants: the fault of each, its place, and the bad hours that must find it.

mod beside;
mod breaks;
mod callbacks;
mod connections;
mod disk;
mod floor;
mod hot_desks;
mod known;
mod lamps;
mod menus;
mod observing;
mod offer_answer;
mod passing;
mod phones;
mod plans;
mod ports;
mod recordings;
mod routing;
mod signalling;
mod speaking;
mod steps;
mod surveys;
mod surviving;
mod trunks;
mod voicemails;
mod waits;
mod wrap_ups;

/// One broken variant of turno.
pub(crate) struct Variant {
    /// The fault, as a user would describe it.
    pub(crate) fault: &'static str,
    /// The changed file.
    pub(crate) file: &'static str,
    /// The right code, which occurs once in the file.
    pub(crate) right: &'static str,
    /// The wrong code that replaces it.
    pub(crate) wrong: &'static str,
    /// The site of its bad hours.
    pub(crate) site: &'static str,
    /// The number of seeds, from 0 on, within which bad hours find it.
    pub(crate) seeds: u32,
}

/// A site with one of everything.
pub(crate) const SMALL: &str = "tests/src/stage/site.toml";
/// A site with a queue that nobody serves and that has no limit on waiting.
pub(crate) const LAB: &str = "sip-config/lab";

/// A site behind a carrier where turno registers.
pub(crate) const REGISTERED: &str = "tests/src/stage/registered.toml";

/// All variants; each file has its own subject.
pub(crate) fn variants() -> impl Iterator<Item = &'static Variant> {
    let subjects = [
        signalling::VARIANTS,
        routing::VARIANTS,
        surviving::VARIANTS,
        trunks::VARIANTS,
        disk::VARIANTS,
        menus::VARIANTS,
        ports::VARIANTS,
        plans::VARIANTS,
        offer_answer::VARIANTS,
        connections::VARIANTS,
        beside::VARIANTS,
        speaking::VARIANTS,
        observing::VARIANTS,
        waits::VARIANTS,
        recordings::VARIANTS,
        wrap_ups::VARIANTS,
        steps::VARIANTS,
        breaks::VARIANTS,
        callbacks::VARIANTS,
        surveys::VARIANTS,
        known::VARIANTS,
        voicemails::VARIANTS,
        phones::VARIANTS,
        passing::VARIANTS,
        floor::VARIANTS,
        hot_desks::VARIANTS,
        lamps::VARIANTS,
    ];
    subjects.into_iter().flatten()
}
