//! The checks of ICE: STUN binding requests with a short-term credential (RFC 8489, RFC 8445).

use std::net::{IpAddr, SocketAddr};

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

const HEAD_BYTES: usize = 20;
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const REQUEST: u16 = 0x0001;
const ANSWER: u16 = 0x0101;

const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
const USE_CANDIDATE: u16 = 0x0025;
const FINGERPRINT: u16 = 0x8028;

/// Bytes of an HMAC with SHA-1.
const TAG_BYTES: usize = 20;

/// `STUN` in ASCII, which marks the checksum (RFC 8489, 14.7).
const CHECKSUM_MARK: u32 = 0x5354_554e;

/// Longest message that is read; a browser's check has about 110 bytes.
const MESSAGE_BYTES_MAX: usize = 548;

/// A check whose signature was not verified yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Check<'a> {
    bytes: &'a [u8],
    /// Our fragment, a colon, and the peer's.
    username: &'a str,
    signature_at: usize,
    /// Whether the browser has chosen this pair of addresses.
    pub(crate) nominates: bool,
}

impl<'a> Check<'a> {
    /// Reads a binding request with a user name, a signature and a right checksum. `None` for anything else, which gets
    /// no answer.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (head, _) = bytes.split_first_chunk::<HEAD_BYTES>()?;
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let is_whole = bytes.len() <= MESSAGE_BYTES_MAX && bytes.len() == HEAD_BYTES + length;
        let is_request = u16::from_be_bytes([head[0], head[1]]) == REQUEST && head[4..8] == COOKIE;
        if !is_whole || !is_request || !length.is_multiple_of(4) {
            return None;
        }
        let (mut username, mut signature_at, mut nominates) = (None, None, false);
        let mut at = HEAD_BYTES;
        while at < bytes.len() {
            let (kind, value, next) = attribute(bytes, at)?;
            match kind {
                // What stands behind the signature does not count (RFC 8489, 14.5), but for the checksum at the end.
                FINGERPRINT if next == bytes.len() => {
                    let stated = u32::from_be_bytes(value.try_into().ok()?);
                    let right = checksum(&bytes[..at]);
                    return (stated == right).then_some(Self {
                        bytes,
                        username: username?,
                        signature_at: signature_at?,
                        nominates,
                    });
                }
                _ if signature_at.is_some() => {}
                USERNAME => username = Some(core::str::from_utf8(value).ok()?),
                USE_CANDIDATE => nominates = true,
                MESSAGE_INTEGRITY if value.len() == TAG_BYTES => signature_at = Some(at),
                _ => {}
            }
            at = next;
        }
        // Without a checksum it is no check of ICE (RFC 8445, 7.1.2).
        None
    }

    /// Our fragment, which names the stream.
    pub(crate) fn ufrag(&self) -> &'a str {
        self.username.split(':').next().unwrap_or_default()
    }

    /// Whether it is signed with this password.
    pub(crate) fn is_signed_with(&self, password: &str) -> bool {
        let tag = &self.bytes[self.signature_at + 4..self.signature_at + 4 + TAG_BYTES];
        signer(&self.bytes[..self.signature_at], password).verify_slice(tag).is_ok()
    }

    /// Our answer, which is never longer than a check.
    pub(crate) fn answer(&self, source: SocketAddr, password: &str) -> Vec<u8> {
        let mut answer = Vec::with_capacity(96);
        answer.extend(ANSWER.to_be_bytes());
        answer.extend([0, 0]);
        // The cookie and the transaction's number.
        answer.extend(&self.bytes[4..HEAD_BYTES]);
        put_mapped(&mut answer, source, &self.bytes[4..HEAD_BYTES]);
        set_length(&mut answer, 4 + TAG_BYTES);
        let tag = signer(&answer, password).finalize().into_bytes();
        answer.extend(MESSAGE_INTEGRITY.to_be_bytes());
        answer.extend((TAG_BYTES as u16).to_be_bytes());
        answer.extend(tag);
        set_length(&mut answer, 8);
        let checksum = checksum(&answer);
        answer.extend(FINGERPRINT.to_be_bytes());
        answer.extend(4u16.to_be_bytes());
        answer.extend(checksum.to_be_bytes());
        answer
    }
}

/// The attribute at a place: its kind, its value, and the place of the next one.
fn attribute(bytes: &[u8], at: usize) -> Option<(u16, &[u8], usize)> {
    let head = bytes.get(at..at + 4)?;
    let kind = u16::from_be_bytes([head[0], head[1]]);
    let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
    let value = bytes.get(at + 4..at + 4 + length)?;
    let next = at + 4 + length.next_multiple_of(4);
    (next <= bytes.len()).then_some((kind, value, next))
}

/// Signs what stands before the signature, with the length that the message has together with it (RFC 8489, 14.5).
fn signer(before: &[u8], password: &str) -> Hmac<Sha1> {
    let mut signer = Hmac::<Sha1>::new_from_slice(password.as_bytes()).expect("any length is good for HMAC");
    let length = (before.len() - HEAD_BYTES + 4 + TAG_BYTES) as u16;
    signer.update(&before[..2]);
    signer.update(&length.to_be_bytes());
    signer.update(&before[4..]);
    signer
}

/// Writes the length of the message with `more` bytes behind it.
fn set_length(message: &mut [u8], more: usize) {
    let length = (message.len() - HEAD_BYTES + more) as u16;
    message[2..4].copy_from_slice(&length.to_be_bytes());
}

/// The address that we see, mixed with cookie and transaction (RFC 8489, 14.2).
fn put_mapped(answer: &mut Vec<u8>, source: SocketAddr, with: &[u8]) {
    let (family, address) = match source.ip() {
        IpAddr::V4(ip) => (1, ip.octets().to_vec()),
        IpAddr::V6(ip) => (2, ip.octets().to_vec()),
    };
    answer.extend(XOR_MAPPED_ADDRESS.to_be_bytes());
    answer.extend((4 + address.len() as u16).to_be_bytes());
    answer.extend([0, family]);
    let port = source.port().to_be_bytes();
    answer.extend(port.iter().zip(with).map(|(byte, with)| byte ^ with));
    answer.extend(address.iter().zip(with).map(|(byte, with)| byte ^ with));
}

/// The checksum of a message up to its checksum (RFC 8489, 14.7).
fn checksum(bytes: &[u8]) -> u32 {
    let crc =
        bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
            })
        });
    !crc ^ CHECKSUM_MARK
}

/// A browser's check, for programs that play a browser.
pub fn check(username: &str, password: &str, nominates: bool, transaction: u8) -> Vec<u8> {
    let mut message = REQUEST.to_be_bytes().to_vec();
    message.extend([0, 0]);
    message.extend(COOKIE);
    message.extend([transaction; 12]);
    let mut put = |kind: u16, value: &[u8]| {
        message.extend(kind.to_be_bytes());
        message.extend((value.len() as u16).to_be_bytes());
        message.extend(value);
        message.resize(message.len().next_multiple_of(4), 0);
    };
    put(USERNAME, username.as_bytes());
    put(0x0024, &[0x6e, 0x7f, 0x1e, 0xff]);
    if nominates {
        put(USE_CANDIDATE, &[]);
    }
    set_length(&mut message, 4 + TAG_BYTES);
    let tag = signer(&message, password).finalize().into_bytes();
    message.extend([0, 8, 0, 20]);
    message.extend(tag);
    set_length(&mut message, 8);
    let sum = checksum(&message);
    message.extend([0x80, 0x28, 0, 4]);
    message.extend(sum.to_be_bytes());
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 5769, 2.1 and 2.2: a request, the answer to it, and their password.
    const REQUEST_OF_RFC: &str = "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74\
        002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2\
        d3f249c1b571a280280004e57a3bcf";
    const PASSWORD: &str = "VOkJxbRl1RmTxUk/WvJxBt";

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
        let pair = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).expect("ASCII"), 16);
        digits.chunks(2).map(|it| pair(it).expect("two digits")).collect()
    }

    #[test]
    fn the_request_of_the_rfc_is_understood_and_its_signature_is_right() {
        let message = bytes(REQUEST_OF_RFC);
        let check = Check::read(&message).expect("a check");
        assert_eq!((check.ufrag(), check.username, check.nominates), ("evtj", "evtj:h6vY", false));
        assert!(check.is_signed_with(PASSWORD));
        assert!(!check.is_signed_with("VOkJxbRl1RmTxUk/WvJxBu"));
    }

    #[test]
    fn an_answer_says_the_address_and_is_signed() {
        let message = bytes(REQUEST_OF_RFC);
        let source = "192.0.2.1:32853".parse().expect("an address");
        let answer = Check::read(&message).expect("a check").answer(source, PASSWORD);
        // RFC 5769, 2.2 has the same behind a SOFTWARE attribute, which we do not send.
        assert_eq!(answer[..4], [1, 1, 0, 44]);
        assert_eq!(answer[4..20], message[4..20]);
        assert_eq!(answer[20..32], bytes("002000080001a147e112a643"));
        assert!(answer.len() <= message.len());
        let tag = signer(&answer[..32], PASSWORD).finalize().into_bytes();
        assert_eq!(answer[36..56], *tag);
        assert_eq!(answer[60..], checksum(&answer[..56]).to_be_bytes());
        let six = Check::read(&message)
            .expect("a check")
            .answer("[2001:db8:1234:5678:11:2233:4455:6677]:32853".parse().expect("an address"), PASSWORD);
        assert_eq!(six[20..44], bytes("002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"), "RFC 5769, 2.3");
    }

    #[test]
    fn a_check_that_was_cut_or_changed_anywhere_is_none() {
        let message = check("ours:theirs", "a password of twenty two", true, 7);
        let whole = Check::read(&message).expect("a check");
        assert!(whole.nominates && whole.is_signed_with("a password of twenty two"));
        for at in 0..message.len() {
            assert!(Check::read(&message[..at]).is_none(), "cut at {at}");
            let mut changed = message.clone();
            changed[at] ^= 1;
            let is_good = |it: Check<'_>| it.is_signed_with("a password of twenty two");
            assert!(!Check::read(&changed).is_some_and(is_good), "changed at {at}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_strangers_send_is_read_wrongly(noise in proptest::collection::vec(0u8.., 0..200)) {
            proptest::prop_assert!(Check::read(&noise).is_none());
        }
    }
}
