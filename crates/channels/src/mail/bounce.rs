//! What a mail server reports about a mail of ours (RFC 3464).

use crate::mail::head::Head;
use crate::mail::parts::Part;
use crate::mail::signing::Signer;

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bounce {
    /// The Message-ID of ours.
    pub(crate) id: String,
    /// Why it failed, for the agent; `None`: it is only late, or has arrived.
    pub(crate) failed: Option<String>,
    /// Whether it has arrived.
    pub(crate) is_delivered: bool,
}

/// The most characters of a reason.
const WHY_MAX: usize = 300;

/// Reads a report. `None`: it names no mail of ours, so it may be anything.
pub(crate) fn bounce(head: &Head<'_>, parts: &[Part<'_>], signer: &Signer) -> Option<Bounce> {
    let of_part = |part: &Part<'_>| {
        let bytes = part.bytes();
        let inner = Head::read(&bytes);
        inner.ids("Message-ID").into_iter().find(|id| signer.message_of(id).is_some())
    };
    let returned = parts.iter().filter(|part| {
        matches!(
            part.kind.as_str(),
            "message/rfc822" | "message/global" | "text/rfc822-headers" | "message/global-headers"
        )
    });
    // Without the returned headers our own Message-ID stands in References, which some servers set.
    let named = || {
        ["References", "In-Reply-To"]
            .iter()
            .flat_map(|name| head.ids(name))
            .find(|id| signer.message_of(id).is_some())
    };
    let id = returned.map(of_part).find(Option::is_some).flatten().or_else(named)?;
    let status = parts.iter().find(|part| {
        matches!(part.kind.as_str(), "message/delivery-status" | "message/global-delivery-status")
    });
    let (mut failed, mut is_delivered) = (None, false);
    let text = status.map(Part::words).unwrap_or_default();
    for block in text.replace("\r\n", "\n").split("\n\n") {
        let field = |name: &str| field(block, name);
        match field("action").unwrap_or_default().to_ascii_lowercase().as_str() {
            "failed" => {
                let told =
                    field("diagnostic-code").or_else(|| told_to_people(parts, &field("final-recipient")?));
                failed = Some(why(field("status").as_deref(), told.as_deref()));
            }
            "delivered" | "relayed" | "expanded" => is_delivered = true,
            _ => {}
        }
    }
    Some(Bounce { id, failed, is_delivered })
}

/// The lines under the recipient's address in the part for people: the reason of a server that asked no other one.
fn told_to_people(parts: &[Part<'_>], recipient: &str) -> Option<String> {
    let recipient = recipient.rsplit(';').next()?.trim().to_lowercase();
    let words = parts.iter().find(|part| part.kind == "text/plain").map(Part::words)?;
    let mut lines = words.lines().skip_while(|line| !line.to_lowercase().contains(&recipient)).skip(1);
    let told: Vec<&str> =
        lines.by_ref().take_while(|line| !line.trim().is_empty()).take(3).map(str::trim).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

fn why(status: Option<&str>, diagnostic: Option<&str>) -> String {
    let diagnostic = diagnostic.unwrap_or("the other server gave no reason");
    let diagnostic = diagnostic.split_once(';').map_or(diagnostic, |(_, words)| words).trim();
    let words = format!("returned: {} {diagnostic}", status.unwrap_or_default());
    words
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .filter(|sign| !sign.is_control())
        .take(WHY_MAX)
        .collect()
}

/// The value of a field, with its continued lines.
fn field(block: &str, name: &str) -> Option<String> {
    let mut lines = block.lines();
    let first = lines.by_ref().find_map(|line| {
        let (field, value) = line.split_once(':')?;
        field.trim().eq_ignore_ascii_case(name).then_some(value)
    })?;
    let more = lines.take_while(|line| line.starts_with([' ', '\t']));
    Some(core::iter::once(first).chain(more).map(str::trim).collect::<Vec<_>>().join(" "))
}
