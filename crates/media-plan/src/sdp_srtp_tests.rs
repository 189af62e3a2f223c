//! Tests of SRTP policies against each other, and of keys over the life of a leg (RFC 4568, 5 to 7).

use std::net::SocketAddr;

use proptest::prelude::*;

use crate::codec::Codec;
use crate::sdp::{Agreed, Negotiation, Unacceptable};
use crate::srtp::{KeyMint, SrtpPolicy, Suite};
use crate::stream::Direction;

fn leg(policy: SrtpPolicy, secret: u8) -> Negotiation {
    let local: SocketAddr = "192.0.2.1:20000".parse().unwrap();
    Negotiation::new(local, 7, &Codec::ALL).with_srtp(policy, KeyMint::new([secret; 32]))
}

fn text(body: &[u8]) -> &str {
    core::str::from_utf8(body).unwrap()
}

fn sdp(rest: &str) -> Vec<u8> {
    format!("v=0\r\no=u 1 1 IN IP4 198.51.100.9\r\ns=-\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n{rest}")
        .into_bytes()
}

const KEY: &str = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

fn offer(proto: &str, cryptos: &[&str]) -> Vec<u8> {
    let lines: String = cryptos.iter().map(|crypto| format!("a=crypto:{crypto}\r\n")).collect();
    sdp(&format!("m=audio 4000 {proto} 8 101\r\na=rtpmap:101 telephone-event/8000\r\n{lines}"))
}

/// The results of both ends when `one` offers to `other`.
fn meet(
    one: &mut Negotiation,
    other: &mut Negotiation,
) -> Result<(Agreed, Agreed), (Unacceptable, &'static str)> {
    let offer = one.offer(Direction::SendRecv);
    let (answer, theirs) =
        other.answer(&offer, Direction::SendRecv, None).map_err(|why| (why, "the offer was refused"))?;
    let ours = one.answered(&answer).map_err(|why| (why, "the answer was refused"))?;
    Ok((ours, theirs))
}

#[test]
fn every_policy_meets_every_other() {
    // The whole table: who offers, who answers, and whether they talk unencrypted, encrypted, or not at all.
    use SrtpPolicy::{Barred, Never, Offered, Required};
    let mut table = String::new();
    for offers in [Never, Offered, Required, Barred] {
        for answers in [Never, Offered, Required, Barred] {
            let outcome = match meet(&mut leg(offers, 1), &mut leg(answers, 2)) {
                Ok((ours, theirs)) => {
                    assert_eq!(ours.srtp.is_some(), theirs.srtp.is_some(), "both know the same");
                    if let (Some(ours), Some(theirs)) = (ours.srtp, theirs.srtp) {
                        assert_eq!((ours.ours, ours.theirs), (theirs.theirs, theirs.ours), "mirrored");
                        assert_ne!(ours.ours, ours.theirs);
                        "encrypted".to_owned()
                    } else {
                        "plain".to_owned()
                    }
                }
                Err((why, whose)) => format!("{why:?}, {whose}"),
            };
            table += &format!("{offers:?} to {answers:?}: {outcome}\n");
        }
    }
    assert_eq!(
        table,
        "Never to Never: plain\nNever to Offered: plain\nNever to Required: NoSrtp, the offer was refused\n\
         Never to Barred: NoTls, the offer was refused\nOffered to Never: plain\nOffered to Offered: encrypted\n\
         Offered to Required: encrypted\nOffered to Barred: NoTls, the offer was refused\n\
         Required to Never: NoPlain, the offer was refused\nRequired to Offered: encrypted\n\
         Required to Required: encrypted\nRequired to Barred: NoTls, the offer was refused\n\
         Barred to Never: NoPlain, the offer was refused\nBarred to Offered: NoSuite, the offer was refused\n\
         Barred to Required: NoSuite, the offer was refused\nBarred to Barred: NoTls, the offer was refused\n"
    );
}

#[test]
fn the_answer_keeps_the_offers_profile_and_names_its_tag() {
    // RFC 4568, 5.1.2: one crypto attribute, with the tag and suite of the chosen one.
    for proto in ["RTP/SAVP", "RTP/AVP"] {
        let unknown = "3 F8_128_HMAC_SHA1_80 inline:AAAA";
        let known = format!("14 AES_CM_128_HMAC_SHA1_32 inline:{KEY}|2^20|1:4");
        let offer = offer(proto, &[unknown, &known]);
        let (answer, agreed) = leg(SrtpPolicy::Offered, 1).answer(&offer, Direction::SendRecv, None).unwrap();
        let answer = text(&answer);
        assert!(answer.contains(&format!("m=audio 20000 {proto} 8 101\r\n")), "{answer}");
        assert_eq!(answer.matches("a=crypto:").count(), 1);
        assert!(answer.contains("a=crypto:14 AES_CM_128_HMAC_SHA1_32 inline:"), "{answer}");
        let srtp = agreed.srtp.unwrap();
        assert_eq!((srtp.ours.suite(), srtp.their_mki_bytes), (Suite::AesCm128HmacSha1_32, 4));
    }
}

#[test]
fn of_a_phones_two_lines_the_one_that_the_policy_wants_is_taken() {
    // Phones with optional encryption send an RTP/SAVP line and an RTP/AVP line.
    let rest = format!(
        "m=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}\r\nm=audio 4002 RTP/AVP 8\r\n"
    );
    for (policy, port) in
        [(SrtpPolicy::Never, 4002), (SrtpPolicy::Offered, 4000), (SrtpPolicy::Required, 4000)]
    {
        let (_, agreed) = leg(policy, 1).answer(&sdp(&rest), Direction::SendRecv, None).unwrap();
        assert_eq!(agreed.remote.port(), port);
        assert_eq!(agreed.srtp.is_some(), port == 4000);
    }
}

#[test]
fn encryption_that_we_cannot_meet_is_refused_and_not_answered_in_the_clear() {
    let offered = [
        offer("RTP/SAVP", &[]),
        offer("RTP/SAVP", &["1 F8_128_HMAC_SHA1_80 inline:AAAA"]),
        offer("RTP/SAVP", &[&format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY} UNENCRYPTED_SRTP")]),
    ];
    for body in offered {
        for policy in [SrtpPolicy::Offered, SrtpPolicy::Required] {
            let refused = leg(policy, 1).answer(&body, Direction::SendRecv, None).unwrap_err();
            assert_eq!(refused, Unacceptable::NoSuite);
        }
    }
}

#[test]
fn an_answer_without_a_key_or_with_a_stolen_one_ends_a_required_call() {
    let mut ours = leg(SrtpPolicy::Required, 1);
    let body = ours.offer(Direction::SendRecv);
    let own_key = text(&body).split("a=crypto:3 ").nth(1).unwrap().split("\r\n").next().unwrap().to_owned();
    let cases = [
        (offer("RTP/AVP", &[]), Unacceptable::Mismatch),
        (offer("RTP/SAVP", &[]), Unacceptable::Mismatch),
        (offer("RTP/SAVP", &[&format!("9 AES_CM_128_HMAC_SHA1_80 inline:{KEY}")]), Unacceptable::Mismatch),
        (offer("RTP/SAVP", &[&format!("4 AES_CM_128_HMAC_SHA1_80 inline:{KEY}")]), Unacceptable::Mismatch),
        // Our own key sent back: both directions would be readable.
        (offer("RTP/SAVP", &[&format!("3 {own_key}")]), Unacceptable::Mismatch),
    ];
    for (answer, expected) in cases {
        assert_eq!(ours.answered(&answer).unwrap_err(), expected, "{}", text(&answer));
        assert_eq!(ours.agreed(), None);
    }
    let good = offer("RTP/SAVP", &[&format!("3 AES_CM_128_HMAC_SHA1_80 inline:{KEY}")]);
    assert!(ours.answered(&good).unwrap().srtp.is_some());
}

#[test]
fn a_phone_that_holds_keeps_its_key_and_so_do_we() {
    // RFC 3711, 3.3.1: packet indexes continue under a key, so the same key must have the same index at both ends.
    let mut ours = leg(SrtpPolicy::Required, 1);
    let first = format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}");
    let (_, talking) = ours.answer(&offer("RTP/SAVP", &[&first]), Direction::SendRecv, None).unwrap();
    let another = "2 AEAD_AES_128_GCM inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==";
    let (_, held) = ours.answer(&offer("RTP/SAVP", &[another, &first]), Direction::SendRecv, None).unwrap();
    assert_eq!(held.srtp, talking.srtp);
    let again = ours.offer(Direction::SendRecv);
    assert_eq!(text(&again).matches("a=crypto:").count(), 1, "{}", text(&again));
    assert_eq!(ours.answered(&offer("RTP/SAVP", &[&first])).unwrap().srtp, talking.srtp);
    let (_, moved) = ours.answer(&offer("RTP/SAVP", &[another]), Direction::SendRecv, None).unwrap();
    assert_ne!(
        moved.srtp.unwrap().ours,
        talking.srtp.unwrap().ours,
        "another peer's key gets another of ours"
    );
}

#[test]
fn the_version_stands_still_while_the_keys_do() {
    // RFC 3264, 8.
    let mut ours = leg(SrtpPolicy::Offered, 1);
    let first = ours.offer(Direction::SendRecv);
    assert_eq!(first, ours.offer(Direction::SendRecv), "an offer that is repeated has the same keys");
    assert_eq!(text(&first).matches("a=crypto:").count(), 4);
    let plain = ours.answered(&offer("RTP/AVP", &[])).unwrap();
    assert_eq!(plain.srtp, None, "a phone without SRTP talks all the same");
    assert!(!text(&ours.offer(Direction::SendRecv)).contains("a=crypto"), "and is not asked again");
}

fn crypto_line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}")),
        Just(format!("a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:{KEY}|2^20|1:4")),
        "a=crypto:[0-9]{0,3} [A-Z0-9_]{0,24} inline:[A-Za-z0-9+/=|:^]{0,50}",
        Just("m=audio 4000 RTP/SAVP 0 8".to_owned()),
        Just("m=audio 4000 RTP/AVP 0 8".to_owned()),
        Just("c=IN IP4 198.51.100.9".to_owned()),
        Just("a=sendonly".to_owned()),
    ]
}

fn policy() -> impl Strategy<Value = SrtpPolicy> {
    prop_oneof![
        Just(SrtpPolicy::Never),
        Just(SrtpPolicy::Offered),
        Just(SrtpPolicy::Required),
        Just(SrtpPolicy::Barred)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_body_gets_around_a_policy(policy in policy(), lines in prop::collection::vec(crypto_line(), 0..8)) {
        let body = format!("v=0\r\nc=IN IP4 198.51.100.9\r\n{}\r\n", lines.join("\r\n"));
        let mut ours = leg(policy, 1);
        ours.offer(Direction::SendRecv);
        let answered = ours.answered(body.as_bytes());
        let answer = leg(policy, 1).answer(body.as_bytes(), Direction::SendRecv, None).map(|(_, agreed)| agreed);
        for agreed in [answered, answer].into_iter().flatten() {
            match policy {
                SrtpPolicy::Never => prop_assert_eq!(agreed.srtp, None),
                SrtpPolicy::Offered => {}
                SrtpPolicy::Required => prop_assert!(agreed.srtp.is_some()),
                SrtpPolicy::Barred => prop_assert!(false, "nothing can be agreed"),
            }
        }
    }
}
