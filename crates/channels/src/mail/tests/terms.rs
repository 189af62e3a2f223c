//! Kinds of matters, and until when they must be answered.

use jiff::civil::date;

use super::{NOW, mailbox, read};
use crate::mail::{Alias, Kind, Terms, day, due};

#[test]
fn a_complaint_of_monday_has_fifteen_working_days_and_the_holidays_between_do_not_count() {
    let mut mailbox = mailbox();
    mailbox.hours.weekly = core::array::from_fn(|day| if day < 5 { vec![(480, 990)] } else { vec![] });
    mailbox.terms = Terms { question: Some(3), complaint: Some(15), suggestion: None };
    let until = |days| day(due(NOW, days, &mailbox.hours).expect("a term"), &mailbox.hours);
    assert_eq!(until(3), "2026-12-03");
    assert_eq!(until(5), "2026-12-07", "over a weekend");
    assert_eq!(until(15), "2026-12-21");
    mailbox.hours.holidays = vec![date(2026, 12, 7)];
    let mail = read(&mailbox, "From: a@example.org\nSubject: RECLAMO por la planilla\n\nhola\n");
    assert_eq!(mail.kind, Kind::Complaint);
    assert!(mail.incoming.marks.contains(&"due: 2026-12-22".to_owned()), "{:?}", mail.incoming.marks);
    let mail = read(&mailbox, "From: a@example.org\nSubject: Una sugerencia\n\nhola\n");
    assert_eq!((mail.kind, mail.due), (Kind::Suggestion, None));
}

#[test]
fn an_address_says_the_kind_and_the_queue_before_the_words_do() {
    let mut mailbox = mailbox();
    let (address, queue) = ("quejas@quito.example".to_owned(), Some("reclamos".to_owned()));
    mailbox.aliases = vec![Alias { address, queue, kind: Some(Kind::Complaint) }];
    let mail = read(
        &mailbox,
        "From: a@example.org\nTo: x@y.example\nCc: Quejas@quito.example\nSubject: sugerencia\n\nhola\n",
    );
    assert_eq!((mail.kind, mail.incoming.queue.as_deref()), (Kind::Complaint, Some("reclamos")));
    let mail = read(&mailbox, "From: quejas@quito.example\n\nhola\n");
    assert!(mail.automatic.is_some(), "the other address is ours too");
}

#[test]
fn a_week_without_working_days_has_no_term() {
    let mut hours = mailbox().hours;
    hours.weekly = core::array::from_fn(|_| Vec::new());
    assert_eq!(due(NOW, 3, &hours), None);
    assert_eq!(due(NOW, 0, &hours).map(|until| day(until, &hours)).as_deref(), Some("2026-11-30"));
}
