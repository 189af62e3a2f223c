//! Whether a WebSocket comes from a page that may open one.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

/// Whether the page that opened the WebSocket is of the host that was asked, or of one of these origins; a program, which
/// has no page, sends none.
pub(crate) fn is_own_page(headers: &HeaderMap, origins: &[String]) -> bool {
    !headers.contains_key(ORIGIN) || is_of_this_host(headers) || is_listed(headers, origins)
}

/// Whether the page that opened the WebSocket is of the host that was asked.
pub(crate) fn is_of_this_host(headers: &HeaderMap) -> bool {
    let page = text(headers).and_then(|origin| origin.split_once("://"));
    let own = headers.get(HOST).and_then(|value| value.to_str().ok());
    page.is_some_and(|(_, host)| own.is_some_and(|own| own.eq_ignore_ascii_case(host)))
}

fn is_listed(headers: &HeaderMap, origins: &[String]) -> bool {
    text(headers).is_some_and(|origin| origins.iter().any(|known| known.eq_ignore_ascii_case(origin)))
}

fn text(headers: &HeaderMap) -> Option<&str> {
    headers.get(ORIGIN).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(origin: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "turno.example:8081".parse().expect("a value"));
        headers.insert(ORIGIN, origin.parse().expect("a value"));
        headers
    }

    #[test]
    fn a_page_of_another_host_is_told_from_our_own() {
        let is_own = |origin| is_of_this_host(&from(origin));
        assert!(is_own("https://turno.example:8081") && is_own("https://Turno.Example:8081"));
        for other in
            ["https://turno.example", "https://evil.example", "null", "", "https://turno.example:8081.evil"]
        {
            assert!(!is_own(other), "{other}");
        }
        assert!(!is_of_this_host(&HeaderMap::new()));
    }

    #[test]
    fn a_phone_comes_from_our_page_a_listed_one_or_none() {
        let origins = ["https://crm.example".to_owned()];
        assert!(is_own_page(&HeaderMap::new(), &origins), "a program");
        assert!(is_own_page(&from("https://turno.example:8081"), &origins));
        assert!(is_own_page(&from("https://CRM.example"), &origins));
        for other in ["http://crm.example", "https://crm.example:444", "https://crm.example.evil", "null", ""]
        {
            assert!(!is_own_page(&from(other), &origins), "{other}");
        }
    }
}
