//! Writing that deceives the eye, and senders who are not who they say.

use super::{mailbox, read, words};
use crate::mail::{clean_name, kind_of};

fn marks(text: &str) -> Vec<String> {
    read(&mailbox(), text).incoming.marks
}

#[test]
fn letters_of_another_alphabet_are_marked_and_spanish_is_not() {
    let two = "letters of two alphabets in the sender";
    for from in
        ["Municipio <a@qu\u{0456}to.example>", "\"B\u{0430}nco\" <a@example.org>", "a@xn--qito-9sa.example"]
    {
        let marks = marks(&format!("From: {from}\n\nhola\n"));
        assert!(marks.iter().any(|mark| mark == two), "{from}: {marks:?}");
    }
    for from in
        ["Señora Núñez <a@quito.example>", "Иван <a@example.org>", "\u{4f60}\u{597d} Quito <a@example.org>"]
    {
        assert!(!marks(&format!("From: {from}\n\nhola\n")).iter().any(|mark| mark == two), "{from}");
    }
    let link = marks("From: a@example.org\n\nPague en https://qu\u{0456}to.example/pago\n");
    assert!(link.contains(&"letters of two alphabets in a link".to_owned()), "{link:?}");
}

#[test]
fn signs_that_turn_the_writing_are_marked_and_taken_out() {
    let mail = read(&mailbox(), "From: a@example.org\nSubject: x\u{202e}y\n\nab\u{202e}dc\u{2066}\u{7}\n");
    assert_eq!((words(&mail), mail.incoming.subject.as_deref()), ("abdc", Some("xy")));
    assert!(mail.incoming.marks.contains(&"turns the direction of writing".to_owned()));
    assert_eq!(clean_name("factura\u{202e}fdp.exe"), "facturafdp.exe");
    assert_eq!(clean_name("C:\\temp\\..\\a<b>.txt"), "ab.txt");
    assert_eq!(clean_name("../../.bashrc"), "bashrc");
    assert_eq!(clean_name("\u{0}/"), "file");
    assert!(clean_name(&format!("{}.pdf", "ñ".repeat(500))).chars().count() <= 100);
}

#[test]
fn a_name_that_is_another_address_is_marked() {
    let marks = marks("From: \"alcalde@quito.gob.ec\" <x@evil.example>\n\nhola\n");
    assert!(marks.contains(&"the sender's name is another address".to_owned()), "{marks:?}");
}

#[test]
fn only_the_sites_own_server_is_believed_about_authenticity() {
    let text = "Authentication-Results: mx.quito.example; spf=pass smtp.mailfrom=a@example.org;\n dkim=fail (bad) header.d=example.org; dmarc=fail\n\
        Authentication-Results: mx.quito.example; dkim=pass\nAuthentication-Results: evil.example; dmarc=pass\nFrom: a@example.org\n\nhola\n";
    let mut mailbox = mailbox();
    let of = |mailbox: &crate::mail::Mailbox, text: &str| read(mailbox, text).incoming.marks;
    assert_eq!(of(&mailbox, text), ["question"], "nobody is believed");
    mailbox.own_server = Some("mx.quito.example".to_owned());
    assert_eq!(of(&mailbox, text), ["spf: pass", "dkim: fail", "dmarc: fail", "question"]);
    assert_eq!(of(&mailbox, "From: a@example.org\n\nhola\n"), ["authenticity: not checked", "question"]);
}

#[test]
fn a_file_is_what_its_bytes_are() {
    for (bytes, said, kind) in [
        (&b"MZ\x90"[..], "application/pdf", "application/x-msdownload"),
        (b"PK\x03\x04", "image/png", "application/zip"),
        (b"<script>alert(1)</script>", "text/plain", "application/octet-stream"),
        (b"  <!DOCTYPE HTML>", "text/html", "application/octet-stream"),
        (b"<svg onload=x>", "image/svg+xml", "application/octet-stream"),
        (b"a,b\n1,2\n", "text/csv", "text/csv"),
        ("año".as_bytes(), "application/x-anything", "text/plain"),
        (b"\0\0\0\x18ftypheic", "image/jpeg", "image/heic"),
        (b"\xff\xfe\0a", "text/plain", "application/octet-stream"),
    ] {
        assert_eq!(kind_of(bytes, said), kind, "{bytes:?}");
    }
}
