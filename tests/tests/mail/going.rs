//! Letters on their way out.
#![expect(clippy::disallowed_methods, reason = "a test on real sockets measures real time")]

use std::sync::Arc;
use std::time::Instant;

use turno_channels::{ConversationId, Outcome, Reported};

use crate::coming::mail;
use crate::post::Shelf;
use crate::servers::Servers;
use crate::{open, settings, until};

fn header<'x>(mail: &'x str, name: &str) -> &'x str {
    let line = mail.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {name} in {mail}"))
}

#[test]
fn an_answer_lands_with_the_citizen_and_the_thread_holds_over_the_reply() {
    let Some(servers) = Servers::start() else { return };
    let shelf = Arc::new(Shelf::default());
    let running = open(&settings(&servers, "atencion@quito.example"), &shelf);
    servers.send("vecina@example.org", "atencion@quito.example", &mail("question"));
    let (incoming, taken) = shelf.mail(1);
    let letter = shelf.write("vecina@example.org", taken.conversation, "Mañana.", vec![incoming.external]);
    let Outcome::Sent { external } = shelf.outcome(letter) else { panic!("{:?}", shelf.outcome(letter)) };
    let answer = servers.mails("vecina", 1).remove(0);
    assert_eq!(header(&answer, "Message-ID"), format!("<{external}>"));
    assert_eq!(header(&answer, "In-Reply-To"), "<question@example.org>");
    assert_eq!(header(&answer, "Return-path"), "<atencion@quito.example>");
    assert!(answer.contains("> =C2=BFY la luz?"), "the question is quoted: {answer}");

    // By its Message-ID, from another address than the conversation's.
    let by_id = format!(
        "From: otra@example.org\nSubject: x\nMessage-ID: <r1@example.org>\nReferences: <{external}>\n\nGracias\n"
    );
    servers.send("otra@example.org", "atencion@quito.example", &by_id);
    assert_eq!(shelf.mail(2).1.conversation, taken.conversation);
    // By the signed address alone.
    let start = answer.find("Reply-To: ").expect("an address");
    let address = answer[start..].split(['<', '>']).nth(1).expect("in brackets");
    assert!(address.starts_with("atencion+c"), "{address}");
    servers.send(
        "mas@example.org",
        address,
        "From: mas@example.org\nSubject: y\nMessage-ID: <r2@example.org>\n\nHola\n",
    );
    assert_eq!(shelf.mail(3).1.conversation, taken.conversation);
    running.stop();
}

#[test]
fn a_server_says_never_later_or_sends_the_mail_back() {
    let Some(servers) = Servers::start() else { return };
    let shelf = Arc::new(Shelf::default());
    let running = open(&settings(&servers, "atencion@quito.example"), &shelf);
    let write = |to: &str| shelf.write(to, ConversationId(1), "hola", vec![]);
    let (never, later, full) =
        (write("nobody-here@example.org"), write("busy@example.org"), write("full@example.org"));
    assert!(matches!(shelf.outcome(never), Outcome::Failed { why } if why.contains("no such mailbox")));
    assert!(matches!(shelf.outcome(later), Outcome::Later { after_secs: 10, .. }));
    let Outcome::Sent { external } = shelf.outcome(full) else { panic!("it was accepted") };
    until("the report comes", || !shelf.held().reports.is_empty());
    let report = shelf.held().reports[0].clone();
    assert_eq!(report.external, external);
    assert!(matches!(&report.what, Reported::Failed(why) if why.contains("full")), "{report:?}");
    assert!(shelf.held().taken.is_empty(), "a report is no mail of a person");
    running.stop();
}

/// `cargo test -p turno-tests --test mail letters_a_second -- --nocapture`
#[test]
fn letters_a_second() {
    let Some(servers) = Servers::start() else { return };
    let shelf = Arc::new(Shelf::default());
    let running = open(&settings(&servers, "atencion@quito.example"), &shelf);
    let begin = Instant::now();
    let count = 200;
    for number in 0..count {
        shelf.write("vecina@example.org", ConversationId(number), "hola", vec![]);
    }
    until("all have left", || running.figures().sent.get() == 200);
    let span = begin.elapsed();
    println!("out: {count} letters in {span:?}, {:.0} a second", 200.0 / span.as_secs_f64());
    servers.mails("vecina", 200);
    running.stop();
}
