//! Browsers: what offer and answer agree about ICE and DTLS (RFC 8445, RFC 8842), and what must outlive a crash.

use core::fmt;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;

use crate::srtp::Protection;

/// The two secrets of an ICE session (RFC 8445, 5.3). `Debug` does not show the password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceCredentials {
    /// The fragment that every check names.
    pub ufrag: String,
    /// The key that every check is signed with.
    pub password: String,
}

impl fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IceCredentials({})", self.ufrag)
    }
}

/// A hash function of `a=fingerprint` that is still trusted (RFC 8122, 5), the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// All of them, the weakest first.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// Its name in SDP.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
        }
    }

    /// Bytes of a digest.
    pub const fn bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// The digest of a certificate.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    hash: Hash,
    digest: Vec<u8>,
}

impl Fingerprint {
    /// A digest; `None` if its length is not that of the hash.
    pub fn new(hash: Hash, digest: &[u8]) -> Option<Self> {
        (digest.len() == hash.bytes()).then(|| Self { hash, digest: digest.to_vec() })
    }

    /// Reads the value of `a=fingerprint`; `None` if it is of a hash that is not trusted, or malformed.
    pub fn read(value: &str) -> Option<Self> {
        let (name, digits) = value.trim().split_once([' ', '\t'])?;
        let hash = Hash::ALL.into_iter().find(|hash| hash.name().eq_ignore_ascii_case(name))?;
        let mut digest = Vec::with_capacity(hash.bytes());
        for pair in digits.trim().split(':') {
            let is_pair = pair.len() == 2 && pair.bytes().all(|digit| digit.is_ascii_hexdigit());
            if !is_pair || digest.len() == hash.bytes() {
                return None;
            }
            digest.push(u8::from_str_radix(pair, 16).ok()?);
        }
        Self::new(hash, &digest)
    }

    /// The hash.
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// The digest.
    pub fn digest(&self) -> &[u8] {
        &self.digest
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.hash.name())?;
        for (place, byte) in self.digest.iter().enumerate() {
            write!(f, "{}{byte:02X}", if place == 0 { ' ' } else { ':' })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Who begins the DTLS handshake (RFC 8842, 5.2), seen from us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DtlsRole {
    /// The peer begins: `a=setup:passive` in our answer.
    Server,
    /// We begin.
    Client,
}

/// What offer and answer agreed with a browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebTerms {
    /// Our ICE credentials. Checks with those of an earlier agreement count until one with these has come.
    pub ours: IceCredentials,
    /// The certificate that the peer must show. Another one than before means another handshake and other keys.
    pub fingerprint: Fingerprint,
    /// Our role in the handshake.
    pub role: DtlsRole,
    /// What the journal has of this stream: with it, a stream that the media plane does not know goes on where it was.
    pub kept: Option<Box<WebState>>,
    /// Which of our certificates we show.
    #[serde(default)]
    pub shows: Shown,
    /// Whether a turno before this one may have been in the middle of the handshake. What the browser sends then fits nothing
    /// here, and [`crate::MediaEvent::CutOff`] asks for another one.
    #[serde(default)]
    pub was_begun: bool,
}

/// One of our two certificates. A browser shakes hands anew if it is told of another one than before, and only then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// The usual one.
    #[default]
    First,
    /// The other one, for a handshake that a restart has cut off.
    Other,
}

impl Shown {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::First => Self::Other,
            Self::Other => Self::First,
        }
    }
}

/// What goes on after a restart without anything that the browser would notice: its address, the keys, and how far our
/// packets may have gone.
///
/// No packet is sent before the state that covers it is in the journal (see [`crate::MediaCommand::Kept`]), and a
/// restarted stream goes on behind what the state covers. So a number is never used twice under one key, although the
/// journal has a row only for every thousand packets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebState {
    /// The certificate under which these keys were agreed.
    pub fingerprint: Fingerprint,
    /// The SRTP keys.
    pub keys: Protection,
    /// Where the browser was.
    pub remote: SocketAddr,
    /// Our source.
    pub ssrc: u32,
    /// All packet indexes below this one may have been used (RFC 3711, 3.3.1: rollover counter and sequence number).
    pub packets: u64,
    /// The same for reports.
    pub reports: u32,
    /// The browser's source, and the highest index heard from it: what is older stays refused.
    pub heard: Option<(u32, u64)>,
    /// An RTP timestamp of ours.
    pub timestamp: u32,
    /// When it was.
    pub stamped_at: Moment,
}

/// Why a browser's voice can't be secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Insecure {
    /// The certificate is not the one whose fingerprint the SDP has: somebody stands between us and the browser.
    WrongFingerprint,
    /// The DTLS handshake failed, or took too long.
    NoHandshake,
}

impl Insecure {
    /// In words, for a Reason header and the log.
    pub const fn words(self) -> &'static str {
        match self {
            Self::WrongFingerprint => "The certificate is not the one of the SDP",
            Self::NoHandshake => "No DTLS handshake",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_browsers_write_it_and_written_the_same() {
        let text = format!("sha-256 {}", ["0A"; 32].join(":"));
        let read = Fingerprint::read(&text).expect("a fingerprint");
        assert_eq!((read.hash(), read.digest(), read.to_string()), (Hash::Sha256, [10; 32].as_slice(), text));
        assert_eq!(
            Fingerprint::read(&format!("SHA-384 {}", ["ff"; 48].join(":"))).map(|it| it.hash()),
            Some(Hash::Sha384)
        );
    }

    #[test]
    fn a_fingerprint_that_proves_nothing_is_none() {
        // Bad input: old hashes, and digests of another length or with other signs.
        let digits = |digit: &str, count| vec![digit; count].join(":");
        for text in [
            format!("sha-1 {}", digits("0A", 20)),
            format!("md5 {}", digits("0A", 16)),
            format!("sha-256 {}", digits("0A", 31)),
            format!("sha-256 {}", digits("0A", 33)),
            format!("sha-256 {}", digits("+A", 32)),
            format!("sha-256 {}", digits("A", 32)),
            "sha-256".to_owned(),
            String::new(),
        ] {
            assert_eq!(Fingerprint::read(&text), None, "{text}");
        }
    }

    #[test]
    fn no_password_is_seen_in_a_log() {
        let ours = IceCredentials { ufrag: "abcd".to_owned(), password: "secret".to_owned() };
        assert_eq!(format!("{ours:?}"), "IceCredentials(abcd)");
    }
}
