//! Digest authentication, client side: credentials for our requests that are challenged.
//!
//! This module keeps no state. The state is in the last request, in its Authorization and Proxy-Authorization values:
//! the next request repeats them with a nonce count of one more, and a new challenge replaces them.

use turno_ground::{Rng, Secret};

use crate::auth::challenge::{Challenge, challenges};
use crate::auth::credentials::{Account, Challenged, Credentials};
use crate::auth::fields::Fields;
use crate::message::header::Name;
use crate::message::received::Message;

/// Maximum number of realms answered in one request: a registrar and the proxies before it (RFC 3261, 22.3).
const REALMS_MAX: usize = 4;

/// Maximum number of challenges read from one response.
const CHALLENGES_MAX: usize = 16;

/// How to go on after a 401 or 407.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChallengeAnswer {
    /// Send the request again with these instead of its Authorization and Proxy-Authorization.
    Credentials(Vec<(Name, String)>),
    /// The request already answered this challenge: the password is wrong.
    Refused,
    /// We support none of the challenges.
    NotUnderstood,
}

/// Answers a 401 or 407: for each realm the first challenge that we support (RFC 8760, 2.4; RFC 3261, 22.3).
/// Credentials for realms without a new challenge are repeated: a proxy may challenge first and the registrar behind it
/// next.
pub fn answer_response(
    response: &Message,
    request: &Challenged<'_>,
    account: Account<'_>,
    rng: &mut Rng,
) -> ChallengeAnswer {
    if !matches!(response.status(), Some(401 | 407)) {
        return ChallengeAnswer::NotUnderstood;
    }
    let sent: Vec<(Name, Credentials)> = read_all(request.credentials);
    let mut answered: Vec<(Name, Credentials)> = Vec::new();
    let asked =
        [(Name::WwwAuthenticate, Name::Authorization), (Name::ProxyAuthenticate, Name::ProxyAuthorization)];
    for (asks, answers) in asked {
        let known = response.values(asks).flat_map(challenges).take(CHALLENGES_MAX);
        for challenge in known.filter_map(Challenge::read) {
            let is_same =
                |(name, one): &&(Name, Credentials)| *name == answers && one.realm == challenge.realm;
            if answered.len() == REALMS_MAX || answered.iter().any(|one| is_same(&one)) {
                continue;
            }
            let before = sent.iter().find(is_same);
            let is_first_use =
                |one: &Credentials| request.has_answered && one.count().is_none_or(|nc| nc == 1);
            if !challenge.is_stale && before.is_some_and(|(_, one)| is_first_use(one)) {
                return ChallengeAnswer::Refused;
            }
            answered.push((answers, Credentials::of(&challenge, rng)));
        }
    }
    if answered.is_empty() {
        return ChallengeAnswer::NotUnderstood;
    }
    let is_answered =
        |name: Name, realm: &str| answered.iter().any(|(n, one)| *n == name && one.realm == realm);
    let kept: Vec<_> = sent.into_iter().filter(|(name, one)| !is_answered(*name, &one.realm)).collect();
    answered.extend(kept);
    ChallengeAnswer::Credentials(signed(answered, request, account))
}

/// Credentials for the next request: those in `request`, for the same nonce with a count of one more, so that the
/// server need not challenge again (RFC 7616, 3.3 and 3.4).
pub fn carry_on(request: &Challenged<'_>, account: Account<'_>) -> Vec<(Name, String)> {
    signed(read_all(request.credentials), request, account)
}

/// Puts the `nextnonce` of a success response into `credentials` (RFC 7616, 3.5).
pub fn take_next_nonce(response: &Message, credentials: &mut [(Name, String)]) {
    let ours = response.header(Name::AuthenticationInfo);
    let proxys = response.other_header("Proxy-Authentication-Info");
    for (name, info) in [(Name::Authorization, ours), (Name::ProxyAuthorization, proxys)] {
        let Some(next) = info.and_then(|info| Fields::bare(info).value("nextnonce")) else { continue };
        for (_, value) in credentials.iter_mut().filter(|(one, _)| *one == name) {
            if let Some(mut kept) = Credentials::read(value) {
                kept.start_with(&next);
                *value = kept.written_unsigned();
            }
        }
    }
}

/// Answers the first challenge that we support in `challenge`, one WWW-Authenticate or Proxy-Authenticate value. `nc`
/// is the nonce count, from 1.
///
/// `None` if no challenge is Digest with an algorithm and protection that we support.
pub fn answer_challenge(
    challenge: &str,
    method: &str,
    uri: &str,
    username: &str,
    secret: &Secret,
    rng: &mut Rng,
    nc: u32,
) -> Option<String> {
    let challenge = challenges(challenge).into_iter().find_map(Challenge::read)?;
    let mut answer = Credentials::of(&challenge, rng);
    answer.count_from(nc.saturating_sub(1));
    let request = Challenged { method, uri, body: &[], credentials: &[], has_answered: false };
    answer.sign(&request, Account { username, password: secret })
}

fn read_all(credentials: &[(Name, String)]) -> Vec<(Name, Credentials)> {
    let read = |(name, value): &(Name, String)| Some((*name, Credentials::read(value)?));
    credentials.iter().filter_map(read).collect()
}

fn signed(
    credentials: Vec<(Name, Credentials)>,
    request: &Challenged<'_>,
    account: Account<'_>,
) -> Vec<(Name, String)> {
    let sign = |(name, mut one): (Name, Credentials)| Some((name, one.sign(request, account)?));
    credentials.into_iter().filter_map(sign).collect()
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
