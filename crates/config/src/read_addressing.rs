//! Reads how a trunk's carrier writes who calls whom, and [privacy].

use turno_model::plan::{NumberFrom, TrunkAddressing};

use crate::fault::FaultKind;
use crate::key::Key;
use crate::keys::site::PRIVACY;
use crate::keys::trunks::ADDRESSING;
use crate::reading::Reading;
use crate::section::{Section, word_of};
use crate::tables::Tables;
use crate::words::Signs;

/// Reads the keys of a trunk that say how its carrier addresses. `has_host` and `registers` say what of them has a use.
pub(crate) fn read_addressing(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    has_host: bool,
    registers: bool,
) -> TrunkAddressing {
    // Only calls to the carrier have a use for them.
    let outgoing = [
        ADDRESSING.domain.name,
        ADDRESSING.from_user.name,
        ADDRESSING.from_domain.name,
        ADDRESSING.caller_number.name,
        ADDRESSING.identity_header.name,
    ];
    for key in outgoing.into_iter().filter(|key| section.has(key) && !has_host) {
        let found = format!("`{key}` has no use in a trunk that only receives");
        reading.fault(FaultKind::Conflict, section.place_of(key), found, "a trunk with a `host`");
    }
    if section.has(ADDRESSING.auth_username.name) && !registers {
        let found = "`auth_username` has no use in a trunk that does not register";
        let expected = "`trust = \"registration\"`";
        reading.fault(FaultKind::Conflict, section.place_of(ADDRESSING.auth_username.name), found, expected);
    }
    TrunkAddressing {
        number_from: read_number_from(reading, section),
        domain: read_domain(reading, section, ADDRESSING.domain.name),
        auth_username: read_user(reading, section, &ADDRESSING.auth_username),
        from_user: read_user(reading, section, &ADDRESSING.from_user),
        from_domain: read_domain(reading, section, ADDRESSING.from_domain.name),
        caller_number: read_number(reading, section),
        identity_header: ADDRESSING.identity_header.read(reading, section),
    }
}

/// Reads [privacy]: whether withheld numbers are kept for the operator.
pub(crate) fn read_privacy(reading: &mut Reading<'_>, tables: &Tables) -> bool {
    let privacy = tables.single(reading, "privacy");
    PRIVACY.keep_withheld.read(reading, privacy)
}

fn read_number_from(reading: &mut Reading<'_>, section: Section<'_>) -> NumberFrom {
    let key = &ADDRESSING.number_from;
    if !section.has(ADDRESSING.number_from.name) {
        return NumberFrom(key.value.default.to_vec());
    }
    let mut sources = Vec::new();
    let words = section.texts(reading, ADDRESSING.number_from.name);
    for (word, node) in &words {
        let Some(source) = word_of(reading, node, key.name, key.value.words) else { continue };
        if sources.contains(&source) {
            let found = format!("`{word}` stands twice in `number_from`");
            reading.fault(FaultKind::Conflict, node.place, found, "each header once");
        } else {
            sources.push(source);
        }
    }
    if words.is_empty() {
        let expected = "headers such as `[\"request-uri\", \"to\"]`";
        reading.fault(
            FaultKind::Missing,
            section.place_of(ADDRESSING.number_from.name),
            "`number_from` is empty",
            expected,
        );
    }
    NumberFrom(sources)
}

fn read_domain(reading: &mut Reading<'_>, section: Section<'_>, key: &str) -> Option<String> {
    let domain = section.text(reading, key)?;
    let is_v6 = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_v6 = is_v6.is_some_and(|inner| inner.parse::<std::net::Ipv6Addr>().is_ok());
    let is_name =
        !domain.is_empty() && domain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    if !is_name && !is_v6 {
        let found = format!("`{domain}` is no domain");
        let expected = "a host name or an IP address, without `sip:` and port; IPv6 in brackets";
        reading.fault(FaultKind::Unintelligible, section.place_of(key), found, expected);
    }
    Some(domain.to_owned())
}

fn read_user(reading: &mut Reading<'_>, section: Section<'_>, key: &Key<Signs>) -> Option<String> {
    let user = section.text(reading, key.name)?;
    if !key.value.fits(user) {
        let found = format!("`{}` is `{user}`", key.name);
        let expected = format!("{}, without `sip:` and domain", key.value.words());
        reading.fault(FaultKind::Unintelligible, section.place_of(key.name), found, expected);
    }
    Some(user.to_owned())
}

fn read_number(reading: &mut Reading<'_>, section: Section<'_>) -> Option<String> {
    let number = section.text(reading, ADDRESSING.caller_number.name)?;
    let digits = number.strip_prefix('+').unwrap_or(number);
    if digits.is_empty() || digits.len() > 32 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let found = format!("`caller_number` is `{number}`");
        let expected = "digits, with or without a leading `+`, such as `+59323952300`";
        reading.fault(
            FaultKind::Unintelligible,
            section.place_of(ADDRESSING.caller_number.name),
            found,
            expected,
        );
    }
    Some(number.to_owned())
}
