//! Cost of a REGISTER for the engine: with a challenge, with the first answer, and as a refresh with the same nonce.
//!
//!     cargo bench -p turno-benches --bench registrations

use core::time::Duration;

use turno_benches::scale::{Scale, Size};

/// REGISTERs of each kind and seat.
const ROUNDS: u32 = 4;

fn main() {
    println!(
        "{:<16} {:>14} {:>14} {:>14} {:>20}",
        "us each", "challenged", "answered", "refreshed", "a core a second"
    );
    for seats in [200, 5_000] {
        // Nobody calls, but the plan needs a queue.
        let mut house =
            Scale::empty(Size { agents: seats, queues: 1, skills: 1, waiting: 0, answered: false });
        let (mut challenged, mut answered, mut refreshed) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
        for seat in 0..seats {
            let (span, challenge) = house.register(seat, None);
            challenged += span;
            let challenge = challenge.expect("without credentials there is a challenge");
            answered += house.register(seat, Some((&challenge, 1))).0;
            for nc in 2..2 + ROUNDS {
                let (span, again) = house.register(seat, Some((&challenge, nc)));
                assert_eq!(again, None, "the nonce is good");
                refreshed += span;
            }
        }
        let each = |sum: Duration, rounds: u32| sum.as_secs_f64() * 1e6 / seats as f64 / f64::from(rounds);
        let (challenged, answered, refreshed) =
            (each(challenged, 1), each(answered, 1), each(refreshed, ROUNDS));
        println!(
            "{:<16} {challenged:>14.2} {answered:>14.2} {refreshed:>14.2} {:>20.0}",
            format!("{seats} seats"),
            1e6 / (challenged + answered)
        );
    }
}
