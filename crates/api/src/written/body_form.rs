//! What a message says, as the API tells it.

use serde::Serialize;
use turno_channels::{Body, Choice};
use utoipa::ToSchema;

use crate::harmless::{file_name, harmless, harmless_line};

/// Longest name, title or sign that is shown.
const LINE_CHARS_MAX: usize = 300;

/// What a message says. Text is text: nothing of it is markup, and what would turn words round is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum BodyForm {
    /// Words.
    Text {
        /// They.
        text: String,
    },
    /// A file that turno keeps.
    File {
        /// Its name towards the API.
        file: String,
        /// As its sender called it.
        name: String,
        /// Its media type, as turno found it.
        media: String,
        /// Bytes.
        size: u64,
        /// Words with it.
        caption: Option<String>,
    },
    /// A file that is not here, or not yet.
    FileElsewhere {
        /// Its media type, as the channel says.
        media: String,
        /// As its sender called it.
        name: Option<String>,
        /// Words with it.
        caption: Option<String>,
    },
    /// A question with answers to choose from.
    Choices {
        /// The question.
        text: String,
        /// The answers.
        choices: Vec<ChoiceForm>,
    },
    /// What a person chose.
    Chosen {
        /// The choice.
        id: String,
        /// Its words.
        title: String,
    },
    /// A card of the procedures.
    Card {
        /// The procedure's name.
        procedure: String,
        /// What the person reads.
        text: String,
        /// Answers to choose from.
        choices: Vec<ChoiceForm>,
    },
    /// A message that the platform has allowed beforehand.
    Template {
        /// Its name there.
        name: String,
        /// What the person reads.
        text: String,
    },
    /// A place.
    Location {
        /// Millionths of a degree north.
        north: i32,
        /// Millionths of a degree east.
        east: i32,
        /// Its name, or its address.
        name: Option<String>,
    },
    /// A sign at another message.
    Reaction {
        /// The sign; empty: it was taken back.
        sign: String,
    },
    /// Something that turno can't show.
    Other {
        /// What the channel calls it.
        what: String,
    },
}

/// One answer to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChoiceForm {
    /// What is sent back.
    pub id: String,
    /// What the person reads.
    pub title: String,
    /// A line under it.
    pub detail: Option<String>,
}

impl From<&Body> for BodyForm {
    fn from(body: &Body) -> Self {
        let line = |text: String| harmless_line(&text, LINE_CHARS_MAX);
        let words = |text: Option<String>| text.map(|text| harmless(&text));
        let forms = |choices: Vec<Choice>| choices.into_iter().map(ChoiceForm::new).collect();
        match body.clone() {
            Body::Text { text } => Self::Text { text: harmless(&text) },
            Body::File { file, name, media, size, caption } => {
                Self::File { file: file.0, name: file_name(&name), media, size, caption: words(caption) }
            }
            Body::FileElsewhere { reference: _, media, name, caption } => Self::FileElsewhere {
                media: line(media),
                name: name.map(|name| file_name(&name)),
                caption: words(caption),
            },
            Body::Choices(asked) => {
                Self::Choices { text: harmless(&asked.text), choices: forms(asked.choices) }
            }
            Body::Chosen { id, title } => Self::Chosen { id, title: line(title) },
            Body::Card { procedure, text, choices } => {
                Self::Card { procedure, text: harmless(&text), choices: forms(choices) }
            }
            Body::Template { name, language: _, parameters: _, text } => {
                Self::Template { name, text: harmless(&text) }
            }
            Body::Location { north, east, name } => Self::Location { north, east, name: name.map(line) },
            Body::Reaction { to: _, sign } => Self::Reaction { sign: line(sign) },
            Body::Other { what } => Self::Other { what: line(what) },
        }
    }
}

impl ChoiceForm {
    fn new(choice: Choice) -> Self {
        let Choice { id, title, detail } = choice;
        let line = |text: &str| harmless_line(text, LINE_CHARS_MAX);
        Self { id, title: line(&title), detail: detail.as_deref().map(line) }
    }
}
