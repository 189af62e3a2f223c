//! What a site says about its number.

use std::path::PathBuf;

use turno_channels::whatsapp::Wording;
use turno_ground::Secret;
use turno_model::plan::WhatsAppPlan;

/// What a site says about its number.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The platform's name for the number from which letters leave.
    pub number_id: String,
    /// Where the platform is, without a path.
    pub base_url: String,
    /// The version of its interface, such as `v25.0`.
    pub version: String,
    /// The file with the access token: it is read again when the platform refuses the one that is known.
    pub token_file: PathBuf,
    /// By what the platform signs webhooks.
    pub app_secret: Secret,
    /// The word by which the platform is known when the webhook's address is entered.
    pub verify_word: Secret,
    /// Messages a second.
    pub per_second: u32,
    /// Bytes of a file that is fetched.
    pub file_bytes_max: usize,
    /// The site's words in messages.
    pub wording: Wording,
    /// The queue of what comes in here; `None`: the channel's own.
    pub queue: Option<String>,
}

impl Settings {
    /// Those of a plan; its queue is the channel's.
    #[must_use]
    pub fn of(plan: &WhatsAppPlan) -> Self {
        Self {
            number_id: plan.number_id.clone(),
            base_url: plan.base_url.clone(),
            version: plan.version.clone(),
            token_file: plan.token_file.clone(),
            app_secret: plan.app_secret.clone(),
            verify_word: plan.verify_word.clone(),
            per_second: plan.per_second,
            file_bytes_max: plan.file_mib as usize * 1_048_576,
            wording: Wording { list_button: plan.list_button.clone() },
            queue: None,
        }
    }
}
