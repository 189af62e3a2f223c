//! Mails of programs: reports, absences, lists (RFC 3834, RFC 3464).

use super::{NOW, mailbox, read};
use crate::joint::{Report, Reported};
use crate::mail::{Automatic, Read, Restraint};
use crate::message::{ConversationId, MessageId};

#[test]
fn each_sign_of_a_program_is_seen() {
    let of = |headers: &str| read(&mailbox(), &format!("From: a@example.org\n{headers}\n\nhola\n")).automatic;
    for (headers, why) in [
        ("Auto-Submitted: auto-replied (vacation)", Automatic::Submitted),
        ("Auto-Submitted: auto-generated; x=y", Automatic::Submitted),
        ("Return-Path: <>", Automatic::NoSender),
        ("Return-Path: < >", Automatic::NoSender),
        ("List-Id: <vecinos.example.org>", Automatic::List),
        ("list-unsubscribe: <mailto:x@example.org>", Automatic::List),
        ("Precedence: bulk", Automatic::Bulk),
        ("precedence: LIST", Automatic::Bulk),
        ("X-Auto-Response-Suppress: OOF, AutoReply", Automatic::Suppressed),
        ("X-Autoreply: yes", Automatic::Suppressed),
        ("Content-Type: multipart/report; report-type=x; boundary=b", Automatic::Report),
    ] {
        assert_eq!(of(headers), Some(why), "{headers}");
    }
    for headers in [
        "Auto-Submitted: no",
        "Return-Path: <a@example.org>",
        "X-Auto-Response-Suppress: None",
        "Subject: list-id",
    ] {
        assert_eq!(of(headers), None, "{headers}");
    }
    let own = |from: &str| read(&mailbox(), &format!("From: {from}\n\nhola\n")).automatic;
    assert_eq!(own("Atencion+x@Quito.example"), Some(Automatic::Own));
    assert_eq!(own("MAILER-DAEMON@example.org"), Some(Automatic::NoSender));
    assert_eq!(own("no-reply@example.org"), Some(Automatic::NoSender));
}

fn report(action: &str, id: &str) -> String {
    format!(
        "From: Mail Delivery System <mailer-daemon@quito.example>\nSubject: Mail delivery failed\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n--b\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nAction: {action}\n\
         Final-Recipient: rfc822;a@example.org\nStatus: 5.1.1\n\
         Diagnostic-Code: smtp; 550 5.1.1\n  no such user\n--b\nContent-Type: message/rfc822\n\n\
         Message-ID: <{id}>\nSubject: luz\n\nhola\n--b--\n"
    )
}

#[test]
fn a_mail_that_came_back_fails_with_the_servers_reason() {
    let mailbox = mailbox();
    let id = mailbox.signer.message_id(ConversationId(7), MessageId(8));
    let of = |text: &str| mailbox.read(text.as_bytes(), NOW);
    let failed = Reported::Failed("returned: 5.1.1 550 5.1.1 no such user".to_owned());
    assert_eq!(
        of(&report("failed", &id)),
        Read::Report(Report { external: id.clone(), at: NOW, what: failed })
    );
    assert_eq!(of(&report("delayed", &id)), Read::Nothing, "it is only late");
    let Read::Mail(kept) = of(&report("failed", "forged@quito.example")) else {
        panic!("it reports no mail of ours")
    };
    assert_eq!(kept.automatic, Some(Automatic::Report));
    // Our own mail came round in a circle.
    assert_eq!(of(&format!("From: a@example.org\nMessage-ID: <{id}>\n\nhola\n")), Read::Nothing);
}

#[test]
fn one_sender_is_acknowledged_once_a_week_and_all_together_so_often_an_hour() {
    let mut restraint = Restraint::default();
    let day = |days: i64| NOW.plus_secs(days * 86_400);
    assert!(restraint.acknowledge("a@example.org", 2, NOW));
    assert!(!restraint.acknowledge("A@example.org", 2, day(6)));
    assert!(restraint.acknowledge("a@example.org", 2, day(7)));
    assert!(restraint.acknowledge("b@example.org", 2, day(7)));
    assert!(!restraint.acknowledge("c@example.org", 2, day(7)), "the third within an hour");
    assert!(restraint.acknowledge("c@example.org", 2, day(7).plus_secs(3_600)));
    let text = serde_json::to_string(&restraint).expect("it can be stored");
    assert_eq!(serde_json::from_str::<Restraint>(&text).expect("and read"), restraint);
    assert!(!text.contains("example"), "{text}");
}

#[test]
fn a_program_that_answers_our_answers_gets_ten_a_day() {
    let mut restraint = Restraint::default();
    let sent =
        (0..1_000).filter(|minute| restraint.answer("a@example.org", NOW.plus_secs(minute * 60))).count();
    assert_eq!(sent, 10);
    assert!(restraint.answer("a@example.org", NOW.plus_secs(86_400)));
}
