//! What a message consists of.

use serde::{Deserialize, Serialize};

/// The name of a stored file: the SHA-256 of its content in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileId(pub String);

/// A file with its content, on its way in or out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHere {
    /// As its sender called it, without folders and without control characters.
    pub name: String,
    /// Its media type, such as `image/jpeg`, as turno found it and not as the sender said.
    pub kind: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a message says. Text is as people wrote it, without markup of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Body {
    /// Words.
    Text {
        /// They.
        text: String,
    },
    /// A file that lies in the store.
    File {
        /// Its content.
        file: FileId,
        /// As its sender called it.
        name: String,
        /// Its media type.
        media: String,
        /// Bytes.
        size: u64,
        /// Words with it.
        caption: Option<String>,
    },
    /// A file that the channel keeps and nobody has fetched yet, or can't be fetched any more.
    FileElsewhere {
        /// The channel's name for it.
        reference: String,
        /// Its media type, as the channel says.
        media: String,
        /// As its sender called it.
        name: Option<String>,
        /// Words with it.
        caption: Option<String>,
    },
    /// A question with answers to choose from.
    Choices(Choices),
    /// What a person chose, by the [`Choice::id`] of it.
    Chosen {
        /// The choice.
        id: String,
        /// Its words.
        title: String,
    },
    /// A card of the procedures, with its words as they were then.
    Card {
        /// The procedure's name.
        procedure: String,
        /// What the person reads.
        text: String,
        /// Answers to choose from below it, in the same message; often none.
        choices: Vec<Choice>,
    },
    /// A message that the platform has allowed beforehand.
    Template {
        /// Its name there.
        name: String,
        /// Its language there, such as `es`.
        language: String,
        /// What stands in its places, in order.
        parameters: Vec<String>,
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
    /// A sign at another message, such as a thumb; an empty one takes it back.
    Reaction {
        /// The other message, by the channel's name for it.
        to: String,
        /// The sign.
        sign: String,
    },
    /// Something that turno can't show, named so that an agent can ask for it in another way.
    Other {
        /// What the channel calls it.
        what: String,
    },
}

/// A question with answers to choose from. Each channel shows it as it can: buttons, a list, or numbered lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// The question.
    pub text: String,
    /// From one to ten answers.
    pub choices: Vec<Choice>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What comes back in [`Body::Chosen`], at most 200 bytes.
    pub id: String,
    /// What the person reads; a channel may show only its begin (20 to 24 characters on WhatsApp).
    pub title: String,
    /// A line under it, where the channel has one.
    pub detail: Option<String>,
}

impl Body {
    /// The words of a person, for a search, a list or a bot: what was typed or chosen, the words with a file. `None`: no words.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Text { text } | Self::Card { text, .. } | Self::Template { text, .. } => Some(text),
            Self::Choices(choices) => Some(&choices.text),
            Self::Chosen { title, .. } => Some(title),
            Self::File { caption, .. } | Self::FileElsewhere { caption, .. } => caption.as_deref(),
            Self::Location { name, .. } => name.as_deref(),
            Self::Reaction { .. } | Self::Other { .. } => None,
        }
    }
}
