//! The OpenID Connect part of a plan: who says who somebody is, and what they may do by which group.

use std::path::PathBuf;

use turno_ground::Secret;

/// The settings of sign-in by OpenID Connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcPlan {
    /// The issuer's address.
    pub issuer: String,
    /// turno's name at the issuer.
    pub client: String,
    /// The file with turno's secret; `None`: a public client.
    pub secret_file: Option<PathBuf>,
    /// What is in the file.
    pub secret: Secret,
    /// Where people come back to.
    pub back: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim with groups.
    pub roles_claim: String,
    /// The group of operators.
    pub operators: String,
    /// The group of supervisors.
    pub supervisors: String,
    /// The group of agents.
    pub agents: String,
    /// The group of readers.
    pub readers: String,
    /// The claim with the user's name.
    pub name_claim: String,
    /// The claim with the extension.
    pub extension_claim: String,
    /// The claim with the queues that somebody is limited to.
    pub queues_claim: String,
}
