//! Reads a carrier's response to our REGISTER: the granted expiry, or the reason for a refusal.

use core::time::Duration;

use turno_sip::{Message, Name, Uri};

use crate::trunks::own_registration::RENEW_SPAN_MIN;
use crate::trunks::trouble::peers_text;

/// Cap on the pause that a Retry-After may ask for.
const RETRY_AFTER_SPAN_MAX: Duration = Duration::from_secs(3_600);
/// Longest time of a renewal: 64*T1 without a response, and a try at the next address.
const RENEW_MARGIN: Duration = Duration::from_secs(40);

/// Time after which a registration with this expiry is renewed.
pub(super) fn renewal(granted: Duration) -> Duration {
    let margin = (granted / 10).max(RENEW_MARGIN.min(granted / 2));
    (granted - margin).max(RENEW_SPAN_MIN)
}

/// The expiry that the carrier's 200 grants to `contact`, which is ours; `None` if it does not list it. The Contact's
/// own parameter goes before the Expires header (RFC 3261, 10.2.4). Other bindings of the account are not ours, even
/// with the same user (RFC 3261, 19.1.4).
pub(super) fn granted_to(message: &Message, contact: &str, asked: Duration) -> Option<Duration> {
    let ours = Uri::parse(contact).ok()?;
    let rewritten = rewritten_by_nat(message, &ours);
    let with_port = |uri: &Uri<'_>| uri.socket_addr().map_or(uri.port, |at| Some(at.port()));
    let is_ours = |uri: &str| {
        Uri::parse(uri).is_ok_and(|uri| {
            // Carriers write the same Contact with or without the default port.
            (with_port(&uri) == with_port(&ours)
                && Uri { port: None, ..uri }.is_equivalent(&Uri { port: None, ..ours }))
                || rewritten.as_ref().is_some_and(|(host, port)| {
                    uri.user_unescaped() == ours.user_unescaped()
                        && uri.host == host
                        && uri.port == Some(*port)
                })
        })
    };
    let seconds = |text: &str| text.trim().parse().ok().map(Duration::from_secs);
    let general = message.number(Name::Expires).map(u64::from).map(Duration::from_secs);
    let own = message.contacts().flatten().filter(|contact| is_ours(contact.uri));
    let granted = own.map(|own| own.param("expires").and_then(seconds).or(general).unwrap_or(asked));
    granted.max().filter(|granted| !granted.is_zero())
}

/// Our address as the carrier saw it, from its Via: registrars that fix NAT write it into our Contact.
fn rewritten_by_nat(message: &Message, ours: &Uri<'_>) -> Option<(String, u16)> {
    let via = message.top_via().ok()?;
    let host = via.params.value("received").filter(|host| !host.is_empty()).unwrap_or(ours.host);
    let port = via.params.value("rport").and_then(|port| port.parse().ok()).or(ours.port)?;
    Some((host.to_owned(), port))
}

/// The reason of a refusal, for alarms.
pub(super) fn refusal(message: &Message, status: u16) -> String {
    let mut reason = format!("{status} {}", peers_text(message.reason()));
    if let Some(Ok(contact)) = message.contacts().next().filter(|_| (300..400).contains(&status)) {
        reason += &format!(", it names {}: set `host` if that is right", peers_text(contact.uri));
    } else if let Some(warning) = message.header(Name::Warning) {
        reason += &format!(", {}", peers_text(warning));
    }
    reason
}

/// The seconds of a Retry-After, which may have a comment and parameters (RFC 3261, 20.33).
pub(super) fn retry_after(message: &Message) -> Option<Duration> {
    let value = message.header(Name::RetryAfter)?.trim();
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let seconds: u64 = value[..digits].parse().ok()?;
    Some(Duration::from_secs(seconds).min(RETRY_AFTER_SPAN_MAX))
}

#[cfg(test)]
#[path = "granted_tests.rs"]
mod tests;
