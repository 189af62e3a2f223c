//! The language of the sequences: one byte chooses the step, the next the peer, a few more the details.

use core::time::Duration;

use bytes::Bytes;
use turno_media_plan::{MediaEvent, StreamFailure, StreamId};
use turno_model::{AgentId, Command, TrunkId};
use turno_sip::{Method, Name};

use crate::raw::Raw;
use crate::sequence::peer::{Manner, Peer};
use crate::sequence::words::{ANSWERS, NUMBERS, SPANS, refer_to, sdp};
use crate::sequence::world::World;

/// Maximum number of steps in one sequence.
const STEPS_MAX: usize = 150;

/// Maximum number of garbage bytes in one datagram.
const GARBAGE_BYTES_MAX: usize = 64;

const MANNERS: [Manner; 5] =
    [Manner::Ringing, Manner::Answering, Manner::Refusing, Manner::Polite, Manner::Deaf];

/// Methods that may come in a dialog and change little.
const OTHERS: [Method; 8] = [
    Method::Options,
    Method::Message,
    Method::Subscribe,
    Method::Notify,
    Method::Publish,
    Method::Prack,
    Method::Register,
    Method::Info,
];

/// Reads and plays every step.
pub(crate) fn play(world: &mut World, raw: &mut Raw<'_>) {
    for _ in 0..STEPS_MAX {
        if raw.is_empty() {
            return;
        }
        let kind = raw.byte() & 0x1f;
        match kind {
            0..=7 => pass(world, kind, raw),
            8..=10 => media(world, kind, raw),
            11 => command(world, raw),
            _ => {
                let who = usize::from(raw.byte()) % world.peers.len();
                if let Some(bytes) = speak(world, kind, who, raw) {
                    let flow = world.peers[who].flow;
                    world.send(flow, bytes);
                }
            }
        }
    }
}

fn pass(world: &mut World, kind: u8, raw: &mut Raw<'_>) {
    match kind {
        0 | 1 => world.pass(Duration::from_millis(u64::from(raw.byte()) * 10)),
        2 | 3 => {
            let end = world.now + Duration::from_secs(u64::from(raw.byte()) + 1);
            world.wake_by(end);
        }
        _ => {
            let span = SPANS[usize::from(raw.byte()) % SPANS.len()];
            world.pass(Duration::from_millis(span));
        }
    }
    world.say(|| "time has passed".to_owned());
}

fn media(world: &mut World, kind: u8, raw: &mut Raw<'_>) {
    let open = world.plane.open();
    let choice = raw.byte();
    let stream =
        open.get(usize::from(choice) % (open.len() + 1)).copied().unwrap_or(StreamId(u64::from(choice)));
    world.media(match kind {
        8 => MediaEvent::Digit {
            stream,
            digit: char::from(b"0123456789*#ABCD1212"[usize::from(raw.byte()) % 20]),
        },
        9 => MediaEvent::PlayedOut { stream },
        _ if raw.byte() & 1 == 0 => MediaEvent::Inactive { stream },
        _ => MediaEvent::Failed { stream, failure: StreamFailure::PortRefused },
    });
}

fn command(world: &mut World, raw: &mut Raw<'_>) {
    let choice = raw.byte();
    let many = u32::try_from(world.plan.agents.len()).unwrap_or(1);
    let agent = AgentId(u32::from(choice >> 4) % many);
    world.command(match choice & 0x0f {
        0 | 1 => Command::LogIn(agent),
        2 => Command::LogOut(agent),
        3 | 4 => Command::Ready(agent),
        5 | 6 => Command::Aux(agent, choice >> 7),
        7 | 8 => Command::EndAcw(agent),
        9 => Command::WrapUp(agent, "code".into()),
        10 => Command::TrunkResolved(TrunkId(0), Vec::new()),
        11 => Command::TrunkResolved(TrunkId(0), vec![world.peers[7].flow.remote]),
        12 if choice >> 4 == 0 => Command::Drain,
        13 if choice >> 4 == 0 => Command::Stop,
        _ => Command::Ready(agent),
    });
}

/// The message that a peer sends in this step; `None` if it has none.
fn speak(world: &mut World, kind: u8, who: usize, raw: &mut Raw<'_>) -> Option<Bytes> {
    let peer = &mut world.peers[who];
    match kind {
        12 | 13 => Some(register(world, who, raw)),
        14 | 15 => call(world, who, raw),
        16 | 17 => respond(peer, raw),
        18 => within(world, who, raw, Method::Bye, |_| Vec::new(), 9),
        19 => within(world, who, raw, Method::Cancel, |_| Vec::new(), 9),
        20 => {
            let body = raw.byte();
            within(world, who, raw, Method::Invite, |_| Vec::new(), body)
        }
        21 => {
            let body = raw.byte();
            let method = if body & 0x10 == 0 { Method::Ack } else { Method::Update };
            within(world, who, raw, method, |_| Vec::new(), body)
        }
        22 => {
            let target = refer_to(raw.byte());
            within(world, who, raw, Method::Refer, |_| vec![(Name::ReferTo, target)], 9)
        }
        23 => {
            let target = attended(world, raw);
            within(world, who, raw, Method::Refer, |_| vec![(Name::ReferTo, target)], 9)
        }
        24 => {
            let method = *raw.one_of(&OTHERS)?;
            within(world, who, raw, method, |_| vec![(Name::Event, "refer".to_owned())], 9)
        }
        25 => {
            let place = usize::from(raw.byte()) % peer.sent.len().max(1);
            peer.sent.iter().rev().nth(place).cloned()
        }
        26 => mutated(&world.peers[who].sent.clone(), raw),
        27 => {
            let other = usize::from(raw.byte()) % world.peers.len();
            mutated(&world.peers[other].heard.clone(), raw)
        }
        28 => {
            let length = usize::from(raw.byte()) % GARBAGE_BYTES_MAX;
            Some(Bytes::copy_from_slice(raw.some(length)))
        }
        29 => {
            peer.manner = *raw.one_of(&MANNERS)?;
            None
        }
        30 => {
            let flow = peer.flow;
            world.close(flow);
            None
        }
        _ => odd_sequence(world, who, raw),
    }
}

fn call(world: &mut World, who: usize, raw: &mut Raw<'_>) -> Option<Bytes> {
    let number = *raw.one_of(&NUMBERS)?;
    let choice = raw.byte();
    let body = sdp(choice & 0x0f, u16::from(choice >> 4));
    let extra = invite_headers(world, who, raw.byte());
    let bytes = world.peers[who].invite(number, &extra, &body);
    if let Some(dialog) = world.peers[who].dialogs.last_mut() {
        dialog.is_late = body.is_empty();
    }
    Some(bytes)
}

fn respond(peer: &mut Peer, raw: &mut Raw<'_>) -> Option<Bytes> {
    let status = ANSWERS[usize::from(raw.byte() & 0x0f)];
    let choice = raw.byte();
    let place = usize::from(choice >> 4).checked_rem(peer.waiting.len())?;
    // Another response may follow a provisional one, or one of two forks.
    let is_last = status >= 200 && choice & 1 == 0;
    let request = if is_last { peer.waiting.remove(place) } else { peer.waiting[place].clone() };
    let tag = if choice & 0x0e == 0x0e { peer.fresh("f") } else { peer.tag_for(&request) };
    Some(peer.respond(&request, status, &tag, &sdp(choice >> 1 & 7, 6)))
}

fn register(world: &mut World, who: usize, raw: &mut Raw<'_>) -> Bytes {
    let choice = raw.byte();
    let other = world.peers[usize::from(choice >> 4) % world.peers.len()].contact();
    let peer = &mut world.peers[who];
    let contact = match choice & 7 {
        5 => format!("{}, {other}", peer.contact()),
        6 => other,
        7 => "*".to_owned(),
        _ => peer.contact(),
    };
    let expires = ["3600", "60", "0", "1", "4294967295", "600"][usize::from(raw.byte()) % 6];
    let extra = [(Name::Contact, contact), (Name::Expires, expires.to_owned())];
    peer.ask(Method::Register, "sip:turno", &extra)
}

fn invite_headers(world: &World, who: usize, choice: u8) -> Vec<(Name, String)> {
    let mut extra = Vec::new();
    if choice & 1 != 0 {
        extra.push((Name::Supported, "100rel".to_owned()));
    }
    if choice & 2 != 0 {
        extra.push((
            Name::SessionExpires,
            ["90;refresher=uac", "1800", "10"][usize::from(choice >> 6) % 3].to_owned(),
        ));
    }
    if choice & 4 != 0 {
        extra.push((Name::PAssertedIdentity, "<tel:+593990000009>".to_owned()));
    }
    if choice & 8 != 0 && choice & 0x10 == 0 {
        extra.push((Name::Require, "100rel".to_owned()));
    }
    if choice & 0x30 == 0x30 {
        let dialog = world.peers[(who + usize::from(choice >> 6)) % world.peers.len()].dialogs.first();
        if let Some(dialog) = dialog {
            let (call, to, from) = (&dialog.call_id, dialog.remote_tag(), dialog.tag());
            extra.push((Name::Replaces, format!("{call};to-tag={to};from-tag={from}")));
        }
    }
    extra
}

/// A Refer-To that names a dialog of some peer.
fn attended(world: &World, raw: &mut Raw<'_>) -> String {
    let other = &world.peers[usize::from(raw.byte()) % world.peers.len()];
    let place = usize::from(raw.byte()) % other.dialogs.len().max(1);
    match other.dialogs.get(place) {
        Some(dialog) => format!(
            "<sip:x@turno?Replaces={}%3Bto-tag%3D{}%3Bfrom-tag%3D{}>",
            dialog.call_id,
            dialog.remote_tag(),
            dialog.tag()
        ),
        None => "<sip:x@turno?Replaces=nobody%3Bto-tag%3Da%3Bfrom-tag%3Db>".to_owned(),
    }
}

fn within(
    world: &mut World,
    who: usize,
    raw: &mut Raw<'_>,
    method: Method,
    extra: impl FnOnce(&World) -> Vec<(Name, String)>,
    body: u8,
) -> Option<Bytes> {
    let extra = extra(world);
    let peer = &mut world.peers[who];
    let place = usize::from(raw.byte()).checked_rem(peer.dialogs.len())?;
    let place = peer.dialogs.len() - 1 - place;
    if method == Method::Info {
        let via = peer.via();
        let contact = peer.contact();
        let request = peer.dialogs[place].request(method, "", &via, &contact);
        let digit = char::from(b"0123456789*#12"[usize::from(raw.byte()) % 14]);
        let body = format!("Signal={digit}\r\nDuration=160\r\n");
        let request = request.body("application/dtmf-relay", body.as_bytes());
        return Some(peer.send(request));
    }
    Some(peer.within(place, method, &extra, &sdp(body & 0x0f, 5)))
}

/// A request with a wrong CSeq number, or in the dialog of another peer.
fn odd_sequence(world: &mut World, who: usize, raw: &mut Raw<'_>) -> Option<Bytes> {
    let choice = raw.byte();
    let other = (who + usize::from(choice >> 5)) % world.peers.len();
    let dialog = raw.one_of(&world.peers[other].dialogs)?;
    let (call_id, local, remote, target) =
        (dialog.call_id.clone(), dialog.local.clone(), dialog.remote.clone(), dialog.target.clone());
    let cseq = match choice & 3 {
        0 => dialog.cseq,
        1 => dialog.cseq.saturating_sub(1),
        2 => dialog.cseq + 1000,
        _ => 0x7fff_ffff,
    };
    let method = [Method::Bye, Method::Invite, Method::Info, Method::Refer][usize::from(choice >> 2 & 3)];
    let peer = &mut world.peers[who];
    let (via, contact) = (peer.via(), peer.contact());
    let request = turno_sip::Request::new(method, &target)
        .header(Name::Via, via)
        .header(Name::MaxForwards, raw.byte())
        .header(Name::From, local)
        .header(Name::To, remote)
        .header(Name::CallId, call_id)
        .header(Name::CSeq, format_args!("{cseq} {}", method.name()))
        .header(Name::Contact, contact)
        .finish();
    Some(peer.send(request))
}

/// One of `known` with a few bytes changed.
fn mutated(known: &[Bytes], raw: &mut Raw<'_>) -> Option<Bytes> {
    let mut bytes = raw.one_of(known)?.to_vec();
    for _ in 0..=raw.byte() & 3 {
        let at = usize::from(raw.number()).checked_rem(bytes.len())?;
        let byte = raw.byte();
        match raw.byte() & 3 {
            0 => {
                bytes.remove(at);
            }
            1 => bytes.insert(at, byte),
            _ => bytes[at] = byte,
        }
    }
    Some(Bytes::from(bytes))
}
