//! The hashes of digest authentication.

use core::fmt::Write;

use md5::{Digest as _, Md5};
use sha2::Sha256;

/// A hash that a digest is made with. Order them in a challenge from what you would rather have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// MD5: what most phones still speak.
    Md5,
    /// SHA-256 (RFC 8760).
    Sha256,
}

impl Algorithm {
    /// The name in headers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    /// The algorithm called `name`, in any case; MD5 if no name is given (RFC 7616, 3.3).
    pub fn of(name: Option<&str>) -> Option<Self> {
        let Some(name) = name else { return Some(Self::Md5) };
        [Self::Md5, Self::Sha256].into_iter().find(|known| known.name().eq_ignore_ascii_case(name))
    }

    /// The hash of `parts` with colons between, in lower-case hexadecimal.
    fn hash(self, parts: &[&str]) -> String {
        match self {
            Self::Md5 => hex(&fed(Md5::new(), parts).finalize()),
            Self::Sha256 => hex(&fed(Sha256::new(), parts).finalize()),
        }
    }
}

/// What a client adds to make each answer its own (qop=auth).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quality<'a> {
    /// How often the nonce was used, eight hexadecimal digits.
    pub(crate) nc: &'a str,
    /// The client's own nonce.
    pub(crate) cnonce: &'a str,
}

/// What a digest is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) realm: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) method: &'a str,
    pub(crate) uri: &'a str,
    /// Absent in the answers of RFC 2069.
    pub(crate) quality: Option<Quality<'a>>,
}

impl Question<'_> {
    /// The response of who has `password` (RFC 7616, 3.4.1).
    pub(crate) fn response(&self, username: &str, password: &str) -> String {
        let who = self.algorithm.hash(&[username, self.realm, password]);
        let what = self.algorithm.hash(&[self.method, self.uri]);
        match self.quality {
            Some(Quality { nc, cnonce }) => {
                self.algorithm.hash(&[&who, self.nonce, nc, cnonce, "auth", &what])
            }
            None => self.algorithm.hash(&[&who, self.nonce, &what]),
        }
    }
}

fn fed<D: md5::Digest>(mut hasher: D, parts: &[&str]) -> D {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            hasher.update(b":");
        }
        hasher.update(part.as_bytes());
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

/// Whether both are equal, in a time that tells nothing of where they differ.
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
            realm: "http-auth@example.org",
            nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            method: "GET",
            uri: "/dir/index.html",
            quality: Some(Quality { nc: "00000001", cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ" }),
        };
        let password = "Circle of Life";
        assert_eq!(question.response("Mufasa", password), "8ca523f5e9506fed4657c9700eebdbec");
        question.algorithm = Algorithm::Sha256;
        let sha = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";
        assert_eq!(question.response("Mufasa", password), sha);
        // RFC 2617, 3.5, and RFC 2069's way with the same words.
        let mut old = Question {
            algorithm: Algorithm::Md5,
            realm: "testrealm@host.com",
            nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
            method: "GET",
            uri: "/dir/index.html",
            quality: Some(Quality { nc: "00000001", cnonce: "0a4f113b" }),
        };
        assert_eq!(old.response("Mufasa", "Circle Of Life"), "6629fae49393a05397450978507c4ef1");
        old.quality = None;
        assert_eq!(old.response("Mufasa", "Circle Of Life"), "670fd8c2df070c60b045671b8b24ff02");
    }

    #[test]
    fn only_equal_bytes_are_the_same() {
        assert!(is_same(b"abc", b"abc"));
        assert!(!is_same(b"abc", b"abd") && !is_same(b"abc", b"ab") && !is_same(b"", b"a"));
    }
}
