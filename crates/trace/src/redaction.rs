//! What must not be read: credentials never, callers' numbers and names only where somebody asked for them.

use serde::{Deserialize, Serialize};
use turno_model::plan::{NumberPlan, bare_number};
use turno_model::{ANONYMOUS, AgentId, Plan, WITHHELD};

use crate::{raw, safe};

/// Whether callers' numbers are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbers {
    /// The last two signs, as in logs.
    #[default]
    Short,
    /// Whole.
    Full,
}

/// What stands for a number that its caller withheld.
pub(crate) const NUMBER_WITHHELD: &str = "number withheld";

/// The shortest text that is looked for: a shorter one would be found everywhere.
const NEEDLE_MIN: usize = 3;

/// The most texts that are looked for; a caller's leg has a few numbers and one name in two or three forms.
const NEEDLES_MAX: usize = 32;

/// Diversions whose numbers are looked for.
const DIVERSIONS_MAX: usize = 4;

/// Headers whose values prove who somebody is.
const SECRET_HEADERS: [&str; 4] =
    ["authorization", "proxy-authorization", "authentication-info", "proxy-authentication-info"];

/// Headers that name a caller, in more forms than one, whatever From says.
const IDENTITY_HEADERS: [&str; 7] = [
    "p-asserted-identity",
    "p-preferred-identity",
    "remote-party-id",
    "referred-by",
    "diversion",
    "history-info",
    "call-info",
];

/// What to hide, learnt from the contact.
#[derive(Debug)]
pub(crate) struct Redaction {
    numbers: Numbers,
    /// Whether the caller withheld the number: then it is shown to nobody (RFC 3323).
    is_withheld: bool,
    /// What is looked for, and what stands there instead; the longest first.
    needles: Vec<(String, String)>,
}

impl Redaction {
    pub(crate) const fn new(numbers: Numbers) -> Self {
        Self { numbers, is_withheld: false, needles: Vec::new() }
    }

    /// The caller withheld the number.
    pub(crate) const fn withhold(&mut self) {
        self.is_withheld = true;
    }

    /// A number to hide wherever it appears.
    pub(crate) fn learn_number(&mut self, number: &str) {
        self.learn(number.to_owned(), self.instead_of(number));
        // As turno writes it towards a trunk or a phone.
        self.learn(bare_number(number), self.instead_of(number));
    }

    /// The ordinary telephone of an agent: a person's number too.
    pub(crate) fn learn_telephone(&mut self, plan: &Plan, agent: Option<AgentId>) {
        let agent = agent.and_then(|agent| plan.agents.get(agent.index()));
        if let Some(phone) = agent.and_then(|agent| agent.outside.as_ref()) {
            self.learn_number(&phone.number.0);
        }
    }

    /// The caller's number and name in all forms in which an INVITE of theirs has them, and the numbers from which it was
    /// diverted. Those of the site's own numbers are no secret.
    pub(crate) fn learn_caller(&mut self, invite: &[u8], ours: &[NumberPlan]) {
        for name in ["diversion", "history-info"] {
            let value =
                String::from_utf8_lossy(raw::header(invite, name, None).unwrap_or_default()).into_owned();
            for user in value.split(',').take(DIVERSIONS_MAX).filter_map(user) {
                if !ours.iter().any(|number| bare_number(&number.number) == bare_number(user)) {
                    self.learn_number(user);
                }
            }
        }
        for (name, compact) in [
            ("from", Some(b'f')),
            ("p-asserted-identity", None),
            ("p-preferred-identity", None),
            ("remote-party-id", None),
            ("contact", Some(b'm')),
        ] {
            let Some(value) = raw::header(invite, name, compact) else { continue };
            let value = String::from_utf8_lossy(value).into_owned();
            let (display, address) = parted(&value);
            // A Contact often has a name of the carrier's own, which hides nobody.
            let is_number =
                |user: &&str| user.bytes().all(|sign| sign.is_ascii_digit() || b"+-.".contains(&sign));
            if let Some(user) = user(address).filter(|user| name != "contact" || is_number(user)) {
                self.learn_number(user);
            }
            self.learn(format!("\"{display}\""), format!("\"{}\"", self.instead_of(display)));
            self.learn(format!("{display} <"), format!("{} <", self.instead_of(display)));
        }
    }

    /// A number as it may be shown.
    pub(crate) fn number(&self, number: &str) -> String {
        match self.numbers {
            Numbers::Short | Numbers::Full if number == WITHHELD => NUMBER_WITHHELD.to_owned(),
            Numbers::Short if number != ANONYMOUS => short(&safe::line(number)),
            Numbers::Short | Numbers::Full => safe::line(number),
        }
    }

    /// Any text of the contact's messages as it may be shown.
    pub(crate) fn text(&self, text: &str) -> String {
        let hide =
            |text: String, (needle, instead): &(String, String)| text.replace(needle.as_str(), instead);
        self.needles.iter().fold(text.to_owned(), hide)
    }

    /// A whole message as it may be shown.
    pub(crate) fn message(&self, bytes: &[u8]) -> String {
        let mut shown = String::with_capacity(bytes.len());
        let (mut is_head, mut is_secret) = (true, false);
        for line in safe::lines(bytes).lines() {
            let is_folded = line.starts_with([' ', '\t']);
            is_secret = if is_head {
                if is_folded { is_secret } else { self.is_secret_header(line) }
            } else {
                is_key(line)
            };
            is_head &= !line.is_empty();
            if !is_secret {
                shown.push_str(line);
            } else if is_folded {
                continue;
            } else {
                let name = line.split([':', '=']).next().unwrap_or_default();
                shown.push_str(name);
                shown.push_str(": (taken out)");
            }
            shown.push('\n');
        }
        self.text(&shown)
    }

    fn is_secret_header(&self, line: &str) -> bool {
        is_named(line, &SECRET_HEADERS) || (self.is_withheld && is_named(line, &IDENTITY_HEADERS))
    }

    fn instead_of(&self, text: &str) -> String {
        if self.is_withheld { NUMBER_WITHHELD.to_owned() } else { short(text) }
    }

    fn learn(&mut self, needle: String, instead: String) {
        let bare = needle.trim_matches(['"', '<', ' ']).chars().count();
        let is_known = self.needles.iter().any(|(known, _)| *known == needle);
        let is_told = self.numbers == Numbers::Full && !self.is_withheld;
        if is_told || bare < NEEDLE_MIN || is_known || bare_is_anonymous(&needle) {
            return;
        }
        if self.needles.len() < NEEDLES_MAX {
            self.needles.push((needle, instead));
            self.needles.sort_by_key(|(needle, _)| core::cmp::Reverse(needle.len()));
        }
    }
}

fn bare_is_anonymous(needle: &str) -> bool {
    needle.trim_matches(['"', '<', ' ']).eq_ignore_ascii_case(ANONYMOUS)
}

fn is_named(line: &str, headers: &[&str]) -> bool {
    let name = line.split(':').next().unwrap_or_default().trim();
    headers.iter().any(|header| name.eq_ignore_ascii_case(header))
}

/// Keys of SRTP in a session description (RFC 4568; RFC 8866, 5.12).
fn is_key(line: &str) -> bool {
    line.starts_with("a=crypto:") || line.starts_with("k=")
}

/// The last two signs of what must not be read whole; the logs show the same.
pub(crate) fn short(text: &str) -> String {
    format!("{:?}", turno_ground::Pii(text))
}

/// The display name without its quotes, and the rest. A quoted name may hold brackets (RFC 3261, 25.1).
fn parted(value: &str) -> (&str, &str) {
    let Some(quoted) = value.trim_start().strip_prefix('"') else {
        return value.find('<').map_or(("", value), |open| (value[..open].trim(), &value[open..]));
    };
    let mut is_escaped = false;
    let closing = quoted.char_indices().find(|&(_, sign)| {
        let closes = sign == '"' && !is_escaped;
        is_escaped = sign == '\\' && !is_escaped;
        closes
    });
    closing.map_or((quoted, ""), |(at, _)| (&quoted[..at], &quoted[at + 1..]))
}

/// The user part of the URI in an address without its display name.
fn user(address: &str) -> Option<&str> {
    let uri = address.split_once('<').map_or(address, |(_, rest)| rest);
    let rest = uri.split_once(':')?.1;
    let end = rest.find(['@', '>', ';']).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|user| !user.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &[u8] = b"INVITE sip:1800510510@h SIP/2.0\r\nFrom: \"Ana Vela\" <sip:+593991234567@c>;tag=1\r\n\
        Authorization: Digest username=\"u\",\r\n response=\"0123\"\r\nProxy-authorization : x\r\nContact: <sip:0991234567@c>\r\n\
        Diversion: <sip:0222777888@c>;reason=away\r\n\r\nv=0\r\na=crypto:1 AES inline:abc\r\nk=clear:1\r\n";

    #[test]
    fn credentials_are_never_shown_and_numbers_only_when_asked_for() {
        let mut redaction = Redaction::new(Numbers::Short);
        redaction.learn_caller(INVITE, &[]);
        let shown = redaction.message(INVITE);
        for secret in ["0123", "username", "inline", "clear", "99123", "Ana", "777"] {
            assert!(!shown.contains(secret), "{secret} in\n{shown}");
        }
        assert!(shown.contains("sip:1800510510@h") && shown.contains("<sip:*67@c>;tag=1"), "{shown}");
        assert!(shown.contains("Authorization: (taken out)\nProxy-authorization : (taken out)\n"), "{shown}");
        let mut redaction = Redaction::new(Numbers::Full);
        redaction.learn_caller(INVITE, &[]);
        let shown = redaction.message(INVITE);
        assert!(shown.contains("Ana Vela") && shown.contains("+593991234567"), "{shown}");
        assert!(!shown.contains("0123\"") && !shown.contains("inline"), "{shown}");
    }
}
