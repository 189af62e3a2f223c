//! Encryption and tag of one packet by suite: AES in counter mode with HMAC-SHA1 (RFC 3711, 4) or AES-GCM (RFC 7714, 8
//! and 9).

use core::ops::Range;

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Block};
use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes128Gcm, Aes256Gcm};
use hmac::{Hmac, Mac};
use sha1::Sha1;
use turno_media_plan::{MasterKey, Suite};

use crate::srtp::derive::{SessionKeys, Use};

/// Longest tag of any suite, in bytes.
pub(crate) const TAG_BYTES_MAX: usize = 16;

/// Blocks encrypted at a time: twelve are one packet of voice.
const BLOCKS: usize = 12;

/// The keys and the algorithm of one use.
pub(crate) struct Transform {
    cipher: Cipher,
    salt: [u8; 14],
    tag_bytes: usize,
}

enum Cipher {
    Counter { aes: Box<Aes128>, tag: Box<Hmac<Sha1>> },
    Gcm128(Box<Aes128Gcm>),
    Gcm256(Box<Aes256Gcm>),
}

/// Identifies a packet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PacketIndex {
    /// The SSRC.
    pub(crate) ssrc: u32,
    /// The 48 bits of an RTP packet's index, or the 31 of an RTCP packet's.
    pub(crate) index: u64,
}

/// The tag is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unauthentic;

impl Transform {
    pub(crate) fn new(master: &MasterKey, usage: Use) -> Self {
        Self::of(master.suite(), &SessionKeys::derive(master, usage), usage)
    }

    /// With known session keys.
    pub(crate) fn of(suite: Suite, keys: &SessionKeys, usage: Use) -> Self {
        let cipher = &keys.cipher[..suite.key_bytes()];
        let right = "a session key has its cipher's length";
        let (cipher, tag_bytes) = match (suite, usage) {
            (Suite::AesCm128HmacSha1_80 | Suite::AesCm128HmacSha1_32, _) => {
                let aes = Box::new(Aes128::new_from_slice(cipher).expect(right));
                let tag = Box::new(Hmac::new_from_slice(&keys.tag).expect("any length is good for HMAC"));
                // RFC 4568, 6.2.2: reports keep the long tag.
                let is_short = suite == Suite::AesCm128HmacSha1_32 && usage == Use::Rtp;
                (Cipher::Counter { aes, tag }, if is_short { 4 } else { 10 })
            }
            (Suite::AeadAes128Gcm, _) => {
                (Cipher::Gcm128(Box::new(Aes128Gcm::new_from_slice(cipher).expect(right))), TAG_BYTES_MAX)
            }
            (Suite::AeadAes256Gcm, _) => {
                (Cipher::Gcm256(Box::new(Aes256Gcm::new_from_slice(cipher).expect(right))), TAG_BYTES_MAX)
            }
        };
        Self { cipher, salt: keys.salt, tag_bytes }
    }

    /// Bytes of the tag.
    pub(crate) const fn tag_bytes(&self) -> usize {
        self.tag_bytes
    }

    /// Whether the tag is part of the ciphertext, and so stands before the other appended fields.
    pub(crate) const fn is_aead(&self) -> bool {
        match self.cipher {
            Cipher::Counter { .. } => false,
            Cipher::Gcm128(_) | Cipher::Gcm256(_) => true,
        }
    }

    /// Encrypts `body` of `packet` and returns the tag. `beside` is authenticated too: RTP's rollover counter, or
    /// RTCP's index with its flag.
    pub(crate) fn seal(
        &self,
        place: PacketIndex,
        packet: &mut [u8],
        body: Range<usize>,
        beside: [u8; 4],
        usage: Use,
    ) -> [u8; TAG_BYTES_MAX] {
        let mut tag = [0; TAG_BYTES_MAX];
        let (head, rest) = packet.split_at_mut(body.start);
        let text = &mut rest[..body.end - body.start];
        let nonce = self.gcm_nonce(place, usage).into();
        let mut aad = [0; AAD_BYTES_MAX];
        let aad = associated(&mut aad, head, beside, usage);
        let room = "a packet is shorter than GCM's longest message";
        match &self.cipher {
            Cipher::Counter { aes, tag: hmac } => {
                counter_mode(aes, self.counter(place), text);
                let mut hmac = Hmac::clone(hmac);
                hmac.update(head);
                hmac.update(text);
                hmac.update(&beside);
                tag[..self.tag_bytes].copy_from_slice(&hmac.finalize().into_bytes()[..self.tag_bytes]);
            }
            Cipher::Gcm128(gcm) => {
                tag = gcm.encrypt_inout_detached(&nonce, aad, text.into()).expect(room).into();
            }
            Cipher::Gcm256(gcm) => {
                tag = gcm.encrypt_inout_detached(&nonce, aad, text.into()).expect(room).into();
            }
        }
        tag
    }

    /// Checks the tag and decrypts `body`; if the tag is wrong nothing is changed.
    pub(crate) fn open(
        &self,
        place: PacketIndex,
        packet: &mut [u8],
        body: Range<usize>,
        (beside, tag): ([u8; 4], &[u8]),
        usage: Use,
    ) -> Result<(), Unauthentic> {
        let (head, rest) = packet.split_at_mut(body.start);
        let text = &mut rest[..body.end - body.start];
        let nonce = self.gcm_nonce(place, usage).into();
        let mut aad = [0; AAD_BYTES_MAX];
        let aad = associated(&mut aad, head, beside, usage);
        match &self.cipher {
            Cipher::Counter { aes, tag: hmac } => {
                let mut hmac = Hmac::clone(hmac);
                hmac.update(head);
                hmac.update(text);
                hmac.update(&beside);
                hmac.verify_truncated_left(tag).map_err(|_| Unauthentic)?;
                counter_mode(aes, self.counter(place), text);
                Ok(())
            }
            Cipher::Gcm128(gcm) => {
                let tag = tag.try_into().map_err(|_| Unauthentic)?;
                gcm.decrypt_inout_detached(&nonce, aad, text.into(), tag).map_err(|_| Unauthentic)
            }
            Cipher::Gcm256(gcm) => {
                let tag = tag.try_into().map_err(|_| Unauthentic)?;
                gcm.decrypt_inout_detached(&nonce, aad, text.into(), tag).map_err(|_| Unauthentic)
            }
        }
    }

    /// RFC 3711, 4.1.1: XOR of salt, source and index; the last 16 bits count blocks.
    fn counter(&self, place: PacketIndex) -> [u8; 16] {
        let mut counter = [0; 16];
        counter[..14].copy_from_slice(&self.salt);
        mix(&mut counter[4..8], &place.ssrc.to_be_bytes());
        mix(&mut counter[8..14], &place.index.to_be_bytes()[2..]);
        counter
    }

    /// RFC 7714, 8.1 and 9.1.
    fn gcm_nonce(&self, place: PacketIndex, usage: Use) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&self.salt[..12]);
        mix(&mut nonce[2..6], &place.ssrc.to_be_bytes());
        match usage {
            Use::Rtp => mix(&mut nonce[6..12], &place.index.to_be_bytes()[2..]),
            Use::Rtcp => mix(&mut nonce[8..12], &place.index.to_be_bytes()[4..]),
        }
        nonce
    }
}

/// An RTP header with fifteen sources and an extension; longer ones are not read.
pub(crate) const HEAD_BYTES_MAX: usize = 508;
const AAD_BYTES_MAX: usize = HEAD_BYTES_MAX + 4;

/// What GCM authenticates beside the ciphertext: RTP's header alone (RFC 7714, 8.2), or RTCP's and the index behind it
/// (9.2).
fn associated<'a>(
    room: &'a mut [u8; AAD_BYTES_MAX],
    head: &'a [u8],
    beside: [u8; 4],
    usage: Use,
) -> &'a [u8] {
    match usage {
        Use::Rtp => head,
        Use::Rtcp => {
            let end = head.len().min(HEAD_BYTES_MAX);
            room[..end].copy_from_slice(&head[..end]);
            room[end..end + 4].copy_from_slice(&beside);
            &room[..end + 4]
        }
    }
}

fn mix(target: &mut [u8], with: &[u8]) {
    for (byte, other) in target.iter_mut().zip(with) {
        *byte ^= other;
    }
}

/// Encrypts or decrypts; in counter mode both are the same.
pub(crate) fn counter_mode(aes: &Aes128, mut counter: [u8; 16], text: &mut [u8]) {
    let mut number = 0u16;
    for part in text.chunks_mut(BLOCKS * 16) {
        let count = part.len().div_ceil(16);
        let mut blocks = [Block::default(); BLOCKS];
        for block in &mut blocks[..count] {
            counter[14..].copy_from_slice(&number.to_be_bytes());
            *block = Block::from(counter);
            number = number.wrapping_add(1);
        }
        aes.encrypt_blocks(&mut blocks[..count]);
        for (text, block) in part.chunks_mut(16).zip(&blocks) {
            mix(text, block);
        }
    }
}
