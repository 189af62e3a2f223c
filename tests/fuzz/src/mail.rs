//! Target `mail`: any bytes are a mail that is read within its limits and answered, a page whose words are no page, or responses of
//! an IMAP server.

use turno_channels::mail::{Mailbox, Read, Signer, words_of_html};
use turno_channels::{Body, ConversationId, MessageId, Millis, Taken};
use turno_connectors::mail::Framer;

/// Monday, 30 November 2026.
const NOW: Millis = Millis(1_796_068_800_000);

/// The headers of an acknowledgement.
const HEADERS: [&str; 13] = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

/// Checks all three.
pub fn mail(bytes: &[u8]) {
    let signer = Signer::new(b"a key", "quito.example");
    let mut mailbox = Mailbox::new("atencion@quito.example", "Municipio", signer);
    mailbox.acknowledgement = "{number}".to_owned();
    if let Read::Mail(mail) = mailbox.read(bytes, NOW) {
        let incoming = &mail.incoming;
        assert!(incoming.body.is_some() || !incoming.files.is_empty(), "it says nothing");
        assert!(incoming.at <= NOW && incoming.files.len() <= mailbox.limits.files + 1);
        let words = incoming.body.as_ref().and_then(Body::words).unwrap_or_default();
        assert!(words.len() <= mailbox.limits.text_bytes + 64);
        assert!(!words.chars().any(|sign| sign.is_control() && sign != '\n' && sign != '\t'), "{words:?}");
        let taken = Taken { conversation: ConversationId(1), message: MessageId(2), again: false };
        if let Ok(answer) = mailbox.acknowledge(&mail, taken, NOW) {
            let head = answer.bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("headers end");
            let lines =
                answer.bytes[..head].split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b" "));
            let mut names: Vec<_> = lines.map(|line| line.split(|byte| *byte == b':').next()).collect();
            let count = names.len();
            let is_ours = |name: &Option<&[u8]>| {
                name.is_some_and(|name| HEADERS.iter().any(|own| own.as_bytes() == name))
            };
            assert!(names.iter().all(is_ours), "a header was smuggled in");
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "a header stands there twice");
        }
    }
    if let Ok(text) = core::str::from_utf8(bytes) {
        assert!(words_of_html(text).len() <= 8 * text.len() + 16);
    }
    // However a stream is cut, the same responses come out of it.
    assert_eq!(responses(bytes, 7), responses(bytes, bytes.len().max(1)));
}

fn responses(bytes: &[u8], step: usize) -> Vec<String> {
    let (mut framer, mut found) = (Framer::new(1_000), Vec::new());
    for piece in bytes.chunks(step) {
        framer.push(piece);
        loop {
            match framer.pop() {
                Ok(Some(response)) => found.push(format!("{response:?}")),
                Ok(None) => break,
                Err(_) => return found,
            }
        }
    }
    found
}
