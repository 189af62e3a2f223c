//! Who sends a webhook: the signature over its raw bytes, and the question when its address is entered.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

const PREFIX: &str = "sha256=";

fn mac(secret: &[u8], raw: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length is a key");
    mac.update(raw);
    mac
}

/// The value of `X-Hub-Signature-256` for these bytes.
#[must_use]
pub fn signature(secret: &[u8], raw: &[u8]) -> String {
    let mut text = PREFIX.to_owned();
    for byte in mac(secret, raw).finalize().into_bytes() {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).expect("four bits"));
        }
    }
    text
}

/// Whether the platform has signed these bytes, compared in constant time. The bytes are those that came: the platform
/// escapes before it signs, so nothing may be written anew.
#[must_use]
pub fn is_signed(secret: &[u8], raw: &[u8], header: Option<&str>) -> bool {
    let Some(hex) = header.and_then(|header| header.trim().strip_prefix(PREFIX)) else { return false };
    // An empty secret would be one that everybody knows.
    let Some(given) = bytes(hex) else { return false };
    !secret.is_empty() && mac(secret, raw).verify_slice(&given).is_ok()
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    let digits: [u8; 64] = hex.as_bytes().try_into().ok()?;
    let mut found = [0; 32];
    for (byte, pair) in found.iter_mut().zip(digits.chunks_exact(2)) {
        let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        *byte = (value(pair[0])? << 4) | value(pair[1])?;
    }
    Some(found)
}

/// What to answer when the platform asks whether this address expects its webhooks: the challenge, if it knows our word.
#[must_use]
pub fn challenge<'a>(query: impl IntoIterator<Item = (&'a str, &'a str)>, word: &str) -> Option<String> {
    let (mut mode, mut token, mut challenge) = (None, None, None);
    for (name, value) in query {
        match name {
            "hub.mode" => mode = Some(value),
            "hub.verify_token" => token = Some(value),
            "hub.challenge" => challenge = Some(value),
            _ => {}
        }
    }
    let is_known = !word.is_empty()
        && mac(word.as_bytes(), b"word")
            .verify_slice(&mac(token?.as_bytes(), b"word").finalize().into_bytes())
            .is_ok();
    (mode == Some("subscribe") && is_known).then(|| challenge.map(str::to_owned)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_platform_can_sign_and_no_byte_may_change() {
        // RFC 4231, test case 2.
        let (secret, raw) = (b"Jefe".as_slice(), b"what do ya want for nothing?".as_slice());
        let good = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(signature(secret, raw), good);
        assert!(is_signed(secret, raw, Some(good)));
        assert!(is_signed(secret, raw, Some(&good.replace("5bdcc", "5BDCC"))));
        for (secret, raw, header) in [
            (secret, b"what do ya want for nothing!".as_slice(), Some(good)),
            (b"jefe".as_slice(), raw, Some(good)),
            (secret, raw, None),
            (secret, raw, Some("")),
            (secret, raw, Some(&good[7..])),
            (secret, raw, Some(&good[..70])),
            (secret, raw, Some("sha256=ñ")),
            (b"".as_slice(), raw, Some(&*signature(b"", raw))),
        ] {
            assert!(!is_signed(secret, raw, header), "{header:?}");
        }
    }

    #[test]
    fn the_challenge_comes_back_to_who_knows_the_word() {
        let asked = |mode, token| {
            challenge(
                [("hub.mode", mode), ("hub.challenge", "1158201444"), ("hub.verify_token", token)],
                "the word",
            )
        };
        assert_eq!(asked("subscribe", "the word").as_deref(), Some("1158201444"));
        assert_eq!(asked("subscribe", "a word"), None);
        assert_eq!(asked("unsubscribe", "the word"), None);
        assert_eq!(challenge([("hub.mode", "subscribe"), ("hub.challenge", "1")], "the word"), None);
        assert_eq!(
            challenge([("hub.mode", "subscribe"), ("hub.verify_token", ""), ("hub.challenge", "1")], ""),
            None
        );
    }
}
