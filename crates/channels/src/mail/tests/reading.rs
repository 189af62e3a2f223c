//! Mails of ordinary mailers.

use super::{NOW, mailbox, read, words};
use crate::address::Address;
use crate::body::Body;

const SIMPLE: &str = "From: =?UTF-8?Q?Vecina_de_La_Carolina?= <Vecina@Example.ORG>
To: atencion@quito.example
Subject: =?utf-8?B?wr9Dw7NtbyBwYWdvIGVsIHByZWRpbz8=?=
Date: Mon, 30 Nov 2026 09:12:00 -0500
Message-ID: <abc@example.org>
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Buenos d=EDas, =BFc=F3mo pago el predio?
";

#[test]
fn a_citizen_asks_in_old_letters_and_an_agent_reads_spanish() {
    let mail = read(&mailbox(), SIMPLE);
    let incoming = &mail.incoming;
    assert_eq!(words(&mail), "Buenos días, ¿cómo pago el predio?");
    assert_eq!(incoming.address, Address::Mail("Vecina@example.org".to_owned()));
    assert_eq!(incoming.name.as_deref(), Some("Vecina de La Carolina"));
    assert_eq!(incoming.subject.as_deref(), Some("¿Cómo pago el predio?"));
    assert_eq!(incoming.external, "abc@example.org");
    assert_eq!(incoming.at.0, 1_796_047_920_000, "when it was written");
    assert_eq!((mail.automatic, incoming.conversation), (None, None));
}

#[test]
fn a_date_of_tomorrow_or_of_last_year_is_not_believed() {
    for date in ["Tue, 1 Dec 2026 09:12:00 -0500", "Sun, 30 Nov 2025 09:12:00 -0500", "yesterday"] {
        let text = SIMPLE.replace("Mon, 30 Nov 2026 09:12:00 -0500", date);
        assert_eq!(read(&mailbox(), &text).incoming.at, NOW, "{date}");
    }
}

#[test]
fn of_two_forms_the_words_are_read_and_the_page_is_not() {
    let both = |plain: &str| {
        format!(
            "From: a@example.org\nContent-Type: multipart/alternative; boundary=\"x y\"\n\n--x y\n\
             Content-Type: text/plain\n\n{plain}\n--x y\nContent-Type: text/html; charset=utf-8\n\n\
             <p>La <b>página</b></p><script>alert(1)</script>\n--x y--\n"
        )
    };
    assert_eq!(words(&read(&mailbox(), &both("Las palabras"))), "Las palabras");
    assert_eq!(words(&read(&mailbox(), &both("  "))), "La página", "an empty form says nothing");
}

#[test]
fn files_keep_their_bytes_and_lose_the_folders_of_their_names() {
    let text = "From: a@example.org
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

Adjunto la cédula.
--b
Content-Type: image/png; name=\"../../etc/c\u{202e}gnp.exe\"
Content-Disposition: attachment; filename*=utf-8''..%2F..%2Fc%C3%A9dula.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjcK
--b
Content-Type: message/rfc822

From: b@example.org
Subject: inside

inner
--b--
";
    let mail = read(&mailbox(), text);
    let files: Vec<(&str, &str)> =
        mail.incoming.files.iter().map(|file| (&*file.name, &*file.kind)).collect();
    assert_eq!(files, [("cédula.pdf", "application/pdf"), ("mail.eml", "message/rfc822")]);
    assert_eq!(mail.incoming.files[0].bytes, b"%PDF-1.7\n");
    assert_eq!(words(&mail), "Adjunto la cédula.");
}

#[test]
fn a_file_alone_needs_no_words_and_an_empty_mail_says_its_subject() {
    let file = "From: a@example.org\nContent-Type: application/pdf; name=a.pdf\n\n%PDF-1\n";
    let mail = read(&mailbox(), file);
    assert_eq!((mail.incoming.body.as_ref(), mail.incoming.files.len()), (None, 1));
    assert_eq!(words(&read(&mailbox(), "From: a@example.org\nSubject: luz\n\n")), "luz");
    let empty = read(&mailbox(), "From: a@example.org\n\n");
    assert_eq!(empty.incoming.body, Some(Body::Other { what: "an empty mail".to_owned() }));
}

#[test]
fn a_page_becomes_lines_and_shows_where_its_links_lead() {
    let page = "<html><head><title>t</title><style>p{}</style></head><body>\
        <h1>Predio&nbsp;2026</h1><p>Pague en <a href='https://evil.example/x?a=1&amp;b=2'>quito.gob.ec</a>.</p>\
        <ul><li>uno<li>dos &lt;3</ul><table><tr><td>a<td>b</tr></table>\
        <blockquote>antes</blockquote><img src=x onerror=alert(1) alt='mapa'>\
        <a href=\"javascript:alert(1)\">aquí</a><!-- <p>nada --></body></html>";
    let text = super::super::words_of_html(page);
    assert_eq!(
        text,
        "Predio 2026\n\nPague en quito.gob.ec <https://evil.example/x?a=1&b=2>.\n\n- uno\n- dos <3\n\na b\n\n> antes\n\n[mapa] aquí"
    );
}

#[test]
fn a_contact_form_of_the_site_is_answered_to_the_citizen() {
    let text =
        "From: Formulario <atencion@quito.example>\nReply-To: vecino@example.org\nSubject: luz\n\nhola\n";
    let mail = read(&mailbox(), text);
    assert_eq!(mail.incoming.address, Address::Mail("vecino@example.org".to_owned()));
    let text = "From: a@bank.example\nReply-To: b@other.example\n\nhola\n";
    let marks = read(&mailbox(), text).incoming.marks;
    assert!(marks.iter().any(|mark| mark.contains("answers go to another address")), "{marks:?}");
}

#[test]
fn a_mail_without_a_message_id_is_known_again_by_its_bytes() {
    let text = "From: a@example.org\n\nhola\n";
    let (one, other) = (read(&mailbox(), text), read(&mailbox(), text));
    assert_eq!(one.incoming.external, other.incoming.external);
    assert!(one.incoming.external.ends_with("@no-id.invalid"));
    assert_ne!(read(&mailbox(), "From: a@example.org\n\nadiós\n").incoming.external, one.incoming.external);
}
