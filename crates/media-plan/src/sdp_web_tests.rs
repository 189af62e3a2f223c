//! Offer and answer with browsers: what Chromium and Firefox offer, what we answer, and what is refused.

use crate::codec::Codec;
use crate::sdp::{Negotiation, Unacceptable, is_web};
use crate::srtp::KeyMint;
use crate::stream::Direction;
use crate::webrtc::{DtlsRole, Fingerprint, Hash, Shown};

/// As Chromium 156 offers audio before it has gathered candidates, without its extensions.
const CHROMIUM: &str = "v=0\r\no=- 5232707281104148682 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n\
    a=group:BUNDLE 0\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS 2102acea\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n\
    a=candidate:1022943895 1 udp 2122063615 d1c4.local 51783 typ host generation 0 network-id 1\r\n\
    a=ice-ufrag:P/BB\r\na=ice-pwd:nVleyaXY0WcIj3LV05XMQtln\r\na=ice-options:trickle\r\n\
    a=fingerprint:sha-256 {print}\r\na=setup:actpass\r\na=mid:0\r\n\
    a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=sendrecv\r\na=msid:2102acea 7b085fea\r\n\
    a=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n\
    a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\n\
    a=rtpmap:8 PCMA/8000\r\na=rtpmap:13 CN/8000\r\na=rtpmap:110 telephone-event/48000\r\n\
    a=rtpmap:126 telephone-event/8000\r\na=ssrc:3749960890 cname:ZhZb3nJphY5Huq+W\r\n";

/// Video and data behind it, as Chromium has them.
const MORE: &str = "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:P/BB\r\n\
    a=ice-pwd:nVleyaXY0WcIj3LV05XMQtln\r\na=fingerprint:sha-256 {print}\r\na=setup:actpass\r\na=mid:1\r\n\
    a=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\n\
    m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\na=sctp-port:5000\r\n";

/// The shape of Firefox's: the fingerprint stands before the media.
const FIREFOX: &str = "v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 77 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=sendrecv\r\n\
    a=fingerprint:sha-256 {print}\r\na=group:BUNDLE audio-1\r\na=ice-options:trickle\r\na=msid-semantic:WMS *\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\na=fmtp:101 0-15\r\n\
    a=ice-pwd:0123456789abcdef0123456789abcdef\r\na=ice-ufrag:a1b2c3d4\r\na=mid:audio-1\r\na=msid:{aa} {bb}\r\n\
    a=rtcp-mux\r\na=rtpmap:109 opus/48000/2\r\na=rtpmap:9 G722/8000/1\r\na=rtpmap:0 PCMU/8000\r\n\
    a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=setup:actpass\r\n";

fn print(byte: u8) -> Fingerprint {
    Fingerprint::new(Hash::Sha256, &[byte; 32]).expect("a digest")
}

fn with_print(sdp: &str, byte: u8) -> String {
    let text = print(byte).to_string();
    sdp.replace("{print}", text.split_once(' ').expect("hash and digits").1)
}

fn leg() -> Negotiation {
    let local = "203.0.113.1:19998".parse().expect("an address");
    let mint = KeyMint::new([7; 32]);
    Negotiation::new(local, 5, &[Codec::Pcma, Codec::Pcmu, Codec::G722]).with_web(print(0xee), mint)
}

fn answer(leg: &mut Negotiation, offer: &str) -> String {
    let (answer, _) = leg.answer(offer.as_bytes(), Direction::SendRecv, None).expect("it is acceptable");
    String::from_utf8(answer.to_vec()).expect("text")
}

fn value<'a>(sdp: &'a str, name: &str) -> &'a str {
    let line = sdp.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("no {name} in {sdp}"))
}

#[test]
fn chromiums_offer_is_answered_so_that_it_comes_to_us() {
    let offer = with_print(CHROMIUM, 1);
    assert!(is_web(offer.as_bytes()));
    let mut leg = leg();
    let (body, agreed) = leg.answer(offer.as_bytes(), Direction::SendRecv, None).expect("acceptable");
    let body = String::from_utf8(body.to_vec()).expect("text");
    assert_eq!((agreed.encoding.codec, agreed.encoding.telephone_event), (Codec::Pcma, Some(126)));
    assert_eq!((agreed.direction, agreed.srtp), (Direction::SendRecv, None), "c=0.0.0.0 is no hold");
    for line in [
        "a=group:BUNDLE 0",
        "a=ice-lite",
        "m=audio 19998 UDP/TLS/RTP/SAVPF 8 126",
        "c=IN IP4 203.0.113.1",
        "a=mid:0",
        "a=rtcp-mux",
        "a=setup:passive",
        "a=candidate:1 1 udp 2130706431 203.0.113.1 19998 typ host",
        "a=end-of-candidates",
        "a=rtpmap:126 telephone-event/8000",
    ] {
        assert!(body.lines().any(|it| it == line), "no {line} in {body}");
    }
    assert_eq!(value(&body, "a=fingerprint:"), print(0xee).to_string());
    assert!(!body.contains("a=crypto"), "{body}");
    let terms = leg.web_terms().expect("terms");
    assert_eq!((terms.fingerprint, terms.role), (print(1), DtlsRole::Server));
    assert_eq!(value(&body, "a=ice-ufrag:"), terms.ours.ufrag);
    assert_eq!(value(&body, "a=ice-pwd:"), terms.ours.password);
}

#[test]
fn video_and_data_are_refused_in_their_places_and_are_not_bundled() {
    let offer = with_print(&format!("{CHROMIUM}{MORE}"), 1).replace("BUNDLE 0", "BUNDLE 0 1 2");
    let body = answer(&mut leg(), &offer);
    let medias: Vec<&str> = body.lines().filter(|line| line.starts_with("m=")).collect();
    assert_eq!(
        medias[1..],
        ["m=video 0 UDP/TLS/RTP/SAVPF 96 97", "m=application 0 UDP/DTLS/SCTP webrtc-datachannel"]
    );
    assert!(body.contains("a=group:BUNDLE 0\r\n"), "{body}");
    let mids: Vec<&str> = body.lines().filter_map(|line| line.strip_prefix("a=mid:")).collect();
    assert_eq!(mids, ["0", "1", "2"], "browsers find their lines by name");
}

#[test]
fn firefoxs_offer_is_answered_under_its_names() {
    let body = answer(&mut leg(), &with_print(FIREFOX, 2));
    assert!(body.contains("a=group:BUNDLE audio-1\r\n") && body.contains("a=mid:audio-1\r\n"), "{body}");
    // An offer that is not bundled gets an answer that is not.
    let plain = with_print(FIREFOX, 2).replace("a=group:BUNDLE audio-1\r\n", "");
    assert!(!answer(&mut leg(), &plain).contains("BUNDLE"));
}

#[test]
fn our_offer_to_a_browser_is_one_and_its_answer_needs_no_bundle() {
    let mut leg = leg();
    let offer = String::from_utf8(leg.offer(Direction::SendRecv).to_vec()).expect("text");
    for line in
        ["a=group:BUNDLE 0", "a=ice-lite", "m=audio 19998 UDP/TLS/RTP/SAVPF 8 0 9 101", "a=setup:actpass"]
    {
        assert!(offer.lines().any(|it| it == line), "no {line} in {offer}");
    }
    assert_eq!(leg.web_terms(), None);
    let answer = with_print(CHROMIUM, 3)
        .replace("SAVPF 111 63 9 0 8 13 110 126", "SAVPF 8 0 101")
        .replace("rtpmap:126 telephone-event", "rtpmap:101 telephone-event")
        .replace("setup:actpass", "setup:active")
        .replace("a=group:BUNDLE 0\r\n", "");
    let agreed = leg.answered(answer.as_bytes()).expect("acceptable");
    assert_eq!((agreed.encoding.codec, agreed.encoding.telephone_event), (Codec::Pcma, Some(101)));
    let terms = leg.web_terms().expect("terms");
    assert_eq!((terms.fingerprint, terms.role), (print(3), DtlsRole::Server));
    // Hold by us: the same credentials, the same line.
    let held = String::from_utf8(leg.offer(Direction::SendOnly).to_vec()).expect("text");
    assert_eq!(value(&held, "a=ice-ufrag:"), terms.ours.ufrag);
    assert!(
        held.contains("a=setup:actpass") && held.contains("a=sendonly") && held.contains("a=mid:0"),
        "{held}"
    );
}

#[test]
fn a_browser_that_does_not_want_to_begin_is_begun_with() {
    let mut leg = leg();
    let body = answer(&mut leg, &with_print(CHROMIUM, 1).replace("actpass", "passive"));
    assert!(body.contains("a=setup:active"), "{body}");
    assert_eq!(leg.web_terms().expect("terms").role, DtlsRole::Client);
}

#[test]
fn hold_keeps_the_credentials_and_ice_that_begins_anew_changes_ours() {
    let mut leg = leg();
    let offer = with_print(CHROMIUM, 1);
    let first = answer(&mut leg, &offer);
    let held = answer(&mut leg, &offer.replace("a=sendrecv", "a=sendonly"));
    assert_eq!(value(&first, "a=ice-ufrag:"), value(&held, "a=ice-ufrag:"));
    assert!(held.contains("a=recvonly"), "{held}");
    let anew = answer(&mut leg, &offer.replace("P/BB", "Q/CC"));
    assert_ne!(value(&first, "a=ice-ufrag:"), value(&anew, "a=ice-ufrag:"));
    assert_ne!(value(&first, "a=ice-pwd:"), value(&anew, "a=ice-pwd:"));
    assert_eq!(leg.web_terms().expect("terms").fingerprint, print(1));
    answer(&mut leg, &with_print(CHROMIUM, 9).replace("P/BB", "Q/CC"));
    assert_eq!(leg.web_terms().expect("terms").fingerprint, print(9), "another page, and another handshake");
}

#[test]
fn the_strongest_fingerprint_counts_and_a_weak_one_alone_is_refused() {
    let strong = format!("a=fingerprint:sha-512 {}", vec!["AB"; 64].join(":"));
    let offer = with_print(CHROMIUM, 1);
    let both = offer.replace("a=setup:", &format!("{strong}\r\na=setup:"));
    let mut both_leg = leg();
    answer(&mut both_leg, &both);
    assert_eq!(both_leg.web_terms().expect("terms").fingerprint.hash(), Hash::Sha512);
    let weak = offer.replace("sha-256", "sha-1");
    assert_eq!(leg().answer(weak.as_bytes(), Direction::SendRecv, None), Err(Unacceptable::BadBrowser));
}

#[test]
fn a_browsers_line_that_lacks_what_voice_needs_is_refused() {
    let offer = with_print(CHROMIUM, 1);
    for line in ["a=ice-ufrag:P/BB\r\n", "a=ice-pwd:nVleyaXY0WcIj3LV05XMQtln\r\n", "a=rtcp-mux\r\n"] {
        let lacking = offer.replace(line, "");
        assert_ne!(lacking, offer);
        let refused = leg().answer(lacking.as_bytes(), Direction::SendRecv, None);
        assert_eq!(refused, Err(Unacceptable::BadBrowser), "{line}");
    }
    let short = offer.replace("a=ice-ufrag:P/BB", "a=ice-ufrag:P");
    assert_eq!(leg().answer(short.as_bytes(), Direction::SendRecv, None), Err(Unacceptable::BadBrowser));
}

#[test]
fn browsers_and_phones_are_not_mixed_up() {
    let offer = with_print(CHROMIUM, 1);
    let local = "203.0.113.1:20000".parse().expect("an address");
    let mut plain = Negotiation::new(local, 5, &[Codec::Pcma]);
    let refused = plain.answer(offer.as_bytes(), Direction::SendRecv, None);
    assert_eq!(refused, Err(Unacceptable::NoBrowser), "the plan has no browser phones");
    let phone = plain.offer(Direction::SendRecv);
    assert!(!is_web(&phone));
    let mut web = leg();
    assert!(web.answer(&phone, Direction::SendRecv, None).is_err());
    web.offer(Direction::SendRecv);
    assert!(web.answered(&phone).is_err());
    // Bad input: only a media line says what an offer is.
    assert!(!is_web(b"a=x m=audio 9 UDP/TLS/RTP/SAVPF\r\nm=audio 4000 RTP/AVP 8\r\n"));
}

#[test]
fn a_negotiation_with_a_browser_outlives_a_restart() {
    let mut leg = leg();
    let offer = with_print(CHROMIUM, 1);
    let first = answer(&mut leg, &offer);
    let kept = serde_json::to_string(&leg).expect("it can be written");
    let mut again: Negotiation = serde_json::from_str(&kept).expect("it can be read");
    assert_eq!(again.web_terms(), leg.web_terms());
    assert_eq!(answer(&mut again, &offer), first);
}

#[test]
fn a_certificate_that_is_shown_instead_stands_in_the_next_offer_and_in_no_earlier_one() {
    let mut leg = leg();
    let answered = answer(&mut leg, &with_print(CHROMIUM, 1));
    assert_eq!(
        (leg.shows(), value(&answered, "a=fingerprint:")),
        (Some(Shown::First), &*print(0xee).to_string())
    );
    leg.show(Shown::Other, print(0xdd));
    let offer = String::from_utf8(leg.offer(Direction::SendRecv).to_vec()).expect("text");
    assert_eq!(value(&offer, "a=fingerprint:"), print(0xdd).to_string());
    assert_eq!(value(&offer, "a=setup:"), "actpass");
    assert_eq!(value(&offer, "a=ice-ufrag:"), value(&answered, "a=ice-ufrag:"), "ICE goes on");
    assert_eq!(leg.web_terms().map(|terms| terms.shows), Some(Shown::Other));
}
