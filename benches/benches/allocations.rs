//! Memory allocations: none in the scan of a message, and their number and size in each step of a call.

use std::hint::black_box;

use allocation_counter::{AllocationInfo, measure};
use bytes::Bytes;
use turno_benches::recording::before;
use turno_sip::Message;

/// Registered agents.
const AGENTS: u16 = 200;

const MESSAGES: [(&str, &[u8]); 2] =
    [("INVITE", include_bytes!("../data/invite.sip")), ("200", include_bytes!("../data/success.sip"))];

const STEPS: [(&str, &str, usize); 7] = [
    ("INVITE up to the offer", "INVITE ", 0),
    ("180 of the agent", "SIP/2.0 180", 0),
    ("200 of the agent", "SIP/2.0 200", 0),
    ("ACK of the caller", "ACK ", 0),
    ("BYE of the caller", "BYE ", 0),
    ("200 to our BYE", "SIP/2.0 200", 1),
    ("REGISTER with digest", "REGISTER", 1),
];

fn main() {
    println!("{:<28} {:>12} {:>8}", "", "allocations", "bytes");
    for (name, bytes) in MESSAGES {
        let message = Bytes::copy_from_slice(bytes);
        // A second reference, because the reader of a socket keeps one too.
        let _reader = message.clone();
        let counted = measure(|| {
            let scanned = Message::scan(black_box(&message)).expect("it is well formed");
            black_box(&scanned);
        });
        print(&format!("scan of {name}"), counted);
        assert_eq!(counted.count_total, 0, "the scan of {name} allocates nothing");
    }
    let mut call = AllocationInfo::default();
    for (name, begins, nth) in STEPS {
        let mut before = Some(before(AGENTS, begins, nth));
        let counted = measure(|| before = before.take().map(turno_benches::recording::Before::step));
        print(name, counted);
        if begins != "REGISTER" {
            call.count_total += counted.count_total;
            call.bytes_total += counted.bytes_total;
        }
    }
    print("a call", call);
}

fn print(name: &str, counted: AllocationInfo) {
    println!("{name:<28} {:>12} {:>8}", counted.count_total, counted.bytes_total);
}
