//! A webhook of a plan: which facts are sent to which program.

use std::path::PathBuf;

use turno_ground::Secret;

/// Most webhooks of a plan: each has a thread.
pub const WEBHOOKS_MAX: usize = 8;

/// A program that is sent facts over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookPlan {
    /// Its name, for its place in the queue, the metrics and commands.
    pub name: String,
    /// Where it listens: `https`, or `http` on inner addresses.
    pub url: String,
    /// The file with the secret by which messages are signed.
    pub secret_file: PathBuf,
    /// What is in the file.
    pub secret: Secret,
    /// The kinds of facts that it gets, such as `ContactEnded`; empty: all.
    pub events: Vec<String>,
    /// Whether it gets callers' whole numbers, not the last two digits alone.
    pub with_numbers: bool,
    /// Whether it may be at an inner address.
    pub is_inner: bool,
}
