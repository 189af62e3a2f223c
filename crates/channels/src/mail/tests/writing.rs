//! Letters as mails, read again by another parser.

use mail_parser::{MessageParser, MimeHeaders};

use super::{NOW, mailbox, read};
use crate::address::Address;
use crate::body::{Body, Choice, Choices, FileHere, FileId};
use crate::joint::{Letter, Taken};
use crate::mail::{Outgoing, Quoted, Read};
use crate::message::{ConversationId, MessageId};

fn letter(body: Body) -> Letter {
    Letter {
        message: MessageId(9),
        conversation: ConversationId(7),
        address: Address::Mail("vecina@example.org".to_owned()),
        body,
        file: None,
        subject: Some("¿Cómo pago?\r\nBcc: all@example.org".to_owned()),
        earlier: vec!["one@example.org".to_owned(), "two@example.org".to_owned()],
        person_wrote: None,
        tries: 0,
        is_automatic: false,
    }
}

fn text(text: &str) -> Body {
    Body::Text { text: text.to_owned() }
}

/// The words of a mail as another parser reads them.
fn words(mail: &mail_parser::Message<'_>) -> String {
    mail.body_text(0).unwrap_or_default().replace("\r\n", "\n").trim_end().to_owned()
}

fn write(letter: &Letter) -> Outgoing {
    mailbox().write(letter, None, NOW).expect("it can leave")
}

#[test]
fn an_answer_continues_the_thread_and_goes_back_to_a_signed_address() {
    let outgoing = write(&letter(text("Con su número de predio.\n.\nFrom here on =C3 ñ")));
    let mail = MessageParser::default().parse(&outgoing.bytes).expect("a mail");
    assert_eq!(words(&mail), "Con su número de predio.\n.\nFrom here on =C3 ñ");
    assert_eq!(mail.subject(), Some("Re: ¿Cómo pago?  Bcc: all@example.org"), "no header was smuggled in");
    assert!(mail.bcc().is_none());
    assert_eq!(mail.in_reply_to().as_text(), Some("two@example.org"));
    assert_eq!(mail.references().as_text_list().map(<[_]>::len), Some(2));
    assert_eq!(mail.message_id(), Some(&*outgoing.id));
    assert_eq!(mail.date().map(|date| date.to_rfc3339()).as_deref(), Some("2026-11-30T15:00:00-05:00"));
    let reply_to = mail.reply_to().and_then(|to| to.first()).and_then(|to| to.address()).expect("an address");
    assert_eq!(mailbox().signer.conversation_of(reply_to), Some(ConversationId(7)));
    assert_eq!(outgoing.from.as_deref(), Some("atencion@quito.example"));
    assert!(mail.header("Auto-Submitted").is_none());
    assert_eq!(
        write(&letter(text("Con su número de predio.\n.\nFrom here on =C3 ñ"))),
        outgoing,
        "the same bytes"
    );
    let lines = outgoing.bytes.split(|byte| *byte == b'\n');
    assert!(lines.clone().all(|line| line.len() <= 99) && outgoing.bytes.is_ascii(), "any server takes it");
    assert!(lines.into_iter().all(|line| line.is_empty() || line.ends_with(b"\r")));
}

#[test]
fn a_file_a_signature_and_a_quotation_arrive() {
    let mut mailbox = mailbox();
    mailbox.signature = "Municipio de Quito\n1800 510 510".to_owned();
    let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    let file = FileHere {
        name: "Requisitos ñ\".pdf".to_owned(),
        kind: "application/pdf".to_owned(),
        bytes: bytes.clone(),
    };
    let (name, media, caption) = (file.name.clone(), file.kind.clone(), Some("Aquí están".to_owned()));
    let mut letter = letter(Body::File { file: FileId(String::new()), name, media, size: 10_000, caption });
    letter.file = Some(file);
    let quoted = Quoted { at: NOW, text: "hola\n> antes".to_owned() };
    let outgoing = mailbox.write(&letter, Some(&quoted), NOW).expect("it can leave");
    let mail = MessageParser::default().parse(&outgoing.bytes).expect("a mail");
    let expected = "Aquí están\n\n-- \nMunicipio de Quito\n1800 510 510\n\n2026-11-30\n> hola\n>> antes\n";
    assert_eq!(words(&mail), expected.trim_end());
    let file = mail.attachment(0).expect("a file");
    assert!(file.contents() == bytes);
    assert_eq!(file.attachment_name(), Some("Requisitos ñ\".pdf"));
    letter.file = None;
    assert!(mailbox.write(&letter, None, NOW).is_err(), "a file that is gone");
}

#[test]
fn choices_are_numbered_lines_and_what_a_mail_cannot_say_fails() {
    let choice = |title: &str| Choice { id: title.to_owned(), title: title.to_owned(), detail: None };
    let choices = Choices { text: "¿Cuál?".to_owned(), choices: vec![choice("Predio"), choice("Patente")] };
    let outgoing = write(&letter(Body::Choices(choices)));
    let mail = MessageParser::default().parse(&outgoing.bytes).expect("a mail");
    assert_eq!(words(&mail), "¿Cuál?\n\n1. Predio\n2. Patente");
    let reaction = Body::Reaction { to: "x".to_owned(), sign: "x".to_owned() };
    assert!(mailbox().write(&letter(reaction), None, NOW).is_err());
    let mut elsewhere = letter(text("hola"));
    elsewhere.address = Address::Mail("a@example.org>\r\nRCPT TO:<b@example.org".to_owned());
    assert!(mailbox().write(&elsewhere, None, NOW).is_err());
}

#[test]
fn an_acknowledgement_says_that_a_program_wrote_it_and_the_other_turno_is_silent() {
    let mailbox = mailbox();
    let mail = read(&mailbox, "From: a@example.org\nMessage-ID: <q@example.org>\nSubject: luz\n\nhola\n");
    let taken = Taken { conversation: ConversationId(7), message: MessageId(8), again: false };
    let outgoing = mailbox.acknowledge(&mail, taken, NOW).expect("it can leave");
    assert_eq!(outgoing.from, None, "MAIL FROM:<>");
    let words = String::from_utf8(outgoing.bytes.clone()).expect("ASCII");
    assert!(
        words.contains("Auto-Submitted: auto-replied\r\n") && words.contains("In-Reply-To: <q@example.org>"),
        "{words}"
    );
    assert!(!words.contains("hasta"), "a mail without a term promises none");
    let other = super::Mailbox::new("a@example.org", "", super::Signer::new(b"other", "example.org"));
    let Read::Mail(theirs) = other.read(&outgoing.bytes, NOW) else { panic!("a mail for them") };
    assert!(theirs.automatic.is_some());
}
