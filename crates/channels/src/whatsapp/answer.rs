//! What the platform answers to a request, read from its JSON.

use serde_json::Value;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It has taken the message, and calls it so.
    Taken(String),
    /// It has not.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Its own error, if it says one.
        error: Option<GraphError>,
        /// The pause that it asks for, in seconds.
        retry_after: Option<u32>,
    },
    /// It was not reached: nothing has left.
    Unreached(String),
    /// The request has left, or a part of it, and no answer came.
    Silent(String),
}

/// The platform's own error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphError {
    /// Its code.
    pub code: u32,
    /// A second code.
    pub subcode: u32,
    /// What it says.
    pub message: String,
}

/// A file that the platform has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded(pub String);

/// Where a file can be fetched, for five minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaPlace {
    /// The address.
    pub url: String,
    /// Its media type, as the platform says.
    pub media: String,
    /// Its bytes, as the platform says.
    pub size: Option<u64>,
    /// The SHA-256 of its content, as the platform says.
    pub sha256: Option<String>,
}

impl Answer {
    /// Reads the answer to a message.
    #[must_use]
    pub fn read(status: u16, retry_after: Option<u32>, body: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(body).unwrap_or_default();
        let name = json["messages"][0]["id"].as_str().filter(|id| !id.is_empty() && id.len() <= 512);
        match name {
            Some(id) if (200..300).contains(&status) => Self::Taken(id.to_owned()),
            // Something was taken, and nobody knows its name.
            _ if (200..300).contains(&status) && !json["error"].is_object() => {
                Self::Silent(format!("it answered {status} without the message's name"))
            }
            _ => Self::Refused { status, error: GraphError::read(&json), retry_after },
        }
    }

    /// A short word for why it has not taken the message, for counting; `None`: it has.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        match self {
            Self::Taken(_) => None,
            Self::Refused { error: Some(error), .. } => Some(error.code.to_string()),
            Self::Refused { status, error: None, .. } => Some(format!("http-{status}")),
            Self::Unreached(_) => Some("unreached".to_owned()),
            Self::Silent(_) => Some("silent".to_owned()),
        }
    }
}

impl GraphError {
    fn read(json: &Value) -> Option<Self> {
        let error = &json["error"];
        let number = |value: &Value| {
            let told = value.as_u64().or_else(|| value.as_str()?.parse().ok());
            told.and_then(|told| u32::try_from(told).ok())
        };
        let told = [&error["error_data"]["details"], &error["message"]];
        Some(Self {
            code: number(&error["code"])?,
            subcode: number(&error["error_subcode"]).unwrap_or_default(),
            message: told.into_iter().find_map(Value::as_str).unwrap_or_default().to_owned(),
        })
    }
}

/// The name of an uploaded file in an answer.
#[must_use]
pub fn media_id(body: &[u8]) -> Option<Uploaded> {
    let json: Value = serde_json::from_slice(body).ok()?;
    json["id"].as_str().filter(|id| !id.is_empty()).map(|id| Uploaded(id.to_owned()))
}

/// Where a file is, in an answer.
#[must_use]
pub fn media_place(body: &[u8]) -> Option<MediaPlace> {
    let json: Value = serde_json::from_slice(body).ok()?;
    let text = |key: &str| json[key].as_str().map(str::to_owned);
    let size = &json["file_size"];
    Some(MediaPlace {
        url: text("url")?,
        media: text("mime_type").unwrap_or_default(),
        size: size.as_u64().or_else(|| size.as_str()?.parse().ok()),
        sha256: text("sha256"),
    })
}
