//! The bindings of one seat, and which of them are reachable.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// The bindings of one seat, and which of them are reachable.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Seat {
    contacts: SmallVec<[SeatContact; 1]>,
    /// Browsers that another browser has taken the seat from, by their instance, the latest last.
    #[serde(default)]
    displaced: Vec<String>,
}

/// Most browsers that are remembered as displaced.
const DISPLACED_MAX: usize = 8;

#[derive(Debug, Serialize, Deserialize)]
struct SeatContact {
    uri: String,
    misses: u32,
    answers: bool,
    /// Its connection is closed; it counts again when it is back.
    is_away: bool,
    /// The SDP profile that it wants, if it has shown that.
    #[serde(default)]
    taught: Option<Taught>,
    /// The current probe. A binding that was added again has another one.
    #[serde(skip)]
    probe: Option<u64>,
}

/// The learned SDP profile, valid while the phone's User-Agent stays the same.
#[derive(Debug, Serialize, Deserialize)]
struct Taught {
    is_secure: bool,
    user_agent: String,
}

impl Seat {
    /// Whether a binding is known to accept only RTP/SAVP.
    pub(super) fn insists(&self, uri: &str, user_agent: &str) -> bool {
        let contact = self.contacts.iter().find(|contact| contact.uri == uri);
        let taught = contact.and_then(|contact| contact.taught.as_ref());
        taught.is_some_and(|taught| taught.is_secure && taught.user_agent == user_agent)
    }

    /// Notes the SDP profile that a binding has shown.
    pub(super) fn learn(&mut self, uri: &str, is_secure: bool, user_agent: String) {
        if let Some(contact) = self.contacts.iter_mut().find(|contact| contact.uri == uri) {
            contact.taught = Some(Taught { is_secure, user_agent });
        }
    }

    pub(super) const fn has_displaced(&self) -> bool {
        !self.displaced.is_empty()
    }

    /// Whether another browser has taken the seat from this one.
    pub(super) fn is_displaced(&self, instance: &str) -> bool {
        self.displaced.iter().any(|known| known == instance)
    }

    /// Another browser takes the seat from this one.
    pub(super) fn displace(&mut self, instance: String) {
        self.takes_back(&instance);
        if self.displaced.len() >= DISPLACED_MAX {
            self.displaced.remove(0);
        }
        self.displaced.push(instance);
    }

    /// This browser has the seat.
    pub(super) fn takes_back(&mut self, instance: &str) {
        self.displaced.retain(|known| known != instance);
    }

    pub(super) fn add(&mut self, uri: &str) {
        self.contacts.push(SeatContact {
            uri: uri.to_owned(),
            misses: 0,
            answers: true,
            is_away: false,
            taught: None,
            probe: None,
        });
    }

    pub(super) fn remove(&mut self, uri: &str) {
        self.contacts.retain(|contact| contact.uri != uri);
    }

    pub(super) fn contacts(&self) -> u64 {
        self.contacts.iter().filter(|contact| !contact.is_away).count() as u64
    }

    pub(super) fn is_reachable(&self) -> bool {
        self.contacts.iter().any(|contact| contact.answers)
    }

    /// Whether this binding answers OPTIONS.
    pub(super) fn answers(&self, uri: &str) -> bool {
        self.contacts.iter().any(|contact| contact.uri == uri && contact.answers)
    }

    /// This binding is unreachable until it registers again.
    pub(super) fn lose(&mut self, uri: &str) {
        if let Some(contact) = self.contacts.iter_mut().find(|contact| contact.uri == uri) {
            contact.misses = u32::MAX / 2;
            contact.answers = false;
        }
    }

    /// The connection of this binding closed.
    pub(super) fn goes_away(&mut self, uri: &str) {
        self.lose(uri);
        if let Some(contact) = self.contacts.iter_mut().find(|contact| contact.uri == uri) {
            contact.is_away = true;
        }
    }

    /// This binding is reachable again.
    pub(super) fn is_back(&mut self, uri: &str) {
        if let Some(contact) = self.contacts.iter_mut().find(|contact| contact.uri == uri) {
            (contact.misses, contact.answers, contact.is_away) = (0, true, false);
        }
    }

    pub(super) fn set_probe(&mut self, uri: &str, probe: u64) {
        if let Some(contact) = self.contacts.iter_mut().find(|contact| contact.uri == uri) {
            contact.probe = Some(probe);
        }
    }

    pub(super) fn is_probed_by(&self, uri: &str, probe: u64) -> bool {
        self.contacts.iter().any(|contact| contact.uri == uri && contact.probe == Some(probe))
    }

    /// Notes a response or a miss. True if reachability may have changed.
    pub(super) fn note(&mut self, uri: &str, answered: bool, misses_max: u32) -> bool {
        let Some(contact) = self.contacts.iter_mut().find(|contact| contact.uri == uri) else { return false };
        let before = contact.answers;
        contact.misses = if answered { 0 } else { contact.misses + 1 };
        contact.answers = contact.misses < misses_max.max(1);
        before != contact.answers
    }
}
