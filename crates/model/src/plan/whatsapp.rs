//! The WhatsApp part of a plan: the number that citizens write to, and the way to the platform.

use std::path::PathBuf;

use turno_ground::Secret;

/// A number on WhatsApp's Business Platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatsAppPlan {
    /// The platform's name for the number.
    pub number_id: String,
    /// The file with the access token.
    pub token_file: PathBuf,
    /// The file with the app secret.
    pub app_secret_file: PathBuf,
    /// What is in it.
    pub app_secret: Secret,
    /// The file with the word for the webhook's address.
    pub verify_token_file: PathBuf,
    /// What is in it.
    pub verify_word: Secret,
    /// Where the platform is.
    pub base_url: String,
    /// The version of its interface.
    pub version: String,
    /// Messages that leave in a second.
    pub per_second: u32,
    /// The largest file that is fetched, in MiB.
    pub file_mib: u32,
    /// What opens a list of answers.
    pub list_button: String,
    /// The template by which a procedure's card goes to who has not written within a day; `None`: callers are sent none.
    pub card_template: Option<String>,
    /// How the whole numbers of mobile telephones begin, digits alone.
    pub mobiles: Vec<String>,
}

impl WhatsAppPlan {
    /// Whether a card can be sent to the caller who has this whole number, digits alone.
    #[must_use]
    pub fn reaches(&self, number: &str) -> bool {
        self.card_template.is_some() && self.mobiles.iter().any(|begin| number.starts_with(begin.as_str()))
    }
}
