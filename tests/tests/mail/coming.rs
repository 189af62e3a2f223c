//! Mails on their way in.
#![expect(clippy::disallowed_methods, reason = "a test on real sockets measures real time")]

use std::fs;
use std::sync::Arc;
use std::time::Instant;

use turno_channels::{Address, Body, ConversationId};
use turno_connectors::mail::{Encryption, Server};

use crate::post::Shelf;
use crate::servers::Servers;
use crate::{open, settings, until};

const MAIL: &str = "From: Vecina <vecina@example.org>\nTo: atencion@quito.example\nSubject: luz\nMessage-ID: <MID@example.org>\n\n¿Y la luz?\n";

pub(crate) fn mail(id: &str) -> String {
    MAIL.replace("MID", id)
}

#[test]
fn a_mail_is_with_the_post_within_a_second_and_leaves_the_inbox() {
    let Some(servers) = Servers::start() else { return };
    let shelf = Arc::new(Shelf::default());
    let running = open(&settings(&servers, "atencion@quito.example"), &shelf);
    let mut spans = Vec::new();
    for count in 1..=10 {
        let begin = Instant::now();
        servers.send("vecina@example.org", "atencion@quito.example", &mail(&format!("m{count}")));
        let (incoming, _) = shelf.mail(count);
        spans.push(begin.elapsed());
        assert_eq!(incoming.address, Address::Mail("vecina@example.org".to_owned()));
        assert_eq!(incoming.body, Some(Body::Text { text: "¿Y la luz?".to_owned() }));
        assert_eq!(
            (incoming.subject.as_deref(), &*incoming.external),
            (Some("luz"), &*format!("m{count}@example.org"))
        );
    }
    spans.sort();
    println!("from the first byte of SMTP to the post: median {:?}, most {:?}", spans[5], spans[9]);
    // On a machine that does nothing else all are; on a busy one the fastest still shows that nobody waits for a poll.
    assert!(spans[0].as_millis() < 1_000, "{spans:?}");
    let moved = servers.folder.join("mail/atencion/.Turno");
    let count = || {
        ["new", "cur"]
            .iter()
            .map(|inner| fs::read_dir(moved.join(inner)).map_or(0, Iterator::count))
            .sum::<usize>()
    };
    until("they lie in the folder Turno", || count() == 10);
    running.stop();
}

#[test]
fn a_server_without_idle_is_asked_and_one_with_starttls_is_used() {
    let Some(servers) = Servers::start() else { return };
    let shelf = Arc::new(Shelf::default());
    let mut settings = settings(&servers, "atencion@quito.example");
    settings.imap =
        Server { host: "localhost".to_owned(), port: servers.imap, encryption: Encryption::Starttls };
    let running = open(&settings, &shelf);
    servers.send("vecina@example.org", "atencion@quito.example", &mail("s"));
    shelf.mail(1);
    running.stop();
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_not_believed() {
    let Some(servers) = Servers::start() else { return };
    let mut settings = settings(&servers, "atencion@quito.example");
    settings.authority = None;
    let shelf = Arc::new(Shelf::default());
    let running = turno_connectors::mail::start(settings, Arc::<Shelf>::clone(&shelf), crate::clock())
        .expect("good settings");
    let message = shelf.write("vecina@example.org", ConversationId(1), "hola", vec![]);
    assert!(
        matches!(shelf.outcome(message), turno_channels::Outcome::Later { .. }),
        "no word goes to a stranger"
    );
    assert_eq!(running.figures().connections.get(), 0);
    running.stop();
}

#[test]
fn a_post_that_is_full_gets_the_mail_later_and_in_order() {
    let Some(servers) = Servers::start() else { return };
    let shelf = Arc::new(Shelf::default());
    let running = open(&settings(&servers, "atencion@quito.example"), &shelf);
    shelf.held().is_full = true;
    for id in ["one", "two"] {
        servers.send("vecina@example.org", "atencion@quito.example", &mail(id));
    }
    servers.send("vecina@example.org", "atencion@quito.example", &mail("three"));
    shelf.held().is_full = false;
    shelf.mail(3);
    let ids: Vec<String> = shelf.held().taken.iter().map(|(incoming, _)| incoming.external.clone()).collect();
    assert_eq!(ids, ["one@example.org", "two@example.org", "three@example.org"]);
    running.stop();
}

/// `cargo test -p turno-tests --test mail mails_a_second -- --nocapture`
#[test]
fn mails_a_second() {
    let Some(servers) = Servers::start() else { return };
    let count = 1_000;
    servers.fill("atencion", |folder| {
        for number in 0..count {
            fs::write(folder.join(format!("{number:07}.x.y:2,")), mail(&format!("n{number}")))
                .expect("a mail");
        }
    });
    let shelf = Arc::new(Shelf::default());
    let mut settings = settings(&servers, "atencion@quito.example");
    settings.begin = turno_connectors::mail::Begin::All;
    let begin = Instant::now();
    let running = open(&settings, &shelf);
    shelf.mail(count);
    let span = begin.elapsed();
    println!("in: {count} mails in {span:?}, {:.0} a second", f64::from(1_000) / span.as_secs_f64());
    running.stop();
    assert_eq!(shelf.held().taken.len(), count);
}
