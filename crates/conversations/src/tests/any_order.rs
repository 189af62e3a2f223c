//! Any order of taking, sending, reporting and restarts loses nothing and doubles nothing.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use turno_channels::{Delivery, Letter, MessageId, Millis, Outcome};
use turno_model::Channel;

use super::{Folder, incoming, number, reached, say, sent};
use crate::store::Store;

#[derive(Clone, Debug)]
enum Deed {
    /// A person writes, perhaps the same message again.
    Take(u8, u8),
    /// An agent answers a person, perhaps with the same page's number again.
    Say(u8, u8),
    Next,
    Settle(u8),
    Report(u8, u8),
    /// turno is killed and starts again.
    Restart,
    Hour,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0..3u8, 0..6u8).prop_map(|(who, what)| Deed::Take(who, what)),
        4 => (0..3u8, 0..6u8).prop_map(|(who, what)| Deed::Say(who, what)),
        6 => Just(Deed::Next),
        6 => any::<u8>().prop_map(Deed::Settle),
        3 => (any::<u8>(), 0..3u8).prop_map(|(which, how)| Deed::Report(which, how)),
        1 => Just(Deed::Restart),
        1 => Just(Deed::Hour),
    ]
}

/// What the test knows beside the store.
#[derive(Default)]
struct Book {
    taken: BTreeMap<(u8, u8), MessageId>,
    said: BTreeMap<(u8, u8), MessageId>,
    on_the_way: Vec<Letter>,
    /// Letters that the channel took, for each person in order.
    arrived: BTreeMap<String, Vec<MessageId>>,
    may_leave_again: BTreeSet<MessageId>,
    left: BTreeSet<MessageId>,
    now: i64,
}

impl Book {
    fn run(&mut self, store: &mut Store, deed: &Deed) {
        self.now += 1;
        let now = Millis(self.now);
        match *deed {
            Deed::Take(who, what) => {
                let came = incoming(number(&who.to_string()), &format!("in-{who}-{what}"));
                let taken = store.take(&came, now).expect("taken");
                let before = self.taken.insert((who, what), taken.message);
                assert_eq!(taken.again, before.is_some());
                assert!(before.is_none_or(|before| before == taken.message));
            }
            Deed::Say(who, what) => {
                let came = incoming(number(&who.to_string()), &format!("in-{who}-0"));
                let conversation = store.take(&came, now).expect("taken");
                self.taken.insert((who, 0), conversation.message);
                let said = store.say(conversation.conversation, &say(&what.to_string()), now);
                let said = said.expect("said").expect("there");
                let before = self.said.insert((who, what), said.message);
                assert_eq!(said.again, before.is_some());
            }
            Deed::Next => {
                if let Some(letter) = store.next(Channel::WhatsApp, now).expect("read") {
                    let is_new = self.left.insert(letter.message);
                    assert!(self.may_leave_again.remove(&letter.message) || is_new, "sent twice");
                    let person = letter.address.key().to_owned();
                    assert!(self.on_the_way.iter().all(|other| other.address.key() != person));
                    self.on_the_way.push(letter);
                }
            }
            Deed::Settle(how) => {
                let Some(letter) = self.on_the_way.pop() else { return };
                let outcome = match how % 4 {
                    0 => Outcome::Later { after_secs: 5, why: "busy".to_owned() },
                    1 => Outcome::Failed { why: "no".to_owned() },
                    _ => sent(&format!("out-{}", letter.message.0)),
                };
                match outcome {
                    Outcome::Later { .. } => drop(self.may_leave_again.insert(letter.message)),
                    Outcome::Sent { .. } => {
                        self.arrived.entry(letter.address.key().to_owned()).or_default().push(letter.message);
                    }
                    Outcome::Failed { .. } | Outcome::Unknown { .. } => {}
                }
                assert!(store.settle(letter.message, &outcome, now).expect("settled").is_some());
            }
            Deed::Report(which, how) => {
                let delivery = [Delivery::Sent, Delivery::Delivered, Delivery::Seen][usize::from(how)];
                let _ = store.report(&reached(&format!("out-{}", which % 40), delivery), now);
            }
            Deed::Hour => self.now += 3_600_000,
            Deed::Restart => {}
        }
    }

    fn check(&self, store: &Store) {
        let conversations = store.conversations(true, 100).expect("read");
        let mut persons = BTreeSet::new();
        let mut all = BTreeSet::new();
        for kept in &conversations {
            assert!(persons.insert(kept.address.key().to_owned()), "one conversation for each person");
            for line in store.messages(kept.id, MessageId(0), 1_000).expect("read") {
                assert!(all.insert(line.message.id));
            }
        }
        let expected: BTreeSet<_> = self.taken.values().chain(self.said.values()).copied().collect();
        assert_eq!(all, expected, "nothing is lost and nothing is doubled");
        for letters in self.arrived.values() {
            assert!(letters.is_sorted(), "in order: {letters:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn nothing_is_lost_or_doubled(deeds in prop::collection::vec(deed(), 1..60)) {
        let folder = Folder::new();
        let mut store = folder.store();
        let mut book = Book::default();
        for deed in &deeds {
            if matches!(deed, Deed::Restart) {
                drop(store);
                store = folder.store();
                let unknown = store.recover().expect("recovered");
                prop_assert_eq!(unknown, book.on_the_way.len() as u64);
                book.on_the_way.clear();
            }
            book.run(&mut store, deed);
        }
        book.check(&store);
    }
}
