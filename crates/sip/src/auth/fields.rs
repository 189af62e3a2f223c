//! Reads the fields of a digest header, in a challenge or an answer.

use std::borrow::Cow;

use crate::message::params::{Split, is_blank, trim_end, trim_start, unquote};

/// Maximum number of fields read from one header.
const FIELDS_MAX: usize = 32;

/// `Digest name=value, …`, read on demand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a>(&'a str);

impl<'a> Fields<'a> {
    /// The fields of `header`, if its scheme is Digest.
    pub(crate) fn parse(header: &'a str) -> Option<Self> {
        let (scheme, rest) = header.split_once(is_blank)?;
        scheme.eq_ignore_ascii_case("Digest").then_some(Self(rest))
    }

    /// The fields of a header without a scheme, such as Authentication-Info.
    pub(crate) const fn bare(header: &'a str) -> Self {
        Self(header)
    }

    /// The value of `name`, in any case, without its quotes.
    pub(crate) fn value(self, name: &str) -> Option<Cow<'a, str>> {
        self.raw(name).map(unquote)
    }

    /// The value of `name`, in any case, as written.
    pub(crate) fn raw(self, name: &str) -> Option<&'a str> {
        Split::new(self.0, b',')
            .take(FIELDS_MAX)
            .filter_map(|field| field.split_once('='))
            .find(|(found, _)| trim_end(found).eq_ignore_ascii_case(name))
            .map(|(_, value)| trim_start(value))
    }
}
