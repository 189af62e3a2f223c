//! One Via value: a hop on the path of a request.

use std::net::IpAddr;

use crate::message::header::Name;
use crate::message::malformed::Malformed;
use crate::message::params::{Params, cut, is_blank, is_token, trim, trim_end, trim_start};
use crate::message::uri::host_and_port;

/// A Via value read in place (RFC 3261, 20.42).
#[derive(Clone, Copy, Debug)]
pub struct Via<'a> {
    /// The transport's name as the peer wrote it, such as `UDP`.
    pub transport: &'a str,
    /// The host that sent it, as it names itself (sent-by).
    pub host: &'a str,
    /// The port, if sent-by has one.
    pub port: Option<u16>,
    /// The parameters.
    pub params: Params<'a>,
}

/// The beginning of every branch by RFC 3261 (8.1.1.7).
const MAGIC_COOKIE: &str = "z9hG4bK";

impl<'a> Via<'a> {
    /// Reads one value.
    ///
    /// # Errors
    /// [`Malformed::Value`] of Via.
    pub fn parse(text: &'a str) -> Result<Self, Malformed> {
        Self::read(text).ok_or(Malformed::Value(Name::Via))
    }

    /// The branch; `None` if missing or empty.
    pub fn branch(&self) -> Option<&'a str> {
        self.params.value("branch").filter(|branch| !branch.is_empty())
    }

    /// The branch, if RFC 3261 guarantees that it is unique: the cookie and at least one more character (RFC 4475,
    /// 3.2.1).
    pub fn unique_branch(&self) -> Option<&'a str> {
        let branch = self.branch()?;
        let cookie = branch.get(..MAGIC_COOKIE.len())?;
        (cookie.eq_ignore_ascii_case(MAGIC_COOKIE) && branch.len() > MAGIC_COOKIE.len()).then_some(branch)
    }

    /// Whether the peer asks for the response at the port it sent from (RFC 3581).
    pub fn wants_rport(&self) -> bool {
        self.params.has("rport")
    }

    /// The port in `rport`, as a response carries it.
    pub fn rport(&self) -> Option<u16> {
        self.params.value("rport")?.parse().ok()
    }

    /// The address in `received`.
    pub fn received(&self) -> Option<&'a str> {
        self.params.value("received").filter(|address| !address.is_empty())
    }

    /// `received` as an IP address. Brackets around it are accepted, though the grammar has none (RFC 5118, 4.5).
    pub fn received_ip(&self) -> Option<IpAddr> {
        let text = self.received()?;
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        bare.parse().ok()
    }

    fn read(text: &'a str) -> Option<Self> {
        let blanks = |text: &'a str| trim_start(text);
        let (name, rest) = cut(text, b'/')?;
        let (version, rest) = cut(rest, b'/')?;
        let rest = blanks(rest);
        let (transport, rest) = rest.split_at(rest.find(is_blank)?);
        let sip = trim(name).eq_ignore_ascii_case("SIP")
            && trim(version) == "2.0"
            && is_token(transport.as_bytes());
        let (place, params) = match cut(rest, b';') {
            Some((place, params)) => (place, Some(Params::new(params))),
            None => (rest, None),
        };
        if !sip || params.is_some_and(|params| params.as_str().is_empty() || !params.is_strict()) {
            return None;
        }
        let place = trim(place);
        let (host, port) = match host_and_port(place) {
            Some(found) => found,
            None => {
                // White space is allowed around the colon (RFC 3261, 25.1: COLON).
                let (host, port) = place.rsplit_once(':')?;
                let (host, none) = host_and_port(trim_end(host))?;
                let port = trim(port);
                let digits = none.is_none() && port.bytes().all(|byte| byte.is_ascii_digit());
                (host, Some(port.parse().ok().filter(|_| digits)?))
            }
        };
        Some(Self { transport, host, port, params: params.unwrap_or_default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_via_from_behind_a_nat_is_read() {
        // RFC 3581, 4.
        let via =
            Via::parse("SIP/2.0/UDP [2001:db8::9]:5070;rport;branch=z9hG4bK77;received=192.0.2.1").unwrap();
        assert_eq!((via.transport, via.host, via.port), ("UDP", "[2001:db8::9]", Some(5070)));
        assert!(via.wants_rport());
        assert_eq!(
            (via.rport(), via.received(), via.unique_branch()),
            (None, Some("192.0.2.1"), Some("z9hG4bK77"))
        );
        let spaced = Via::parse("SIP / 2.0 / TCP   host.example.com : 5060 ; branch = z9hG4bK").unwrap();
        assert_eq!(
            (spaced.host, spaced.port, spaced.branch()),
            ("host.example.com", Some(5060), Some("z9hG4bK"))
        );
        assert_eq!(spaced.unique_branch(), None);
    }

    #[test]
    fn nonsense_is_not_a_via() {
        for wrong in ["", "SIP/2.0/UDP", "SIP/2.0/UDP ", "SIP/2.0/UDP a;;", "SIP/7.0/UDP a", "HTTP/2.0/UDP a"]
        {
            assert!(Via::parse(wrong).is_err(), "{wrong}");
        }
        for wrong in ["SIP/2.0/UDP a:b", "SIP/2.0/UDP a b", "SIP/2.0/UDP a;", "SIP/2.0/UDP a;x=\"open"] {
            assert!(Via::parse(wrong).is_err(), "{wrong}");
        }
    }
}
