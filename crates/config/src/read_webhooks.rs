//! Reads [[webhook]].

use turno_ground::Secret;
use turno_model::Fact;
use turno_model::plan::{WEBHOOKS_MAX, WebhookPlan};

use crate::fault::FaultKind;
use crate::keys::webhooks::WEBHOOK;
use crate::node::Kind;
use crate::password::from_file;
use crate::reading::{Names, Reading};
use crate::section::{Section, text_of, wrong_type};
use crate::tables::Tables;

/// Reads every [[webhook]].
pub(crate) fn read_webhooks(reading: &mut Reading<'_>, tables: &Tables) -> Vec<WebhookPlan> {
    let mut names = Names::default();
    let mut hooks = Vec::new();
    for section in tables.many(reading, "webhook") {
        let Some(name) = section.name(reading, WEBHOOK.name.name) else { continue };
        let place = section.place_of(WEBHOOK.name.name);
        reading.add_name(&mut names, name, place, "webhook");
        let is_inner = WEBHOOK.inner.read(reading, section);
        let Some(url) = read_url(reading, section, is_inner) else { continue };
        let Some(secret_file) = section.text(reading, WEBHOOK.secret_file.name) else {
            if !section.has(WEBHOOK.secret_file.name) {
                section.missing(
                    reading,
                    WEBHOOK.secret_file.name,
                    "a file with `whsec_` and 24 to 64 bytes in base64",
                );
            }
            continue;
        };
        let secret_file = reading.origin.folder.join(secret_file);
        let key = WEBHOOK.secret_file.name;
        let secret =
            section.field(key).map_or_else(Secret::default, |node| from_file(reading, (key, node), ""));
        hooks.push(WebhookPlan {
            name: name.to_owned(),
            url,
            secret_file,
            secret,
            events: read_events(reading, section),
            with_numbers: WEBHOOK.numbers.read(reading, section),
            is_inner,
        });
        if hooks.len() > WEBHOOKS_MAX {
            let found = format!("the plan has {} webhooks", hooks.len());
            reading.fault(FaultKind::OutOfRange, place, found, format!("at most {WEBHOOKS_MAX}"));
        }
    }
    hooks
}

fn read_url(reading: &mut Reading<'_>, section: Section<'_>, is_inner: bool) -> Option<String> {
    let name = WEBHOOK.url.name;
    let Some(url) = section.text(reading, name) else {
        if !section.has(name) {
            section.missing(
                reading,
                name,
                "where the program listens, such as `\"https://crm.example/turno\"`",
            );
        }
        return None;
    };
    let (scheme, rest) = url.split_once("://").unwrap_or(("", ""));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_url = !host.is_empty()
        && !host.contains('@')
        && !url.contains(|sign: char| sign.is_control() || sign == ' ');
    let place = section.place_of(name);
    if !is_url || !matches!(scheme, "https" | "http") {
        // A name and a password in it would be shown, and logs would keep them.
        let found = format!("`{name}` is no address of a program");
        reading.fault(FaultKind::UnknownValue, place, found, "such as `https://crm.example/turno`").excerpt =
            None;
        return None;
    }
    if scheme == "http" && !is_inner {
        let found = format!("facts would go to {url} in plain text");
        reading.fault(FaultKind::Conflict, place, found, "`https`, or `inner = true` for a program near by");
    }
    Some(url.to_owned())
}

fn read_events(reading: &mut Reading<'_>, section: Section<'_>) -> Vec<String> {
    let name = WEBHOOK.events.name;
    let Some(node) = section.field(name) else { return Vec::new() };
    let Kind::List(listed) = &node.kind else {
        wrong_type(reading, node, name, "a list of kinds of facts, such as `[\"ContactEnded\"]`");
        return Vec::new();
    };
    let mut events = Vec::new();
    for node in listed {
        let Some(kind) = text_of(reading, node, name) else { continue };
        if Fact::kinds().contains(&kind) {
            events.push(kind.to_owned());
        } else {
            let found = format!("`{kind}` is no kind of fact");
            reading.fault(
                FaultKind::UnknownValue,
                node.place,
                found,
                "a kind as `turno facts` prints it, such as `ContactEnded`",
            );
        }
    }
    events
}
