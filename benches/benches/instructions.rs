//! Instructions of the hot paths, counted by callgrind: equal in every run, also on a busy machine.
//!
//! `benches/instructions.py` runs this and compares it with the figures in `benches/instructions.toml`.

#![expect(missing_docs, reason = "the macros make modules of their own")]

use std::hint::black_box;
use std::net::SocketAddr;

use bytes::Bytes;
use gungraun::prelude::*;
use turno_benches::hall::Hall;
use turno_benches::recording::{Before, before};
use turno_media_plan::sdp::Negotiation;
use turno_media_plan::{Codec, Direction};
use turno_sip::{Message, Name, Response};

/// Registered agents.
const AGENTS: u16 = 200;

const INVITE: &[u8] = include_bytes!("../data/invite.sip");
const SUCCESS: &[u8] = include_bytes!("../data/success.sip");
const OFFER: &[u8] = include_bytes!("../data/offer.sdp");

fn bytes(text: &'static [u8]) -> Bytes {
    Bytes::from_static(text)
}

fn scanned() -> Message {
    Message::scan(&bytes(INVITE)).expect("the INVITE is well formed")
}

fn leg() -> Negotiation {
    let local = SocketAddr::from(([127, 0, 0, 1], 22_000));
    Negotiation::new(local, 7, &[Codec::Pcma, Codec::Pcmu, Codec::G722])
}

fn offered() -> Negotiation {
    let mut leg = leg();
    leg.offer(Direction::SendRecv);
    leg
}

#[library_benchmark]
#[bench::invite(args = (INVITE), setup = bytes)]
#[bench::success(args = (SUCCESS), setup = bytes)]
fn scan(message: Bytes) -> Message {
    Message::scan(black_box(&message)).expect("it is well formed")
}

#[library_benchmark]
#[bench::ringing(setup = scanned)]
fn write_response(invite: Message) -> (Message, Bytes) {
    let source = SocketAddr::from(([198, 51, 100, 7], 5060));
    let response = Response::to(&invite, 180, "", Some("tag"), Some(source));
    let written = response.header(Name::Contact, "<sip:turno@192.0.2.10:5060>").finish();
    (invite, written)
}

#[library_benchmark]
#[bench::to_an_offer(setup = leg)]
fn sdp_answer(mut leg: Negotiation) -> (Negotiation, Bytes) {
    let (answer, _) = leg.answer(black_box(OFFER), Direction::SendRecv, None).expect("an offer like any");
    (leg, answer)
}

#[library_benchmark]
#[bench::with_three_codecs(setup = leg)]
fn sdp_offer(mut leg: Negotiation) -> (Negotiation, Bytes) {
    let offer = leg.offer(Direction::SendRecv);
    (leg, offer)
}

#[library_benchmark]
#[bench::to_our_offer(setup = offered)]
fn sdp_answered(mut leg: Negotiation) -> Negotiation {
    leg.answered(black_box(OFFER)).expect("an answer like any");
    leg
}

#[library_benchmark]
#[bench::two_hundred_are_free(args = (200, 0), setup = Hall::new)]
#[bench::a_thousand_are_free(args = (1_000, 0), setup = Hall::new)]
#[bench::ten_thousand_wait(args = (200, 10_000), setup = Hall::new)]
fn a_contact_comes(mut hall: Hall) -> Hall {
    hall.arrive();
    hall
}

#[library_benchmark]
#[bench::ten_wait(args = (200, 10), setup = Hall::new)]
#[bench::ten_thousand_wait(args = (200, 10_000), setup = Hall::new)]
fn an_agent_comes_free(mut hall: Hall) -> Hall {
    hall.release();
    hall
}

#[library_benchmark]
#[bench::a_invite_up_to_the_offer(args = (AGENTS, "INVITE ", 0), setup = before)]
#[bench::b_ringing_of_the_agent(args = (AGENTS, "SIP/2.0 180", 0), setup = before)]
#[bench::c_success_of_the_agent(args = (AGENTS, "SIP/2.0 200", 0), setup = before)]
#[bench::d_ack_of_the_caller(args = (AGENTS, "ACK ", 0), setup = before)]
#[bench::e_bye_of_the_caller(args = (AGENTS, "BYE ", 0), setup = before)]
#[bench::f_success_to_our_bye(args = (AGENTS, "SIP/2.0 200", 1), setup = before)]
#[bench::g_register_to_be_challenged(args = (AGENTS, "REGISTER", 0), setup = before)]
#[bench::h_register_with_digest(args = (AGENTS, "REGISTER", 1), setup = before)]
fn engine(before: Before) -> Before {
    before.step()
}

library_benchmark_group!(
    name = hot_paths;
    benchmarks = scan, write_response, sdp_answer, sdp_offer, sdp_answered, a_contact_comes, an_agent_comes_free, engine
);

main!(library_benchmark_groups = hot_paths);
