//! The RFCs' test vectors, and libsrtp's for a whole packet under AES-CM.

use aes::Aes128;
use aes::cipher::KeyInit;
use turno_media_plan::{MasterKey, Suite};

use crate::srtp::derive::{SessionKeys, Use};
use crate::srtp::outgoing::Outgoing;
use crate::srtp::transform::{PacketIndex, Transform, counter_mode};

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let value = |digit: u8| char::from(digit).to_digit(16).expect("a digit") as u8;
    digits.chunks(2).map(|pair| value(pair[0]) << 4 | value(pair[1])).collect()
}

/// The master key and salt of RFC 3711, B.3.
fn rfc_3711_master() -> MasterKey {
    let both = bytes("E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6");
    MasterKey::new(Suite::AesCm128HmacSha1_80, &both).expect("30 bytes")
}

#[test]
fn the_counter_mode_is_that_of_rfc_3711_b_2() {
    let aes = Aes128::new_from_slice(&bytes("2B7E151628AED2A6ABF7158809CF4F3C")).expect("16 bytes");
    let mut counter = [0; 16];
    counter[..14].copy_from_slice(&bytes("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"));
    let mut stream = vec![0; 0xff02 * 16];
    counter_mode(&aes, counter, &mut stream);
    let first = bytes(
        "E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0",
    );
    assert_eq!(stream[..48], first);
    let last = bytes(
        "EC8CDF7398607CB0F2D21675EA9EA1E4362B7C3C6773516318A077D7FC5073AE6A2CC3787889374FBEB4C81B17BA6C44",
    );
    assert_eq!(stream[0xfeff * 16..], last);
}

#[test]
fn the_session_keys_are_those_of_rfc_3711_b_3() {
    let keys = SessionKeys::derive(&rfc_3711_master(), Use::Rtp);
    assert_eq!(keys.cipher[..16], bytes("C61E7A93744F39EE10734AFE3FF7A087"));
    assert_eq!(keys.salt[..], bytes("30CBBC08863D8C85D49DB34A9AE1"));
    assert_eq!(keys.tag[..], bytes("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
}

#[test]
fn a_packet_under_aes_cm_is_as_libsrtp_has_it() {
    // The reference packet of libsrtp's own self-test (srtp_driver), with RFC 3711's master key.
    let mut packet = bytes("800f1234decafbadcafebabe abababababababababababababababab");
    assert!(Outgoing::new(&rfc_3711_master()).seal_rtp(&mut packet));
    assert_eq!(packet, bytes("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb"));
}

/// The session keys of RFC 7714, 16 and 17.
fn gcm(suite: Suite, usage: Use) -> Transform {
    let mut keys = SessionKeys { cipher: [0; 32], tag: [0; 20], salt: [0; 14] };
    keys.cipher.copy_from_slice(&bytes("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
    keys.salt[..12].copy_from_slice(b"Quid pro quo");
    Transform::of(suite, &keys, usage)
}

#[test]
fn a_packet_under_gcm_is_that_of_rfc_7714_16() {
    let plain = b"Gallia est omnis divisa in partes tres";
    let cases = [
        (
            Suite::AeadAes128Gcm,
            "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833",
            "899d7f27beb16a9152cf765ee4390cce",
        ),
        (
            Suite::AeadAes256Gcm,
            "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b",
            "7aa3db36dfffd6b0f9bb7878d7a76c13",
        ),
    ];
    for (suite, text, tag) in cases {
        let mut packet = bytes("8040f17b8041f8d35501a0b2");
        packet.extend_from_slice(plain);
        let place = PacketIndex { ssrc: 0x5501_a0b2, index: 0xf17b };
        let end = packet.len();
        let made = gcm(suite, Use::Rtp).seal(place, &mut packet, 12..end, [0; 4], Use::Rtp);
        assert_eq!(packet[12..], bytes(text), "{suite:?}");
        assert_eq!(made[..], bytes(tag), "{suite:?}");
        gcm(suite, Use::Rtp).open(place, &mut packet, 12..end, ([0; 4], &made), Use::Rtp).expect("our own");
        assert_eq!(&packet[12..], plain);
    }
}

#[test]
fn a_report_under_gcm_is_that_of_rfc_7714_17() {
    let plain = "81c8000d4d617273 4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
    let mut packet = bytes(plain);
    let place = PacketIndex { ssrc: 0x4d61_7273, index: 0x5d4 };
    let end = packet.len();
    let word = 0x8000_05d4_u32.to_be_bytes();
    let transform = gcm(Suite::AeadAes128Gcm, Use::Rtcp);
    let tag = transform.seal(place, &mut packet, 8..end, word, Use::Rtcp);
    let text = "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b";
    assert_eq!(packet[8..], bytes(text)[..]);
    assert_eq!(tag[..], bytes("c84aa45896cf4d2fc5abf87245d9eade"));
}
