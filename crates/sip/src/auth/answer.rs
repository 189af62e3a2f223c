//! The client's side of digest authentication: answers a trunk's challenge.

use turno_ground::{Dice, Secret};

use crate::auth::digest::{Algorithm, Quality, Question};
use crate::auth::fields::Fields;
use crate::message::header::Name;
use crate::message::received::Message;

/// Answers one `challenge`, the value of WWW-Authenticate or Proxy-Authenticate, for a request of `method` to
/// `uri`. `nc` says how often this nonce has been answered, from 1.
///
/// `None` if the challenge is not Digest, or wants an algorithm or protection we do not have.
pub fn answer_challenge(
    challenge: &str,
    method: &str,
    uri: &str,
    username: &str,
    secret: &Secret,
    dice: &mut Dice,
    nc: u32,
) -> Option<String> {
    let fields = Fields::parse(challenge)?;
    let algorithm = Algorithm::of(fields.value("algorithm").as_deref())?;
    let (realm, nonce) = (fields.value("realm")?, fields.value("nonce")?);
    let offered = fields.value("qop");
    let has_auth = |qop: &str| qop.split(',').any(|one| one.trim().eq_ignore_ascii_case("auth"));
    if offered.as_deref().is_some_and(|qop| !has_auth(qop)) {
        return None;
    }
    let cnonce: [u8; 26] = dice.token();
    let cnonce = core::str::from_utf8(&cnonce).expect("a token is ASCII");
    let nc = format!("{nc:08x}");
    let quality = offered.is_some().then_some(Quality { nc: &nc, cnonce });
    let question = Question { algorithm, realm: &realm, nonce: &nonce, method, uri, quality };
    let response = question.response(username, secret.reveal());
    let (user, realm, nonce) = (quoted(username), quoted(&realm), quoted(&nonce));
    let mut answer = format!("Digest username={user}, realm={realm}, nonce={nonce}, uri=\"{uri}\"");
    answer += &format!(", response=\"{response}\", algorithm={}", algorithm.name());
    if quality.is_some() {
        answer += &format!(", cnonce=\"{cnonce}\", qop=auth, nc={nc}");
    }
    if let Some(opaque) = fields.value("opaque") {
        answer += &format!(", opaque={}", quoted(&opaque));
    }
    Some(answer)
}

/// Answers the first challenge of a 401 or 407 that we can answer (RFC 8760, 2.4): the header to add to the request
/// when it is sent again.
pub fn answer_response(
    response: &Message,
    method: &str,
    uri: &str,
    username: &str,
    secret: &Secret,
    dice: &mut Dice,
) -> Option<(Name, String)> {
    let (asked, answered) = match response.status()? {
        401 => (Name::WwwAuthenticate, Name::Authorization),
        407 => (Name::ProxyAuthenticate, Name::ProxyAuthorization),
        _ => return None,
    };
    let answer = response
        .values(asked)
        .find_map(|challenge| answer_challenge(challenge, method, uri, username, secret, dice, 1))?;
    Some((answered, answer))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
