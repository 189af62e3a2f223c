//! What holds for every mail.

use proptest::prelude::*;

use super::{NOW, mailbox};
use crate::address::Address;
use crate::body::Body;
use crate::joint::Letter;
use crate::mail::{Read, clean_name, words_of_html};
use crate::message::{ConversationId, MessageId};

/// Pieces of which mails are made, so that structures come about.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("From: a@example.org\r\n".to_owned()),
        Just("Content-Type: multipart/alternative; boundary=b\r\n\r\n".to_owned()),
        Just("Content-Type: multipart/report; boundary=b\r\n\r\n".to_owned()),
        Just("Content-Type: text/html; charset=utf-7\r\n".to_owned()),
        Just("Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n".to_owned()),
        Just("Content-Transfer-Encoding: base64\r\n\r\n".to_owned()),
        Just("--b\r\n".to_owned()),
        Just("--b--\r\n".to_owned()),
        Just("\r\n".to_owned()),
        "[ -~]{0,40}\r\n",
        "\\PC{0,20}",
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = mailbox().read(&bytes, NOW);
        let _ = mailbox().read_too_large(&bytes, 1, NOW);
    }

    #[test]
    fn any_structure_is_read_and_says_something(pieces in proptest::collection::vec(piece(), 0..40)) {
        if let Read::Mail(mail) = mailbox().read(pieces.concat().as_bytes(), NOW) {
            let incoming = mail.incoming;
            prop_assert!(incoming.body.is_some() || !incoming.files.is_empty());
            prop_assert!(incoming.at <= NOW && !incoming.external.is_empty());
            let words = incoming.body.as_ref().and_then(Body::words).unwrap_or_default();
            prop_assert!(!words.chars().any(|sign| sign.is_control() && sign != '\n' && sign != '\t'), "{words:?}");
        }
    }

    #[test]
    fn a_page_never_becomes_a_page_again(page in "(<[a-z/! ]{0,6}[a-z ='\"]{0,8}>?|[a-z&;]{0,5}|<script>){0,30}") {
        let words = words_of_html(&page);
        prop_assert!(!words.contains("<script") || page.contains("<<") || page.contains("&"), "{words}");
    }

    #[test]
    fn a_name_is_fit_for_any_disk(name in "\\PC{0,200}") {
        let clean = clean_name(&name);
        prop_assert!(!clean.is_empty() && clean.chars().count() <= 100, "{clean}");
        prop_assert!(!clean.contains(['/', '\\', '\0']) && !clean.starts_with('.'));
    }

    #[test]
    fn what_an_agent_writes_is_what_another_turno_reads(text in "[ -~áñ¿€😀\n.=]{1,300}", subject in "\\PC{0,120}") {
        prop_assume!(!text.trim().is_empty());
        let address = Address::Mail("b@example.org".to_owned());
        let letter = Letter {
            message: MessageId(1), conversation: ConversationId(1), address, body: Body::Text { text: text.clone() },
            file: None, subject: Some(subject), earlier: vec![], person_wrote: None, tries: 0, is_automatic: false,
        };
        let outgoing = mailbox().write(&letter, None, NOW).expect("it can leave");
        prop_assert!(outgoing.bytes.is_ascii());
        let other = crate::mail::Mailbox::new("b@example.org", "", crate::mail::Signer::new(b"b", "example.org"));
        let Read::Mail(mail) = other.read(&outgoing.bytes, NOW) else { panic!("a mail") };
        let lines = |text: &str| text.trim().lines().map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(lines(mail.incoming.body.as_ref().and_then(Body::words).unwrap_or_default()), lines(&text));
        prop_assert!(mail.automatic.is_none());
    }
}
