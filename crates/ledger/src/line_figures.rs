//! Figures over all queues.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_model::{ContactOutcome, Emergency, MediaReport, MenuChange, TrunkId, TurnedAway};

/// Figures over all queues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFigures {
    /// Contacts that arrived.
    pub arrived: u64,
    /// Contacts that entered a queue.
    pub entered: u64,
    /// Ended contacts by outcome.
    pub outcomes: BTreeMap<ContactOutcome, u64>,
    /// Contacts that never entered a queue, by reason.
    pub turned_away: BTreeMap<TurnedAway, u64>,
    /// Callers who pressed a key in a menu.
    pub menu_chosen: u64,
    /// Callers who pressed no key in a menu.
    pub menu_silent: u64,
    /// Unlisted keys in menus.
    #[serde(default)]
    pub menu_wrong: u64,
    /// Prompts that callers had read to them in menus.
    #[serde(default)]
    pub menu_read: u64,
    /// Cards of procedures that were read out in menus.
    #[serde(default)]
    pub menu_cards: u64,
    /// Cards that callers in menus had sent to them in writing.
    #[serde(default)]
    pub menu_sent: u64,
    /// Callers who hung up in menus after a card, and needed nobody.
    #[serde(default)]
    pub menu_contained: u64,
    /// Callers who heard the emergency announcement.
    #[serde(default)]
    pub emergency_heard: u64,
    /// Contacts that agents passed on to dependencies, by the dependency's name.
    #[serde(default)]
    pub passed_on: BTreeMap<CompactString, u64>,
    /// RTP packets received.
    pub packets_received: u64,
    /// RTP packets lost.
    pub packets_lost: u64,
    /// The worst jitter of a leg.
    pub jitter_max: Duration,
    /// Alarms.
    pub alarms: u64,
    /// Trunks that are out of service.
    pub trunks_down: BTreeSet<TrunkId>,
    /// Calls rejected unread during overload; they are not in `arrived`.
    #[serde(default)]
    pub refused: u64,
}

impl LineFigures {
    /// Counts a caller who hears the emergency announcement.
    pub(crate) const fn count_emergency(&mut self, emergency: &Emergency) {
        match emergency {
            Emergency::Heard { .. } => self.emergency_heard += 1,
            Emergency::On { .. } | Emergency::Off { .. } => {}
        }
    }

    /// Counts the packets of a leg that has ended.
    pub(crate) fn count_media(&mut self, report: &MediaReport) {
        self.packets_received += report.received;
        self.packets_lost += report.lost;
        self.jitter_max = self.jitter_max.max(report.jitter);
    }

    /// Counts a caller who leaves the menus for a queue.
    pub(crate) const fn count_choice(&mut self, digit: Option<char>) {
        if digit.is_some() {
            self.menu_chosen += 1;
        } else {
            self.menu_silent += 1;
        }
    }

    /// Counts a caller's step in the menus. Choices are counted by the fact of the choice.
    pub(crate) const fn count_menu(&mut self, change: &MenuChange) {
        match change {
            MenuChange::Read { .. } => self.menu_read += 1,
            MenuChange::Wrong(_) | MenuChange::WrongKeys(_) => self.menu_wrong += 1,
            MenuChange::Card { .. } => self.menu_cards += 1,
            MenuChange::Sent { .. } => self.menu_sent += 1,
            MenuChange::Contained { .. } => self.menu_contained += 1,
            MenuChange::Entered(_)
            | MenuChange::NoSound { .. }
            | MenuChange::Repeated
            | MenuChange::Chosen(_)
            | MenuChange::Person
            | MenuChange::NoKey
            | MenuChange::Language(_)
            | MenuChange::TooLong => {}
        }
    }
}
