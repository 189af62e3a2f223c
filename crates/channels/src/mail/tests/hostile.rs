//! Mails that were made to hurt, and those of broken mailers.

use std::fs;
use std::path::Path;

use super::{NOW, mailbox, read, words};
use crate::mail::{DEPTH_MAX, PARTS_MAX, Read, words_of_html};

#[test]
fn multiparts_in_multiparts_end_at_the_limit() {
    let mut text = String::from("From: a@example.org\n");
    for depth in 0..5_000 {
        text.push_str(&format!("Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n"));
    }
    text.push_str("\nthe end\n");
    let mail = read(&mailbox(), &text);
    assert!(mail.incoming.files.len() <= DEPTH_MAX);
    assert!(
        mail.incoming.marks.iter().any(|mark| mark.starts_with("nested too deep")),
        "{:?}",
        mail.incoming.marks
    );
}

#[test]
fn mails_in_mails_are_one_file() {
    // A parser that follows them builds a tree as deep as the sender likes, and dies when it is taken down.
    let text =
        format!("From: a@example.org\n{}\nthe end\n", "Content-Type: message/rfc822\n\n".repeat(40_000));
    let mail = read(&mailbox(), &text);
    assert_eq!(mail.incoming.files.len(), 1);
    let digest = "From: a@example.org\nContent-Type: multipart/digest; boundary=b\n\n".to_owned()
        + &"--b\n\nContent-Type: multipart/digest; boundary=b\n\n".repeat(10_000);
    let _ = read(&mailbox(), &digest);
}

#[test]
fn a_hundred_thousand_parts_are_two_hundred() {
    let text = "From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n".to_owned()
        + &"--b\nContent-Disposition: attachment\n\nx\n".repeat(100_000)
        + "--b--\n";
    let mail = read(&mailbox(), &text);
    assert_eq!(mail.incoming.files.len(), mailbox().limits.files);
    assert!(mail.incoming.marks.len() <= PARTS_MAX + 5);
}

#[test]
fn an_archive_is_a_file_and_is_never_opened() {
    let zip = "UEsDBBQAAAAIAAAAIQ".to_owned() + &"A".repeat(1_000);
    let text = format!(
        "From: a@example.org\nContent-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n{zip}\n"
    );
    let mail = read(&mailbox(), &text);
    let file = &mail.incoming.files[0];
    assert_eq!((&*file.name, &*file.kind), ("a.zip", "application/zip"));
    assert!(file.bytes.len() < 1_000, "{} bytes: as many as were sent", file.bytes.len());
}

#[test]
fn a_text_of_megabytes_is_cut_and_kept_as_a_file() {
    let mail = read(&mailbox(), &format!("From: a@example.org\n\n{}\n", "ñandú ".repeat(100_000)));
    assert!(words(&mail).len() <= mailbox().limits.text_bytes);
    assert_eq!((mail.incoming.files.len(), &*mail.incoming.files[0].name), (1, "text.txt"));
}

#[test]
fn a_file_that_is_too_large_is_named() {
    let mut mailbox = mailbox();
    mailbox.limits.file_bytes = 10;
    let text = "From: a@example.org\nContent-Type: application/pdf; name=a.pdf\n\n%PDF-1.7 and more\n";
    let mail = read(&mailbox, text);
    assert!(mail.incoming.files.is_empty());
    assert_eq!(mail.incoming.marks[0], "file too large: a.pdf, 1 MB");
    let Read::Mail(mail) =
        mailbox.read_too_large(b"From: a@example.org\r\nSubject: video\r\n\r\n", 90 << 20, NOW)
    else {
        panic!("a mail");
    };
    assert_eq!(mail.incoming.subject.as_deref(), Some("video"));
    assert!(mail.incoming.marks[0].starts_with("too large"));
}

#[test]
fn a_page_without_ends_takes_as_long_as_its_length() {
    for piece in
        ["<", "<a ", "<a b=\"", "<!--", "&", "<a href='", "<p>", "<blockquote>", "<td", "\"<x>", "<a b='><"]
    {
        let page = piece.repeat(1_000_000 / piece.len());
        assert!(words_of_html(&page).len() <= 4 * page.len(), "{piece}");
    }
}

#[test]
fn the_mails_of_broken_mailers_are_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/mail");
    let folders = ["malformed", "legacy", "rfc", "thirdparty"].map(|folder| corpus.join(folder));
    let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let mails: Vec<_> = files
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .collect();
    if mails.is_empty() {
        println!("skipped: ../shared/data/mail is not there");
    }
    let (mut with_words, mut reports) = (0, 0);
    for path in &mails {
        let raw = fs::read(path).expect("a mail");
        match mailbox().read(&raw, NOW) {
            Read::Mail(mail) => {
                with_words += usize::from(!words(&mail).is_empty());
                assert!(
                    mail.incoming.body.is_some() || !mail.incoming.files.is_empty(),
                    "{}",
                    path.display()
                );
            }
            Read::Report(_) | Read::Nothing => reports += 1,
        }
    }
    println!("{} mails: {with_words} with words, {reports} reports", mails.len());
    assert!(mails.is_empty() || with_words * 10 > mails.len() * 8, "{with_words} of {}", mails.len());
}
