//! Derives session keys from master keys (RFC 3711, 4.3; RFC 7714, 11): each use has its own keys.

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes256, Block};
use turno_media_plan::MasterKey;

/// The packet format that a key is for; it selects the first of the three labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Voice.
    Rtp,
    /// Reports.
    Rtcp,
}

/// The session keys of one use; each array has the length that the longest suite needs.
#[derive(PartialEq, Eq)]
pub(crate) struct SessionKeys {
    /// The cipher's key.
    pub(crate) cipher: [u8; 32],
    /// The key of HMAC-SHA1.
    pub(crate) tag: [u8; 20],
    /// The salt, mixed into every packet's IV.
    pub(crate) salt: [u8; 14],
}

impl SessionKeys {
    /// Derives the keys once: the key derivation rate is 0, as nearly all peers have it.
    pub(crate) fn derive(master: &MasterKey, usage: Use) -> Self {
        let first = match usage {
            Use::Rtp => 0,
            Use::Rtcp => 3,
        };
        let mut keys = Self { cipher: [0; 32], tag: [0; 20], salt: [0; 14] };
        let length = master.key().len();
        stream(master, first, &mut keys.cipher[..length]);
        stream(master, first + 1, &mut keys.tag);
        let length = master.salt().len();
        stream(master, first + 2, &mut keys.salt[..length]);
        keys
    }
}

/// Fills `key` from AES in counter mode, starting at the salt XOR the label.
fn stream(master: &MasterKey, label: u8, key: &mut [u8]) {
    let mut counter = [0u8; 16];
    counter[..master.salt().len()].copy_from_slice(master.salt());
    counter[7] ^= label;
    for (number, part) in (0u16..).zip(key.chunks_mut(16)) {
        counter[14..].copy_from_slice(&number.to_be_bytes());
        let mut block = Block::from(counter);
        if let Ok(cipher) = Aes128::new_from_slice(master.key()) {
            cipher.encrypt_block(&mut block);
        } else {
            let cipher = Aes256::new_from_slice(master.key()).expect("a master key has 16 or 32 bytes");
            cipher.encrypt_block(&mut block);
        }
        part.copy_from_slice(&block[..part.len()]);
    }
}
