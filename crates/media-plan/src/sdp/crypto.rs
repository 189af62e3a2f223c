//! The `a=crypto` attribute: suite and key (RFC 4568).

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::srtp::{KEY_AND_SALT_BYTES_MAX, MasterKey, Suite};

/// Cap on attributes of one media line that are read.
pub(crate) const CRYPTOS_MAX: usize = 16;

/// Longest tag, in digits (RFC 4568, 9.1).
const TAG_DIGITS_MAX: usize = 9;

/// Longest key identifier, in bytes (RFC 4568, 6.1).
const MKI_BYTES_MAX: u8 = 128;

/// Accepts keys with and without the padding `=`.
const INLINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// One attribute that we support.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Crypto {
    /// Its tag, which an answer repeats.
    pub(crate) tag: u32,
    /// Suite, key and salt.
    pub(crate) key: MasterKey,
    /// Length of the key identifier in each packet under this key, in bytes.
    pub(crate) mki_bytes: u8,
}

impl Crypto {
    /// Parses the value after `a=crypto:`. `None` for an unknown suite, several keys, or an unknown parameter that
    /// would be mandatory: such an attribute must not be chosen (RFC 4568, 6.3.7 and 7.1.2).
    pub(crate) fn read(value: &str) -> Option<Self> {
        let mut parts = value.split_ascii_whitespace();
        let (tag, suite, keys) = (parts.next()?, parts.next()?, parts.next()?);
        let is_tag = tag.len() <= TAG_DIGITS_MAX && tag.bytes().all(|byte| byte.is_ascii_digit());
        let tag = tag.parse().ok().filter(|_| is_tag)?;
        let suite = Suite::ALL.into_iter().find(|known| suite.eq_ignore_ascii_case(known.name()))?;
        let (method, inline) = keys.split_at_checked("inline:".len())?;
        if !method.eq_ignore_ascii_case("inline:") || !parts.all(is_harmless) {
            return None;
        }
        let mut fields = inline.split('|');
        let key = key_of(suite, fields.next()?)?;
        let mut mki_bytes = 0;
        let mut field = fields.next();
        if field.is_some_and(is_lifetime) {
            field = fields.next();
        }
        if let Some(mki) = field {
            mki_bytes = mki_bytes_of(mki)?;
        }
        fields.next().is_none().then_some(Self { tag, key, mki_bytes })
    }
}

/// Writes the value after `a=crypto:`.
pub(crate) fn write(body: &mut Vec<u8>, tag: u32, key: &MasterKey) {
    use std::io::Write as _;
    let mut bytes = [0; KEY_AND_SALT_BYTES_MAX];
    let (key_bytes, length) = (key.key().len(), key.key().len() + key.salt().len());
    bytes[..key_bytes].copy_from_slice(key.key());
    bytes[key_bytes..length].copy_from_slice(key.salt());
    let mut text = [0; KEY_AND_SALT_BYTES_MAX.div_ceil(3) * 4];
    let written =
        INLINE.encode_slice(&bytes[..length], &mut text).expect("the text has room for the longest key");
    write!(body, "a=crypto:{tag} {} inline:", key.suite().name()).expect("writing into memory does not fail");
    body.extend_from_slice(&text[..written]);
    body.extend_from_slice(b"\r\n");
}

fn key_of(suite: Suite, text: &str) -> Option<MasterKey> {
    let mut bytes = [0; KEY_AND_SALT_BYTES_MAX + 4];
    // A key that does not fit the buffer is longer than any suite's key.
    let length = INLINE.decode_slice(text, &mut bytes).ok()?;
    MasterKey::new(suite, &bytes[..length])
}

/// Whether the field is the lifetime of the peer's key, in packets. It is longer than any call, and the peer must keep
/// it.
fn is_lifetime(field: &str) -> bool {
    let digits = field.strip_prefix("2^").unwrap_or(field);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn mki_bytes_of(field: &str) -> Option<u8> {
    let (value, length) = field.split_once(':')?;
    let is_value = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    length.parse().ok().filter(|length| is_value && (1..=MKI_BYTES_MAX).contains(length))
}

/// Whether a session parameter can be ignored: a hint for the replay window, or one that is marked as optional. All
/// others change the packets (no encryption, no authentication tag, derived keys, FEC).
fn is_harmless(parameter: &str) -> bool {
    let window = parameter.strip_prefix("WSH=");
    parameter.starts_with('-') || window.is_some_and(|size| size.parse::<u32>().is_ok())
}

#[cfg(test)]
#[path = "crypto_tests.rs"]
mod tests;
