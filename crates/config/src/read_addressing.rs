//! Reads how a trunk's carrier writes who calls whom, and [privacy].

use turno_model::plan::{IdentityHeader, NumberFrom, NumberSource, TrunkAddressing};

use crate::fault::FaultKind;
use crate::reading::Reading;
use crate::section::{Section, word_of};
use crate::tables::Tables;

pub(crate) const ADDRESSING_KEYS: [&str; 7] = [
    "number_from",
    "domain",
    "auth_username",
    "from_user",
    "from_domain",
    "caller_number",
    "identity_header",
];
pub(crate) const PRIVACY_KEYS: [&str; 1] = ["keep_withheld"];

/// The keys that only calls to the carrier have a use for.
const OUTGOING_KEYS: [&str; 5] = ["domain", "from_user", "from_domain", "caller_number", "identity_header"];

const IDENTITY_HEADERS: [(&str, IdentityHeader); 3] = [
    ("p-asserted-identity", IdentityHeader::Asserted),
    ("p-preferred-identity", IdentityHeader::Preferred),
    ("none", IdentityHeader::None),
];

/// Reads the keys of a trunk that say how its carrier addresses. `has_host` and `registers` say what of them has a use.
pub(crate) fn read_addressing(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    has_host: bool,
    registers: bool,
) -> TrunkAddressing {
    for key in OUTGOING_KEYS.into_iter().filter(|key| section.has(key) && !has_host) {
        let found = format!("`{key}` has no use in a trunk that only receives");
        reading.fault(FaultKind::Conflict, section.place_of(key), found, "a trunk with a `host`");
    }
    if section.has("auth_username") && !registers {
        let found = "`auth_username` has no use in a trunk that does not register";
        let expected = "`trust = \"registration\"`";
        reading.fault(FaultKind::Conflict, section.place_of("auth_username"), found, expected);
    }
    TrunkAddressing {
        number_from: read_number_from(reading, section),
        domain: read_domain(reading, section, "domain"),
        auth_username: read_user(reading, section, "auth_username"),
        from_user: read_user(reading, section, "from_user"),
        from_domain: read_domain(reading, section, "from_domain"),
        caller_number: read_number(reading, section),
        identity_header: section.word(reading, "identity_header", &IDENTITY_HEADERS).unwrap_or_default(),
    }
}

/// Reads [privacy]: whether withheld numbers are kept for the operator.
pub(crate) fn read_privacy(reading: &mut Reading<'_>, tables: &Tables) -> bool {
    tables.single(reading, "privacy", "[privacy]", &PRIVACY_KEYS).flag(reading, "keep_withheld", false)
}

fn read_number_from(reading: &mut Reading<'_>, section: Section<'_>) -> NumberFrom {
    if !section.has("number_from") {
        return NumberFrom::default();
    }
    let mut sources = Vec::new();
    let words = section.texts(reading, "number_from");
    for (word, node) in &words {
        let Some(source) = word_of(reading, node, "number_from", &NumberSource::WORDS) else { continue };
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
            section.place_of("number_from"),
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

fn read_user(reading: &mut Reading<'_>, section: Section<'_>, key: &str) -> Option<String> {
    let user = section.text(reading, key)?;
    if user.is_empty() || user.len() > 128 || user.chars().any(char::is_control) {
        let expected = "1 to 128 signs, without `sip:` and domain";
        reading.fault(
            FaultKind::Unintelligible,
            section.place_of(key),
            format!("`{key}` is `{user}`"),
            expected,
        );
    }
    Some(user.to_owned())
}

fn read_number(reading: &mut Reading<'_>, section: Section<'_>) -> Option<String> {
    let number = section.text(reading, "caller_number")?;
    let digits = number.strip_prefix('+').unwrap_or(number);
    if digits.is_empty() || digits.len() > 32 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let found = format!("`caller_number` is `{number}`");
        let expected = "digits, with or without a leading `+`, such as `+59323952300`";
        reading.fault(FaultKind::Unintelligible, section.place_of("caller_number"), found, expected);
    }
    Some(number.to_owned())
}
