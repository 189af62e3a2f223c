//! The table of a dialogue's stages: what the bot answers to what is said, and when it hands over.

use serde::{Deserialize, Serialize};
use turno_model::Language;

use crate::body::{Body, Choice, Choices};
use crate::bot::Procedures;
use crate::bot::card::card;
use crate::bot::phrases::{self, Phrase, choice, greeting, say};
use crate::bot::settings::Settings;
use crate::bot::verdict::{Found, OFFERED_MAX, Verdict, verdict};
use crate::bot::wants::{Wants, wants};
use crate::bot::why::Why;

/// How often in a row it may not understand before it hands over.
const UNSURE_MAX: u8 = 2;
/// How many words of a person it remembers as the question, in characters.
const QUESTION_CHARS_MAX: usize = 500;

/// What a person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// Wrote words.
    Words(&'a str),
    /// Chose an answer, by the id of its [`Choice`].
    Chosen(&'a str),
    /// Sent a file, a place or something else that has no words.
    NoWords,
}

/// Where a dialogue is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Nothing has been said.
    #[default]
    Begins,
    /// It waits for a question.
    Listens,
    /// It has asked which of several is meant.
    Offered,
    /// It has answered with this procedure and asked whether that helped.
    Answered(String),
    /// Nobody is there: it has asked whether to take a message or to call back.
    NobodyThere,
    /// The next words are a message.
    TakesMessage,
    /// The next words are a number.
    TakesNumber,
    /// A person has it, or it has all that it wanted: the bot says nothing any more.
    Over,
}

/// What an agent gets beside the transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Why.
    pub why: Why,
    /// The last question in the person's words.
    pub question: String,
    /// The three procedures that come nearest to it, by name.
    pub procedures: Vec<String>,
}

/// What the bot wants done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Tell the person this.
    Say(Body),
    /// Give the conversation to a person, with the clock of its first message.
    HandOver(HandOver),
    /// It was resolved without a person, by this procedure: contained.
    Resolved(String),
    /// A question that it did not understand, for the list of the people who keep the cards.
    NotUnderstood(String),
    /// Out of hours: a message for the agents.
    TakeMessage(String),
    /// Out of hours: a number to call, digits and a leading `+` alone.
    CallBack(String),
}

/// All that the bot remembers of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialogue {
    stage: Stage,
    language: Language,
    /// How often in a row it did not understand, or its answer did not help.
    unsure: u8,
    question: String,
    nearest: Vec<String>,
    /// The ids of the choices in its last message, in order, for channels whose people answer by number.
    choices: Vec<String>,
}

/// What the bot needs for one answer.
struct Means<'a> {
    procedures: &'a dyn Procedures,
    settings: &'a Settings,
    /// Whether agents are on duty.
    is_staffed: bool,
    deeds: Vec<Deed>,
}

impl Dialogue {
    /// A dialogue in this language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language, ..Self::default() }
    }

    /// Where it is.
    #[must_use]
    pub const fn stage(&self) -> &Stage {
        &self.stage
    }

    /// A person takes over, or the conversation is closed: the bot says nothing any more.
    pub fn stop(&mut self) {
        self.stage = Stage::Over;
    }

    /// What is to be done after a person did this. `is_staffed`: whether agents are on duty now.
    #[must_use]
    pub fn said(
        &mut self,
        said: Said<'_>,
        procedures: &dyn Procedures,
        settings: &Settings,
        is_staffed: bool,
    ) -> Vec<Deed> {
        let begins = self.stage == Stage::Begins;
        let mut means = Means { procedures, settings, is_staffed, deeds: Vec::new() };
        match said {
            Said::Words(words) => self.words(words, &mut means),
            Said::Chosen(id) => self.chosen(id, &mut means),
            Said::NoWords => self.no_words(&mut means),
        }
        if begins {
            self.introduce(&mut means);
        }
        means.deeds
    }

    fn words(&mut self, words: &str, means: &mut Means<'_>) {
        match &self.stage {
            Stage::Over => {}
            Stage::TakesMessage => self.takes_message(words, means),
            Stage::TakesNumber => self.takes_number(words, means),
            Stage::Begins | Stage::Listens | Stage::Offered | Stage::Answered(_) | Stage::NobodyThere => {
                match self.numbered(words) {
                    Some(id) => self.chosen(&id, means),
                    None => self.asks(words, means),
                }
            }
        }
    }

    fn asks(&mut self, words: &str, means: &mut Means<'_>) {
        match wants(words, means.settings) {
            Wants::Person => self.leaves(Why::Asked, means),
            Wants::Calm => {
                self.remember(words);
                self.leaves(Why::Anger, means);
            }
            Wants::Yes => self.yes(means),
            Wants::No => self.no(means),
            Wants::Greets => self.listens(Phrase::AsksForWords, means),
            Wants::Answer => self.looks_up(words, means),
        }
    }

    /// The choice that a number means, for channels without buttons.
    fn numbered(&self, words: &str) -> Option<String> {
        let number: usize = words.trim().trim_end_matches(['.', ')']).parse().ok()?;
        self.choices.get(number.checked_sub(1)?).cloned()
    }

    fn looks_up(&mut self, words: &str, means: &mut Means<'_>) {
        self.remember(words);
        let answer = means.procedures.search(words, OFFERED_MAX + 2);
        self.nearest = answer.procedures.iter().take(OFFERED_MAX).map(|hit| hit.id.clone()).collect();
        match verdict(&answer, means.settings) {
            Verdict::Sure(found) => self.answers(&found.id, means),
            Verdict::Several(found) => self.offers(&found, means),
            Verdict::Unsure(_) => {
                means.deeds.push(Deed::NotUnderstood(self.question.clone()));
                self.not_understood(Why::Unsure, Phrase::OtherWords, means);
            }
        }
    }

    fn remember(&mut self, words: &str) {
        self.question = words.trim().chars().take(QUESTION_CHARS_MAX).collect();
    }

    fn answers(&mut self, id: &str, means: &mut Means<'_>) {
        let Some(procedure) = means.procedures.procedure(id).filter(|procedure| !procedure.expired) else {
            // The card was taken away since it was offered.
            return self.not_understood(Why::Unsure, Phrase::OtherWords, means);
        };
        let text = format!("{}\n\n{}", card(&procedure, self.language), say(Phrase::Helped, self.language));
        let choices = self.choosing(&[phrases::YES, phrases::NO, phrases::PERSON]);
        self.stage = Stage::Answered(procedure.id.clone());
        means.deeds.push(Deed::Say(Body::Card { procedure: procedure.id, text, choices }));
    }

    fn offers(&mut self, found: &[Found], means: &mut Means<'_>) {
        let mut choices: Vec<Choice> = found
            .iter()
            .map(|found| Choice {
                id: format!("{}{}", phrases::PROCEDURE, found.id),
                title: found.name.clone(),
                detail: None,
            })
            .collect();
        choices.push(choice(phrases::PERSON, self.language));
        self.choices = choices.iter().map(|choice| choice.id.clone()).collect();
        self.stage = Stage::Offered;
        let text = say(Phrase::Which, self.language).to_owned();
        means.deeds.push(Deed::Say(Body::Choices(Choices { text, choices })));
    }

    fn chosen(&mut self, id: &str, means: &mut Means<'_>) {
        match (&self.stage, id) {
            (Stage::Over, _) => {}
            (_, phrases::PERSON) => self.leaves(Why::Asked, means),
            (Stage::NobodyThere, phrases::MESSAGE) => {
                self.takes(Stage::TakesMessage, Phrase::LeavesMessage, means)
            }
            (Stage::NobodyThere, phrases::CALLBACK) => {
                self.takes(Stage::TakesNumber, Phrase::LeavesNumber, means)
            }
            (_, phrases::YES) => self.yes(means),
            (_, phrases::NO) => self.no(means),
            // A button of an older message works as long as the bot speaks.
            (_, id) => match id.strip_prefix(phrases::PROCEDURE) {
                Some(procedure) => self.answers(procedure, means),
                None => self.not_understood(Why::Unsure, Phrase::OtherWords, means),
            },
        }
    }

    fn no_words(&mut self, means: &mut Means<'_>) {
        match self.stage {
            Stage::Over => {}
            Stage::Begins => self.listens(Phrase::WritesWords, means),
            Stage::TakesNumber => self.tell(say(Phrase::NoNumber, self.language), means),
            Stage::Listens
            | Stage::Offered
            | Stage::Answered(_)
            | Stage::NobodyThere
            | Stage::TakesMessage => {
                self.leaves(Why::File, means);
            }
        }
    }

    fn yes(&mut self, means: &mut Means<'_>) {
        if let Stage::Answered(procedure) = &self.stage {
            means.deeds.push(Deed::Resolved(procedure.clone()));
            self.unsure = 0;
            self.listens(Phrase::Thanks, means);
        } else {
            self.listens(Phrase::AsksForWords, means);
        }
    }

    fn no(&mut self, means: &mut Means<'_>) {
        let why = if matches!(self.stage, Stage::Answered(_)) { Why::NotHelped } else { Why::Unsure };
        self.not_understood(why, Phrase::OtherWords, means);
    }

    fn not_understood(&mut self, why: Why, phrase: Phrase, means: &mut Means<'_>) {
        self.unsure = self.unsure.saturating_add(1);
        if self.unsure >= UNSURE_MAX {
            return self.leaves(why, means);
        }
        let choices = self.choosing(&[phrases::PERSON]);
        self.stage = Stage::Listens;
        let text = say(phrase, self.language).to_owned();
        means.deeds.push(Deed::Say(Body::Choices(Choices { text, choices })));
    }

    /// The conversation goes to a person; where nobody is on duty, a message or a number is taken for them.
    fn leaves(&mut self, why: Why, means: &mut Means<'_>) {
        if means.is_staffed {
            self.tell(phrases::hands_over(why, self.language), means);
            let (question, procedures) = (self.question.clone(), self.nearest.clone());
            means.deeds.push(Deed::HandOver(HandOver { why, question, procedures }));
            self.stage = Stage::Over;
            return;
        }
        let choices = self.choosing(&[phrases::MESSAGE, phrases::CALLBACK]);
        self.stage = Stage::NobodyThere;
        let text = say(Phrase::NobodyThere, self.language).to_owned();
        means.deeds.push(Deed::Say(Body::Choices(Choices { text, choices })));
    }

    fn takes(&mut self, stage: Stage, phrase: Phrase, means: &mut Means<'_>) {
        self.stage = stage;
        self.tell(say(phrase, self.language), means);
    }

    fn takes_message(&mut self, words: &str, means: &mut Means<'_>) {
        means.deeds.push(Deed::TakeMessage(words.to_owned()));
        self.takes(Stage::Over, Phrase::MessageKept, means);
    }

    fn takes_number(&mut self, words: &str, means: &mut Means<'_>) {
        match telephone_number(words) {
            Some(number) => {
                means.deeds.push(Deed::CallBack(number));
                self.takes(Stage::Over, Phrase::CallbackKept, means);
            }
            None => self.tell(say(Phrase::NoNumber, self.language), means),
        }
    }

    fn listens(&mut self, phrase: Phrase, means: &mut Means<'_>) {
        self.stage = Stage::Listens;
        self.tell(say(phrase, self.language), means);
    }

    fn tell(&mut self, text: &str, means: &mut Means<'_>) {
        self.choices.clear();
        means.deeds.push(Deed::Say(Body::Text { text: text.to_owned() }));
    }

    fn choosing(&mut self, ids: &[&str]) -> Vec<Choice> {
        self.choices = ids.iter().map(|id| (*id).to_owned()).collect();
        ids.iter().map(|id| choice(id, self.language)).collect()
    }

    /// Puts the introduction before the first words, in the same message: each message may cost.
    fn introduce(&self, means: &mut Means<'_>) {
        let first = means
            .deeds
            .iter_mut()
            .find_map(|deed| if let Deed::Say(body) = deed { Some(body) } else { None });
        if let Some(Body::Text { text } | Body::Card { text, .. } | Body::Choices(Choices { text, .. })) =
            first
        {
            *text = format!("{}\n\n{text}", greeting(means.settings, self.language));
        }
    }
}

/// The digits of a telephone number, from 7 to 15 (E.164), with its `+`; `None`: these words are none.
fn telephone_number(words: &str) -> Option<String> {
    let number: String =
        words.chars().filter(|letter| !matches!(letter, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    let is_number = (7..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then_some(number)
}
