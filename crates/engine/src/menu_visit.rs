//! Where a caller is in the menus, and what a key or silence does there.

use serde::{Deserialize, Serialize};
use turno_model::plan::{MenuChoice, MenuPlan};
use turno_model::{MenuChange, MenuId, PromptName, QueueId};

/// The key of a person, if it is not listed.
const PERSON: char = '0';

/// What the caller hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Hears {
    /// The menu.
    Menu,
    /// Prompts that a key of the menu had read.
    Reading,
}

/// Where a caller is in the menus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MenuVisit {
    /// The menus from the first one to the present one. Each is in it once, so that circles end nowhere.
    path: Vec<MenuId>,
    hears: Hears,
    /// How often the present menu was played again after silence.
    silences: u32,
    /// How many unlisted keys were pressed in it.
    wrong_keys: u32,
}

/// What happens to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MenuEvent {
    /// A key.
    Key(char),
    /// A key that does nothing for this caller.
    Vain(char),
    /// No key after the prompts.
    Silence,
    /// The longest stay has passed.
    TooLong,
    /// An announcement came between, and is over.
    Announced,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MenuReply {
    /// The present menu is played, after these prompts.
    PlayMenu(Option<PromptName>, MenuChange),
    /// Prompts are read, with the key that asked for them.
    Read(char, Vec<PromptName>),
    /// The menu's card is sent, with the key that asked for it, and the menu is played again after this prompt.
    Send(char, Option<PromptName>),
    /// The caller leaves for a queue.
    Leave(QueueId, MenuChange),
}

impl MenuVisit {
    /// A caller who enters the first menu.
    pub(crate) fn begin(menu: MenuId) -> Self {
        Self { path: vec![menu], hears: Hears::Menu, silences: 0, wrong_keys: 0 }
    }

    /// The present menu; `first` if there is none, which no visit has.
    pub(crate) fn menu(&self, first: MenuId) -> MenuId {
        self.path.last().copied().unwrap_or(first)
    }

    /// The next state after an event in the present menu, whose plan this is.
    pub(crate) fn handle(&mut self, event: MenuEvent, plan: &MenuPlan) -> MenuReply {
        match (self.hears, event) {
            (_, MenuEvent::TooLong) => MenuReply::Leave(plan.otherwise, MenuChange::TooLong),
            (_, MenuEvent::Announced) => self.play(MenuChange::Repeated),
            (Hears::Reading, MenuEvent::Key(PERSON)) => match plan.choice(PERSON) {
                Some(MenuChoice::Send) => self.send(PERSON, plan),
                Some(choice) => self.choose(PERSON, choice),
                None => to_person(plan),
            },
            (Hears::Reading, MenuEvent::Key(key) | MenuEvent::Vain(key)) => {
                self.play(MenuChange::Entered(Some(key)))
            }
            (Hears::Reading, MenuEvent::Silence) => self.play(MenuChange::Entered(None)),
            (Hears::Menu, MenuEvent::Vain(key)) => self.wrong(key, plan),
            (Hears::Menu, MenuEvent::Key(key)) => match plan.choice(key) {
                Some(MenuChoice::Send) => self.send(key, plan),
                Some(choice) => self.choose(key, choice),
                None if key == PERSON => to_person(plan),
                None => self.wrong(key, plan),
            },
            (Hears::Menu, MenuEvent::Silence) if self.silences < plan.repeats => {
                self.silences += 1;
                MenuReply::PlayMenu(None, MenuChange::Repeated)
            }
            (Hears::Menu, MenuEvent::Silence) => MenuReply::Leave(plan.otherwise, MenuChange::NoKey),
        }
    }

    fn choose(&mut self, key: char, choice: &MenuChoice) -> MenuReply {
        match choice {
            MenuChoice::Queue(queue) => return MenuReply::Leave(*queue, MenuChange::Chosen(key)),
            MenuChoice::Read(prompts) => {
                self.hears = Hears::Reading;
                return MenuReply::Read(key, prompts.clone());
            }
            MenuChoice::Menu(menu) => match self.path.iter().position(|known| known == menu) {
                Some(at) => self.path.truncate(at + 1),
                None => self.path.push(*menu),
            },
            MenuChoice::Back => self.path.truncate(self.path.len().saturating_sub(1).max(1)),
            MenuChoice::Repeat | MenuChoice::Send => {}
            MenuChoice::Language(language) => return self.play(MenuChange::Language(*language)),
        }
        self.play(MenuChange::Entered(Some(key)))
    }

    /// Plays the present menu as one that was just entered.
    const fn play(&mut self, change: MenuChange) -> MenuReply {
        self.hears = Hears::Menu;
        self.silences = 0;
        self.wrong_keys = 0;
        MenuReply::PlayMenu(None, change)
    }

    fn send(&mut self, key: char, plan: &MenuPlan) -> MenuReply {
        self.play(MenuChange::Repeated);
        MenuReply::Send(key, plan.card.as_ref().and_then(|card| card.sent))
    }

    const fn wrong(&mut self, key: char, plan: &MenuPlan) -> MenuReply {
        if self.wrong_keys >= plan.wrong_max {
            return MenuReply::Leave(plan.otherwise, MenuChange::WrongKeys(key));
        }
        self.wrong_keys += 1;
        MenuReply::PlayMenu(plan.wrong, MenuChange::Wrong(key))
    }
}

fn to_person(plan: &MenuPlan) -> MenuReply {
    MenuReply::Leave(plan.person_queue(), MenuChange::Person)
}

#[cfg(test)]
#[path = "menu_visit_tests.rs"]
mod tests;
