//! Load of registrations: seats of the lab plan register with digest at a steady rate.

use core::time::Duration;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;
use turno_ground::{Rng, Secret};
use turno_sip::answer_challenge;

use crate::load::process::Spent;
use crate::load::text::{NO_BODY, header, number_after, status};
use crate::load::wire::{Wire, nanos};

/// T1 of RFC 3261 in nanoseconds: a phone repeats a request without an answer after this.
const T1: u64 = 500_000_000;

/// How long to wait for answers after the last request, in nanoseconds.
const TAIL: u64 = 1_000_000_000;

/// Seats of the lab plan.
const SEATS: usize = 200;

/// The figures of one rate.
#[derive(Debug, Default)]
pub struct Seen {
    /// Registrations that began.
    pub begun: u64,
    /// Registrations that ended in a 200.
    pub registered: u64,
    /// Answers that came after T1: a phone would have sent the request again.
    pub late: u64,
    /// Answers that were neither 200 nor 401.
    pub refused: u64,
    /// CPU time of turno's process in nanoseconds.
    pub spent: u64,
    /// Length of the run in nanoseconds.
    pub elapsed: u64,
    /// Nanoseconds from the first request to the 200 of each registration.
    pub spans: Vec<u64>,
}

/// Registers the seats in turn, `rate` times a second for `span`: a REGISTER, the challenge, and the REGISTER with the
/// answer. With `known` only the latter, with the nonce of the first time. Measures the CPU time of process `pid`.
///
/// # Errors
/// The port is taken.
pub fn register(rate: f64, span: Duration, known: bool, pid: u32) -> Result<Seen, String> {
    let server = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 5060);
    let wire = Wire::bind(5080, server).map_err(|error| format!("port 5080: {error}"))?;
    let mut room = Room {
        wire,
        seats: vec![Seat::default(); SEATS],
        rng: Rng::new(nanos()),
        salt: nanos(),
        seen: Seen::default(),
    };
    room.wire.received = 0;
    if known {
        for seat in 0..SEATS {
            room.begin(seat, false);
            let begin = nanos();
            while room.seats[seat].asked_at.is_some() && nanos() - begin < TAIL {
                room.listen(1_000_000);
            }
        }
        room.seen = Seen::default();
    }
    let (before, begin) = (Spent::of(pid), nanos());
    let length = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
    let mut count = 0_u64;
    loop {
        let elapsed = nanos() - begin;
        while (count as f64 * 1e9 / rate) as u64 <= elapsed.min(length) {
            room.begin((count % SEATS as u64) as usize, known);
            count += 1;
            if count.is_multiple_of(16) {
                room.listen(0);
            }
        }
        if elapsed > length {
            break;
        }
        room.listen(100_000);
    }
    room.seen.elapsed = nanos() - begin;
    room.seen.spent = Spent::of(pid).since(&before).iter().map(|(_, nanos)| nanos).sum();
    let end = nanos() + TAIL;
    while nanos() < end && room.seen.registered < room.seen.begun {
        room.listen(10_000_000);
    }
    Ok(room.seen)
}

#[derive(Clone, Debug, Default)]
struct Seat {
    requests: u64,
    begun_at: u64,
    asked_at: Option<u64>,
    challenge: String,
    answers: u32,
}

struct Room {
    wire: Wire,
    seats: Vec<Seat>,
    rng: Rng,
    /// Makes the Call-IDs of this run unique.
    salt: u64,
    seen: Seen,
}

impl Room {
    fn begin(&mut self, seat: usize, known: bool) {
        self.seen.begun += 1;
        self.seats[seat].begun_at = nanos();
        self.ask(seat, known);
    }

    fn ask(&mut self, seat: usize, answers: bool) {
        let user = format!("a{:03}", seat + 1);
        let one = &mut self.seats[seat];
        one.requests += 1;
        let credentials = if answers {
            one.answers += 1;
            let secret = Secret::new("lab");
            let answer = answer_challenge(
                &one.challenge,
                "REGISTER",
                "sip:turno",
                &user,
                &secret,
                &mut self.rng,
                one.answers,
            );
            format!("Authorization: {}\r\n", answer.unwrap_or_default())
        } else {
            String::new()
        };
        let (number, salt) = (one.requests, one.begun_at);
        let register = format!(
            "REGISTER sip:turno SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bK-{user}-{number}-{salt};rport\r\n\
             Max-Forwards: 70\r\nFrom: <sip:{user}@turno>;tag=reg{user}\r\nTo: <sip:{user}@turno>\r\n\
             Call-ID: {user}-{}@127.0.0.1\r\nCSeq: {number} REGISTER\r\n\
             Contact: <sip:{user}@127.0.0.1:5080>\r\nExpires: 3600\r\n{credentials}{NO_BODY}",
            self.salt
        );
        one.asked_at = Some(self.wire.send(register.as_bytes()));
    }

    fn listen(&mut self, wait_nanos: u64) {
        if wait_nanos > 0 {
            let mut wires = [PollFd::new(self.wire.descriptor().as_fd(), PollFlags::POLLIN)];
            let _ = ppoll(&mut wires, Some(TimeSpec::from_duration(Duration::from_nanos(wait_nanos))), None);
        }
        while let Some((at, message)) = self.wire.receive() {
            let seat =
                number_after(header(&message, "To"), "<sip:a").and_then(|number| number.checked_sub(1));
            let Some(seat) = seat.filter(|seat| *seat < SEATS) else { continue };
            let one = &mut self.seats[seat];
            if let Some(asked_at) = one.asked_at.take() {
                self.seen.late += u64::from(at.saturating_sub(asked_at) > T1);
            }
            match status(&message) {
                401 => {
                    header(&message, "WWW-Authenticate").clone_into(&mut one.challenge);
                    one.answers = 0;
                    self.ask(seat, true);
                }
                200 => {
                    self.seen.registered += 1;
                    self.seen.spans.push(at.saturating_sub(one.begun_at));
                }
                _ => self.seen.refused += 1,
            }
        }
    }
}
