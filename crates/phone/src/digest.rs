//! Answers digest challenges (RFC 2617 and 7616, MD5).
//!
//! rsip reads the challenge. The answer is written here, since rsip quotes `qop`, counts `nc` in decimal up to 255 and
//! does not know the name `SHA-256`.

use md5::{Digest, Md5};
use rsip::headers::{Header, Headers, ToTypedHeader, UntypedHeader, auth};
use turno_ground::Rng;

/// A challenge and how often it was answered.
#[derive(Clone, Debug)]
pub(crate) struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    with_qop: bool,
    from_proxy: bool,
    /// Whether the server says that only the nonce was stale.
    pub(crate) stale: bool,
    count: u32,
}

impl Challenge {
    /// The first challenge of a 401 or 407 that MD5 can answer.
    pub(crate) fn read(headers: &Headers) -> Option<Self> {
        headers.iter().find_map(|header| {
            if let Header::WwwAuthenticate(line) = header {
                Self::from_line(line.value(), false)
            } else if let Header::ProxyAuthenticate(line) = header {
                Self::from_line(line.value(), true)
            } else {
                None
            }
        })
    }

    fn from_line(line: &str, from_proxy: bool) -> Option<Self> {
        // rsip reads only one qop, so a list is replaced by the one we use.
        let line = line.replace("\"auth,auth-int\"", "\"auth\"").replace("\"auth, auth-int\"", "\"auth\"");
        let typed = rsip::headers::WwwAuthenticate::new(line).typed().ok()?;
        if typed.scheme != auth::Scheme::Digest
            || typed.algorithm.is_some_and(|algorithm| algorithm != auth::Algorithm::Md5)
            || typed.qop.as_ref().is_some_and(|qop| *qop != auth::Qop::Auth)
        {
            return None;
        }
        Some(Self {
            realm: typed.realm,
            nonce: typed.nonce,
            opaque: typed.opaque,
            with_qop: typed.qop.is_some(),
            from_proxy,
            stale: typed.stale.is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
            count: 0,
        })
    }

    /// The header that answers the challenge for one request.
    pub(crate) fn answer(
        &mut self,
        (user, password): (&str, &str),
        (method, uri): (&str, &str),
        rng: &mut Rng,
    ) -> Header {
        self.count += 1;
        let secret = hash(&format!("{user}:{}:{password}", self.realm));
        let asked = hash(&format!("{method}:{uri}"));
        let Self { realm, nonce, .. } = &*self;
        let mut line =
            format!("Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\"");
        if self.with_qop {
            let token = rng.token::<16>();
            let cnonce = String::from_utf8_lossy(&token);
            let count = format!("{:08x}", self.count);
            let response = hash(&format!("{secret}:{nonce}:{count}:{cnonce}:auth:{asked}"));
            line += &format!(", response=\"{response}\", qop=auth, nc={count}, cnonce=\"{cnonce}\"");
        } else {
            let response = hash(&format!("{secret}:{nonce}:{asked}"));
            line += &format!(", response=\"{response}\"");
        }
        line += ", algorithm=MD5";
        if let Some(opaque) = &self.opaque {
            line += &format!(", opaque=\"{opaque}\"");
        }
        if self.from_proxy {
            Header::ProxyAuthorization(rsip::headers::ProxyAuthorization::new(line))
        } else {
            Header::Authorization(rsip::headers::Authorization::new(line))
        }
    }
}

fn hash(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    Md5::digest(text.as_bytes())
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_answers_the_challenge_that_the_rfc_prints() {
        // RFC 2617, 3.5.
        let secret = hash("Mufasa:testrealm@host.com:Circle Of Life");
        let asked = hash("GET:/dir/index.html");
        let response =
            hash(&format!("{secret}:dcd98b7102dd2f0e8b11d0f600bfb0c093:00000001:0a4f113b:auth:{asked}"));
        assert_eq!(response, "6629fae49393a05397450978507c4ef1");
    }

    #[test]
    fn of_two_challenges_the_phone_takes_the_one_it_can_answer() {
        // RFC 8760: a server offers SHA-256 first and MD5 for old phones.
        let mut headers = Headers::default();
        for algorithm in ["SHA-256", "MD5"] {
            let line =
                format!("Digest realm=\"r\", nonce=\"{algorithm}-n\", algorithm={algorithm}, qop=\"auth\"");
            headers.push(Header::WwwAuthenticate(rsip::headers::WwwAuthenticate::new(line)));
        }
        let challenge = Challenge::read(&headers).expect("MD5 is offered");
        assert_eq!(challenge.nonce, "MD5-n");
        assert!(challenge.with_qop);
    }
}
