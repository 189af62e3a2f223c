//! A plain ladder of all messages, where no contact is known: for tests, simulations and whoever wants to see all.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;

use crate::column::{Column, Kind};
use crate::entry::{Entry, Head};
use crate::passage::{Passage, Way};
use crate::story::Story;
use crate::teller::message;
use crate::text::TextOptions;
use crate::veil::{Numbers, Veil};

/// Parties that get a column; the rest share the last one.
const COLUMNS_MAX: usize = 8;

/// The ladder of `passages`; `names` tells who speaks from an address, as far as it is known.
pub fn ladder<'a>(
    passages: impl Iterator<Item = &'a Passage>,
    names: impl Fn(SocketAddr) -> Option<String>,
) -> String {
    let veil = Veil::new(Numbers::Full);
    let mut story = Story::default();
    let mut remotes: Vec<Option<SocketAddr>> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for passage in passages {
        if story.columns.is_empty() {
            story.head = Head { began: passage.at.as_micros(), ..Head::default() };
        }
        let remote = passage.flow.remote;
        let known = remotes.iter().position(|&known| known == Some(remote));
        let column = known.unwrap_or_else(|| {
            if remotes.len() < COLUMNS_MAX {
                let name = names(remote).unwrap_or_else(|| remote.to_string());
                story.columns.push(Column { kind: Kind::Outside, name, address: remote.to_string() });
                remotes.push(Some(remote));
                remotes.len() - 1
            } else {
                COLUMNS_MAX - 1
            }
        });
        if !remotes.contains(&None) {
            let address = passage.flow.local.to_string();
            story.columns.push(Column { kind: Kind::Turno, name: "turno".to_owned(), address });
            remotes.push(None);
        }
        let mut hasher = DefaultHasher::new();
        (passage.way == Way::In, remote, &passage.bytes[..]).hash(&mut hasher);
        let again = !seen.insert(hasher.finish());
        story.extend([Entry::Message(message(passage, column, again, &veil))]);
    }
    story.text(&TextOptions { is_headless: true, ..TextOptions::default() })
}
