//! Rows with secrets are sealed: a copy of the journal's files opens nothing without the site's key.
//!
//! | sealed row | bytes | |
//! | --- | --- | --- |
//! | mark | 1 | `c1`, with which no MessagePack begins |
//! | version | 1 | 1 |
//! | key | 8 | the name of the site's key: the first bytes of its hash |
//! | salt | 16 | random, drawn anew by each process |
//! | count | 8 | how many were sealed under this salt before, little-endian |
//! | row | | the row by AES-256-GCM |
//! | tag | 16 | |
//!
//! The cipher's key is the hash of the site's key and the salt, and its nonce is the count, so no nonce comes twice under one
//! key. The row's own key is authenticated with it: a row that was moved to another key does not open.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::collections::BTreeMap;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use sha2::{Digest as _, Sha256};
use turno_model::{RowKey, Table};

/// Bytes of a key.
pub const SEAL_KEY_BYTES: usize = 32;

/// Bytes of a salt.
pub const SALT_BYTES: usize = 16;

/// The first byte of a sealed row. MessagePack leaves it unused.
const MARK: u8 = 0xc1;

const VERSION: u8 = 1;

const NAME_BYTES: usize = 8;

/// Mark, version, name, salt and count.
const LEAD_BYTES: usize = 2 + NAME_BYTES + SALT_BYTES + 8;

/// Most keys of a site: the present one, and old ones that still open.
const KEYS_MAX: usize = 64;

/// The text of a key file is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoKeys;

/// Why something sealed does not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unopened {
    /// The site has no key of this name.
    Unknown(String),
    /// It is not what was sealed there.
    Altered,
}

/// The site's keys. The first one seals; all of them open.
#[derive(Clone, PartialEq, Eq)]
pub struct SealKeys(Vec<[u8; SEAL_KEY_BYTES]>);

/// Seals under the first key; all who write rows of one process share it.
pub struct Sealer {
    cipher: LessSafeKey,
    lead: [u8; LEAD_BYTES - 8],
    sealed: AtomicU64,
}

/// Opens what a site's keys have sealed.
pub struct Opener<'k> {
    keys: &'k SealKeys,
    /// The ciphers by name and salt: one for each process that has written.
    ciphers: BTreeMap<Vec<u8>, LessSafeKey>,
}

impl fmt::Display for NoKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it does not hold 1 to {KEYS_MAX} keys of 64 hexadecimal digits, one a line")
    }
}

impl core::error::Error for NoKeys {}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => {
                write!(f, "it is sealed with the key {name}, which is not in the key file")
            }
            Self::Altered => f.write_str("it is not what was sealed there"),
        }
    }
}

impl core::error::Error for Unopened {}

/// Whether the rows of a table may have secrets: keys of SRTP, passwords of ICE, or the SDP that carries them.
pub const fn has_secrets(table: Table) -> bool {
    matches!(table, Table::Session | Table::Client | Table::Server | Table::Leg)
}

/// Whether the form of a row is sealed.
pub fn is_sealed(form: &[u8]) -> bool {
    form.first() == Some(&MARK)
}

/// What is authenticated with a row.
fn beside(name: RowKey) -> [u8; 9] {
    let mut beside = [name.table.code(); 9];
    beside[1..].copy_from_slice(&name.key.to_le_bytes());
    beside
}

impl SealKeys {
    /// Reads a key file: one key of 64 hexadecimal digits a line; blank lines and lines with `#` are left out.
    ///
    /// # Errors
    /// [`NoKeys`].
    pub fn parse(text: &str) -> Result<Self, NoKeys> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys: Option<Vec<_>> = lines.map(key_of).collect();
        keys.filter(|keys| (1..=KEYS_MAX).contains(&keys.len())).map(Self).ok_or(NoKeys)
    }

    /// One key.
    pub fn of(key: [u8; SEAL_KEY_BYTES]) -> Self {
        Self(vec![key])
    }

    /// The text of a key file with these keys. It is a secret.
    pub fn to_text(&self) -> String {
        self.0.iter().map(|key| hex(key) + "\n").collect()
    }

    /// A sealer under the first key. `salt` is random.
    pub fn sealer(&self, salt: [u8; SALT_BYTES]) -> Sealer {
        let site = self.0.first().expect("there is a key");
        let mut lead = [0; LEAD_BYTES - 8];
        lead[..2].copy_from_slice(&[MARK, VERSION]);
        lead[2..2 + NAME_BYTES].copy_from_slice(&name_of(site));
        lead[2 + NAME_BYTES..].copy_from_slice(&salt);
        Sealer { cipher: cipher(site, &salt), lead, sealed: AtomicU64::new(0) }
    }

    /// An opener with every key.
    pub const fn opener(&self) -> Opener<'_> {
        Opener { keys: self, ciphers: BTreeMap::new() }
    }
}

impl Sealer {
    /// Appends a sealed row.
    pub fn row(&self, name: RowKey, form: &[u8], to: &mut Vec<u8>) {
        self.seal(&beside(name), form, to);
    }

    /// Appends a sealed text; `beside` is authenticated with it.
    pub fn seal(&self, beside: &[u8], text: &[u8], to: &mut Vec<u8>) {
        let count = self.sealed.fetch_add(1, Ordering::Relaxed);
        to.extend_from_slice(&self.lead);
        to.extend_from_slice(&count.to_le_bytes());
        let begin = to.len();
        to.extend_from_slice(text);
        let tag = self
            .cipher
            .seal_in_place_separate_tag(nonce(count), Aad::from(beside), &mut to[begin..])
            .expect("a row is shorter than GCM's longest message");
        to.extend_from_slice(tag.as_ref());
    }
}

impl Opener<'_> {
    /// The form of a row, sealed or not: rows of an earlier turno are not.
    ///
    /// # Errors
    /// [`Unopened`].
    pub fn row(&mut self, name: RowKey, form: &[u8]) -> Result<Option<Vec<u8>>, Unopened> {
        is_sealed(form).then(|| self.open(&beside(name), form)).transpose()
    }

    /// Opens a sealed text.
    ///
    /// # Errors
    /// [`Unopened`].
    pub fn open(&mut self, beside: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unopened> {
        let (lead, rest) = sealed.split_at_checked(LEAD_BYTES).ok_or(Unopened::Altered)?;
        if lead[..2] != [MARK, VERSION] {
            return Err(Unopened::Altered);
        }
        let (origin, count) = lead[2..].split_at(NAME_BYTES + SALT_BYTES);
        let count = u64::from_le_bytes(count.try_into().map_err(|_| Unopened::Altered)?);
        let cipher = self.cipher(origin)?;
        let mut text = rest.to_vec();
        let opened = cipher.open_in_place(nonce(count), Aad::from(beside), &mut text);
        let length = opened.map_err(|_| Unopened::Altered)?.len();
        text.truncate(length);
        Ok(text)
    }

    fn cipher(&mut self, origin: &[u8]) -> Result<&LessSafeKey, Unopened> {
        if !self.ciphers.contains_key(origin) {
            let (name, salt) = origin.split_at(NAME_BYTES);
            let site = self.keys.0.iter().find(|key| name_of(key) == name);
            let site = site.ok_or_else(|| Unopened::Unknown(hex(name)))?;
            self.ciphers.insert(origin.to_vec(), cipher(site, salt));
        }
        self.ciphers.get(origin).ok_or(Unopened::Altered)
    }
}

impl fmt::Debug for SealKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| hex(&name_of(key)))).finish()
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({})", hex(&self.lead[2..2 + NAME_BYTES]))
    }
}

fn cipher(site: &[u8; SEAL_KEY_BYTES], salt: &[u8]) -> LessSafeKey {
    let hash = Sha256::new().chain_update(b"turno journal rows").chain_update(site).chain_update(salt);
    let key: [u8; 32] = hash.finalize().into();
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).expect("the key has the cipher's length"))
}

fn name_of(key: &[u8; SEAL_KEY_BYTES]) -> [u8; NAME_BYTES] {
    let hash: [u8; 32] = Sha256::new().chain_update(b"turno journal key").chain_update(key).finalize().into();
    let mut name = [0; NAME_BYTES];
    name.copy_from_slice(&hash[..NAME_BYTES]);
    name
}

fn nonce(count: u64) -> Nonce {
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&count.to_be_bytes());
    Nonce::assume_unique_for_key(nonce)
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn key_of(line: &str) -> Option<[u8; SEAL_KEY_BYTES]> {
    let text = line.as_bytes();
    let mut key = [0; SEAL_KEY_BYTES];
    if text.len() != SEAL_KEY_BYTES * 2 {
        return None;
    }
    for (byte, pair) in key.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16).and_then(|it| u8::try_from(it).ok());
        *byte = digit(0)? << 4 | digit(1)?;
    }
    Some(key)
}
