//! What the claims of an ID token mean here.

use core::fmt;

use serde_json::{Map, Value};
use turno_access::{Role, Scope};
use turno_model::plan::OidcPlan;

/// Why somebody whom the issuer knows is nobody here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotMapped {
    /// A claim is missing, or is no text.
    Claim(String),
    /// No group of theirs has a role.
    NoGroup,
}

impl fmt::Display for NotMapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claim(name) => write!(f, "the issuer does not say `{name}`"),
            Self::NoGroup => f.write_str("you are in no group that may use turno; ask an operator"),
        }
    }
}

/// The name and the scope of somebody with these claims.
pub(crate) fn mapped(plan: &OidcPlan, claims: &Map<String, Value>) -> Result<(String, Scope), NotMapped> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name = text(&plan.name_claim).ok_or_else(|| NotMapped::Claim(plan.name_claim.clone()))?;
    let groups = texts(claims.get(&plan.roles_claim));
    let roles = [
        (&plan.operators, Role::Operator),
        (&plan.supervisors, Role::Supervisor),
        (&plan.agents, Role::Agent),
        (&plan.readers, Role::Reader),
    ];
    let role = roles.into_iter().find(|(group, _)| groups.contains(&group.as_str()));
    let role = role.map(|(_, role)| role).ok_or(NotMapped::NoGroup)?;
    let agent = text(&plan.extension_claim).map(str::to_owned);
    // An empty list limits to nothing; without the claim nothing is limited.
    let queues = claims.get(&plan.queues_claim).map(|value| {
        // Names of queues have no spaces.
        let names = texts(Some(value)).into_iter().filter(|name| !name.contains(char::is_whitespace));
        names.map(str::to_owned).collect()
    });
    Ok((name.to_owned(), Scope { role, agent, queues }))
}

/// A text, or the texts of a list.
fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(listed)) => listed.iter().filter_map(Value::as_str).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => Vec::new(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;
    use turno_ground::Secret;

    use super::*;

    pub(crate) fn plan(issuer: &str) -> OidcPlan {
        OidcPlan {
            issuer: issuer.to_owned(),
            client: "turno".into(),
            secret_file: None,
            secret: Secret::default(),
            back: "http://127.0.0.1:8081/api/v1/oidc/back".into(),
            scopes: vec!["profile".into()],
            roles_claim: "groups".into(),
            operators: "turno-operators".into(),
            supervisors: "turno-supervisors".into(),
            agents: "turno-agents".into(),
            readers: "turno-readers".into(),
            name_claim: "preferred_username".into(),
            extension_claim: "extension".into(),
            queues_claim: "queues".into(),
        }
    }

    fn map(claims: Value) -> Result<(String, Scope), NotMapped> {
        mapped(&plan("https://login.example"), claims.as_object().expect("an object"))
    }

    #[test]
    fn groups_become_the_highest_role_they_name() {
        let claims =
            json!({ "preferred_username": "ana", "groups": ["x", "turno-agents", "turno-supervisors"] });
        assert_eq!(map(claims), Ok(("ana".into(), Scope::of(Role::Supervisor))));
        let claims = json!({ "preferred_username": "eva", "groups": "turno-agents", "extension": "1001", "queues": ["luae", "a b"] });
        let scope =
            Scope { role: Role::Agent, agent: Some("1001".into()), queues: Some(vec!["luae".into()]) };
        assert_eq!(map(claims), Ok(("eva".into(), scope)));
        let claims = json!({ "preferred_username": "eva", "groups": ["turno-readers"], "queues": [] });
        assert_eq!(map(claims).expect("mapped").1.queues, Some(Vec::new()));
    }

    #[test]
    fn who_has_no_group_or_no_name_is_nobody() {
        for groups in [
            json!([]),
            json!("other"),
            json!({ "turno-operators": true }),
            json!(null),
            json!([["turno-operators"]]),
        ] {
            assert_eq!(
                map(json!({ "preferred_username": "ana", "groups": groups })),
                Err(NotMapped::NoGroup)
            );
        }
        for name in [json!(null), json!(7), json!("")] {
            let claims = json!({ "preferred_username": name, "groups": ["turno-agents"] });
            assert_eq!(map(claims), Err(NotMapped::Claim("preferred_username".into())));
        }
    }
}
