//! The hashes of digest authentication.

use core::fmt::Write;

use md5::{Digest as _, Md5};
use sha2::{Sha256, Sha512_256};
use smallvec::SmallVec;

/// A hash algorithm of digest authentication. A challenge lists them in order of preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// MD5: most phones still use it.
    Md5,
    /// SHA-256 (RFC 8760).
    Sha256,
    /// SHA-512, cut to 256 bits (RFC 8760).
    Sha512_256,
}

impl Algorithm {
    /// The name in headers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
            Self::Sha512_256 => "SHA-512-256",
        }
    }

    /// The algorithm called `name`, in any case; MD5 if no name is given (RFC 7616, 3.3).
    pub fn of(name: Option<&str>) -> Option<Self> {
        let Some(name) = name else { return Some(Self::Md5) };
        let known = [Self::Md5, Self::Sha256, Self::Sha512_256];
        known.into_iter().find(|known| known.name().eq_ignore_ascii_case(name))
    }

    /// The same for a name that may end in `-sess`, and whether it does.
    pub(crate) fn with_session(name: Option<&str>) -> Option<(Self, bool)> {
        let cut = name.and_then(|name| name.len().checked_sub(SESSION.len()));
        let parts = name.zip(cut).and_then(|(name, cut)| name.split_at_checked(cut));
        match parts.filter(|(_, end)| end.eq_ignore_ascii_case(SESSION)) {
            Some((name, _)) => Some((Self::of(Some(name))?, true)),
            None => Some((Self::of(name)?, false)),
        }
    }

    /// The hash of `parts` joined by colons, in lower-case hexadecimal.
    fn hash(self, parts: &[&[u8]]) -> String {
        match self {
            Self::Md5 => hex(&fed(Md5::new(), parts).finalize()),
            Self::Sha256 => hex(&fed(Sha256::new(), parts).finalize()),
            Self::Sha512_256 => hex(&fed(Sha512_256::new(), parts).finalize()),
        }
    }
}

/// Suffix of the algorithms whose key is made once per server nonce (RFC 7616, 3.4.2).
const SESSION: &str = "-sess";

/// What a client adds with qop, so that each of its answers differs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quality<'a> {
    /// How often the nonce was used, eight hexadecimal digits.
    pub(crate) nc: &'a str,
    /// The client's own nonce.
    pub(crate) cnonce: &'a str,
    /// The body, where it is protected too (qop=auth-int).
    pub(crate) body: Option<&'a [u8]>,
}

/// The input of a digest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) algorithm: Algorithm,
    /// The client's nonce, for an algorithm with `-sess`.
    pub(crate) session: Option<&'a str>,
    pub(crate) realm: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) method: &'a str,
    pub(crate) uri: &'a str,
    /// Absent in answers by RFC 2069.
    pub(crate) quality: Option<Quality<'a>>,
}

impl Question<'_> {
    /// The response for `username` with `password` (RFC 7616, 3.4.1).
    pub(crate) fn response(&self, username: &str, password: &str) -> String {
        let hash = |parts: &[&str]| {
            let parts: SmallVec<[&[u8]; 6]> = parts.iter().map(|part| part.as_bytes()).collect();
            self.algorithm.hash(&parts)
        };
        let mut who = hash(&[username, self.realm, password]);
        if let Some(cnonce) = self.session {
            who = hash(&[&who, self.nonce, cnonce]);
        }
        match self.quality {
            Some(Quality { nc, cnonce, body: None }) => {
                let what = hash(&[self.method, self.uri]);
                hash(&[&who, self.nonce, nc, cnonce, "auth", &what])
            }
            Some(Quality { nc, cnonce, body: Some(body) }) => {
                let what = hash(&[self.method, self.uri, &self.algorithm.hash(&[body])]);
                hash(&[&who, self.nonce, nc, cnonce, "auth-int", &what])
            }
            None => hash(&[&who, self.nonce, &hash(&[self.method, self.uri])]),
        }
    }
}

fn fed<D: md5::Digest>(mut hasher: D, parts: &[&[u8]]) -> D {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            hasher.update(b":");
        }
        hasher.update(part);
    }
    hasher
}

/// `bytes` in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether both are equal. The time taken does not tell where they differ.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_rfcs_come_out() {
        // RFC 7616, 3.9.1.
        let mut question = Question {
            algorithm: Algorithm::Md5,
            session: None,
            realm: "http-auth@example.org",
            nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            method: "GET",
            uri: "/dir/index.html",
            quality: Some(Quality {
                nc: "00000001",
                cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
                body: None,
            }),
        };
        let password = "Circle of Life";
        assert_eq!(question.response("Mufasa", password), "8ca523f5e9506fed4657c9700eebdbec");
        question.algorithm = Algorithm::Sha256;
        let sha = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";
        assert_eq!(question.response("Mufasa", password), sha);
        // RFC 2617, 3.5, and the same input by RFC 2069.
        let mut old = Question {
            algorithm: Algorithm::Md5,
            session: None,
            realm: "testrealm@host.com",
            nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
            method: "GET",
            uri: "/dir/index.html",
            quality: Some(Quality { nc: "00000001", cnonce: "0a4f113b", body: None }),
        };
        assert_eq!(old.response("Mufasa", "Circle Of Life"), "6629fae49393a05397450978507c4ef1");
        old.quality = None;
        assert_eq!(old.response("Mufasa", "Circle Of Life"), "670fd8c2df070c60b045671b8b24ff02");
    }

    #[test]
    fn every_algorithm_comes_out_as_other_programs_reckon_it() {
        // RFC 7616, 3.4.1 to 3.4.3, and 3.9.2 with the user's name in plain; computed with Python's hashlib.
        let body: &[u8] = b"hello";
        for (algorithm, is_session, qop, expected) in [
            (Algorithm::Md5, false, "auth-int", "4057b23c4f6a37fa8e1f63cebe2853cc"),
            (Algorithm::Md5, true, "", "4150d8e79a95c2ef0eaf54c40807057e"),
            (Algorithm::Md5, true, "auth", "7bca021fd529e71827772857dd5e9d5a"),
            (
                Algorithm::Sha256,
                true,
                "auth-int",
                "1349b6e617c46d7628ad4377ce3d10e476a7a33d578001e8b1afa41a54bcdc00",
            ),
            (
                Algorithm::Sha512_256,
                false,
                "auth",
                "1a6ff6df4238b8f80e290cb590447fb15cb5f78f05931c055ac33fefb9f46c3a",
            ),
            (
                Algorithm::Sha512_256,
                true,
                "auth-int",
                "4868ad48401334c2d551e868956f50ebf06d3c190237c14aa386c5b61349fe08",
            ),
        ] {
            let body = (qop == "auth-int").then_some(body);
            let question = Question {
                algorithm,
                session: is_session.then_some("c1"),
                realm: "a \"b\" c",
                nonce: "n1",
                method: "REGISTER",
                uri: "sip:carrier.example",
                quality: (!qop.is_empty()).then_some(Quality { nc: "00000001", cnonce: "c1", body }),
            };
            assert_eq!(question.response("maria", "wonder"), expected, "{algorithm:?} {is_session} {qop}");
        }
    }

    #[test]
    fn only_equal_bytes_are_the_same() {
        assert!(is_same(b"abc", b"abc"));
        assert!(!is_same(b"abc", b"abd") && !is_same(b"abc", b"ab") && !is_same(b"", b"a"));
    }
}
