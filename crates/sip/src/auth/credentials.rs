//! The answer to one challenge: an Authorization or Proxy-Authorization value.

use turno_ground::{Rng, Secret};

use crate::auth::challenge::{Challenge, Protection};
use crate::auth::digest::{Algorithm, Quality, Question};
use crate::auth::fields::Fields;
use crate::message::header::Name;
use crate::message::params::unquote;

/// Our user name and password for digest authentication.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// The user name of the digest.
    pub username: &'a str,
    /// The password.
    pub password: &'a Secret,
}

/// A request of ours: the input of its digest, and the credentials that it carried.
#[derive(Clone, Copy, Debug)]
pub struct Challenged<'a> {
    /// The method.
    pub method: &'a str,
    /// The Request-URI.
    pub uri: &'a str,
    /// The body, for qop=auth-int.
    pub body: &'a [u8],
    /// The Authorization and Proxy-Authorization values that it carried.
    pub credentials: &'a [(Name, String)],
    /// Whether it was already sent again to answer a challenge. If not, its credentials come from an earlier request.
    pub has_answered: bool,
}

/// The answer to one challenge, with its nonce count.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    pub(crate) realm: String,
    /// As the server wrote it, quotes included: it is sent back unchanged.
    nonce: String,
    opaque: Option<String>,
    algorithm: Algorithm,
    is_session: bool,
    protection: Option<Protection>,
    /// Our own nonce: it stays the same as long as the server's does.
    cnonce: String,
    /// How often the server's nonce has been answered.
    nc: u32,
}

impl Credentials {
    /// The answer to `challenge`, not used yet.
    pub(crate) fn of(challenge: &Challenge, rng: &mut Rng) -> Self {
        let cnonce: [u8; 26] = rng.token();
        Self {
            realm: challenge.realm.clone(),
            nonce: challenge.nonce.clone(),
            opaque: challenge.opaque.clone(),
            algorithm: challenge.algorithm,
            is_session: challenge.is_session,
            protection: challenge.protection,
            cnonce: String::from_utf8_lossy(&cnonce).into_owned(),
            nc: 0,
        }
    }

    /// Reads a header value that we wrote.
    pub(crate) fn read(value: &str) -> Option<Self> {
        let fields = Fields::parse(value)?;
        let (algorithm, is_session) = Algorithm::with_session(fields.value("algorithm").as_deref())?;
        let protection = fields.value("qop").and_then(|word| Protection::of(&word));
        let nc = fields.value("nc").and_then(|nc| u32::from_str_radix(&nc, 16).ok());
        Some(Self {
            realm: fields.value("realm")?.into_owned(),
            nonce: fields.raw("nonce")?.to_owned(),
            opaque: fields.raw("opaque").map(str::to_owned),
            algorithm,
            is_session,
            protection,
            cnonce: fields.value("cnonce").unwrap_or_default().into_owned(),
            nc: nc.unwrap_or(0),
        })
    }

    /// How often the nonce has been answered; `None` without qop, which does not count.
    pub(crate) fn count(&self) -> Option<u32> {
        self.protection.map(|_| self.nc)
    }

    /// Sets how often the nonce has been answered.
    pub(crate) const fn count_from(&mut self, nc: u32) {
        self.nc = nc;
    }

    /// Replaces the server's nonce and restarts its count.
    pub(crate) fn start_with(&mut self, nonce: &str) {
        self.nonce = quoted(nonce);
        self.nc = 0;
    }

    /// The header value for `request`. `None` if the nonce count overflows.
    pub(crate) fn sign(&mut self, request: &Challenged<'_>, account: Account<'_>) -> Option<String> {
        self.nc = self.nc.checked_add(1)?;
        let nc = format!("{:08x}", self.nc);
        let quality = self.protection.map(|protection| Quality {
            nc: &nc,
            cnonce: &self.cnonce,
            body: (protection == Protection::Body).then_some(request.body),
        });
        let question = Question {
            algorithm: self.algorithm,
            session: self.is_session.then_some(self.cnonce.as_str()),
            realm: &self.realm,
            nonce: &unquote(&self.nonce),
            method: request.method,
            uri: request.uri,
            quality,
        };
        let response = question.response(account.username, account.password.reveal());
        let who = format!("username={}", quoted(account.username));
        Some(self.written(&who, &format!(", uri=\"{}\", response=\"{response}\"", request.uri)))
    }

    /// The header value without user and response, to keep for the next request.
    pub(crate) fn written_unsigned(&self) -> String {
        self.written("username=\"\"", "")
    }

    fn written(&self, who: &str, response: &str) -> String {
        let session = if self.is_session { "-sess" } else { "" };
        let (realm, nonce, algorithm) = (quoted(&self.realm), &self.nonce, self.algorithm.name());
        let mut text =
            format!("Digest {who}, realm={realm}, nonce={nonce}{response}, algorithm={algorithm}{session}");
        if let Some(protection) = self.protection {
            text += &format!(", cnonce=\"{}\", qop={}, nc={:08x}", self.cnonce, protection.name(), self.nc);
        } else if self.is_session {
            text += &format!(", cnonce=\"{}\"", self.cnonce);
        }
        if let Some(opaque) = &self.opaque {
            text += &format!(", opaque={opaque}");
        }
        text
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
