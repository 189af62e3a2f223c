//! Signatures by Standard Webhooks (version 1, symmetric): the receiver knows that turno sent it, and when.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// The bytes of a secret: 24 to 64, as the standard says.
const SECRET_BYTES: core::ops::RangeInclusive<usize> = 24..=64;

/// The key behind a secret such as `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`; `None` if it is none.
pub fn key(secret: &str) -> Option<Vec<u8>> {
    let text = secret.trim();
    let bytes = STANDARD.decode(text.strip_prefix(PREFIX).unwrap_or(text)).ok()?;
    SECRET_BYTES.contains(&bytes.len()).then_some(bytes)
}

/// The value of the header `webhook-signature` for a message with this id, sent at this second.
pub fn signature(key: &[u8], id: &str, seconds: u64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_base64_of_a_fit_length() {
        assert_eq!(key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").map(|key| key.len()), Some(24));
        assert_eq!(key(" MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").map(|key| key.len()), Some(24));
        for wrong in ["", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all!", &"QUFB".repeat(22)] {
            assert_eq!(key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_signature_covers_id_time_and_body() {
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        let one = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        // The example of the specification.
        assert_eq!(one, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_ne!(
            one,
            signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_331, br#"{"test": 2432232314}"#)
        );
    }
}
