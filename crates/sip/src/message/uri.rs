//! SIP, SIPS and tel URIs: reading and comparing.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use crate::message::limits::URI_BYTES_MAX;
use crate::message::malformed::Malformed;
use crate::message::params::{Params, cut};

/// A URI read in place (RFC 3261, 19.1; RFC 3966 for tel).
///
/// For schemes other than sip, sips and tel, everything after the colon is in `host`.
#[derive(Clone, Copy, Debug)]
pub struct Uri<'a> {
    /// `sip`, `sips`, `tel` or another, in the case that the peer wrote.
    pub scheme: &'a str,
    /// The user, still escaped; the number of a tel URI.
    pub user: Option<&'a str>,
    /// The password, still escaped.
    pub password: Option<&'a str>,
    /// The host, an IPv6 address in its brackets; empty for tel.
    pub host: &'a str,
    /// The port, if the URI has one.
    pub port: Option<u16>,
    /// The parameters after `;`.
    pub params: Params<'a>,
    /// The headers after `?`.
    pub headers: &'a str,
}

impl<'a> Uri<'a> {
    /// Reads `text`.
    ///
    /// # Errors
    /// [`Malformed::Uri`] or [`Malformed::UriTooLong`].
    pub fn parse(text: &'a str) -> Result<Self, Malformed> {
        if text.len() > URI_BYTES_MAX {
            return Err(Malformed::UriTooLong);
        }
        if text.bytes().any(|byte| byte <= b' ' || matches!(byte, 0x7f | b'<' | b'>' | b'"')) {
            return Err(Malformed::Uri);
        }
        let (scheme, rest) = text.split_once(':').ok_or(Malformed::Uri)?;
        let mut letters = scheme.bytes();
        if !letters.next().is_some_and(|first| first.is_ascii_alphabetic())
            || !letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
            || rest.is_empty()
        {
            return Err(Malformed::Uri);
        }
        if is_sip(scheme) {
            Self::parse_sip(scheme, rest)
        } else if scheme.eq_ignore_ascii_case("tel") {
            let (number, params) = rest.split_once(';').unwrap_or((rest, ""));
            if number.is_empty() {
                return Err(Malformed::Uri);
            }
            Ok(Self { user: Some(number), params: Params::new(params), ..Self::opaque(scheme, "") })
        } else {
            Ok(Self::opaque(scheme, rest))
        }
    }

    /// Whether the scheme is sip or sips.
    pub fn is_sip(&self) -> bool {
        is_sip(self.scheme)
    }

    /// The value of parameter `name`, in any case; empty if the parameter has no value.
    pub fn param(&self, name: &str) -> Option<&'a str> {
        self.params.value(name)
    }

    /// The user with escapes resolved; empty if there is none.
    pub fn user_unescaped(&self) -> Cow<'a, str> {
        self.user.map_or(Cow::Borrowed(""), unescape)
    }

    /// The host, if it is an IP address.
    pub fn host_ip(&self) -> Option<IpAddr> {
        let bare = self.host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(self.host);
        bare.parse().ok().or_else(|| ipv6(bare).map(IpAddr::V6))
    }

    /// The host and port, if the host is an IP address; without a port, the default of the scheme.
    pub fn socket_addr(&self) -> Option<SocketAddr> {
        let default = if self.scheme.eq_ignore_ascii_case("sips") { 5061 } else { 5060 };
        Some(SocketAddr::new(self.host_ip()?, self.port.unwrap_or(default)))
    }

    /// Whether both name the same resource by RFC 3261, 19.1.4. Not transitive: a parameter that only one of them has
    /// is mostly ignored.
    pub fn is_equivalent(&self, other: &Uri<'_>) -> bool {
        self.scheme.eq_ignore_ascii_case(other.scheme)
            && same_text(self.user, other.user)
            && same_text(self.password, other.password)
            && self.has_host_of(other)
            && self.port == other.port
            && params_agree(self.params, other.params)
            && params_agree(other.params, self.params)
            && headers_agree(self.headers, other.headers)
            && headers_agree(other.headers, self.headers)
    }

    /// Whether both have the same host name, or the same IP address in any notation (RFC 5954, 4.2).
    fn has_host_of(&self, other: &Uri<'_>) -> bool {
        self.host.eq_ignore_ascii_case(other.host)
            || self.host_ip().zip(other.host_ip()).is_some_and(|(one, other)| one == other)
    }

    fn parse_sip(scheme: &'a str, rest: &'a str) -> Result<Self, Malformed> {
        let (user, password, place) = match cut(rest, b'@') {
            Some((info, place)) => {
                let (user, password) = match cut(info, b':') {
                    Some((user, password)) => (user, Some(password)),
                    None => (info, None),
                };
                if user.is_empty() || place.contains('@') {
                    return Err(Malformed::Uri);
                }
                (Some(user), password, place)
            }
            None => (None, None, rest),
        };
        let (place, headers) = cut(place, b'?').unwrap_or((place, ""));
        let (host_port, params) = cut(place, b';').unwrap_or((place, ""));
        let (host, port) = host_and_port(host_port).ok_or(Malformed::Uri)?;
        Ok(Self { scheme, user, password, host, port, params: Params::new(params), headers })
    }

    const fn opaque(scheme: &'a str, host: &'a str) -> Self {
        Self { scheme, user: None, password: None, host, port: None, params: Params::new(""), headers: "" }
    }
}

/// Reads `host[:port]`. The caller handles white space around the colon.
pub(crate) fn host_and_port(text: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let end = rest.find(']')?;
            ipv6(&rest[..end])?;
            (&text[..end + 2], &text[end + 2..])
        }
        None => {
            let end = text.bytes().position(|byte| byte == b':').unwrap_or(text.len());
            let host = &text[..end];
            let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
            if host.is_empty() || !host.bytes().all(legal) {
                return None;
            }
            (host, &text[end..])
        }
    };
    match port.strip_prefix(':') {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some((host, Some(digits.parse().ok()?)))
        }
        Some(_) => None,
        None => port.is_empty().then_some((host, None)),
    }
}

/// Reads an IPv6 address. RFC 3261's grammar allows a third colon before an IPv4 tail; it is ignored (RFC 5118, 4.10).
fn ipv6(text: &str) -> Option<Ipv6Addr> {
    text.parse().ok().or_else(|| text.replacen(":::", "::", 1).parse().ok().filter(|_| text.contains('.')))
}

fn is_sip(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("sip") || scheme.eq_ignore_ascii_case("sips")
}

/// Resolves `%xx`. An escape that is not hexadecimal stays; if the result is not UTF-8, the whole text stays as it is.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let escaped = match rest {
            [b'%', high, low, ..] => hex(*high).zip(hex(*low)).map(|(high, low)| high * 16 + low),
            _ => None,
        };
        plain.push(escaped.unwrap_or(*byte));
        rest = if escaped.is_some() { &rest[3..] } else { after };
    }
    String::from_utf8(plain).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn same_text(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => unescape(one) == unescape(other),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn params_agree(one: Params<'_>, other: Params<'_>) -> bool {
    const NEVER_ALONE: [&str; 5] = ["user", "ttl", "method", "maddr", "transport"];
    // If a name appears twice, against the grammar, its first value counts on both sides.
    one.iter().all(|(name, _)| match (first_value(one, name), first_value(other, name)) {
        (Some(mine), Some(theirs)) => unescape(mine).eq_ignore_ascii_case(&unescape(theirs)),
        _ => !NEVER_ALONE.iter().any(|never| unescape(name).eq_ignore_ascii_case(never)),
    })
}

fn first_value<'p>(params: Params<'p>, name: &str) -> Option<&'p str> {
    let name = unescape(name);
    let (_, value) = params.iter().find(|(found, _)| unescape(found).eq_ignore_ascii_case(&name))?;
    Some(value.unwrap_or(""))
}

fn headers_agree(one: &str, other: &str) -> bool {
    let pairs = |text: &str| text.split('&').filter(|pair| !pair.is_empty()).count();
    pairs(one) == pairs(other)
        && one.split('&').all(|wanted| {
            let (name, value) = wanted.split_once('=').unwrap_or((wanted, ""));
            other.split('&').any(|found| {
                let (found, text) = found.split_once('=').unwrap_or((found, ""));
                found.eq_ignore_ascii_case(name) && unescape(text) == unescape(value)
            })
        })
}

#[cfg(test)]
#[path = "uri_tests.rs"]
mod tests;
