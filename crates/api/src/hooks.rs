//! Webhooks and their messages, as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;

/// How a webhook stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WebhookForm {
    /// Its name in the plan.
    pub name: String,
    /// Where it goes.
    pub url: String,
    /// Messages that wait.
    pub waiting: u64,
    /// Messages that were given up and are kept.
    pub dead: u64,
}

/// A message that was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeadForm {
    /// Its number.
    pub number: i64,
    /// Its id, the same in every try.
    pub id: String,
    /// How often it failed.
    pub failures: u32,
    /// Why the last try failed.
    pub why: String,
}
