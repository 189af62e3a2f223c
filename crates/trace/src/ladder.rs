//! A plain ladder of all messages, where no contact is known: for tests, simulations and full dumps.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;

use crate::assembler::message;
use crate::captured_message::{CapturedMessage, Way};
use crate::column::{Column, Kind};
use crate::contact_trace::ContactTrace;
use crate::entry::{Entry, Head};
use crate::redaction::{Numbers, Redaction};
use crate::text::TextOptions;

/// Parties that get a column; the rest share the last one.
const COLUMNS_MAX: usize = 8;

/// The ladder of `passages`; `names` tells who speaks from an address, as far as it is known.
pub fn ladder<'a>(
    captured_messages: impl Iterator<Item = &'a CapturedMessage>,
    names: impl Fn(SocketAddr) -> Option<String>,
) -> String {
    let redaction = Redaction::new(Numbers::Full);
    let mut story = ContactTrace::default();
    let mut remotes: Vec<Option<SocketAddr>> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for captured in captured_messages {
        if story.columns.is_empty() {
            story.head = Head { began: captured.at.as_micros(), ..Head::default() };
        }
        let remote = captured.flow.remote;
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
            let address = captured.flow.local.to_string();
            story.columns.push(Column { kind: Kind::Turno, name: "turno".to_owned(), address });
            remotes.push(None);
        }
        let mut hasher = DefaultHasher::new();
        (captured.way == Way::In, remote, &captured.bytes[..]).hash(&mut hasher);
        let again = !seen.insert(hasher.finish());
        story.extend([Entry::Message(message(captured, column, again, &redaction))]);
    }
    story.text(&TextOptions { is_headless: true, ..TextOptions::default() })
}
