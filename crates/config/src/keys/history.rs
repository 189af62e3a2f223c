//! The keys of [history].

use turno_model::plan::{HistoryPlan, HistoryStore};

use crate::key::keys;
use crate::keys::site::in_days;
use crate::told::Said;
use crate::values::{Whole, whole};
use crate::words::{Choice, Own, own};

const STORES: [(&str, HistoryStore); 3] =
    [("sqlite", HistoryStore::Sqlite), ("postgres", HistoryStore::Postgres), ("off", HistoryStore::Off)];

keys! {
    /// The keys of [history].
    HISTORY: HistoryKeys of HistoryPlan beside { store, file, url, password_file, password, ca, contacts, numbers, states, intervals } {
        /// the database in which facts are kept as rows ([HISTORY.md](HISTORY.md)): `sqlite`, a file; `postgres`; `off`, none
        store: Choice<HistoryStore> = Choice { words: &STORES, shown: "that of a file if there is a journal" },
            start { by |_, history| Said(store(history).to_owned()) };
        /// the file of `sqlite`
        file: Own = own("the file `history.db` in the journal's folder", ""), start { by |_, history| history.file.clone() };
        /// where `postgres` is, without the password: `postgres://turno@127.0.0.1:5432/turno`
        url: Own = own("none", ""), start { by |_, history| history.url.clone().map(Said) };
        /// the file with the password of `postgres` and nothing else
        password_file: Own = own("none: no password", ""), start { by |_, history| history.password_file.clone() };
        /// the file with the authorities' certificates (PEM) by which the certificate of `postgres` is checked. With it every
        /// connection is encrypted
        ca: Own = own("none: connections are not encrypted", ""), start { by |_, history| history.ca.clone() };
        /// how many days contacts, visits, talks, offers, surveys, callbacks and the lists of recordings are kept
        contacts_days: Whole = whole(1_095, 1..=36_500, "days"), start { by |_, history| in_days(history.contacts) };
        /// how many days the numbers of people are kept; then their contacts stay without them
        numbers_days: Whole = whole(365, 1..=36_500, "days"), start { by |_, history| in_days(history.numbers) };
        /// how many days the states of agents are kept, with their times
        states_days: Whole = whole(1_095, 1..=36_500, "days"), start { by |_, history| in_days(history.states) };
        /// how many days the half hours of queues and agents are kept
        intervals_days: Whole = whole(3_650, 1..=36_500, "days"), start { by |_, history| in_days(history.intervals) };
    }
}

fn store(history: &HistoryPlan) -> &'static str {
    let found = STORES.iter().find(|(_, store)| history.store == Some(*store));
    found.map_or("by the journal", |(word, _)| word)
}
