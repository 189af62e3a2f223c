//! A story that grows: what was said, and what it must remember on the way.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentId, ContactId, Language};

use crate::why::answer::{Kind, Said};
use crate::why::room_then::RoomThen;
use crate::why::telling::Telling;

/// Who passed while the contact waited.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Meanwhile {
    /// Those before it in line, since they had come earlier.
    pub(crate) earlier: usize,
    /// Those before it in line by their priority.
    pub(crate) prior: usize,
    /// Those before it who are called back in their place.
    pub(crate) called_back: usize,
    /// Contacts that were given to an agent by a supervisor, by their own number, or as the agent of last time.
    pub(crate) given: usize,
    /// Contacts of other queues that were before it all the same.
    pub(crate) elsewhere: usize,
    /// Contacts behind it, for agents that it could not go to.
    pub(crate) behind: usize,
    /// Agents of the queue who left their work.
    pub(crate) left: usize,
    /// Agents of the queue who went on a break, or became not ready.
    pub(crate) paused: usize,
}

/// A wait in a line that has begun.
#[derive(Clone, Debug)]
pub(crate) struct Wait {
    pub(crate) since: Moment,
    /// What held it up at its beginning, unless it is offered at once.
    pub(crate) held_up: Option<String>,
    pub(crate) meanwhile: Meanwhile,
    /// What was foretold first, and when.
    pub(crate) told: Option<(Moment, Duration)>,
    /// The place and the wait that were told last.
    pub(crate) last_told: Option<(u32, Option<String>)>,
}

/// The story so far.
#[derive(Debug)]
pub(crate) struct Tale<'p> {
    pub(crate) telling: Telling<'p>,
    pub(crate) contact: ContactId,
    pub(crate) room: RoomThen<'p>,
    pub(crate) wait: Option<Wait>,
    /// Whether a choice in a menu was told.
    pub(crate) has_chosen: bool,
    /// Whether the person picked up a dial ahead.
    pub(crate) has_picked_up: bool,
    /// An agent for whom the contact is reserved no more, which is told unless the agent gets it at once.
    pub(crate) let_go: Option<(Moment, AgentId)>,
    /// Whether it is a message, and not a call.
    pub(crate) is_message: bool,
    said: Vec<Said>,
    day: Option<String>,
}

impl<'p> Tale<'p> {
    /// Nothing is told yet.
    pub(crate) const fn new(contact: ContactId, telling: Telling<'p>, room: RoomThen<'p>) -> Self {
        Self {
            telling,
            contact,
            room,
            wait: None,
            has_chosen: false,
            has_picked_up: false,
            let_go: None,
            is_message: false,
            said: Vec::new(),
            day: None,
        }
    }

    /// The language.
    pub(crate) const fn language(&self) -> Language {
        self.telling.language
    }

    /// When something happened: with the date, if that was not the last one that was said.
    pub(crate) fn when(&mut self, at: Moment) -> String {
        let day = self.telling.clock(at).date().to_string();
        if self.day.as_ref() == Some(&day) {
            return self.telling.time(at);
        }
        self.day = Some(day);
        self.telling.date_and_time(at)
    }

    /// One more sentence.
    pub(crate) fn say(&mut self, kind: Kind, at: Moment, text: String) {
        self.say_more(kind, at, text, Vec::new());
    }

    /// One more sentence, and what explains it.
    pub(crate) fn say_more(&mut self, kind: Kind, at: Moment, text: String, more: Vec<String>) {
        let text = if self.is_message { of_message(&text, self.language()) } else { text };
        self.said.push(Said { at: at.as_micros(), kind, text, more });
    }

    /// All sentences.
    pub(crate) fn into_said(self) -> Vec<Said> {
        self.said
    }
}

/// What is said of a call, said of a message.
fn of_message(text: &str, language: Language) -> String {
    let pairs: &[(&str, &str)] = match language {
        Language::English => &[
            ("the call ", "the message "),
            ("the call.", "the message."),
            ("the call,", "the message,"),
            ("The call ", "The message "),
        ],
        Language::Spanish => &[
            ("de la llamada", "del mensaje"),
            ("a la llamada", "al mensaje"),
            ("la llamada", "el mensaje"),
            ("La llamada", "El mensaje"),
        ],
    };
    pairs.iter().fold(text.to_owned(), |text, (call, message)| text.replace(call, message))
}
