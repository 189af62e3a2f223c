//! What a message says, as the API tells it.

use serde::Serialize;
use turno_channels::Body;
use utoipa::ToSchema;

/// What a message says. Text is text: nothing of it is markup.
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
    id: String,
    /// What the person reads.
    title: String,
    /// A line under it.
    detail: Option<String>,
}

impl From<&Body> for BodyForm {
    fn from(body: &Body) -> Self {
        match body.clone() {
            Body::Text { text } => Self::Text { text },
            Body::File { file, name, media, size, caption } => Self::File { file: file.0, name, media, size, caption },
            Body::FileElsewhere { reference: _, media, name, caption } => Self::FileElsewhere { media, name, caption },
            Body::Choices(asked) => {
                let forms = asked.choices.into_iter();
                let choices = forms.map(|one| ChoiceForm { id: one.id, title: one.title, detail: one.detail });
                Self::Choices { text: asked.text, choices: choices.collect() }
            }
            Body::Chosen { id, title } => Self::Chosen { id, title },
            Body::Card { procedure, text } => Self::Card { procedure, text },
            Body::Template { name, language: _, parameters: _, text } => Self::Template { name, text },
            Body::Location { north, east, name } => Self::Location { north, east, name },
            Body::Reaction { to: _, sign } => Self::Reaction { sign },
            Body::Other { what } => Self::Other { what },
        }
    }
}
