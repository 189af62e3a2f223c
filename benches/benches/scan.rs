//! Time to scan an INVITE of 1 kB. The target is 0.8 microseconds.

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use turno_sip::Message;

/// A trunk's INVITE with an offer, as it arrives through a proxy.
const INVITE: &str = "\
INVITE sip:7000@192.0.2.10:5060;user=phone SIP/2.0\r\n\
Via: SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK8f3a61c0d2;rport\r\n\
Via: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bKnashds8;received=198.51.100.7\r\n\
Record-Route: <sip:192.0.2.20;lr>\r\n\
Max-Forwards: 69\r\n\
From: \"Citizen 0991234567\" <sip:0991234567@198.51.100.7>;tag=1928301774\r\n\
To: <sip:7000@192.0.2.10>\r\n\
Call-ID: a84b4c76e66710@198.51.100.7\r\n\
CSeq: 314159 INVITE\r\n\
Contact: <sip:0991234567@198.51.100.7:5060>\r\n\
P-Asserted-Identity: <sip:+593991234567@carrier.example>\r\n\
Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, PRACK\r\n\
Supported: timer, 100rel, replaces\r\n\
Session-Expires: 1800;refresher=uac\r\n\
User-Agent: Carrier gateway 4.2\r\n\
Content-Type: application/sdp\r\n\
Content-Length: 266\r\n\
\r\n\
v=0\r\no=gateway 2890844526 2890844526 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n\
m=audio 49172 RTP/AVP 8 0 18 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:18 G729/8000\r\n\
a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";

fn scan(criterion: &mut Criterion) {
    let invite = Bytes::from_static(INVITE.as_bytes());
    let message = Message::scan(&invite).expect("the INVITE is well formed");
    assert!(message.is_request() && (1_000..1_200).contains(&invite.len()), "{} bytes", invite.len());
    criterion.bench_function("scan of a 1 kB INVITE", |bencher| {
        bencher.iter(|| Message::scan(black_box(&invite)).expect("the INVITE is well formed"));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    targets = scan
}
criterion_main!(benches);
