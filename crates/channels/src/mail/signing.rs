//! Our own names in mails: a Message-ID and a reply address that name a conversation and can't be made by anyone else.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::message::{ConversationId, MessageId};

/// Bytes of the code behind a name: a stranger would have to send 2^79 mails to hit one.
const CODE_BYTES: usize = 10;

/// Makes and checks our names.
#[derive(Clone)]
pub struct Signer {
    key: Vec<u8>,
    domain: String,
}

/// Says the domain alone.
impl core::fmt::Debug for Signer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Signer({})", self.domain)
    }
}

impl Signer {
    /// With the site's key, for mails of this domain.
    #[must_use]
    pub fn new(key: &[u8], domain: &str) -> Self {
        Self { key: key.to_owned(), domain: domain.to_lowercase() }
    }

    /// The Message-ID of a message, without brackets. It is the same however often it is made.
    #[must_use]
    pub fn message_id(&self, conversation: ConversationId, message: MessageId) -> String {
        let (conversation, message) = (conversation.0, message.0);
        let code = self.code(&format!("m.{conversation}.{message}"));
        format!("c.{conversation}.{message}.{code}@{}", self.domain)
    }

    /// The conversation and the message of a Message-ID of ours.
    #[must_use]
    pub fn message_of(&self, id: &str) -> Option<(ConversationId, MessageId)> {
        let (local, domain) = id.trim().trim_start_matches('<').trim_end_matches('>').rsplit_once('@')?;
        let mut parts = local.strip_prefix("c.")?.split('.');
        let (conversation, message) = (number(parts.next()?)?, number(parts.next()?)?);
        let code = parts.next()?;
        let is_ours = parts.next().is_none()
            && domain.eq_ignore_ascii_case(&self.domain)
            && is_same(code, &self.code(&format!("m.{conversation}.{message}")));
        is_ours.then_some((ConversationId(conversation), MessageId(message)))
    }

    /// `address` with the conversation in it, for the header Reply-To.
    #[must_use]
    pub fn reply_address(&self, address: &str, conversation: ConversationId) -> String {
        let Some((local, domain)) = address.rsplit_once('@') else { return address.to_owned() };
        let code = self.code(&format!("r.{}", conversation.0));
        format!("{local}+c{}-{code}@{domain}", conversation.0)
    }

    /// The conversation of a reply address of ours.
    #[must_use]
    pub fn conversation_of(&self, address: &str) -> Option<ConversationId> {
        let (local, _) = address.rsplit_once('@')?;
        let (_, plus) = local.rsplit_once('+')?;
        let (conversation, code) = plus.strip_prefix(['c', 'C'])?.split_once('-')?;
        let conversation = number(conversation)?;
        is_same(code, &self.code(&format!("r.{conversation}"))).then_some(ConversationId(conversation))
    }

    fn code(&self, words: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        mac.update(words.as_bytes());
        base32(&mac.finalize().into_bytes()[..CODE_BYTES])
    }
}

/// A number as we write it: no sign, no zeros before it.
fn number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number >= 0 && number.to_string() == text).then_some(number)
}

/// Compares without telling by the time how much is right. Mailers change the letters' case in addresses.
fn is_same(said: &str, code: &str) -> bool {
    let differs = said
        .bytes()
        .zip(code.bytes())
        .fold(0, |differs, (one, other)| differs | (one.to_ascii_lowercase() ^ other));
    said.len() == code.len() && differs == 0
}

/// Sixteen small letters and digits for ten bytes.
fn base32(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut out = String::new();
    for five in bytes.chunks(5) {
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let signs = (0..8).rev().map(|at| SIGNS[usize::try_from(bits >> (at * 5) & 31).unwrap_or_default()]);
        out.extend(signs.map(char::from));
    }
    out
}
