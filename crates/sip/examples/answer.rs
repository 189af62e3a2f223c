//! Reads an INVITE, answers it with a stack and prints what leaves: `cargo run -p turno-sip --example answer`.

use bytes::Bytes;
use turno_ground::{Datagram, Flow, Moment, Rng, Transport};
use turno_sip::{Event, Extra, Message, Stack, StackSettings};

const INVITE: &str = "INVITE sip:7000@192.0.2.1 SIP/2.0\r\n\
    Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKexample\r\n\
    Max-Forwards: 70\r\n\
    From: <sip:ana@192.0.2.9>;tag=ana\r\n\
    To: <sip:7000@192.0.2.1>\r\n\
    Call-ID: example@192.0.2.9\r\n\
    CSeq: 1 INVITE\r\n\
    Contact: <sip:ana@192.0.2.9:5060>\r\n\
    Content-Type: application/sdp\r\n\
    Content-Length: 5\r\n\r\nv=0\r\n";

fn print_transmits(stack: &mut Stack) {
    while let Some(transmit) = stack.poll_transmit() {
        println!("to {}\n{}", transmit.flow.remote, String::from_utf8_lossy(&transmit.bytes));
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let invite = Bytes::from_static(INVITE.as_bytes());
    let message = Message::scan(&invite).map_err(|fault| format!("{fault:?}"))?;
    println!(
        "{} from {}\n",
        message.method_name(),
        message.from().map_err(|fault| format!("{fault:?}"))?.uri
    );

    // The stack has neither sockets nor a clock: it is told what came, and when.
    let (local, remote) = ("192.0.2.1:5060".parse()?, "192.0.2.9:5060".parse()?);
    let settings = StackSettings { addresses: vec![(Transport::Udp, local)], ..StackSettings::default() };
    let mut stack = Stack::new(settings, Rng::new(1));
    let now = Moment::from_secs(0);
    let flow = Flow { transport: Transport::Udp, local, remote };
    stack.handle_datagram(Datagram { flow, bytes: &invite }, now);
    while let Some(event) = stack.poll_event() {
        if let Event::Invite { session, .. } = event {
            stack.ring(session, now);
            stack.accept(session, Bytes::from_static(b"v=0\r\n"), Extra::default(), now);
        }
    }
    print_transmits(&mut stack);

    // No ACK comes, so the 200 leaves again after T1, and once more after twice as long.
    for _ in 0..2 {
        let due = stack.next_deadline().ok_or("a 200 without ACK has a deadline")?;
        println!("-- after {:?}", due.since(now));
        stack.handle_deadlines(due);
        print_transmits(&mut stack);
    }
    Ok(())
}
