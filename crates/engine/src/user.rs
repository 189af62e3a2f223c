//! The user part of a URI: an extension or a number, in a phone's or carrier's spelling.

use turno_sip::Uri;

/// The user part of a SIP URI, or the number of a `tel` URI, without parameters such as `;phone-context` (RFC 3966, 3)
/// and with escapes resolved (a phone may dial `%2A11`).
pub(crate) fn user_of(uri: &str) -> Option<String> {
    let uri = Uri::parse(uri).ok()?;
    let user = uri.user?.split(';').next();
    let user = Uri { user, ..uri }.user_unescaped();
    Some(user.chars().filter(|c| !c.is_control()).collect())
}

/// The URI in a name-addr.
pub(crate) fn address_in(name: &str) -> Option<&str> {
    let (_, rest) = name.split_once('<')?;
    rest.split_once('>').map(|(uri, _)| uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_dialled_is_read_however_it_is_escaped() {
        // RFC 3261, 19.1.2; RFC 3966, 3.
        let dialled = |uri: &str| user_of(uri).unwrap_or_default();
        assert_eq!(dialled("sip:%2A11@turno"), "*11");
        assert_eq!(dialled("sip:*11@turno;user=phone"), "*11");
        assert_eq!(dialled("sip:%231@turno"), "#1");
        assert_eq!(dialled("sip:1800510510;phone-context=+593@carrier"), "1800510510");
        assert_eq!(dialled("TEL:+593-2-395-2300;ext=1"), "+593-2-395-2300");
        assert_eq!(dialled("sip:10%0D%0A01@turno"), "1001");
        assert_eq!(user_of("sip:turno"), None);
    }
}
