//! A caller's step in the menus.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_ground::Pii;

use crate::id::ContactId;
use crate::language::Language;

/// A caller's step in the menus. Facts contain it and are kept for years.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuStep {
    /// The contact.
    pub contact: ContactId,
    /// The name of the menu where the caller is, or is now.
    pub menu: CompactString,
    /// What happened.
    pub change: MenuChange,
}

/// What happened in a menu. Facts contain it: a new variant goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MenuChange {
    /// The menu is played: by the dialled number or after prompts that were read (`None`), or by this key.
    Entered(Option<char>),
    /// A key had prompts read to the caller, who returns to the menu after them.
    Read {
        /// The key.
        key: char,
        /// The first prompt.
        prompt: CompactString,
    },
    /// An unlisted key: the menu is played again.
    Wrong(char),
    /// Silence: the menu is played again.
    Repeated,
    /// A key led to a queue.
    Chosen(char),
    /// 0 led to a person.
    Person,
    /// The last silence led to `otherwise`.
    NoKey,
    /// The last unlisted key, which is this one, led to `otherwise`.
    WrongKeys(char),
    /// The longest stay in all menus has passed, which led to `otherwise`.
    TooLong,
    /// A key chose the language that is spoken to the caller from now on: the menu is played again.
    Language(Language),
    /// The card of a procedure is read out: from now on the contact is about it.
    Card {
        /// The procedure's name in links and commands.
        procedure: CompactString,
        /// The wrap-up code of contacts about it.
        code: Option<CompactString>,
    },
    /// A key had the card sent in writing; the menu is played again.
    Sent {
        /// The key.
        key: char,
        /// The procedure.
        procedure: CompactString,
        /// The caller's whole number, digits alone.
        to: Pii<CompactString>,
    },
    /// The card of this procedure has no sound that may be played, which led to a person.
    NoSound {
        /// The procedure.
        procedure: CompactString,
    },
    /// The caller hung up in the menus after the card of this procedure, and needed nobody.
    Contained {
        /// The procedure.
        procedure: CompactString,
        /// The wrap-up code of contacts about it.
        code: Option<CompactString>,
    },
}

impl MenuChange {
    /// All words of [`Self::word`].
    pub const WORDS: [&'static str; 14] = [
        "entered",
        "read",
        "wrong",
        "repeated",
        "chosen",
        "person",
        "no_key",
        "wrong_keys",
        "too_long",
        "language",
        "card",
        "sent",
        "no_sound",
        "contained",
    ];

    /// Its word in metrics and reports.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Entered(_) => "entered",
            Self::Read { .. } => "read",
            Self::Wrong(_) => "wrong",
            Self::Repeated => "repeated",
            Self::Chosen(_) => "chosen",
            Self::Person => "person",
            Self::NoKey => "no_key",
            Self::WrongKeys(_) => "wrong_keys",
            Self::TooLong => "too_long",
            Self::Language(_) => "language",
            Self::Card { .. } => "card",
            Self::Sent { .. } => "sent",
            Self::NoSound { .. } => "no_sound",
            Self::Contained { .. } => "contained",
        }
    }
}
