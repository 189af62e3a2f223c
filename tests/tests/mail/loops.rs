//! Programs that answer programs (RFC 3834).

use std::sync::Arc;

use turno_channels::ConversationId;

use crate::coming::mail;
use crate::post::Shelf;
use crate::servers::Servers;
use crate::{open, settings, until};

#[test]
fn two_turnos_that_acknowledge_each_other_stop_after_one_mail() {
    let Some(servers) = Servers::start() else { return };
    let (one, other) = (Arc::new(Shelf::default()), Arc::new(Shelf::default()));
    let mut quito = settings(&servers, "atencion@quito.example");
    let mut pueblo = settings(&servers, "consultas@example.org");
    (quito.acknowledgements_hourly, pueblo.acknowledgements_hourly) = (100, 100);
    let (quito, pueblo) = (open(&quito, &one), open(&pueblo, &other));
    one.write("consultas@example.org", ConversationId(1), "¿Tienen agua?", vec![]);
    let (question, _) = other.mail(1);
    let (acknowledgement, taken) = one.mail(1);
    assert_eq!(taken.conversation, ConversationId(1), "it is related to what it acknowledges");
    assert_eq!(acknowledgement.replies_to, Some(question.external));
    assert!(acknowledgement.marks.contains(&"automatic: auto-submitted".to_owned()));
    // A person's mail sent afterwards is there: if anything had answered the acknowledgement, it would be there too.
    servers.send("vecina@example.org", "atencion@quito.example", &mail("after"));
    servers.send("vecina@example.org", "consultas@example.org", &mail("after"));
    one.mail(2);
    other.mail(2);
    until("the citizen is acknowledged by both", || {
        quito.figures().acknowledged.get() == 1 && pueblo.figures().acknowledged.get() == 2
    });
    assert_eq!((one.held().taken.len(), other.held().taken.len()), (2, 2));
    let received = servers.mails("vecina", 2);
    assert!(
        received
            .iter()
            .all(|mail| mail.contains("Return-path: <>") && mail.contains("Auto-Submitted: auto-replied"))
    );
    // The second mail of the same citizen within a week gets none.
    servers.send("vecina@example.org", "atencion@quito.example", &mail("again"));
    one.mail(3);
    pueblo.stop();
    quito.stop();
    assert_eq!(servers.mails("vecina", 2).len(), 2);
}

#[test]
fn two_careless_bots_stop_at_ten_a_day() {
    // Both ignore what the marks say and answer everything: the connectors hold them back.
    let Some(servers) = Servers::start() else { return };
    let (one, other) = (Arc::new(Shelf::default()), Arc::new(Shelf::default()));
    (one.held().is_careless, other.held().is_careless) = (true, true);
    let quito = open(&settings(&servers, "atencion@quito.example"), &one);
    let pueblo = open(&settings(&servers, "consultas@example.org"), &other);
    one.write("consultas@example.org", ConversationId(1), "hola", vec![]);
    until("both are held back", || quito.figures().failed.get() + pueblo.figures().failed.get() > 0);
    assert!(quito.figures().sent.get() <= 11 && pueblo.figures().sent.get() <= 11);
    pueblo.stop();
    quito.stop();
}
