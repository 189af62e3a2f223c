//! Servers and turno that end and begin again.

use std::fs;
use std::sync::Arc;

use turno_channels::{ConversationId, Outcome};

use crate::coming::mail;
use crate::post::Shelf;
use crate::servers::Servers;
use crate::{open, settings, until};

/// How many mails were new, and how many were known.
fn counts(shelf: &Shelf) -> (usize, usize) {
    let held = shelf.held();
    (held.taken.len(), held.again)
}

#[test]
fn a_mailbox_that_was_away_is_read_on_where_it_ended() {
    let Some(mut servers) = Servers::start() else { return };
    let shelf = Arc::new(Shelf::default());
    let running = open(&settings(&servers, "atencion@quito.example"), &shelf);
    servers.send("vecina@example.org", "atencion@quito.example", &mail("before"));
    shelf.mail(1);
    servers.stop_dovecot();
    until("it is noticed", || !running.figures().is_reading.get());
    servers.send("vecina@example.org", "atencion@quito.example", &mail("meanwhile"));
    servers.start_dovecot();
    assert_eq!(shelf.mail(2).0.external, "meanwhile@example.org");
    assert_eq!(shelf.held().again, 0);
    running.stop();
}

#[test]
fn letters_wait_for_a_server_that_is_away() {
    let Some(mut servers) = Servers::start() else { return };
    let shelf = Arc::new(Shelf::default());
    let running = open(&settings(&servers, "atencion@quito.example"), &shelf);
    let first = shelf.write("vecina@example.org", ConversationId(1), "uno", vec![]);
    assert!(matches!(shelf.outcome(first), Outcome::Sent { .. }));
    servers.stop_exim();
    let second = shelf.write("vecina@example.org", ConversationId(1), "dos", vec![]);
    assert!(matches!(shelf.outcome(second), Outcome::Later { .. }));
    servers.start_exim();
    let third = shelf.write("vecina@example.org", ConversationId(1), "tres", vec![]);
    assert!(matches!(shelf.outcome(third), Outcome::Sent { .. }), "{:?}", shelf.outcome(third));
    running.stop();
}

#[test]
fn a_turno_that_was_killed_before_its_note_knows_the_mail_again() {
    let Some(servers) = Servers::start() else { return };
    let shelf = Arc::new(Shelf::default());
    let mut settings = settings(&servers, "atencion@quito.example");
    settings.done = None;
    let running = open(&settings, &shelf);
    let noted = fs::read(&settings.notes).expect("a new mailbox is noted at once");
    servers.send("vecina@example.org", "atencion@quito.example", &mail("one"));
    shelf.mail(1);
    running.stop();
    servers.send("vecina@example.org", "atencion@quito.example", &mail("meanwhile"));
    // What a kill -9 between the post's commit and the note leaves behind.
    fs::write(&settings.notes, noted).expect("the old note");
    let running = open(&settings, &shelf);
    assert_eq!(shelf.mail(2).0.external, "meanwhile@example.org");
    assert_eq!(counts(&shelf), (2, 1));
    running.stop();
}

#[test]
fn a_mailbox_whose_numbers_have_changed_loses_and_doubles_nothing() {
    let Some(mut servers) = Servers::start() else { return };
    let shelf = Arc::new(Shelf::default());
    let mut settings = settings(&servers, "atencion@quito.example");
    settings.done = None;
    let running = open(&settings, &shelf);
    for (count, id) in ["one", "two"].iter().enumerate() {
        servers.send("vecina@example.org", "atencion@quito.example", &mail(id));
        shelf.mail(count + 1);
    }
    running.stop();
    servers.send("vecina@example.org", "atencion@quito.example", &mail("three"));
    servers.stop_dovecot();
    let root = servers.folder.join("mail/atencion");
    for entry in fs::read_dir(root).expect("the mailbox").flatten() {
        if entry.file_name().to_string_lossy().starts_with("dovecot") {
            let _ = fs::remove_file(entry.path());
        }
    }
    // The new numbers are named by the second in which they were made.
    let second = jiff::Timestamp::now().as_second();
    until("a second is over", || jiff::Timestamp::now().as_second() > second);
    servers.start_dovecot();
    let running = open(&settings, &shelf);
    shelf.mail(3);
    running.stop();
    assert_eq!(counts(&shelf), (3, 2));
}
