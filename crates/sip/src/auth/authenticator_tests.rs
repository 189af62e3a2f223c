//! Tests of the server side of digest authentication.

use std::net::IpAddr;

use core::time::Duration;

use bytes::Bytes;
use turno_ground::{Moment, Rng, Secret};

use super::{Authenticator, Verdict};
use crate::auth::answer::{ChallengeAnswer, answer_challenge, answer_response};
use crate::auth::credentials::{Account, Challenged};
use crate::auth::digest::Algorithm;
use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::message::write::{Request, Response};

const NOW: Moment = Moment::from_secs(1_000_000);
const URI: &str = "sip:desk.example";

fn authenticator(algorithms: &[Algorithm]) -> Authenticator {
    Authenticator::new("desk.example", algorithms.to_vec(), Duration::from_secs(300), &mut Rng::new(7))
}

fn register(authorization: &str) -> Message {
    let request = Request::new(Method::Register, URI).header(Name::Authorization, authorization).finish();
    Message::scan(&request).unwrap()
}

fn secret_of(user: &str) -> Option<Secret> {
    (user == "maria").then(|| Secret::new("wonder"))
}

fn verify(authenticator: &mut Authenticator, answer: &str, now: Moment) -> Verdict {
    authenticator.verify(&register(answer), Name::Authorization, secret_of, now)
}

fn answer(challenge: &str, user: &str, password: &str, nc: u32) -> String {
    let mut rng = Rng::new(3);
    answer_challenge(challenge, "REGISTER", URI, user, &Secret::new(password), &mut rng, nc).unwrap()
}

fn valid() -> Verdict {
    Verdict::Valid { username: "maria".to_owned() }
}

#[test]
fn an_agent_with_the_right_password_gets_in_with_either_hash() {
    // RFC 8760, 2.4: the challenge offers the stronger one first.
    let mut authenticator = authenticator(&[Algorithm::Sha256, Algorithm::Md5]);
    let challenges = authenticator.challenge(false, NOW);
    assert!(challenges[0].contains("algorithm=SHA-256") && challenges[1].contains("algorithm=MD5"));
    assert_eq!(verify(&mut authenticator, &answer(&challenges[0], "maria", "wonder", 1), NOW), valid());
    assert_eq!(verify(&mut authenticator, &answer(&challenges[1], "maria", "wonder", 2), NOW), valid());
}

#[test]
fn a_wrong_password_and_a_user_who_does_not_exist_look_the_same() {
    // RFC 3261, 26.3.2.4: an attacker must not learn which users exist.
    let mut authenticator = authenticator(&[Algorithm::Md5]);
    let challenge = authenticator.challenge(false, NOW).remove(0);
    assert_eq!(verify(&mut authenticator, &answer(&challenge, "maria", "guess", 1), NOW), Verdict::Wrong);
    assert_eq!(verify(&mut authenticator, &answer(&challenge, "nobody", "guess", 1), NOW), Verdict::Wrong);
    // Wrong answers do not use up the count.
    assert_eq!(verify(&mut authenticator, &answer(&challenge, "maria", "wonder", 1), NOW), valid());
}

#[test]
fn an_overheard_answer_is_worth_nothing() {
    // RFC 7616, 3.4.6 and 5.5.
    let mut authenticator = authenticator(&[Algorithm::Md5]);
    let challenge = authenticator.challenge(false, NOW).remove(0);
    let first = answer(&challenge, "maria", "wonder", 1);
    assert_eq!(verify(&mut authenticator, &first, NOW), valid());
    assert_eq!(verify(&mut authenticator, &first, NOW), Verdict::Stale);
    assert_eq!(verify(&mut authenticator, &answer(&challenge, "maria", "wonder", 0x1a), NOW), valid());
    assert_eq!(verify(&mut authenticator, &answer(&challenge, "maria", "wonder", 0x1a), NOW), Verdict::Stale);
    assert!(authenticator.challenge(true, NOW)[0].ends_with("stale=true"));
}

#[test]
fn an_answer_to_an_old_challenge_is_asked_again_without_a_password() {
    // RFC 7616, 3.3: with stale=true the phone does not ask its user for the password.
    let mut authenticator = authenticator(&[Algorithm::Md5]);
    let challenge = authenticator.challenge(false, NOW).remove(0);
    let late = NOW + Duration::from_secs(301);
    assert_eq!(verify(&mut authenticator, &answer(&challenge, "maria", "wonder", 1), late), Verdict::Stale);
    let after_restart = challenge.replace("nonce=\"0", "nonce=\"1");
    assert_eq!(
        verify(&mut authenticator, &answer(&after_restart, "maria", "wonder", 1), NOW),
        Verdict::Stale
    );
    assert_eq!(verify(&mut authenticator, &answer(&after_restart, "maria", "guess", 1), NOW), Verdict::Wrong);
}

#[test]
fn a_phone_of_the_old_rfc_gets_in_once_for_each_nonce() {
    // RFC 2069, and RFC 3261, 22.4: answers without qop.
    let mut authenticator = authenticator(&[Algorithm::Md5]);
    let challenge = authenticator.challenge(false, NOW).remove(0).replace(", qop=\"auth\"", "");
    let old = answer(&challenge, "maria", "wonder", 1);
    assert!(!old.contains("qop") && !old.contains("nc="));
    assert_eq!(verify(&mut authenticator, &old, NOW), valid());
    assert_eq!(verify(&mut authenticator, &old, NOW), Verdict::Stale);
}

#[test]
fn an_answer_for_another_request_opens_nothing() {
    // RFC 7616, 3.4.6: method and URI are part of the digest.
    let mut authenticator = authenticator(&[Algorithm::Md5]);
    let challenge = authenticator.challenge(false, NOW).remove(0);
    let (secret, rng) = (Secret::new("wonder"), &mut Rng::new(3));
    let elsewhere =
        answer_challenge(&challenge, "REGISTER", "sip:boss@desk.example", "maria", &secret, rng, 1).unwrap();
    assert_eq!(verify(&mut authenticator, &elsewhere, NOW), Verdict::Wrong);
    let invite = answer_challenge(&challenge, "INVITE", URI, "maria", &secret, rng, 1).unwrap();
    assert_eq!(verify(&mut authenticator, &invite, NOW), Verdict::Wrong);
    let by_address =
        answer_challenge(&challenge, "REGISTER", "sip:127.0.0.1:5060", "maria", &secret, rng, 1).unwrap();
    assert_eq!(verify(&mut authenticator, &by_address, NOW), valid());
}

#[test]
fn what_is_no_answer_to_us_is_asked_again() {
    // RFC 4475, 3.3.7: an unknown scheme; RFC 3261, 22.3: another realm; RFC 7616, 3.4: a bad nc.
    let mut authenticator = authenticator(&[Algorithm::Sha256]);
    let challenge = authenticator.challenge(false, NOW).remove(0);
    let good = answer(&challenge, "maria", "wonder", 1);
    for wrong in [
        "NoOneKnowsThisScheme opaque-data=here".to_owned(),
        good.replace("desk.example\", nonce", "elsewhere\", nonce"),
        good.replace("nc=00000001", "nc=1"),
        good.replace("nc=00000001", "nc=0000000g"),
        good.replace("algorithm=SHA-256", "algorithm=MD5"),
        good.replace("qop=auth", "qop=auth-int"),
        String::new(),
    ] {
        assert_eq!(verify(&mut authenticator, &wrong, NOW), Verdict::Missing, "{wrong}");
    }
    let bare = Message::scan(&Request::new(Method::Register, URI).finish()).unwrap();
    assert_eq!(authenticator.verify(&bare, Name::Authorization, secret_of, NOW), Verdict::Missing);
}

#[test]
fn a_trunk_that_challenges_us_is_answered_in_the_right_header() {
    // RFC 3261, 22.3; RFC 8760, 2.4: the first challenge that we can answer.
    let invite = Message::scan(&Bytes::from_static(
        b"INVITE sip:trunk.example SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n\
        Call-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n",
    ))
    .unwrap();
    let mut authenticator = authenticator(&[Algorithm::Md5]);
    let mut response = Response::to(&invite, 407, "", Some("t"), None)
        .header(Name::ProxyAuthenticate, "Digest realm=\"r\", nonce=\"n\", algorithm=SHA3-256, qop=\"auth\"");
    for challenge in authenticator.challenge(false, NOW) {
        response = response.header(Name::ProxyAuthenticate, challenge);
    }
    let response = Message::scan(&response.finish()).unwrap();
    let (password, uri) = (Secret::new("wonder"), "sip:trunk.example");
    let request = Challenged { method: "INVITE", uri, body: &[], credentials: &[], has_answered: false };
    let account = Account { username: "maria", password: &password };
    let ChallengeAnswer::Credentials(mut given) =
        answer_response(&response, &request, account, &mut Rng::new(1))
    else {
        panic!("MD5 is known")
    };
    let (name, value) = given.remove(0);
    assert_eq!(name, Name::ProxyAuthorization);
    let again = Message::scan(&Request::new(Method::Invite, uri).header(name, value).finish()).unwrap();
    assert_eq!(authenticator.verify(&again, Name::ProxyAuthorization, secret_of, NOW), valid());
    let of_a_request = answer_response(&invite, &request, account, &mut Rng::new(1));
    assert_eq!(of_a_request, ChallengeAnswer::NotUnderstood);
}

#[test]
fn only_the_address_that_was_challenged_can_answer_for_itself() {
    // Forged UDP must not get an address banned: the answer to a challenge proves that its source is real.
    let mut authenticator =
        Authenticator::new("turno", vec![Algorithm::Md5], Duration::from_secs(300), &mut Rng::new(4));
    let now = Moment::from_secs(1_000);
    let here: IpAddr = "192.0.2.9".parse().unwrap();
    let other: IpAddr = "192.0.2.10".parse().unwrap();
    let ask = |nonce: &str| {
        let text = format!(
            "REGISTER sip:turno SIP/2.0\r\nAuthorization: Digest username=\"1001\", realm=\"turno\", nonce=\"{nonce}\", \
             uri=\"sip:turno\", response=\"00000000000000000000000000000000\", algorithm=MD5\r\n\r\n"
        );
        Message::scan(&bytes::Bytes::from(text)).unwrap()
    };
    let challenge = authenticator.challenge_to(here, false, now).remove(0);
    let nonce = challenge.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let answer = ask(&nonce);
    assert!(authenticator.was_challenged(&answer, Name::Authorization, here, now));
    assert!(!authenticator.was_challenged(&answer, Name::Authorization, other, now));
    assert!(!authenticator.was_challenged(
        &answer,
        Name::Authorization,
        here,
        now + Duration::from_secs(301)
    ));
    assert!(!authenticator.was_challenged(&ask(&"0".repeat(64)), Name::Authorization, here, now));
}
