//! Reads [oidc].

use turno_ground::Secret;
use turno_model::plan::OidcPlan;

use crate::fault::FaultKind;
use crate::keys::oidc::OIDC;
use crate::node::Kind;
use crate::password::from_file;
use crate::reading::Reading;
use crate::section::{Section, text_of, wrong_type};
use crate::tables::Tables;

/// What `back` ends in.
const BACK: &str = "/api/v1/oidc/back";

/// Reads [oidc]; `None` where it does not stand: users have passwords alone.
pub(crate) fn read_oidc(reading: &mut Reading<'_>, tables: &Tables, has_api: bool) -> Option<OidcPlan> {
    if !tables.has_single("oidc") {
        return None;
    }
    let section = tables.single(reading, "oidc");
    let issuer = needed(reading, section, OIDC.issuer.name, "such as `\"https://login.example\"`");
    let client =
        needed(reading, section, OIDC.client.name, "turno's name at the issuer, such as `\"turno\"`");
    let back =
        needed(reading, section, OIDC.back.name, "such as `\"https://turno.example:8081/api/v1/oidc/back\"`");
    let (issuer, client, back) = (issuer?, client?, back?);
    if !has_api {
        let place = section.place_of(OIDC.issuer.name);
        reading.fault(
            FaultKind::Conflict,
            place,
            "people would sign in to an API that is not served",
            "a table [api]",
        );
    }
    for (name, url) in [(OIDC.issuer.name, &issuer), (OIDC.back.name, &back)] {
        let is_safe = url.starts_with("https://") || is_loopback(url);
        if !is_safe {
            let found = format!("`{name}` is {url}, where secrets would go in plain text");
            reading.fault(
                FaultKind::Conflict,
                section.place_of(name),
                found,
                "an address that begins with `https://`",
            );
        }
    }
    if !back.ends_with(BACK) {
        let found = format!("people would come back to {back}, where turno does not expect them");
        reading.fault(
            FaultKind::Conflict,
            section.place_of(OIDC.back.name),
            found,
            format!("an address that ends in `{BACK}`"),
        );
    }
    let key = OIDC.secret_file.name;
    let secret = section.field(key).map_or_else(Secret::default, |node| from_file(reading, (key, node), ""));
    let folder = reading.origin.folder.clone();
    Some(OidcPlan {
        issuer,
        client,
        secret_file: section.text(reading, key).map(|file| folder.join(file)),
        secret,
        back,
        scopes: read_scopes(reading, section),
        roles_claim: section.text_or(reading, OIDC.roles_claim.name, "groups"),
        operators: section.text_or(reading, OIDC.operators.name, "turno-operators"),
        supervisors: section.text_or(reading, OIDC.supervisors.name, "turno-supervisors"),
        agents: section.text_or(reading, OIDC.agents.name, "turno-agents"),
        readers: section.text_or(reading, OIDC.readers.name, "turno-readers"),
        name_claim: section.text_or(reading, OIDC.name_claim.name, "preferred_username"),
        extension_claim: section.text_or(reading, OIDC.extension_claim.name, "extension"),
        queues_claim: section.text_or(reading, OIDC.queues_claim.name, "queues"),
    })
}

fn read_scopes(reading: &mut Reading<'_>, section: Section<'_>) -> Vec<String> {
    let name = OIDC.scopes.name;
    let Some(node) = section.field(name) else { return vec!["profile".to_owned()] };
    let Kind::List(listed) = &node.kind else {
        wrong_type(reading, node, name, "a list of scopes, such as `[\"profile\", \"groups\"]`");
        return Vec::new();
    };
    listed.iter().filter_map(|node| text_of(reading, node, name).map(str::to_owned)).collect()
}

fn needed(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    name: &'static str,
    such_as: &str,
) -> Option<String> {
    let found = section.text(reading, name).map(str::to_owned);
    if found.is_none() && !section.has(name) {
        section.missing(reading, name, such_as);
    }
    found
}

/// Whether an address is on this machine, where nobody else listens.
fn is_loopback(url: &str) -> bool {
    let host =
        url.strip_prefix("http://").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost"
        || name.trim_matches(['[', ']']).parse::<core::net::IpAddr>().is_ok_and(|it| it.is_loopback())
}
