//! Digest authentication, server side: challenges peers and verifies their answers.

use core::net::IpAddr;
use core::time::Duration;
use std::borrow::Cow;

use turno_ground::{Moment, Rng, Secret};

use crate::auth::digest::{Algorithm, Quality, Question, is_same};
use crate::auth::fields::Fields;
use crate::auth::nonce::Nonces;
use crate::message::header::Name;
use crate::message::received::Message;
use crate::message::uri::Uri;

/// Makes challenges and verifies answers for one realm.
#[derive(Debug)]
pub struct Authenticator {
    realm: String,
    algorithms: Vec<Algorithm>,
    nonces: Nonces,
    /// The password for answers of unknown users: checking them takes as long as checking all others.
    nobody: Secret,
}

/// The result of verifying a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The peer has this user's password.
    Valid {
        /// The user.
        username: String,
    },
    /// No credentials for this realm: send a challenge.
    Missing,
    /// The password is right, but the nonce is too old or was used before: send a challenge with `stale`.
    Stale,
    /// A wrong password or an unknown user. The caller can't tell which.
    Wrong,
}

impl Authenticator {
    /// An authenticator for `realm`. Challenges offer `algorithms` in this order (RFC 8760, 2.4). A nonce is valid for
    /// `nonce_span` after it was made.
    pub fn new(realm: &str, algorithms: Vec<Algorithm>, nonce_span: Duration, rng: &mut Rng) -> Self {
        let realm = realm.replace(['"', '\\', '\r', '\n'], "");
        let nobody = Secret::new(rng.number().to_string());
        Self { realm, algorithms, nonces: Nonces::new(nonce_span, rng), nobody }
    }

    /// Values for WWW-Authenticate or Proxy-Authenticate, one header each.
    pub fn challenge(&mut self, stale: bool, now: Moment) -> Vec<String> {
        let nonce = self.nonces.make(now);
        self.with_nonce(&nonce, stale)
    }

    /// The same for one address: an answer proves that its sender receives packets there, see
    /// [`Authenticator::was_challenged`].
    pub fn challenge_to(&mut self, peer: IpAddr, stale: bool, now: Moment) -> Vec<String> {
        let nonce = self.nonces.make_for(self.nonces.mark_of(peer), now);
        self.with_nonce(&nonce, stale)
    }

    /// Whether `request` answers, correctly or not, a recent challenge to `peer`. The sender of a forged address does
    /// not receive the challenge.
    pub fn was_challenged(&self, request: &Message, header: Name, peer: IpAddr, now: Moment) -> bool {
        let mark = self.nonces.mark_of(peer);
        request
            .values(header)
            .find_map(|value| self.answer(value))
            .is_some_and(|answer| self.nonces.was_made_for(&answer.nonce, mark, now))
    }

    fn with_nonce(&self, nonce: &str, stale: bool) -> Vec<String> {
        let stale = if stale { ", stale=true" } else { "" };
        let one = |algorithm: &Algorithm| {
            let (realm, name) = (&self.realm, algorithm.name());
            format!("Digest realm=\"{realm}\", nonce=\"{nonce}\", algorithm={name}, qop=\"auth\"{stale}")
        };
        self.algorithms.iter().map(one).collect()
    }

    /// Verifies the answer in `header` (Authorization or ProxyAuthorization) of `request`. `secret_of` returns a user's
    /// password. An unknown user causes the same work and the same verdict as a wrong password.
    pub fn verify(
        &mut self,
        request: &Message,
        header: Name,
        secret_of: impl FnOnce(&str) -> Option<Secret>,
        now: Moment,
    ) -> Verdict {
        let Some(answer) = request.values(header).find_map(|value| self.answer(value)) else {
            return Verdict::Missing;
        };
        let known = secret_of(&answer.username);
        let secret = known.as_ref().unwrap_or(&self.nobody);
        let quality = answer.quality.as_ref().map(|(nc, cnonce)| Quality { nc, cnonce, body: None });
        let question = Question {
            algorithm: answer.algorithm,
            session: None,
            realm: &self.realm,
            nonce: &answer.nonce,
            method: request.method_name(),
            uri: &answer.uri,
            quality,
        };
        let expected = question.response(&answer.username, secret.reveal());
        let given = answer.response.to_ascii_lowercase();
        let is_right = is_same(expected.as_bytes(), given.as_bytes());
        if !is_right || known.is_none() || !is_same_resource(&answer.uri, request.request_uri()) {
            return Verdict::Wrong;
        }
        let Some(id) = self.nonces.recognise(&answer.nonce, now) else { return Verdict::Stale };
        if !self.nonces.spend(id, answer.nc, now) {
            return Verdict::Stale;
        }
        Verdict::Valid { username: answer.username.into_owned() }
    }

    /// Reads `value`, if it answers a challenge for our realm.
    fn answer<'a>(&self, value: &'a str) -> Option<Answer<'a>> {
        let fields = Fields::parse(value)?;
        let algorithm = Algorithm::of(fields.value("algorithm").as_deref())?;
        if fields.value("realm")? != self.realm || !self.algorithms.contains(&algorithm) {
            return None;
        }
        let (quality, nc) = match fields.value("qop") {
            Some(qop) if qop.eq_ignore_ascii_case("auth") => {
                let nc = fields.value("nc")?;
                let count = read_count(&nc)?;
                (Some((nc, fields.value("cnonce")?)), count)
            }
            Some(_) => return None,
            // An answer by RFC 2069 has no count: its nonce is valid once.
            None => (None, 1),
        };
        Some(Answer {
            algorithm,
            username: fields.value("username")?,
            nonce: fields.value("nonce")?,
            uri: fields.value("uri")?,
            response: fields.value("response")?,
            quality,
            nc,
        })
    }
}

/// The fields of an answer.
struct Answer<'a> {
    algorithm: Algorithm,
    username: Cow<'a, str>,
    nonce: Cow<'a, str>,
    uri: Cow<'a, str>,
    response: Cow<'a, str>,
    quality: Option<(Cow<'a, str>, Cow<'a, str>)>,
    nc: u32,
}

/// Reads the count of a nonce's uses: eight hexadecimal digits (RFC 7616, 3.4).
fn read_count(text: &str) -> Option<u32> {
    let legal = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    legal.then(|| u32::from_str_radix(text, 16).ok())?
}

/// Whether the answer is for the request it came in (RFC 7616, 3.4.6). Only the user is compared: hosts, ports and
/// parameters change on the way, and load generators send the server's URI without a user.
fn is_same_resource(answered: &str, requested: &str) -> bool {
    if answered == requested {
        return true;
    }
    match (Uri::parse(answered), Uri::parse(requested)) {
        (Ok(one), Ok(other)) => one.user.is_none() || one.user_unescaped() == other.user_unescaped(),
        (Err(_), _) | (_, Err(_)) => false,
    }
}

#[cfg(test)]
#[path = "authenticator_tests.rs"]
mod tests;
