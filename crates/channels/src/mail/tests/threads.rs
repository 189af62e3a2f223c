//! To which conversation a mail belongs.

use super::{NOW, mailbox, read, words};
use crate::mail::{Signer, Subjects, base_of, without_history};
use crate::message::{ConversationId, MessageId};

const CONVERSATION: ConversationId = ConversationId(77);

fn answer(headers: &str) -> String {
    format!("From: a@example.org\nTo: atencion@quito.example\nSubject: Re: luz\n{headers}\n\ngracias\n")
}

#[test]
fn an_answer_is_related_by_our_message_id_our_address_or_not_at_all() {
    let mailbox = mailbox();
    let id = mailbox.signer.message_id(CONVERSATION, MessageId(5));
    let address = mailbox.signer.reply_address("atencion@quito.example", CONVERSATION);
    let of = |headers: &str| read(&mailbox, &answer(headers)).incoming.conversation;
    assert_eq!(of(&format!("In-Reply-To: <{id}>")), Some(CONVERSATION));
    assert_eq!(of(&format!("References: <x@y.example> <{id}> <z@y.example>")), Some(CONVERSATION));
    assert_eq!(of(&format!("References: <{}>", id.to_uppercase().replace("C.", "c."))), Some(CONVERSATION));
    assert_eq!(of(&format!("Delivered-To: {address}")), Some(CONVERSATION));
    assert_eq!(of("In-Reply-To: <c.77.5.aaaaaaaaaaaaaaaa@quito.example>"), None, "a name that we never gave");
    assert_eq!(of("Delivered-To: atencion+c77-aaaaaaaaaaaaaaaa@quito.example"), None);
}

#[test]
fn the_reference_at_the_right_wins() {
    let mailbox = mailbox();
    let old = mailbox.signer.message_id(ConversationId(1), MessageId(1));
    let new = mailbox.signer.message_id(ConversationId(2), MessageId(2));
    let mail = read(&mailbox, &answer(&format!("References: <{old}> <{new}>")));
    assert_eq!(mail.incoming.conversation, Some(ConversationId(2)));
    assert_eq!(mail.incoming.replies_to, Some(new));
}

#[test]
fn another_sites_key_makes_other_names() {
    let (ours, theirs) = (Signer::new(b"one", "quito.example"), Signer::new(b"two", "quito.example"));
    let id = theirs.message_id(CONVERSATION, MessageId(5));
    assert_eq!(theirs.message_of(&id), Some((CONVERSATION, MessageId(5))));
    assert_eq!(ours.message_of(&id), None);
    assert_eq!(ours.conversation_of(&theirs.reply_address("a@b.example", CONVERSATION)), None);
    let moved = id.replace("c.77.", "c.78.");
    assert_eq!(theirs.message_of(&moved), None, "the code is for one conversation alone");
}

#[test]
fn a_subject_relates_answers_of_one_sender_for_a_fortnight() {
    let mut subjects = Subjects::default();
    subjects.note("a@example.org", "Luz en la calle", CONVERSATION, NOW);
    let find =
        |sender: &str, subject: &str, days: i64| subjects.find(sender, subject, NOW.plus_secs(days * 86_400));
    assert_eq!(find("a@example.org", "RE: RV: luz  en la calle", 13), Some(CONVERSATION));
    assert_eq!(find("a@example.org", "Re: luz en la calle", 14), None);
    assert_eq!(find("b@example.org", "Re: luz en la calle", 1), None);
    assert_eq!(find("a@example.org", "Luz en la calle", 1), None, "the same words again are a new matter");
    assert_eq!(base_of("Re[2]: AW: Fwd: Hola: mundo"), "hola: mundo");
}

#[test]
fn the_history_under_an_answer_is_folded_and_words_between_quotations_stay() {
    let mailbox = mailbox();
    let id = mailbox.signer.message_id(CONVERSATION, MessageId(5));
    let quoted =
        "gracias\n\nEl lun, 30 nov 2026, Municipio\n<atencion@quito.example> escribió:\n> hola\n>\n> adiós\n";
    let text = answer(&format!("In-Reply-To: <{id}>")).replace("gracias\n", quoted);
    assert_eq!(words(&read(&mailbox, &text)), "gracias\n\n[… 5]");
    let unknown = answer("").replace("gracias\n", quoted);
    assert!(
        words(&read(&mailbox, &unknown)).contains("> adiós"),
        "the history of a stranger is the matter itself"
    );

    let between = "> ¿calle?\nAmazonas\n> ¿número?\n12\n";
    assert_eq!(without_history(between), (between, 0));
    let outlook = "sí\n\nDe: Municipio\nEnviado: lunes\nAsunto: luz\n\nhola";
    assert_eq!(without_history(outlook), ("sí", 5));
    assert_eq!(without_history("> todo\n"), ("> todo\n", 0));
}
