//! Tests of offers that deviate from RFC 8866 or use unsupported features: a call is refused only if nobody could be
//! heard.

use std::net::SocketAddr;

use crate::codec::Codec;
use crate::sdp::{Negotiation, Unacceptable};
use crate::srtp::{KeyMint, SrtpPolicy};
use crate::stream::Direction;

const KEY: &str = "inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

/// Result of an offer: our first remote address with the direction, and the media lines of our answer; or the refusal.
fn fate(policy: SrtpPolicy, offer: &str) -> String {
    let local = SocketAddr::from(([192, 0, 2, 1], 20_000));
    let mut leg = Negotiation::new(local, 7, &Codec::ALL).with_srtp(policy, KeyMint::new([1; 32]));
    match leg.answer(offer.as_bytes(), Direction::SendRecv, None) {
        Ok((answer, agreed)) => {
            let answer = String::from_utf8_lossy(&answer).into_owned();
            let lines: Vec<&str> = answer.lines().filter_map(|line| line.strip_prefix("m=")).collect();
            let sealed = if agreed.srtp.is_some() { " sealed" } else { "" };
            format!("{} {:?}{sealed}: {}", agreed.remote, agreed.direction, lines.join(", "))
        }
        Err(Unacceptable::Malformed) => "not SDP".to_owned(),
        Err(why) => format!("{why:?}"),
    }
}

fn body(rest: &str) -> String {
    format!("v=0\r\no=u 1 1 IN IP4 198.51.100.9\r\ns=-\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n{rest}")
}

const TALKS: &str = "198.51.100.9:4000 SendRecv: audio 20000 RTP/AVP 8";
/// The peer's first packet shows its address.
const LATCHES: &str = "0.0.0.0:4000 SendRecv: audio 20000 RTP/AVP 8";

/// Whole bodies: description, body, expected result.
const SHAPES: [(&str, &str, &str); 22] = [
    ("no o=, s= and t=", "v=0\r\nc=IN IP4 198.51.100.9\r\nm=audio 4000 RTP/AVP 8\r\n", TALKS),
    ("s= first, v= behind", "s=-\r\nv=0\r\nc=IN IP4 198.51.100.9\r\nm=audio 4000 RTP/AVP 8\r\n", TALKS),
    ("c= behind t=", "v=0\r\ns=-\r\nt=0 0\r\nc=IN IP4 198.51.100.9\r\nm=audio 4000 RTP/AVP 8\r\n", TALKS),
    ("no v=", "o=- 1 1 IN IP4 1.1.1.1\r\nc=IN IP4 198.51.100.9\r\nm=audio 4000 RTP/AVP 8\r\n", TALKS),
    ("another version", "v=1\r\nc=IN IP4 198.51.100.9\r\nm=audio 4000 RTP/AVP 8\r\n", TALKS),
    ("empty s=", "v=0\r\ns=\r\nc=IN IP4 198.51.100.9\r\nm=audio 4000 RTP/AVP 8\r\n", TALKS),
    ("line ends of Unix", "v=0\ns=-\nc=IN IP4 198.51.100.9\nt=0 0\nm=audio 4000 RTP/AVP 8\n", TALKS),
    ("line ends of old Macs", "v=0\rc=IN IP4 198.51.100.9\rm=audio 4000 RTP/AVP 8\r", TALKS),
    ("no end of the last line", "v=0\r\nc=IN IP4 198.51.100.9\r\nm=audio 4000 RTP/AVP 8", TALKS),
    ("NULs behind it", "v=0\r\nc=IN IP4 198.51.100.9\r\nm=audio 4000 RTP/AVP 8\r\n\0\0\0", TALKS),
    ("empty lines", "v=0\r\n\r\nc=IN IP4 198.51.100.9\r\n\r\nm=audio 4000 RTP/AVP 8\r\n\r\n", TALKS),
    ("spaces and tabs", "v=0\r\nc= IN  IP4\t198.51.100.9 \r\nm=audio  4000 RTP/AVP  8 \r\n", TALKS),
    ("spaces before =", "v = 0\r\nc = IN IP4 198.51.100.9\r\n m = audio 4000 RTP/AVP 8\r\n", TALKS),
    ("lines of no kind", "v=0\r\nx=y\r\nhello\r\nc=IN IP4 198.51.100.9\r\nm=audio 4000 RTP/AVP 8\r\n", TALKS),
    ("o= with words too few", "v=0\r\no=-\r\nc=IN IP4 198.51.100.9\r\nm=audio 4000 RTP/AVP 8\r\n", TALKS),
    (
        "o= with a version past 64 bits",
        "v=0\r\no=- 1 99999999999999999999999 IN IP4 x\r\nc=IN IP4 198.51.100.9\r\nm=audio 4000 RTP/AVP 8\r\n",
        TALKS,
    ),
    (
        "b=, k=, e=, p=, u=, i=, r=, z=",
        "v=0\r\ni=a\r\nu=b\r\ne=c\r\np=d\r\nc=IN IP4 198.51.100.9\r\nb=AS:x\r\nt=0 0\r\nr=1\r\nz=2\r\nk=clear:1\r\nm=audio 4000 RTP/AVP 8\r\nb=TIAS:\r\n",
        TALKS,
    ),
    ("c= at the line alone", "v=0\r\nm=audio 4000 RTP/AVP 8\r\nc=IN IP4 198.51.100.9\r\n", TALKS),
    ("no c= at all", "v=0\r\nm=audio 4000 RTP/AVP 8\r\n", LATCHES),
    ("no media line", "v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nt=0 0\r\n", "NoAudio"),
    ("no SDP", "hello\r\n", "not SDP"),
    ("nothing", "", "not SDP"),
];

/// Connection lines: the line, expected result.
const CONNECTIONS: [(&str, &str); 14] = [
    ("IN IP4 phone.example.org", LATCHES),
    ("IN IP6 phone.example.org", LATCHES),
    ("IN IP4 localhost", LATCHES),
    ("IN IP6 2001:db8::1", LATCHES),
    ("IN IP6 fe80::1%eth0", LATCHES),
    ("IN IP4 198.51.100.999", LATCHES),
    ("IN IP4", LATCHES),
    ("IN IP6 198.51.100.9", TALKS),
    ("in ip4 198.51.100.9", TALKS),
    ("IN IP4 198.51.100.9/127", TALKS),
    ("IN IP4 0.0.0.0", "0.0.0.0:4000 RecvOnly: audio 20000 RTP/AVP 8"),
    ("IN IP6 ::", "0.0.0.0:4000 RecvOnly: audio 20000 RTP/AVP 8"),
    ("IN IP4 239.1.1.1/127", "Address"),
    ("IN IP4 255.255.255.255", "Address"),
];

/// Lines after a good head: description, lines, expected result.
const LINES: [(&str, &str, &str); 34] = [
    ("two ports", "m=audio 4000/2 RTP/AVP 8\r\n", TALKS),
    ("a codec in small letters", "m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 pcma/8000\r\n", TALKS),
    ("a channel", "m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000/1\r\n", TALKS),
    ("spaces in a mapping", "m=audio 4000 RTP/AVP 8\r\na=rtpmap: 8  PCMA/8000 \r\n", TALKS),
    ("attributes in capitals", "m=audio 4000 RTP/AVP 8\r\na=RTPMAP:8 PCMA/8000\r\na=SendRecv\r\n", TALKS),
    (
        "a hold in capitals",
        "m=audio 4000 RTP/AVP 8\r\na=SENDONLY\r\n",
        "198.51.100.9:4000 RecvOnly: audio 20000 RTP/AVP 8",
    ),
    ("media in capitals", "m=AUDIO 4000 rtp/avp 8\r\n", TALKS),
    (
        "attributes of no kind",
        "m=audio 4000 RTP/AVP 8\r\na=\r\na=:\r\na=x-y:z\r\na=fmtp:8\r\na=rtpmap\r\na=rtpmap:8\r\n",
        TALKS,
    ),
    (
        "ptime and maxptime of any size",
        "m=audio 4000 RTP/AVP 8\r\na=ptime:0\r\na=maxptime:x\r\na=ptime:999\r\n",
        TALKS,
    ),
    (
        "ICE, rtcp-mux and rtcp",
        "m=audio 4000 RTP/AVP 8\r\na=ice-ufrag:x\r\na=candidate:1 1 UDP 1 10.0.0.1 5 typ host\r\na=rtcp-mux\r\na=rtcp:4001\r\n",
        TALKS,
    ),
    ("comfort noise", "m=audio 4000 RTP/AVP 8 13\r\na=rtpmap:13 CN/8000\r\n", TALKS),
    (
        "keys without fmtp",
        "m=audio 4000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000\r\n",
        "198.51.100.9:4000 SendRecv: audio 20000 RTP/AVP 8 96",
    ),
    ("numbers out of range", "m=audio 4000 RTP/AVP 300 -1 x 8\r\n", TALKS),
    (
        "inactive",
        "m=audio 4000 RTP/AVP 8\r\na=inactive\r\n",
        "198.51.100.9:4000 Inactive: audio 20000 RTP/AVP 8",
    ),
    (
        "feedback",
        "m=audio 4000 RTP/AVPF 8\r\na=rtcp-fb:* nack\r\n",
        "198.51.100.9:4000 SendRecv: audio 20000 RTP/AVPF 8",
    ),
    (
        "fax beside it",
        "m=audio 4000 RTP/AVP 8\r\nm=image 5000 udptl t38\r\n",
        "198.51.100.9:4000 SendRecv: audio 20000 RTP/AVP 8, image 0 udptl t38",
    ),
    (
        "video before it",
        "m=video 5000 RTP/AVPF 96\r\nm=audio 4000 RTP/AVP 8\r\n",
        "198.51.100.9:4000 SendRecv: video 0 RTP/AVPF 96, audio 20000 RTP/AVP 8",
    ),
    (
        "a line of no sense beside it",
        "m=audio 4000 RTP/AVP 8\r\nm=\r\nm=text\r\nm=message 9 TCP/MSRP *\r\n",
        "198.51.100.9:4000 SendRecv: audio 20000 RTP/AVP 8, audio 0 RTP/AVP 0, text 0 RTP/AVP 0, message 0 TCP/MSRP *",
    ),
    (
        "a line that is off, without c=",
        "m=audio 4000 RTP/AVP 8\r\nm=audio 0 RTP/AVP 0\r\n",
        "198.51.100.9:4000 SendRecv: audio 20000 RTP/AVP 8, audio 0 RTP/AVP 0",
    ),
    (
        "two voices",
        "m=audio 4000 RTP/AVP 8\r\nm=audio 4002 RTP/AVP 0\r\n",
        "198.51.100.9:4000 SendRecv: audio 20000 RTP/AVP 8, audio 0 RTP/AVP 0",
    ),
    (
        "both families, IPv6 first (RFC 4091)",
        "a=group:ANAT 1 2\r\nm=audio 4002 RTP/AVP 8\r\nc=IN IP6 2001:db8::1\r\na=mid:1\r\nm=audio 4000 RTP/AVP 8\r\na=mid:2\r\n",
        "198.51.100.9:4000 SendRecv: audio 0 RTP/AVP 8, audio 20000 RTP/AVP 8",
    ),
    (
        "another address beside (RFC 6947)",
        "m=audio 4000 RTP/AVP 8\r\na=altc:1 IP6 2001:db8::1 4000\r\n",
        TALKS,
    ),
    (
        "a key beside plain RTP, which is not spoken here",
        "m=audio 4000 RTP/AVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 x\r\n",
        TALKS,
    ),
    ("DTLS", "m=audio 4000 UDP/TLS/RTP/SAVPF 8\r\n", "NoBrowser"),
    ("another transport", "m=audio 4000 TCP/RTP/AVP 8\r\n", "NoAudio"),
    ("no voice", "m=video 4000 RTP/AVP 96\r\n", "NoAudio"),
    ("fax alone", "m=image 4000 udptl t38\r\n", "NoAudio"),
    ("the voice is off", "m=audio 0 RTP/AVP 8\r\n", "NoAudio"),
    ("no port", "m=audio x RTP/AVP 8\r\n", "NoAudio"),
    ("no such port", "m=audio 70000 RTP/AVP 8\r\n", "NoAudio"),
    ("no formats", "m=audio 4000 RTP/AVP\r\n", "NoCodec"),
    ("no codec of ours", "m=audio 4000 RTP/AVP 18 3\r\n", "NoCodec"),
    ("keys alone", "m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n", "NoCodec"),
    ("SRTP, which the plan does not allow here", "m=audio 4000 RTP/SAVP 8\r\n", "NoPlain"),
];

#[test]
fn an_odd_offer_is_refused_only_where_nobody_would_be_heard() {
    // RFC 8866; RFC 3264, 6; the robustness that RFC 3261, 7.3.1 and 8.2 demand of a reader.
    for (what, offer, expected) in SHAPES {
        assert_eq!(fate(SrtpPolicy::Never, offer), expected, "{what}");
    }
    for (line, expected) in CONNECTIONS {
        let offer = format!("v=0\r\ns=-\r\nc={line}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n");
        assert_eq!(fate(SrtpPolicy::Never, &offer), expected, "c={line}");
    }
    for (what, lines, expected) in LINES {
        assert_eq!(fate(SrtpPolicy::Never, &body(lines)), expected, "{what}");
    }
}

#[test]
fn odd_keys_are_passed_over_and_good_ones_beside_them_taken() {
    // RFC 4568, 7.1.2: an unknown mandatory parameter must not be chosen.
    let secure = |profile: &str, keys: &[String]| {
        let keys: String = keys.iter().map(|key| format!("a=crypto:{key}\r\n")).collect();
        fate(SrtpPolicy::Offered, &body(&format!("m=audio 4000 {profile} 8\r\n{keys}")))
    };
    let good = format!("2 AES_CM_128_HMAC_SHA1_80 {KEY}");
    let sealed = |profile: &str| format!("198.51.100.9:4000 SendRecv sealed: audio 20000 {profile} 8");
    for odd in [
        format!("1 F8_128_HMAC_SHA1_80 {KEY}"),
        format!("1 AES_CM_128_HMAC_SHA1_80 {KEY} UNKNOWN=1"),
        "1 AES_CM_128_HMAC_SHA1_80 inline:short".to_owned(),
        "x".to_owned(),
    ] {
        assert_eq!(secure("RTP/SAVP", &[odd.clone(), good.clone()]), sealed("RTP/SAVP"), "{odd}");
        assert_eq!(secure("RTP/SAVP", core::slice::from_ref(&odd)), "NoSuite", "{odd}");
        assert_eq!(secure("RTP/AVP", core::slice::from_ref(&odd)), TALKS, "{odd}");
    }
    for fine in
        [format!("{good}|2^31"), format!("{good}|2^20|1:4"), format!("{good} WSH=64"), format!("{good} -X=1")]
    {
        for profile in ["RTP/SAVP", "RTP/AVP", "RTP/SAVPF", "RTP/AVPF"] {
            assert_eq!(secure(profile, core::slice::from_ref(&fine)), sealed(profile), "{fine}");
        }
    }
    assert_eq!(secure("RTP/SAVP", &[]), "NoSuite");
}

#[test]
fn what_the_origin_says_of_versions_changes_nothing() {
    // RFC 3264, 8: an offer counts even if the peer's version stays the same or goes back.
    let mut leg = Negotiation::new(SocketAddr::from(([192, 0, 2, 1], 20_000)), 7, &Codec::ALL);
    for (version, port) in [(5, 4000), (5, 4002), (3, 4004), (6, 4006)] {
        let offer = format!(
            "v=0\r\no=u 1 {version} IN IP4 1.1.1.1\r\ns=-\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\nm=audio {port} RTP/AVP 8\r\n"
        );
        let (_, agreed) = leg.answer(offer.as_bytes(), Direction::SendRecv, None).unwrap();
        assert_eq!(agreed.remote.port(), port);
    }
}
