//! Target `uri`: any text as a URI, an address, a Via, a comma list and a quoted string.

use turno_sip::{Name, NameAddr, Uri, Via, unquote};

/// Checks that parsed values come from the text, and are parsed equally after they are written again.
pub fn uri(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    let _ = unquote(text);
    if let Ok(uri) = Uri::parse(text) {
        check_uri(text, &uri);
    }
    if let Ok(address) = NameAddr::parse(Name::To, text) {
        check_address(&address);
    }
    if let Ok(via) = Via::parse(text) {
        check_via(&via);
    }
    // Equivalence of two URIs is symmetric.
    if let Some((one, other)) = text.split_once('\n')
        && let (Ok(one), Ok(other)) = (Uri::parse(one), Uri::parse(other))
    {
        assert_eq!(one.is_equivalent(&other), other.is_equivalent(&one));
    }
}

fn check_uri(text: &str, uri: &Uri<'_>) {
    assert!(uri.is_equivalent(uri), "{text} is not itself");
    let _ = (uri.host_ip(), uri.socket_addr(), uri.param("transport"), uri.params.has("lr"));
    assert!(uri.user.is_none_or(|user| !user.is_empty()));
    let plain = uri.user_unescaped();
    assert!(plain.len() <= uri.user.map_or(0, str::len));
    assert!(!uri.is_sip() || !uri.host.is_empty());
    if !uri.is_sip() {
        return;
    }
    let user = uri.user.map(|user| match uri.password {
        Some(password) => format!("{user}:{password}@"),
        None => format!("{user}@"),
    });
    let port = uri.port.map(|port| format!(":{port}")).unwrap_or_default();
    let mut written = format!("{}:{}{}{port}", uri.scheme, user.unwrap_or_default(), uri.host);
    for (mark, part) in [(';', uri.params.as_str()), ('?', uri.headers)] {
        if !part.is_empty() {
            written.push(mark);
            written += part;
        }
    }
    let again = Uri::parse(&written).unwrap_or_else(|fault| panic!("{fault}: {written}, from {text}"));
    assert!(again.is_equivalent(uri), "{written} is not {text}");
    assert_eq!((again.user, again.host, again.port), (uri.user, uri.host, uri.port));
}

fn check_address(address: &NameAddr<'_>) {
    let _ = (address.is_star(), address.display_name(), address.tag());
    assert!(!address.uri.is_empty());
    if address.uri.contains('>') || address.display.contains('<') && !address.display.starts_with('"') {
        panic!("{address:?} has a bracket in the wrong place");
    }
    let params = address.params.as_str();
    let params = if params.is_empty() { String::new() } else { format!(";{params}") };
    let written = format!("{} <{}>{params}", address.display, address.uri);
    let again = NameAddr::parse(Name::To, &written).unwrap_or_else(|fault| panic!("{fault}: {written}"));
    assert_eq!((again.display, again.uri), (address.display, address.uri), "{written}");
    assert_eq!((again.tag(), again.params), (address.tag(), address.params), "{written}");
}

fn check_via(via: &Via<'_>) {
    let _ = (via.wants_rport(), via.rport(), via.received());
    let port = via.port.map(|port| format!(":{port}")).unwrap_or_default();
    let params = via.params.as_str();
    let params = if params.is_empty() { String::new() } else { format!(";{params}") };
    let written = format!("SIP/2.0/{} {}{port}{params}", via.transport, via.host);
    let again = Via::parse(&written).unwrap_or_else(|fault| panic!("{fault}: {written}"));
    assert_eq!((again.host, again.port, again.branch()), (via.host, via.port, via.branch()), "{written}");
    assert!(via.unique_branch().is_none_or(|branch| Some(branch) == via.branch()));
}
