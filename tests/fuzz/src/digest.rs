//! Target `digest`: any text as credentials or as a challenge, and turno's answer to its own challenge.

use core::time::Duration;

use bytes::Bytes;
use turno_ground::{Moment, Rng, Secret};
use turno_sip::{
    Account, Algorithm, Authenticator, ChallengeAnswer, Challenged, Message, Method, Name, Request, Uri,
    Verdict, answer_challenge, answer_response,
};

const NOW: Moment = Moment::from_secs(1_000_000);
const NONCE_SPAN: Duration = Duration::from_secs(60);
const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Md5];

/// Reads the first line as credentials, as a challenge and as a user name; the second as the password or the URI.
pub fn digest(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    let (first, second) = text.split_once('\n').unwrap_or((text, ""));
    let mut rng = Rng::new(1);
    let mut door = Authenticator::new("desk.example", ALGORITHMS.to_vec(), NONCE_SPAN, &mut rng);
    forged(&mut door, first);
    forged(&mut door, &format!("Digest {first}"));
    strange_challenge(first, &mut rng);
    strange_challenge(&format!("Digest {first}"), &mut rng);
    for algorithm in 0..ALGORITHMS.len() {
        honest(&mut door, first, second, algorithm, &mut rng);
    }
}

/// Checks that credentials without a nonce of turno are refused.
fn forged(door: &mut Authenticator, credentials: &str) {
    let request = Request::new(Method::Register, "sip:desk.example").header(Name::Authorization, credentials);
    let Ok(request) = Message::scan(&request.finish()) else { return };
    let verdict = door.verify(&request, Name::Authorization, |_| Some(Secret::new("secret")), NOW);
    assert!(!matches!(verdict, Verdict::Valid { .. }), "{credentials} opened the door");
}

/// Checks that a trunk's challenge is answered with a header that can be parsed, or not at all.
fn strange_challenge(challenge: &str, rng: &mut Rng) {
    let uri = "sip:carrier.example";
    let secret = Secret::new("secret");
    if let Some(answer) = answer_challenge(challenge, "INVITE", uri, "maria", &secret, rng, 1) {
        let request = Request::new(Method::Invite, uri).header(Name::Authorization, &answer).finish();
        let request = Message::scan(&request);
        assert!(request.is_ok() || answer.len() > 7_000, "{answer}");
    }
    let response = format!(
        "SIP/2.0 401 Unauthorized\r\nCSeq: 1 INVITE\r\nWWW-Authenticate: {}\r\nContent-Length: 0\r\n\r\n",
        challenge.replace(['\r', '\n'], " ")
    );
    let Ok(response) = Message::scan(&Bytes::from(response)) else { return };
    let request = Challenged { method: "INVITE", uri, body: &[], credentials: &[], has_answered: false };
    let account = Account { username: "maria", password: &secret };
    if let ChallengeAnswer::Credentials(answers) = answer_response(&response, &request, account, rng) {
        assert!(answers.iter().all(|(name, _)| *name == Name::Authorization), "{answers:?}");
    }
}

/// Checks that a client with the right password is accepted once, and not again with the same answer.
fn honest(door: &mut Authenticator, user: &str, uri: &str, algorithm: usize, rng: &mut Rng) {
    let is_plain = |text: &str| !text.is_empty() && text.trim() == text && !text.contains(char::is_control);
    let uri = if Uri::parse(uri).is_ok_and(|uri| uri.is_sip()) { uri } else { "sip:desk.example" };
    if !is_plain(user) || user.len() > 200 || uri.contains('\\') {
        return;
    }
    let secret = Secret::new(user.chars().rev().collect::<String>());
    let challenge = door.challenge(false, NOW).swap_remove(algorithm);
    let answer = answer_challenge(&challenge, "REGISTER", uri, user, &secret, rng, 1);
    let answer = answer.expect("our own challenge can be answered");
    let request = Request::new(Method::Register, uri).header(Name::Authorization, &answer).finish();
    let Ok(request) = Message::scan(&request) else { panic!("{answer}") };
    let mut judge = |now| door.verify(&request, Name::Authorization, |_| Some(secret.clone()), now);
    assert_eq!(judge(NOW), Verdict::Valid { username: user.to_owned() }, "{answer}");
    assert_eq!(judge(NOW), Verdict::Stale, "the same answer twice: {answer}");
    assert_eq!(judge(NOW + NONCE_SPAN * 2), Verdict::Stale, "an old nonce: {answer}");
    let wrong = door.verify(&request, Name::Authorization, |_| None, NOW);
    assert_eq!(wrong, Verdict::Wrong, "nobody knows this user");
}
