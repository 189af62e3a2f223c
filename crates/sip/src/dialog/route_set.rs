//! The route set of a dialog, and the Request-URI and Route values that it gives (RFC 3261, 12.1 and 12.2.1.1).

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::message::header::Name;
use crate::message::name_addr::NameAddr;
use crate::message::received::Message;

/// Route values, nearest proxy first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RouteSet(SmallVec<[String; 1]>);

impl RouteSet {
    /// A route set made of these Route values.
    pub(crate) fn given(routes: Vec<String>) -> Self {
        Self(SmallVec::from_vec(routes))
    }

    /// The route set of the end that received `request`: its Record-Route values in order.
    pub(crate) fn of_request(request: &Message) -> Self {
        Self(request.values(Name::RecordRoute).map(str::to_owned).collect())
    }

    /// The route set of the end that received `response`: its Record-Route values, reversed.
    pub(crate) fn of_response(response: &Message) -> Self {
        let mut routes: SmallVec<[String; 1]> =
            response.values(Name::RecordRoute).map(str::to_owned).collect();
        routes.reverse();
        Self(routes)
    }

    /// The nearest proxy's Route value; `None` if no proxy stays on the path.
    pub(crate) fn first(&self) -> Option<&str> {
        self.0.first().map(String::as_str)
    }

    /// The Request-URI and the Route values of a request to `target`.
    ///
    /// A first proxy without `lr` is a strict router: its URI becomes the Request-URI, and the target becomes the last
    /// Route value.
    pub(crate) fn towards<'a>(&'a self, target: &'a str) -> (&'a str, SmallVec<[String; 2]>) {
        let Some(first) = self.0.first() else { return (target, SmallVec::new()) };
        let strict = NameAddr::parse(Name::Route, first)
            .ok()
            .filter(|first| first.uri().is_ok_and(|uri| uri.param("lr").is_none()));
        match strict {
            None => (target, self.0.iter().cloned().collect()),
            Some(proxy) => {
                let mut routes: SmallVec<[String; 2]> = self.0.iter().skip(1).cloned().collect();
                routes.push(format!("<{target}>"));
                (proxy.uri, routes)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loose_proxy_gets_the_call_by_its_route_header() {
        // RFC 3261, 12.2.1.1: lr.
        let set = RouteSet::given(vec!["<sip:p1;lr>".to_owned(), "<sip:p2;lr>".to_owned()]);
        let (uri, routes) = set.towards("sip:bob@10.0.0.9");
        assert_eq!(uri, "sip:bob@10.0.0.9");
        assert_eq!(routes.as_slice(), ["<sip:p1;lr>", "<sip:p2;lr>"]);
    }

    #[test]
    fn a_strict_proxy_gets_the_call_by_the_request_line() {
        // RFC 3261, 12.2.1.1: no lr.
        let set = RouteSet::given(vec!["<sip:p1>".to_owned(), "<sip:p2;lr>".to_owned()]);
        let (uri, routes) = set.towards("sip:bob@10.0.0.9");
        assert_eq!(uri, "sip:p1");
        assert_eq!(routes.as_slice(), ["<sip:p2;lr>", "<sip:bob@10.0.0.9>"]);
    }
}
