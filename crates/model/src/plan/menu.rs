//! Menus: what their keys do.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::{MenuId, PromptName, QueueId};
use crate::language::Language;

/// A menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuPlan {
    /// The name in the configuration.
    pub name: String,
    /// Played first; any key cuts it.
    pub prompts: Vec<PromptName>,
    /// How long the caller may take after the prompts until silence counts.
    pub wait: Duration,
    /// The keys and what they do.
    pub choices: Vec<(char, MenuChoice)>,
    /// How often the menu is played again after silence.
    pub repeats: u32,
    /// Played before the menu is played again after an unlisted key.
    pub wrong: Option<PromptName>,
    /// How many unlisted keys are answered with the menu again.
    pub wrong_max: u32,
    /// The queue that 0 leads to if it is not listed; `None`: that of `otherwise`.
    pub person: Option<QueueId>,
    /// The queue after the last silence, unlisted key or minute.
    pub otherwise: QueueId,
    /// The procedure whose card is read before the prompts.
    #[serde(default)]
    pub card: Option<CardPlan>,
}

/// The card of a procedure that a menu reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPlan {
    /// The procedure's name in links and commands.
    pub procedure: String,
    /// The wrap-up code of contacts about it.
    pub code: Option<String>,
    /// The card, spoken; `None`: there is no sound of it as it is now, and the menu leads to a person.
    pub sound: Option<PromptName>,
    /// Played after the card if it can be sent to the caller.
    pub offer: Option<PromptName>,
    /// Played when it was sent.
    pub sent: Option<PromptName>,
}

/// What a key of a menu does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MenuChoice {
    /// Leads to a queue.
    Queue(QueueId),
    /// Leads to another menu.
    Menu(MenuId),
    /// Reads these prompts, then plays the menu again.
    Read(Vec<PromptName>),
    /// Leads to the menu before; in the first one it plays that again.
    Back,
    /// Plays the menu again.
    Repeat,
    /// From now on this language is spoken to the caller; the menu is played again.
    Language(Language),
    /// Sends the menu's card to the caller in writing, then plays the menu again.
    Send,
}

impl MenuPlan {
    /// What a key does; `None`: it is not listed.
    pub fn choice(&self, key: char) -> Option<&MenuChoice> {
        self.choices.iter().find(|(known, _)| *known == key).map(|(_, choice)| choice)
    }

    /// The menu's prompts after its card, with the offer to send it where that can be done.
    pub fn played(&self, can_send: bool) -> impl Iterator<Item = PromptName> {
        let card = self.card.as_ref();
        let offer = card.and_then(|card| card.offer).filter(|_| can_send);
        card.and_then(|card| card.sound).into_iter().chain(offer).chain(self.prompts.iter().copied())
    }

    /// The queue of who asks for a person.
    pub fn person_queue(&self) -> QueueId {
        self.person.unwrap_or(self.otherwise)
    }

    /// Whether it has a card without a sound that may be played.
    pub fn is_mute(&self) -> bool {
        self.card.as_ref().is_some_and(|card| card.sound.is_none())
    }

    /// The keys that lead straight to a queue.
    pub fn queue_keys(&self) -> impl Iterator<Item = char> {
        let leads = |choice: &MenuChoice| matches!(choice, MenuChoice::Queue(_));
        self.choices.iter().filter(move |(_, choice)| leads(choice)).map(|(key, _)| *key)
    }

    /// Every queue to which this menu leads by itself, without its submenus.
    pub fn queues(&self) -> impl Iterator<Item = QueueId> {
        let chosen = self.choices.iter().filter_map(|(_, choice)| match choice {
            MenuChoice::Queue(queue) => Some(*queue),
            MenuChoice::Menu(_)
            | MenuChoice::Read(_)
            | MenuChoice::Back
            | MenuChoice::Repeat
            | MenuChoice::Language(_)
            | MenuChoice::Send => None,
        });
        chosen.chain(self.person).chain([self.otherwise])
    }

    /// Every menu to which a key leads from here.
    pub fn submenus(&self) -> impl Iterator<Item = MenuId> {
        self.choices.iter().filter_map(|(_, choice)| match choice {
            MenuChoice::Menu(menu) => Some(*menu),
            MenuChoice::Queue(_)
            | MenuChoice::Read(_)
            | MenuChoice::Back
            | MenuChoice::Repeat
            | MenuChoice::Language(_)
            | MenuChoice::Send => None,
        })
    }

    /// Every language that a key chooses.
    pub fn languages(&self) -> impl Iterator<Item = Language> {
        self.choices.iter().filter_map(|(_, choice)| match choice {
            MenuChoice::Language(language) => Some(*language),
            MenuChoice::Queue(_)
            | MenuChoice::Menu(_)
            | MenuChoice::Read(_)
            | MenuChoice::Back
            | MenuChoice::Repeat
            | MenuChoice::Send => None,
        })
    }

    /// Every menu that can be reached from `first`, with `first` itself. Menus may lead in circles.
    pub fn reached(menus: &[Self], first: MenuId) -> Vec<MenuId> {
        let mut reached = vec![first];
        let mut at = 0;
        while let Some(menu) = reached.get(at).copied() {
            for next in menus.get(menu.index()).into_iter().flat_map(Self::submenus) {
                if !reached.contains(&next) {
                    reached.push(next);
                }
            }
            at += 1;
        }
        reached
    }
}
