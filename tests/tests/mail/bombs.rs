//! Mails that were made to hurt, through real servers.

use std::fs;
use std::sync::Arc;

use turno_connectors::mail::Begin;

use crate::coming::mail;
use crate::old_mails::held_kb;
use crate::post::Shelf;
use crate::servers::Servers;
use crate::{open, settings};

#[test]
fn bombs_pass_and_the_next_mail_is_read() {
    let Some(servers) = Servers::start() else { return };
    let head = |id: &str| format!("From: x@example.org\nSubject: {id}\nMessage-ID: <{id}@example.org>\n");
    let nested: String =
        (0..20_000).map(|at| format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n")).collect();
    let inside = "Content-Type: message/rfc822\n\n".repeat(200_000);
    let zip = format!("Content-Type: application/zip; name=42.zip\n\nPK\u{3}\u{4}{}\n", "A".repeat(8 << 20));
    let page = format!("Content-Type: text/html\n\n{}\n", "<a b=\"".repeat(1 << 20));
    let large = format!("Subject: x\n\n{}\n", "A".repeat(40 << 20));
    let bombs = [("nested", nested), ("inside", inside), ("zip", zip), ("page", page), ("large", large)];
    servers.fill("atencion", |folder| {
        for (at, (id, body)) in bombs.iter().enumerate() {
            fs::write(folder.join(format!("{at:07}.x.y:2,")), format!("{}{body}", head(id))).expect("a mail");
        }
        fs::write(folder.join("9999999.x.y:2,"), mail("after")).expect("a mail");
    });
    drop(bombs);
    let shelf = Arc::new(Shelf::default());
    let before = held_kb();
    let mut settings = settings(&servers, "atencion@quito.example");
    settings.begin = Begin::All;
    let running = open(&settings, &shelf);
    let (last, _) = shelf.mail(6);
    assert_eq!(last.external, "after@example.org");
    let held = shelf.held();
    let marks = |at: usize| held.taken[at].0.marks.join(", ");
    assert!(
        marks(0).contains("nested too deep") && marks(4).contains("too large"),
        "{} {}",
        marks(0),
        marks(4)
    );
    let files: usize =
        held.taken.iter().flat_map(|(incoming, _)| &incoming.files).map(|file| file.bytes.len()).sum();
    drop(held);
    println!(
        "{} kB more memory, {} kB of it files in the test's own post",
        held_kb().saturating_sub(before),
        files / 1024
    );
    assert!(held_kb().saturating_sub(before) < 150 * 1024);
    running.stop();
}
