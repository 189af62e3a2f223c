//! Target `sequence`: sequences of messages, commands, media events and spans of time against an engine.
//!
//! `script` reads the bytes as steps of nine peers: four agents, three callers, a carrier and an unknown source. Each
//! `peer` writes its messages with turno's own writer and keeps its dialogs as a phone does, or wrongly if a step says
//! so. The `world` delivers messages at once, lets time pass deadline by deadline, and checks after every step: the
//! engine's own invariants, the `rules` of the facts, the ports of the `plane`. The `ending` then ends all calls in one
//! of four ways and checks that nothing is left.

mod dialog;
mod ending;
mod peer;
mod plane;
mod rules;
mod script;
mod words;
mod world;

use crate::raw::Raw;
use crate::sequence::world::World;

/// Plays all steps in the bytes, checks after each, and ends the day.
pub fn sequence(bytes: &[u8]) {
    play(bytes, false);
}

/// The same, and prints every step and message, so that people can read a finding.
pub fn tell(bytes: &[u8]) {
    play(bytes, true);
}

fn play(bytes: &[u8], aloud: bool) {
    let mut raw = Raw::new(bytes);
    let how = raw.byte();
    let mut world = World::new(u64::from(how >> 2), aloud);
    script::play(&mut world, &mut raw);
    ending::end(&mut world, how & 3);
}
