//! The store as connectors, agents and a kill meet it.

mod any_order;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use core::time::Duration;
use std::time::SystemTime;

use turno_channels::{
    Address, Author, Body, Delivery, FileHere, Incoming, MessageId, Millis, NotTaken, Outcome, Report,
    Reported,
};
use turno_ground::Moment;
use turno_model::{Channel, Position};

use crate::conversation::Standing;
use crate::saying::Say;
use crate::stepping::Step;
use crate::store::{Limits, Store};

/// A folder of one test, which goes with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("turno-conversations-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn store(&self) -> Store {
        let limits = Limits {
            file_bytes_max: 1_000,
            kinds: vec!["image/*".to_owned(), "text/plain".to_owned()],
            reopen_secs: 3_600,
        };
        Store::open(&self.0.join("conversations.db"), &self.0.join("files"), limits).expect("a store")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn number(number: &str) -> Address {
    Address::WhatsApp { number: Some(number.to_owned()), user: None }
}

fn text(text: &str) -> Body {
    Body::Text { text: text.to_owned() }
}

fn incoming(address: Address, external: &str) -> Incoming {
    Incoming {
        address,
        external: external.to_owned(),
        at: Millis(1_000),
        name: None,
        body: Some(text(external)),
        files: Vec::new(),
        conversation: None,
        replies_to: None,
        subject: None,
        language: None,
        queue: None,
        marks: Vec::new(),
    }
}

fn say(words: &str) -> Say {
    Say {
        author: Author::Agent { agent: "1001".to_owned() },
        body: text(words),
        client: Some(words.to_owned()),
        is_automatic: false,
    }
}

fn sent(external: &str) -> Outcome {
    Outcome::Sent { external: external.to_owned() }
}

fn reached(external: &str, delivery: Delivery) -> Report {
    Report { external: external.to_owned(), at: Millis(9_000), what: Reported::Reached(delivery) }
}

fn done() -> Standing {
    Standing { stage: "done".to_owned(), is_done: true, ..Standing::default() }
}

fn step(conversation: turno_channels::ConversationId, standing: Standing) -> Step {
    Step { conversation, standing, handled: None, says: Vec::new(), errands: Vec::new() }
}

#[test]
fn a_second_copy_is_known_also_after_a_restart_and_for_a_message_of_several_parts() {
    let folder = Folder::new();
    let file =
        FileHere { name: "../a\u{202e}b.txt".to_owned(), kind: String::new(), bytes: b"words".to_vec() };
    let letter = Incoming { files: vec![file], ..incoming(Address::Mail("a@example.org".to_owned()), "m1") };
    let first = folder.store().take(&letter, Millis(2_000)).expect("taken");
    let mut store = folder.store();
    let again = store.take(&letter, Millis(3_000)).expect("known");
    assert_eq!((again.message, again.again), (first.message, true));
    let lines = store.messages(first.conversation, MessageId(0), 10).expect("messages");
    assert_eq!(lines.len(), 2);
    let Body::File { name, media, file, .. } = &lines[1].message.body else { panic!("a file") };
    assert_eq!((name.as_str(), media.as_str()), ("ab.txt", "text/plain"));
    assert_eq!(store.files.read(file).expect("the file"), Some(b"words".to_vec()));
    // The same name from another sender is another mail.
    let other =
        store.take(&incoming(Address::Mail("b@example.org".to_owned()), "m1"), Millis(4_000)).expect("taken");
    assert!(!other.again && other.conversation != first.conversation);
}

#[test]
fn a_file_that_is_not_kept_leaves_a_note_in_a_mail_and_is_refused_in_a_chat() {
    let folder = Folder::new();
    let mut store = folder.store();
    let large = FileHere { name: "a.txt".to_owned(), kind: String::new(), bytes: vec![b'a'; 1_001] };
    let page =
        FileHere { name: "p.png".to_owned(), kind: "image/png".to_owned(), bytes: b"<script>".to_vec() };
    for file in [large, page] {
        let mail = Incoming {
            files: vec![file.clone()],
            ..incoming(Address::Mail("a@example.org".to_owned()), &file.name)
        };
        let taken = store.take(&mail, Millis(2_000)).expect("taken");
        let line = store.message(taken.conversation, taken.message).expect("read").expect("there");
        assert!(matches!(line.message.body, Body::Other { what } if what.contains("kept")));
        let chat = Incoming { files: vec![file], ..incoming(Address::Chat("s".to_owned()), "c") };
        assert!(matches!(store.take(&chat, Millis(2_000)), Err(NotTaken::Never(_))));
    }
}

#[test]
fn a_person_who_writes_soon_after_the_end_goes_on_with_the_same_conversation() {
    let folder = Folder::new();
    let mut store = folder.store();
    let first = store.take(&incoming(number("593990000001"), "w1"), Millis(0)).expect("taken").conversation;
    store.step(&[step(first, done())], (None, None), Millis(1_000)).expect("a step");
    let soon = store.take(&incoming(number("593990000001"), "w2"), Millis(3_601_000)).expect("taken");
    assert_eq!(soon.conversation, first);
    store.step(&[step(first, done())], (None, None), Millis(3_601_000)).expect("a step");
    let late = store.take(&incoming(number("593990000001"), "w3"), Millis(7_202_000)).expect("taken");
    assert_ne!(late.conversation, first);
}

#[test]
fn a_person_known_by_number_and_by_name_is_one_person() {
    let folder = Folder::new();
    let mut store = folder.store();
    let both = Address::WhatsApp { number: Some("593990000001".to_owned()), user: Some("EC.1".to_owned()) };
    let user = Address::WhatsApp { number: None, user: Some("EC.1".to_owned()) };
    let takes = [number("593990000001"), both, user, number("593990000001")];
    let found: Vec<_> = takes
        .into_iter()
        .enumerate()
        .map(|(place, address)| {
            store.take(&incoming(address, &format!("w{place}")), Millis(5)).expect("taken").conversation
        })
        .collect();
    assert!(found.iter().all(|one| *one == found[0]), "{found:?}");
}

#[test]
fn reports_before_the_message_is_known_count_and_a_price_is_booked_once() {
    let folder = Folder::new();
    let mut store = folder.store();
    let taken = store.take(&incoming(number("1"), "w1"), Millis(0)).expect("taken");
    store.say(taken.conversation, &say("yes"), Millis(1)).expect("said");
    let letter = store.next(Channel::WhatsApp, Millis(2)).expect("read").expect("a letter");
    assert_eq!(letter.earlier, ["w1"]);
    let priced = |at| Report {
        external: "o1".to_owned(),
        at: Millis(at),
        what: Reported::Priced { category: "service".to_owned(), is_billed: true },
    };
    for report in [reached("o1", Delivery::Seen), priced(3), reached("o1", Delivery::Delivered), priced(4)] {
        assert_eq!(store.report(&report, Millis(3)), Ok(None));
    }
    let since = |store: &Store| {
        store.oldest_leaving().expect("read").into_iter().map(|oldest| oldest.since).collect::<Vec<_>>()
    };
    assert_eq!(since(&store), [Millis(1)]);
    assert!(store.settle(letter.message, &sent("o1"), Millis(4)).expect("settled").is_some());
    assert!(since(&store).is_empty(), "nothing waits any more");
    let delivery = |store: &Store| {
        store.message(taken.conversation, letter.message).expect("read").expect("there").message.delivery
    };
    assert_eq!(delivery(&store), Delivery::Seen);
    assert_eq!(
        store.report(&reached("o1", Delivery::Sent), Millis(5)),
        Ok(Some((taken.conversation, letter.message)))
    );
    assert_eq!(delivery(&store), Delivery::Seen);
    let priced: Vec<_> = store.priced(Millis(0)).expect("prices");
    assert_eq!(priced.iter().map(|one| (one.what.as_str(), one.many)).collect::<Vec<_>>(), [("service", 1)]);
}

#[test]
fn a_letter_that_was_leaving_at_a_kill_does_not_leave_twice_and_the_agent_is_told() {
    let folder = Folder::new();
    let mut store = folder.store();
    let taken = store.take(&incoming(number("1"), "w1"), Millis(0)).expect("taken");
    for words in ["one", "two"] {
        store.say(taken.conversation, &say(words), Millis(1)).expect("said");
    }
    let first = store.next(Channel::WhatsApp, Millis(2)).expect("read").expect("a letter");
    assert_eq!(
        store.next(Channel::WhatsApp, Millis(2)).expect("read"),
        None,
        "the second waits for the first"
    );
    drop(store);
    let mut store = folder.store();
    assert_eq!(store.recover().expect("recovered"), 1);
    let line = store.message(taken.conversation, first.message).expect("read").expect("there");
    assert!(line.message.failure.is_some_and(|why| why.starts_with("unknown")));
    let second = store.next(Channel::WhatsApp, Millis(3)).expect("read").expect("a letter");
    assert!(second.message > first.message);
    assert_eq!(store.settle(first.message, &sent("o1"), Millis(4)).expect("nothing to settle"), None);
}

#[test]
fn a_report_with_our_own_number_tells_that_an_unknown_letter_left_and_its_further_names_are_known() {
    let folder = Folder::new();
    let mut store = folder.store();
    let taken = store.take(&incoming(number("1"), "w1"), Millis(0)).expect("taken");
    store.say(taken.conversation, &say("yes"), Millis(1)).expect("said");
    let letter = store.next(Channel::WhatsApp, Millis(2)).expect("read").expect("a letter");
    store.recover().expect("recovered");
    let delivery = |store: &Store| {
        store.message(taken.conversation, letter.message).expect("read").expect("there").message.delivery
    };
    assert_eq!(delivery(&store), Delivery::Failed);
    assert_eq!(store.name(letter.message, "o1").expect("named"), Some(taken.conversation));
    assert_eq!(delivery(&store), Delivery::Sent);
    store.name(letter.message, "o2").expect("named");
    store.report(&reached("o2", Delivery::Seen), Millis(5)).expect("noted");
    assert_eq!(delivery(&store), Delivery::Seen);
    let moved = store.has_moved(&number("1"), &number("2")).expect("moved");
    assert_eq!(moved, [taken.conversation]);
    let again = store.take(&incoming(number("2"), "w2"), Millis(6)).expect("taken");
    assert_eq!(again.conversation, taken.conversation);
}

#[test]
fn a_file_that_the_channel_keeps_is_fetched_once_into_its_message() {
    let folder = Folder::new();
    let mut store = folder.store();
    let body = Body::FileElsewhere {
        reference: "media-1".to_owned(),
        media: "text/plain".to_owned(),
        name: None,
        caption: Some("look".to_owned()),
    };
    let came = Incoming { body: Some(body), ..incoming(number("1"), "w1") };
    let taken = store.take(&came, Millis(0)).expect("taken");
    let waiting = store.elsewhere(Channel::WhatsApp, Millis(1)).expect("read");
    assert_eq!(waiting.iter().map(|one| one.reference.as_str()).collect::<Vec<_>>(), ["media-1"]);
    let file = FileHere { name: "a.txt".to_owned(), kind: String::new(), bytes: b"words".to_vec() };
    assert_eq!(store.has_fetched(taken.message, &file).expect("kept"), Some(taken.conversation));
    assert_eq!(store.has_fetched(taken.message, &file).expect("kept"), None);
    assert_eq!(store.elsewhere(Channel::WhatsApp, Millis(1)).expect("read"), []);
    let line = store.message(taken.conversation, taken.message).expect("read").expect("there");
    assert!(matches!(line.message.body, Body::File { caption: Some(caption), .. } if caption == "look"));
}

#[test]
fn a_letter_is_tried_again_later_for_three_days_and_holds_up_its_person_alone() {
    let folder = Folder::new();
    let mut store = folder.store();
    let one = store.take(&incoming(number("1"), "w1"), Millis(0)).expect("taken").conversation;
    let two = store.take(&incoming(number("2"), "w2"), Millis(0)).expect("taken").conversation;
    for (conversation, words) in [(one, "a"), (one, "b"), (two, "c")] {
        store.say(conversation, &say(words), Millis(0)).expect("said");
    }
    let later = Outcome::Later { after_secs: 60, why: "429".to_owned() };
    let first = store.next(Channel::WhatsApp, Millis(0)).expect("read").expect("a letter");
    store.settle(first.message, &later, Millis(0)).expect("settled");
    let other = store.next(Channel::WhatsApp, Millis(0)).expect("read").expect("a letter");
    assert_eq!(other.conversation, two);
    assert_eq!(store.next(Channel::WhatsApp, Millis(59_999)).expect("read"), None);
    assert_eq!(store.next_due(Channel::WhatsApp).expect("due"), Some(Millis(60_000)));
    let again = store.next(Channel::WhatsApp, Millis(60_000)).expect("read").expect("a letter");
    assert_eq!((again.message, again.tries), (first.message, 1));
    store.settle(again.message, &later, Millis(4 * 86_400_000)).expect("settled");
    let line = store.message(one, first.message).expect("read").expect("there");
    assert_eq!(line.message.delivery, Delivery::Failed);
}

#[test]
fn a_step_is_taken_with_its_words_errands_and_position_and_words_are_said_once() {
    let folder = Folder::new();
    let mut store = folder.store();
    let taken = store.take(&incoming(Address::Chat("s".to_owned()), "c1"), Millis(0)).expect("taken");
    assert_eq!(store.fresh(10).expect("fresh"), [taken.conversation]);
    let standing = Standing {
        stage: "waiting".to_owned(),
        contact: Some(u64::MAX),
        due: Some(Millis(50)),
        ..Standing::default()
    };
    let next = Step {
        handled: Some(taken.message),
        says: vec![say("hello"), say("hello")],
        errands: vec!["enqueue".to_owned()],
        ..step(taken.conversation, standing.clone())
    };
    let position = Position { run: Moment::from_micros(7), number: 9 };
    store.step(&[next], (Some(position), None), Millis(10)).expect("a step");
    drop(store);
    let mut store = folder.store();
    assert_eq!(store.position().expect("read"), Some(position));
    assert_eq!(store.fresh(10).expect("fresh"), []);
    assert_eq!(store.of_contact(u64::MAX).expect("read").expect("there").standing, standing);
    assert_eq!(store.messages(taken.conversation, taken.message, 10).expect("read").len(), 1);
    assert_eq!(
        (store.first_due().expect("due"), store.due(Millis(50), 10).expect("due").len()),
        (Some(Millis(50)), 1)
    );
    let errand = store.errands(10).expect("errands").remove(0);
    store.step(&[], (None, Some(errand.id)), Millis(11)).expect("a step");
    assert_eq!(store.errands(10).expect("errands"), []);
}

#[test]
fn conversations_that_are_over_go_with_their_files_after_their_time() {
    let folder = Folder::new();
    let mut store = folder.store();
    let file =
        |bytes: &[u8]| FileHere { name: "a.txt".to_owned(), kind: String::new(), bytes: bytes.to_vec() };
    let with = |address, external: &str, bytes: &[u8]| Incoming {
        files: vec![file(bytes)],
        ..incoming(address, external)
    };
    let over = store.take(&with(number("1"), "w1", b"old"), Millis(0)).expect("taken").conversation;
    let open = store.take(&with(number("2"), "w2", b"new"), Millis(0)).expect("taken").conversation;
    store.step(&[step(over, done())], (None, None), Millis(10)).expect("a step");
    store.keep_draft((open, "1001"), "half a wo", Millis(10)).expect("kept");
    assert_eq!(store.forget(Millis(10)).expect("forgotten").conversations, 0);
    assert_eq!(store.forget(Millis(11)).expect("forgotten").conversations, 1);
    let later = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(u32::MAX));
    assert_eq!(store.sweep_files(later).expect("swept"), 1);
    assert_eq!(store.conversation(over).expect("read"), None);
    assert_eq!(store.draft(open, "1001").expect("read").expect("there").text, "half a wo");
    // A copy of a message that was deleted is a new message: the time in which copies come is long over.
    assert!(!store.take(&with(number("1"), "w1", b"old"), Millis(20)).expect("taken").again);
}

#[test]
fn marks_of_what_was_seen_never_go_back_or_beyond_what_is_written() {
    let folder = Folder::new();
    let mut store = folder.store();
    let taken = store.take(&incoming(Address::Chat("s".to_owned()), "c1"), Millis(0)).expect("taken");
    assert_eq!(store.unseen(taken.conversation).expect("read"), 1);
    store.agent_saw(taken.conversation, MessageId(999)).expect("seen");
    assert_eq!(store.unseen(taken.conversation).expect("read"), 0);
    store.take(&incoming(Address::Chat("s".to_owned()), "c2"), Millis(0)).expect("taken");
    store.agent_saw(taken.conversation, MessageId(0)).expect("seen");
    assert_eq!(store.unseen(taken.conversation).expect("read"), 1);
    let said = store.say(taken.conversation, &say("yes"), Millis(1)).expect("said").expect("there");
    store.person_saw(taken.conversation, said.message).expect("seen");
    let line = store.message(taken.conversation, said.message).expect("read").expect("there");
    assert_eq!(line.message.delivery, Delivery::Seen);
}
