//! Tests of `a=crypto`: what phones write, and what must not be chosen.

use proptest::prelude::*;

use super::*;
use crate::srtp::KeyMint;

/// The key of RFC 4568's own example (4.1), 30 bytes.
const KEY: &str = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

fn read(rest: &str) -> Option<Crypto> {
    Crypto::read(&format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}{rest}"))
}

#[test]
fn the_examples_of_the_rfc_are_read() {
    // RFC 4568, 4.1 and 9.2: lifetime as a power or a number, with a key identifier or without.
    for (rest, mki_bytes) in
        [("", 0), ("|2^20", 0), ("|1048576", 0), ("|2^20|1:4", 4), ("|1:32", 32), ("|2^20|1:4 WSH=64", 4)]
    {
        let crypto = read(rest).unwrap_or_else(|| panic!("{rest} is good"));
        assert_eq!(
            (crypto.tag, crypto.mki_bytes, crypto.key.suite()),
            (1, mki_bytes, Suite::AesCm128HmacSha1_80)
        );
        assert_eq!(crypto.key.key()[..4], [0x3d, 0x2d, 0x6e, 0x40]);
        assert_eq!(crypto.key.salt().len(), 14);
    }
}

#[test]
fn what_would_change_the_packets_is_not_chosen() {
    // RFC 4568, 6.3 and 7.1.2: an attribute with a parameter that the answerer does not support must not be selected.
    for rest in [
        " UNENCRYPTED_SRTP",
        " UNAUTHENTICATED_SRTP",
        " UNENCRYPTED_SRTCP",
        " KDR=1",
        " FEC_ORDER=FEC_SRTP",
        " FEC_KEY=inline:x",
        " WSH=much",
        " TOMORROW=1",
        "|2^20|1:4;inline:abc|2^20|2:4",
        "|2^20|2^21",
        "|2^20|1:0",
        "|2^20|1:129",
        "|2^20|x:4",
        "|",
        "A",
    ] {
        assert_eq!(read(rest), None, "{rest}");
    }
    assert!(read(" -TOMORROW=1").is_some(), "one that says itself that it may be ignored");
    for value in [
        "",
        "1",
        "1 AES_CM_128_HMAC_SHA1_80",
        "x AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR",
        "1234567890 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR",
        "1 F8_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR",
        "1 AEAD_AES_128_GCM inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR",
        "1 AES_CM_128_HMAC_SHA1_80 outline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR",
        "1 AES_CM_128_HMAC_SHA1_80 inline",
    ] {
        assert_eq!(Crypto::read(value), None, "{value}");
    }
}

proptest! {
    #[test]
    fn what_we_write_we_read(secret in any::<[u8; 32]>(), tag in 1u32..999_999_999) {
        let mut mint = KeyMint::new(secret);
        for suite in Suite::ALL {
            let key = mint.mint(suite);
            let mut line = Vec::new();
            write(&mut line, tag, &key);
            let line = String::from_utf8(line).expect("text");
            let value = line.strip_prefix("a=crypto:").and_then(|rest| rest.strip_suffix("\r\n"));
            prop_assert_eq!(Crypto::read(value.expect("one whole line")), Some(Crypto { tag, key, mki_bytes: 0 }));
        }
    }

    #[test]
    fn no_attribute_makes_us_panic(value in "[0-9]{0,11} ?(AES_CM_128_HMAC_SHA1_(80|32)|AEAD_AES_(128|256)_GCM)? ?(inline:)?[A-Za-z0-9+/=]{0,70}(\\|[0-9^:]{0,8}){0,3} ?\\PC{0,12}") {
        if let Some(crypto) = Crypto::read(&value) {
            prop_assert!(crypto.tag <= 999_999_999 && crypto.mki_bytes <= MKI_BYTES_MAX);
        }
    }
}
