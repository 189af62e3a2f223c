//! Secrets that are shown once, and what is stored of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use turno_ground::Secret;

/// Fresh random bytes for one secret.
pub const RANDOM_BYTES: usize = 32;

/// Words in front of each kind of secret, so that programs that look for leaked secrets find them.
const SESSION: &str = "turno_s_";
const TOKEN: &str = "turno_t_";

/// A secret that its owner keeps: the value of a cookie, or a token.
#[derive(Clone, Debug)]
pub struct SecretText(Secret);

impl SecretText {
    pub(crate) fn session(random: &[u8; RANDOM_BYTES]) -> Self {
        Self::new(SESSION, random)
    }

    pub(crate) fn token(random: &[u8; RANDOM_BYTES]) -> Self {
        Self::new(TOKEN, random)
    }

    fn new(kind: &str, random: &[u8; RANDOM_BYTES]) -> Self {
        Self(Secret::new(format!("{kind}{}", URL_SAFE_NO_PAD.encode(random))))
    }

    /// The text, for the one answer that shows it.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// What is stored of a secret. Random secrets of 256 bits need no slow hash.
pub(crate) fn stored(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// What a page sends beside its cookie with each change: another site can't know it, since it can't read the cookie.
pub fn csrf_of(session: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"turno csrf ");
    hash.update(session.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}
