//! SRTP suites, master keys that no log shows, and policies (RFC 3711, RFC 7714).

use core::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha512};

/// A crypto suite, as named in `a=crypto` (RFC 4568, 6.2; RFC 7714, 14.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Suite {
    /// AES in counter mode with 128 bits, HMAC-SHA1 cut to 80 bits: supported by every phone with SRTP.
    AesCm128HmacSha1_80,
    /// The same with a 32-bit tag for RTP packets.
    AesCm128HmacSha1_32,
    /// AES-GCM with 128 bits.
    AeadAes128Gcm,
    /// AES-GCM with 256 bits.
    AeadAes256Gcm,
}

impl Suite {
    /// All suites, in the order in which we offer them.
    pub const ALL: [Self; 4] =
        [Self::AeadAes128Gcm, Self::AeadAes256Gcm, Self::AesCm128HmacSha1_80, Self::AesCm128HmacSha1_32];

    /// Its name in `a=crypto`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AesCm128HmacSha1_80 => "AES_CM_128_HMAC_SHA1_80",
            Self::AesCm128HmacSha1_32 => "AES_CM_128_HMAC_SHA1_32",
            Self::AeadAes128Gcm => "AEAD_AES_128_GCM",
            Self::AeadAes256Gcm => "AEAD_AES_256_GCM",
        }
    }

    /// Length of the master key, in bytes.
    pub const fn key_bytes(self) -> usize {
        match self {
            Self::AesCm128HmacSha1_80 | Self::AesCm128HmacSha1_32 | Self::AeadAes128Gcm => 16,
            Self::AeadAes256Gcm => 32,
        }
    }

    /// Length of the master salt, in bytes.
    pub const fn salt_bytes(self) -> usize {
        match self {
            Self::AesCm128HmacSha1_80 | Self::AesCm128HmacSha1_32 => 14,
            Self::AeadAes128Gcm | Self::AeadAes256Gcm => 12,
        }
    }
}

/// Longest master key with its salt, in bytes.
pub const KEY_AND_SALT_BYTES_MAX: usize = 44;

/// A master key with its salt, for one direction. `Debug` shows only the suite.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterKey {
    suite: Suite,
    key: [u8; 32],
    salt: [u8; 14],
}

impl MasterKey {
    /// A key and salt, concatenated as in `inline:`; `None` if the length does not fit the suite.
    pub fn new(suite: Suite, key_and_salt: &[u8]) -> Option<Self> {
        if key_and_salt.len() != suite.key_bytes() + suite.salt_bytes() {
            return None;
        }
        let (given_key, given_salt) = key_and_salt.split_at(suite.key_bytes());
        let (mut key, mut salt) = ([0; 32], [0; 14]);
        key[..given_key.len()].copy_from_slice(given_key);
        salt[..given_salt.len()].copy_from_slice(given_salt);
        Some(Self { suite, key, salt })
    }

    /// Its suite.
    pub const fn suite(&self) -> Suite {
        self.suite
    }

    /// The key.
    pub fn key(&self) -> &[u8] {
        &self.key[..self.suite.key_bytes()]
    }

    /// The salt.
    pub fn salt(&self) -> &[u8] {
        &self.salt[..self.suite.salt_bytes()]
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.suite.name())
    }
}

/// SRTP protection of one stream, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protection {
    /// Key for packets that we send.
    pub ours: MasterKey,
    /// Key for packets that the peer sends.
    pub theirs: MasterKey,
    /// Length of the key identifier in the peer's packets, in bytes (RFC 3711, 3.1: MKI); 0 for none.
    pub their_mki_bytes: u8,
}

/// SRTP policy of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SrtpPolicy {
    /// Never: an offer of RTP/SAVP is refused, and keys in RTP/AVP are ignored.
    #[default]
    Never,
    /// If the peer can: our offers are RTP/AVP with `a=crypto`, which a phone without SRTP ignores.
    Offered,
    /// Always: our offers are RTP/SAVP, and a peer without keys is refused.
    Required,
    /// Required, but the keys may not travel on this leg's transport: nothing can be agreed.
    Barred,
}

/// Source of master keys: a chain of SHA-512 over a secret from the operating system. Earlier keys can't be derived
/// from the present state.
///
/// Two copies draw the same keys, so another leg must not use a copy; it gets a [`KeyMint::fork`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyMint([u8; 32]);

impl KeyMint {
    /// A source from 32 secret bytes.
    pub const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// An independent source, for one part of the engine.
    pub fn fork(&mut self) -> Self {
        let mut secret = [0; 32];
        secret.copy_from_slice(&self.draw()[..32]);
        Self(secret)
    }

    /// A fresh master key.
    pub fn mint(&mut self, suite: Suite) -> MasterKey {
        let drawn = self.draw();
        MasterKey::new(suite, &drawn[..suite.key_bytes() + suite.salt_bytes()])
            .expect("as many bytes as the suite wants were drawn")
    }

    /// Draws 64 bytes and replaces the secret.
    pub(crate) fn draw(&mut self) -> [u8; 64] {
        let drawn = Sha512::new().chain_update(b"turno key").chain_update(self.0).finalize();
        let next = Sha512::new().chain_update(b"turno next").chain_update(self.0).finalize();
        self.0.copy_from_slice(&next[..32]);
        drawn.into()
    }
}

impl fmt::Debug for KeyMint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyMint")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_seen_in_a_log() {
        // Secrets never appear in logs: a stream prints only its suite.
        let mut mint = KeyMint::new(*b"a secret that nobody else knows.");
        let key = mint.mint(Suite::AeadAes256Gcm);
        let protection =
            Protection { ours: key, theirs: mint.mint(Suite::AeadAes256Gcm), their_mki_bytes: 0 };
        let shown = format!("{protection:?} {mint:?}");
        assert_eq!(
            shown,
            "Protection { ours: MasterKey(AEAD_AES_256_GCM), theirs: MasterKey(AEAD_AES_256_GCM), \
             their_mki_bytes: 0 } KeyMint"
        );
    }

    #[test]
    fn no_two_keys_of_a_mint_and_its_forks_are_the_same() {
        // RFC 3711, 9.1: two streams with the same key and SSRC are readable by anybody who receives both.
        let mut mint = KeyMint::new([7; 32]);
        let mut fork = mint.fork();
        let keys: Vec<MasterKey> = (0..50)
            .flat_map(|_| [mint.mint(Suite::AesCm128HmacSha1_80), fork.mint(Suite::AesCm128HmacSha1_80)])
            .collect();
        for (place, key) in keys.iter().enumerate() {
            assert!(!keys[..place].contains(key), "key {place} was minted before");
        }
    }

    #[test]
    fn a_key_of_another_suites_length_is_none() {
        assert!(MasterKey::new(Suite::AesCm128HmacSha1_80, &[1; 30]).is_some());
        assert!(MasterKey::new(Suite::AesCm128HmacSha1_80, &[1; 28]).is_none());
        assert!(MasterKey::new(Suite::AeadAes256Gcm, &[1; KEY_AND_SALT_BYTES_MAX]).is_some());
    }
}
