//! A display name and a URI, as in From, To, Contact and Route.

use std::borrow::Cow;

use crate::message::header::Name;
use crate::message::malformed::Malformed;
use crate::message::params::{Params, cut, quoted_end, quotes_close, trim, trim_start, unquote};
use crate::message::uri::Uri;

/// `"display" <uri>;params`, or a bare URI, read in place (RFC 3261, 20.10).
#[derive(Clone, Copy, Debug)]
pub struct NameAddr<'a> {
    /// The display name as written, quotes included; empty if there is none.
    pub display: &'a str,
    /// The URI's text; `*` in a Contact that means all bindings.
    pub uri: &'a str,
    /// The header's parameters.
    pub params: Params<'a>,
}

impl<'a> NameAddr<'a> {
    /// Reads one value of header `name`; an error names that header.
    ///
    /// Blanks inside the brackets and unquoted commas in display names are accepted (RFC 4475, 3.1.2.14 and 3.1.2.15).
    ///
    /// # Errors
    /// [`Malformed::Value`] of `name`.
    pub fn parse(name: Name, text: &'a str) -> Result<Self, Malformed> {
        Self::read(text).ok_or(Malformed::Value(name))
    }

    /// The parsed URI.
    ///
    /// # Errors
    /// The rule that the URI breaks.
    pub fn uri(&self) -> Result<Uri<'a>, Malformed> {
        Uri::parse(self.uri)
    }

    /// The tag (RFC 3261, 19.3).
    pub fn tag(&self) -> Option<&'a str> {
        self.param("tag").filter(|tag| !tag.is_empty())
    }

    /// The value of parameter `name`, in any case; empty if the parameter has no value. Quotes are kept.
    pub fn param(&self, name: &str) -> Option<&'a str> {
        self.params.value(name)
    }

    /// The display name without quotes.
    pub fn display_name(&self) -> Cow<'a, str> {
        unquote(self.display)
    }

    /// Whether this is `Contact: *`, which means all bindings (RFC 3261, 10.2.2).
    pub fn is_star(&self) -> bool {
        self.uri == "*"
    }

    fn read(text: &'a str) -> Option<Self> {
        let text = trim(text);
        let (display, rest) = match text.strip_prefix('"') {
            Some(inner) => {
                let end = quoted_end(inner)? + 2;
                let rest = trim_start(&text[end..]);
                (&text[..end], rest.strip_prefix('<')?)
            }
            None => match cut(text, b'<') {
                // A bracket after a semicolon is in a parameter's value; the check of `display` below rejects it.
                Some((display, rest)) => (trim(display), rest),
                None => return Self::read_bare(text),
            },
        };
        if !display.starts_with('"') && display.contains(['"', '>', ';']) {
            return None;
        }
        let (uri, after) = cut(rest, b'>')?;
        let uri = trim(uri);
        let after = trim_start(after);
        let params = if after.is_empty() { "" } else { after.strip_prefix(';')? };
        (!uri.is_empty() && quotes_close(params)).then_some(Self {
            display,
            uri,
            params: Params::new(params),
        })
    }

    fn read_bare(text: &'a str) -> Option<Self> {
        let (uri, params) = cut(text, b';').unwrap_or((text, ""));
        let uri = trim(uri);
        // A URI without brackets must not contain these (RFC 3261, 20.10).
        let legal = !uri.is_empty() && !uri.contains([' ', '\t', ',', '?', '>', '"']);
        (legal && quotes_close(params)).then_some(Self { display: "", uri, params: Params::new(params) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_with_a_comma_and_a_quote_in_the_name_is_understood() {
        // RFC 3261, 20.10 and 25.1.
        let value = r#""Bell, \"Alex\" <x>" <sip:a@b;lr>;tag=7 ; +sip.instance="<urn:uuid:1;2>""#;
        let addr = NameAddr::parse(Name::Contact, value).unwrap();
        assert_eq!(addr.display_name(), r#"Bell, "Alex" <x>"#);
        assert_eq!((addr.uri, addr.tag()), ("sip:a@b;lr", Some("7")));
        assert_eq!(addr.param("+sip.instance"), Some("\"<urn:uuid:1;2>\""));
    }

    #[test]
    fn a_quote_that_does_not_end_is_refused_before_it_swallows_our_tag() {
        // RFC 3261, 25.1; found by fuzzing: the response's To had no tag.
        for value in ["sip:a@b ; \" tag = 1", "<sip:a@b>;x=\"y", "<sip:a@b>;x=\"y\\\""] {
            assert!(NameAddr::parse(Name::To, value).is_err(), "{value}");
        }
    }

    #[test]
    fn a_bare_uri_gives_its_parameters_to_the_header() {
        // RFC 3261, 20.10; RFC 4475, 3.3.9 and 3.3.10.
        let bare = NameAddr::parse(Name::Contact, "sip:a@b;unknownparam").unwrap();
        assert_eq!((bare.uri, bare.param("unknownparam")), ("sip:a@b", Some("")));
        let bracketed = NameAddr::parse(Name::Contact, "<sip:a@b;unknownparam>").unwrap();
        assert_eq!((bracketed.uri, bracketed.param("unknownparam")), ("sip:a@b;unknownparam", None));
    }

    #[test]
    fn nonsense_is_not_an_address() {
        for wrong in ["", "\"open <sip:a@b>", "<sip:a@b", "<>", "<sip:a@b> x", "sip:a@b?Route=x", "a b"] {
            assert!(NameAddr::parse(Name::To, wrong).is_err(), "{wrong}");
        }
    }
}
