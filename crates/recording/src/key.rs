//! The site's keys, and the key of each file that they seal.

use core::fmt;

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// Bytes of a GCM tag.
pub(crate) const TAG_BYTES: usize = 16;

/// Bytes of a GCM nonce.
pub(crate) const NONCE_BYTES: usize = 12;

/// Most keys of a site: the present one, and old ones that still open files.
pub const KEYS_MAX: usize = 64;

/// The text of a key file is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// A line is not 64 hexadecimal digits.
    #[error("line {0} is not a key of 64 hexadecimal digits")]
    NotHex(usize),
    /// There is no key.
    #[error("there is no key in it")]
    Empty,
    /// There are more than [`KEYS_MAX`] keys.
    #[error("there are more than {KEYS_MAX} keys in it")]
    TooMany,
}

/// A key can't be used for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// The site has no key of this name.
    #[error("the key {} is not in the key file", hex(&.0.0))]
    Unknown(KeyName),
    /// The key is there, and does not open the file's own key.
    #[error("the file's own key was altered")]
    Altered,
}

/// The name of a site key: the first bytes of its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct KeyName(pub [u8; 8]);

/// The keys of a site. The first one seals new files; the others open old ones.
#[derive(Clone, PartialEq, Eq)]
pub struct SiteKeys(Vec<[u8; KEY_BYTES]>);

/// Random bytes for one file, from the operating system.
#[derive(Clone, Copy)]
pub struct Fresh {
    /// The file's own key.
    pub key: [u8; KEY_BYTES],
    /// The nonce under which it is sealed.
    pub nonce: [u8; NONCE_BYTES],
}

/// A file's own key, sealed by a key of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapped {
    /// The site's key.
    pub by: KeyName,
    /// Nonce, sealed key and tag, in hexadecimal digits.
    sealed: String,
}

/// The cipher of one file. A nonce is a record's number, so it is never used twice.
pub struct FileKey(Box<Aes256Gcm>);

impl SiteKeys {
    /// Reads a key file: one key of 64 hexadecimal digits a line; blank lines and lines with `#` are left out.
    ///
    /// # Errors
    /// [`KeyFault`].
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        let mut keys = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            keys.push(from_hex(line).ok_or(KeyFault::NotHex(number))?);
        }
        match keys.len() {
            0 => Err(KeyFault::Empty),
            1..=KEYS_MAX => Ok(Self(keys)),
            _ => Err(KeyFault::TooMany),
        }
    }

    /// Seals a file's own key with the first key.
    pub fn wrap(&self, fresh: &Fresh) -> Wrapped {
        let site = self.0.first().expect("there is a key");
        let mut sealed = fresh.nonce.to_vec();
        let mut key = fresh.key;
        let tag = cipher(site)
            .encrypt_inout_detached(&fresh.nonce.into(), b"turno file key", key.as_mut_slice().into())
            .expect("a key is shorter than GCM's longest message");
        sealed.extend_from_slice(&key);
        sealed.extend_from_slice(&tag);
        Wrapped { by: name_of(site), sealed: hex(&sealed) }
    }

    /// Opens a file's own key.
    ///
    /// # Errors
    /// [`KeyRefused`].
    pub fn unwrap(&self, wrapped: &Wrapped) -> Result<FileKey, KeyRefused> {
        let site = self.0.iter().find(|key| name_of(key) == wrapped.by);
        let site = site.ok_or(KeyRefused::Unknown(wrapped.by))?;
        let sealed: [u8; NONCE_BYTES + KEY_BYTES + TAG_BYTES] =
            from_hex(&wrapped.sealed).ok_or(KeyRefused::Altered)?;
        let (nonce, rest) = sealed.split_at(NONCE_BYTES);
        let (sealed, tag) = rest.split_at(KEY_BYTES);
        let mut key: [u8; KEY_BYTES] = sealed.try_into().map_err(|_| KeyRefused::Altered)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| KeyRefused::Altered)?;
        let tag: [u8; TAG_BYTES] = tag.try_into().map_err(|_| KeyRefused::Altered)?;
        cipher(site)
            .decrypt_inout_detached(
                &nonce.into(),
                b"turno file key",
                key.as_mut_slice().into(),
                (&tag).into(),
            )
            .map_err(|_| KeyRefused::Altered)?;
        Ok(FileKey::new(&key))
    }
}

impl FileKey {
    pub(crate) fn new(key: &[u8; KEY_BYTES]) -> Self {
        Self(Box::new(cipher(key)))
    }

    /// Seals a record in place and appends its tag.
    pub(crate) fn seal(&self, number: u64, beside: &[u8], text: &mut Vec<u8>) {
        let tag = self
            .0
            .encrypt_inout_detached(&nonce(number).into(), beside, text.as_mut_slice().into())
            .expect("a record is shorter than GCM's longest message");
        text.extend_from_slice(&tag);
    }

    /// Opens a record; `None` if it is not what was sealed.
    pub(crate) fn open(&self, number: u64, beside: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (text, tag) = sealed.split_at_checked(sealed.len().checked_sub(TAG_BYTES)?)?;
        let tag: [u8; TAG_BYTES] = tag.try_into().ok()?;
        let mut text = text.to_vec();
        self.0
            .decrypt_inout_detached(&nonce(number).into(), beside, text.as_mut_slice().into(), (&tag).into())
            .ok()?;
        Some(text)
    }
}

impl fmt::Debug for SiteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| hex(&name_of(key).0))).finish()
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey")
    }
}

impl From<KeyName> for String {
    fn from(name: KeyName) -> Self {
        hex(&name.0)
    }
}

impl TryFrom<String> for KeyName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        from_hex(&text).map(Self).ok_or("the name of a key has 16 hexadecimal digits")
    }
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use core::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Bytes of hexadecimal digits, if there are exactly so many.
pub fn from_hex<const BYTES: usize>(text: &str) -> Option<[u8; BYTES]> {
    let text = text.as_bytes();
    let mut bytes = [0; BYTES];
    if text.len() != BYTES * 2 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16).and_then(|it| u8::try_from(it).ok());
        *byte = digit(0)? << 4 | digit(1)?;
    }
    Some(bytes)
}

fn name_of(key: &[u8; KEY_BYTES]) -> KeyName {
    let hash: [u8; 32] = Sha256::new().chain_update(b"turno site key").chain_update(key).finalize().into();
    let mut name = [0; 8];
    name.copy_from_slice(&hash[..8]);
    KeyName(name)
}

fn cipher(key: &[u8; KEY_BYTES]) -> Aes256Gcm {
    Aes256Gcm::new(key.into())
}

fn nonce(number: u64) -> [u8; NONCE_BYTES] {
    let mut nonce = [0; NONCE_BYTES];
    nonce[4..].copy_from_slice(&number.to_be_bytes());
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: Fresh = Fresh { key: [7; 32], nonce: [9; 12] };

    fn keys(text: &str) -> SiteKeys {
        SiteKeys::parse(text).expect("a key")
    }

    #[test]
    fn a_key_that_was_replaced_still_opens_its_files_and_a_lost_one_is_named() {
        let (old, new) = ("aa".repeat(32), "bb".repeat(32));
        let wrapped = keys(&old).wrap(&FRESH);
        let both = keys(&format!("# since May\n{new}\n\n{old}\n"));
        let sealed = {
            let mut text = b"voice".to_vec();
            both.unwrap(&wrapped).expect("the old key is there").seal(3, b"", &mut text);
            text
        };
        let opened = keys(&old).unwrap(&wrapped).expect("its own key").open(3, b"", &sealed);
        assert_eq!(opened.as_deref(), Some(b"voice".as_slice()));
        assert_eq!(keys(&new).unwrap(&wrapped).err(), Some(KeyRefused::Unknown(wrapped.by)));
        assert_ne!(both.wrap(&FRESH).by, wrapped.by, "new files have the new key");
    }

    #[test]
    fn a_key_file_that_is_no_key_file_is_refused_with_its_line() {
        assert_eq!(SiteKeys::parse("\n# none\n"), Err(KeyFault::Empty));
        assert_eq!(SiteKeys::parse("# x\nsecret"), Err(KeyFault::NotHex(2)));
        assert_eq!(SiteKeys::parse(&"ab".repeat(31)), Err(KeyFault::NotHex(1)));
        assert_eq!(SiteKeys::parse(&format!("{}\n", "ab".repeat(32)).repeat(65)), Err(KeyFault::TooMany));
        assert!(!format!("{:?}", keys(&"ab".repeat(32))).contains("abab"), "a key is never shown");
    }

    #[test]
    fn a_sealed_key_that_was_altered_opens_nothing() {
        let site = keys(&"aa".repeat(32));
        let mut wrapped = site.wrap(&FRESH);
        wrapped.sealed.replace_range(30..31, if &wrapped.sealed[30..31] == "0" { "1" } else { "0" });
        assert_eq!(site.unwrap(&wrapped).err(), Some(KeyRefused::Altered));
    }
}
