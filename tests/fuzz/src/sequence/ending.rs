//! The end of a sequence: all peers hang up or fall silent, and nothing may be left.

use core::time::Duration;

use turno_media_plan::MediaEvent;
use turno_model::Command;

use crate::sequence::peer::Manner;
use crate::sequence::world::World;

/// Longest life of a transaction after the last message: 64*T1, twice, because an INVITE may end in a BYE.
const TRANSACTIONS_SPAN: Duration = Duration::from_secs(70);

/// The session timer finds parties that the media plane does not miss, because their direction has no media.
const SESSION_SPAN: Duration = Duration::from_secs(7_200);

/// Rounds until the last call has ended: each ends what an earlier round began, such as a transfer's new leg.
const ROUNDS: [Duration; 8] = [
    TRANSACTIONS_SPAN,
    TRANSACTIONS_SPAN,
    TRANSACTIONS_SPAN,
    TRANSACTIONS_SPAN,
    TRANSACTIONS_SPAN,
    SESSION_SPAN,
    TRANSACTIONS_SPAN,
    SESSION_SPAN,
];

/// Ends in one of four ways and proves that nothing is left.
pub(crate) fn end(world: &mut World, how: u8) {
    world.say(|| format!("the end, in the way {how}"));
    match how {
        // All peers hang up, and the media plane misses those that do not answer.
        0 => {
            behave(world, Manner::Polite);
            hang_up(world);
        }
        // The network is cut: no peer answers any more.
        1 => behave(world, Manner::Deaf),
        // The engine is told to stop, and the peers answer.
        2 => {
            behave(world, Manner::Polite);
            world.command(Command::Stop);
        }
        // The engine is told to stop, and no peer answers.
        _ => {
            behave(world, Manner::Deaf);
            world.command(Command::Stop);
        }
    }
    for span in ROUNDS {
        world.pass(span);
        if world.is_quiet() {
            break;
        }
        for stream in world.plane.missed() {
            world.media(MediaEvent::Inactive { stream });
        }
        for stream in world.plane.open() {
            world.media(MediaEvent::PlayedOut { stream });
        }
    }
    world.prove();
}

fn behave(world: &mut World, manner: Manner) {
    for peer in &mut world.peers {
        peer.manner = manner;
    }
}

fn hang_up(world: &mut World) {
    for place in 0..world.peers.len() {
        for bytes in world.peers[place].hang_up_all() {
            let flow = world.peers[place].flow;
            world.send(flow, bytes);
        }
    }
}
