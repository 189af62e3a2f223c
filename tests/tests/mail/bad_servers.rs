//! SMTP servers that end in the middle of a talk.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use turno_channels::{ConversationId, Outcome};
use turno_connectors::mail::{Encryption, Server, start};

use crate::post::Shelf;
use crate::servers::Servers;
use crate::{clock, settings, until};

/// A server that ends the connection when it has read a line that begins so.
fn dying_at(word: &'static str) -> (u16, Arc<AtomicUsize>) {
    let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = socket.local_addr().expect("its address").port();
    let mails = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&mails);
    std::thread::spawn(move || {
        for stream in socket.incoming().flatten() {
            talk(stream, word, &count);
        }
    });
    (port, mails)
}

fn talk(mut stream: TcpStream, word: &str, mails: &AtomicUsize) {
    let reader = BufReader::new(stream.try_clone().expect("its second hand"));
    let mut is_data = false;
    let mut say = |words: &str| stream.write_all(words.as_bytes()).is_ok();
    if !say("220 here\r\n") {
        return;
    }
    for line in reader.lines().map_while(Result::ok) {
        if is_data && line == "." {
            mails.fetch_add(1, Ordering::SeqCst);
            is_data = false;
        }
        if line.starts_with(word) && !is_data {
            return;
        }
        let is_fine = is_data || say(if line.starts_with("DATA") { "354 go on\r\n" } else { "250 fine\r\n" });
        is_data |= line.starts_with("DATA");
        if !is_fine {
            return;
        }
    }
}

fn outcome_at(servers: &Servers, word: &'static str) -> (Outcome, usize) {
    let (port, mails) = dying_at(word);
    let mut settings = settings(servers, "atencion@quito.example");
    settings.smtp = Server { host: "localhost".to_owned(), port, encryption: Encryption::None };
    let shelf = Arc::new(Shelf::default());
    let running = start(settings, Arc::<Shelf>::clone(&shelf), clock()).expect("good settings");
    let message = shelf.write("vecina@example.org", ConversationId(1), "hola", vec![]);
    let outcome = shelf.outcome(message);
    if matches!(outcome, Outcome::Unknown { .. }) {
        until("it is counted", || running.figures().unknown.get() == 1);
    }
    running.stop();
    (outcome, mails.load(Ordering::SeqCst))
}

#[test]
fn a_connection_that_ends_after_the_last_byte_leaves_it_unknown_and_sends_nothing_twice() {
    let Some(servers) = Servers::start() else { return };
    let (outcome, mails) = outcome_at(&servers, ".");
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert_eq!(mails, 1, "the server may have it");
}

#[test]
fn a_connection_that_ends_before_is_tried_again_later() {
    let Some(servers) = Servers::start() else { return };
    for word in ["EHLO", "MAIL", "RCPT", "DATA"] {
        let (outcome, mails) = outcome_at(&servers, word);
        assert!(matches!(outcome, Outcome::Later { .. }), "{word}: {outcome:?}");
        assert_eq!(mails, 0);
    }
}
