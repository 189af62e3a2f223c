//! Tests of the client side of digest authentication, with the challenges that carriers send.

use bytes::Bytes;
use turno_ground::{Rng, Secret};

use super::{ChallengeAnswer, answer_response, carry_on, take_next_nonce};
use crate::auth::credentials::{Account, Challenged};
use crate::message::header::Name;
use crate::message::received::Message;

const URI: &str = "sip:carrier.example";

fn response(status: u16, headers: &[&str]) -> Message {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let text = format!(
        "SIP/2.0 {status} X\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nCSeq: 1 REGISTER\r\n{headers}\r\n"
    );
    Message::scan(&Bytes::from(text)).unwrap()
}

fn challenged(credentials: &[(Name, String)], has_answered: bool) -> Challenged<'_> {
    Challenged { method: "REGISTER", uri: URI, body: &[], credentials, has_answered }
}

/// The answer to `response`, for a request that carried `before`.
fn said(response: &Message, before: &[(Name, String)], has_answered: bool) -> ChallengeAnswer {
    let password = Secret::new("wonder");
    let account = Account { username: "maria", password: &password };
    answer_response(response, &challenged(before, has_answered), account, &mut Rng::new(3))
}

fn given(response: &Message, before: &[(Name, String)], has_answered: bool) -> Vec<(Name, String)> {
    match said(response, before, has_answered) {
        ChallengeAnswer::Credentials(credentials) => credentials,
        other @ (ChallengeAnswer::Refused | ChallengeAnswer::NotUnderstood) => {
            panic!("no credentials but {other:?}")
        }
    }
}

#[test]
fn of_several_challenges_the_first_that_we_know_is_answered() {
    // RFC 8760, 2.4; FreeSWITCH and Asterisk accept MD5 only and stay unregistered.
    let one = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=";
    for (offered, taken) in [
        (&["SHA-512-256", "SHA-256", "MD5"][..], "SHA-512-256"),
        (&["SHA3-512", "SHA-256", "MD5"], "SHA-256"),
        (&["MD5", "SHA-256"], "MD5"),
        (&["AKAv1-MD5", "md5-sess"], "MD5-sess"),
    ] {
        let parted: Vec<String> =
            offered.iter().map(|name| format!("WWW-Authenticate: {one}{name}")).collect();
        let parted: Vec<&str> = parted.iter().map(String::as_str).collect();
        let list: Vec<String> = offered.iter().map(|name| format!("{one}{name}")).collect();
        let joined = format!("WWW-Authenticate: Basic realm=\"x\", {}", list.join(", "));
        for headers in [&parted[..], &[joined.as_str()]] {
            let given = given(&response(401, headers), &[], false);
            assert_eq!(given.len(), 1, "{given:?}");
            assert_eq!(given[0].0, Name::Authorization);
            assert!(given[0].1.contains(&format!("algorithm={taken},")), "{headers:?}: {given:?}");
        }
    }
    let unknown = response(401, &["WWW-Authenticate: Negotiate", "WWW-Authenticate: Bearer realm=\"x\""]);
    assert_eq!(said(&unknown, &[], false), ChallengeAnswer::NotUnderstood);
    assert_eq!(said(&response(401, &[]), &[], false), ChallengeAnswer::NotUnderstood);
}

#[test]
fn a_carrier_gets_the_protection_that_it_asks_for() {
    // RFC 7616, 3.3: qop is a quoted list, one word without quotes, or absent.
    for (qop, expected) in [
        ("", None),
        (", qop=\"\"", None),
        (", qop=auth", Some("qop=auth,")),
        (", qop=\"auth-int , AUTH\"", Some("qop=auth,")),
        (", qop=\"auth-int\"", Some("qop=auth-int,")),
        (", qop=\"x,auth-int\"", Some("qop=auth-int,")),
    ] {
        let asked = format!("WWW-Authenticate: Digest realm = \"r\", nonce=\"n\"{qop}");
        let given = given(&response(401, &[&asked]), &[], false);
        match expected {
            Some(expected) => assert!(given[0].1.contains(expected), "{qop}: {given:?}"),
            None => assert!(!given[0].1.contains("qop") && !given[0].1.contains("nc="), "{qop}: {given:?}"),
        }
    }
    let unknown = response(401, &["WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"x\""]);
    assert_eq!(said(&unknown, &[], false), ChallengeAnswer::NotUnderstood);
}

#[test]
fn quotes_and_commas_in_a_realm_go_back_as_they_came() {
    // RFC 3261, 25.1: quoted-pair.
    let header =
        r#"WWW-Authenticate: Digest realm="a \"b\", c=d <x", nonce="n\,1=", opaque="o,\"p", algorithm="MD5""#;
    let given = given(&response(401, &[header]), &[], false);
    let value = &given[0].1;
    for part in [r#"realm="a \"b\", c=d <x""#, r#"nonce="n\,1=""#, r#"opaque="o,\"p""#, "algorithm=MD5"] {
        assert!(value.contains(part), "{part} in {value}");
    }
}

#[test]
fn a_proxy_and_the_registrar_behind_it_both_get_their_answer() {
    // RFC 3261, 22.3: the answer to the proxy is repeated with the registrar's, and its nonce count goes on.
    let proxy = "Proxy-Authenticate: Digest realm=\"edge\", nonce=\"p\", qop=\"auth\"";
    let first = given(&response(407, &[proxy]), &[], false);
    let both = given(&response(401, &["WWW-Authenticate: Digest realm=\"core\", nonce=\"c\""]), &first, true);
    let of = |name: Name| both.iter().find(|(one, _)| *one == name).map(|(_, value)| value.as_str()).unwrap();
    assert_eq!(both.len(), 2);
    assert!(of(Name::Authorization).contains("realm=\"core\""));
    assert!(of(Name::ProxyAuthorization).contains("nc=00000002"), "{both:?}");
    // Two proxies with realms of their own.
    let other = "Proxy-Authenticate: Digest realm=\"other\", nonce=\"o\"";
    assert_eq!(given(&response(407, &[proxy, other]), &[], false).len(), 2);
}

#[test]
fn a_stale_nonce_is_no_wrong_password() {
    // RFC 7616, 3.3: stale=true says that the password was right.
    let fresh = "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", qop=\"auth\"";
    let again = "WWW-Authenticate: Digest realm=\"r\", nonce=\"2\", qop=\"auth\"";
    let first = given(&response(401, &[fresh]), &[], false);
    assert_eq!(said(&response(401, &[again]), &first, true), ChallengeAnswer::Refused);
    let stale = format!("{again}, stale=TRUE");
    let second = given(&response(401, &[&stale]), &first, true);
    assert!(second[0].1.contains("nonce=\"2\"") && second[0].1.contains("nc=00000001"), "{second:?}");
    // Credentials of an earlier request that are refused are no wrong password either: many servers forget a nonce and
    // do not send `stale`.
    let password = Secret::new("wonder");
    let carried = carry_on(&challenged(&first, false), Account { username: "maria", password: &password });
    assert!(carried[0].1.contains("nonce=\"1\"") && carried[0].1.contains("nc=00000002"), "{carried:?}");
    assert!(given(&response(401, &[again]), &carried, false)[0].1.contains("nonce=\"2\""));
}

#[test]
fn the_next_nonce_is_the_servers_choice() {
    // RFC 7616, 3.5: Authentication-Info.
    let first = given(
        &response(401, &["WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", qop=\"auth\""]),
        &[],
        false,
    );
    let mut kept = first;
    take_next_nonce(
        &response(200, &["Authentication-Info: qop=auth, nextnonce=\"9\", nc=00000001"]),
        &mut kept,
    );
    let password = Secret::new("wonder");
    let next = carry_on(&challenged(&kept, false), Account { username: "maria", password: &password });
    assert!(next[0].1.contains("nonce=\"9\"") && next[0].1.contains("nc=00000001"), "{next:?}");
    assert!(next[0].1.contains("username=\"maria\""), "{next:?}");
}

#[test]
fn a_flood_of_challenges_is_not_answered_one_by_one() {
    let many: Vec<String> =
        (0..60).map(|n| format!("WWW-Authenticate: Digest realm=\"r{n}\", nonce=\"1\"")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(given(&response(401, &many), &[], false).len(), 4);
}
