//! One conversation's next step: events go to its machine, and what follows is gathered until it is written down at once.

use serde::{Deserialize, Serialize};
use turno_channels::conversation::{Effect, Event, NotNow, Rules};
use turno_channels::{Author, Body, MessageId, Millis};
use turno_conversations::{Kept, Say, Step};
use turno_model::{Language, Plan};

use crate::conversations::phrases::{Phrase, language, words};
use crate::conversations::saved::Saved;
use crate::conversations::settings::rules;

/// An errand as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Errand {
    /// An order to the engine.
    Order(Effect),
    /// Somebody is to be called at this number.
    CallBack(String),
}

/// A conversation while it takes events.
pub(crate) struct Turn {
    pub(crate) kept: Kept,
    pub(crate) saved: Saved,
    pub(crate) language: Language,
    rules: Rules,
    handled: Option<MessageId>,
    says: Vec<Say>,
    errands: Vec<Errand>,
}

impl Turn {
    /// Begins.
    pub(crate) fn new(kept: Kept, plan: &Plan) -> Self {
        let saved = Saved::read(&kept.standing);
        let rules = rules(plan, kept.address.channel());
        let language = language(kept.language.as_deref(), plan.language);
        Self { kept, saved, language, rules, handled: None, says: Vec::new(), errands: Vec::new() }
    }

    /// Takes an event. True: the bot is to read what the person wrote.
    ///
    /// # Errors
    /// [`NotNow`].
    pub(crate) fn take(&mut self, event: Event, now: Millis) -> Result<bool, NotNow> {
        let mut asks_bot = false;
        for effect in self.saved.machine.handle(event, self.rules, now)? {
            match effect {
                Effect::AskBot => asks_bot = true,
                Effect::Enqueue { .. } | Effect::Withdraw { .. } | Effect::Finish { .. } => {
                    self.errands.push(Errand::Order(effect));
                }
                Effect::AskPerson => self.tell(Phrase::AreYouThere),
                Effect::TellClosed => self.tell(Phrase::Closed),
                Effect::TellGivenBack => self.tell(Phrase::GivenBack),
                Effect::TellNobody => self.tell(Phrase::Nobody),
            }
        }
        Ok(asks_bot)
    }

    /// An event that nobody is told of if it means nothing now.
    pub(crate) fn notes(&mut self, event: Event, now: Millis) {
        // Only an agent's act is ever refused, and the agent is told of it elsewhere.
        let _ = self.take(event, now);
    }

    fn tell(&mut self, phrase: Phrase) {
        let body = Body::Text { text: words(phrase, self.language).to_owned() };
        self.say(Say { author: Author::Turno, body, client: None, is_automatic: true });
    }

    /// Says something.
    pub(crate) fn say(&mut self, say: Say) {
        self.says.push(say);
    }

    /// Runs an errand.
    pub(crate) fn errand(&mut self, errand: Errand) {
        self.errands.push(errand);
    }

    /// Everything up to this message is taken into account.
    pub(crate) const fn has_handled(&mut self, message: MessageId) {
        self.handled = Some(message);
    }

    /// All of it.
    pub(crate) fn into_step(self) -> Step {
        let errands = self.errands.iter().filter_map(|errand| serde_json::to_string(errand).ok()).collect();
        Step {
            conversation: self.kept.id,
            standing: self.saved.standing(self.rules),
            handled: self.handled,
            says: self.says,
            errands,
        }
    }
}
