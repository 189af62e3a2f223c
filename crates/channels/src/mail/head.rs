//! The headers of a mail or of one of its parts, decoded.

use mail_parser::{Address, HeaderForm, HeaderName, HeaderValue, Message, MessageParser};

use crate::mail::limits::HEAD_BYTES_MAX;

/// A block of headers. The parser never sees a body, so no nesting of a hostile mail reaches it.
pub(crate) struct Head<'x>(Option<Message<'x>>);

impl<'x> Head<'x> {
    /// Reads the headers at the begin of `raw`.
    pub(crate) fn read(raw: &'x [u8]) -> Self {
        let block = &raw[..head_len(raw).min(HEAD_BYTES_MAX)];
        Self(MessageParser::default().parse_headers(block).filter(|message| !message.parts.is_empty()))
    }

    /// The decoded words of the first header of this name.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.texts(name).into_iter().next()
    }

    /// The decoded words of every header of this name, the topmost first.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let (Some(message), Some(name)) = (&self.0, HeaderName::parse(name)) else { return Vec::new() };
        let values = message.header_as(name, HeaderForm::Text);
        values.into_iter().filter_map(|value| value.as_text().map(|text| text.trim().to_owned())).collect()
    }

    /// The header of this name as it stands, unfolded; the empty text if it stands without a value.
    pub(crate) fn raw(&self, name: &str) -> Option<String> {
        let (message, name) = (self.0.as_ref()?, HeaderName::parse(name)?);
        let header = message.headers().iter().find(|header| header.name == name)?;
        let bytes = message
            .raw_message
            .get(usize::try_from(header.offset_start).ok()?..usize::try_from(header.offset_end).ok()?)?;
        let text = String::from_utf8_lossy(bytes);
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Whether a header whose name begins so stands here.
    pub(crate) fn has(&self, begin: &str) -> bool {
        let headers = self.0.iter().flat_map(|message| message.headers());
        headers
            .map(|header| header.name.as_str())
            .any(|name| name.get(..begin.len()).is_some_and(|first| first.eq_ignore_ascii_case(begin)))
    }

    /// The addresses of all headers of this name, each with the name beside it.
    pub(crate) fn addresses(&self, name: &str) -> Vec<(Option<String>, String)> {
        let (Some(message), Some(name)) = (&self.0, HeaderName::parse(name)) else { return Vec::new() };
        let values = message.header_as(name, HeaderForm::Addresses);
        let all = values.iter().filter_map(HeaderValue::as_address).flat_map(Address::iter);
        all.filter_map(|one| {
            let address = one.address.as_deref().and_then(plain_address)?;
            Some((one.name.as_deref().map(str::to_owned), address))
        })
        .collect()
    }

    /// The Message-IDs in all headers of this name, without their brackets, in order.
    pub(crate) fn ids(&self, name: &str) -> Vec<String> {
        let (Some(message), Some(name)) = (&self.0, HeaderName::parse(name)) else { return Vec::new() };
        let mut ids = Vec::new();
        for value in message.header_as(name, HeaderForm::MessageIds) {
            match value {
                HeaderValue::Text(id) => ids.push(id.into_owned()),
                HeaderValue::TextList(list) => ids.extend(list.into_iter().map(|id| id.into_owned())),
                HeaderValue::Address(_)
                | HeaderValue::DateTime(_)
                | HeaderValue::ContentType(_)
                | HeaderValue::Received(_)
                | HeaderValue::Empty => {}
            }
        }
        ids.retain(|id| is_id(id));
        ids
    }

    /// Seconds since 1970 in the header Date.
    pub(crate) fn date(&self) -> Option<i64> {
        let date = self.0.as_ref()?.date()?;
        date.is_valid().then(|| date.to_timestamp())
    }

    /// The type such as `text/plain`, in small letters, and an attribute of it.
    pub(crate) fn kind(&self) -> Option<String> {
        let kind = self.content("Content-Type")?;
        let sub = kind.subtype().unwrap_or("plain");
        Some(format!("{}/{}", kind.ctype(), sub).to_ascii_lowercase())
    }

    /// An attribute of the type, such as `charset`.
    pub(crate) fn attribute(&self, header: &'static str, name: &str) -> Option<String> {
        self.content(header)?.attribute(name).map(str::to_owned)
    }

    /// Whether the part says that it is a file to be saved.
    pub(crate) fn is_attachment(&self) -> bool {
        self.content("Content-Disposition").is_some_and(|kind| kind.is_attachment())
    }

    fn content(&self, name: &'static str) -> Option<&mail_parser::ContentType<'x>> {
        let (message, name) = (self.0.as_ref()?, HeaderName::parse(name)?);
        message.header_values(name).find_map(HeaderValue::as_content_type)
    }
}

/// Where the headers end and the body begins.
pub(crate) fn head_len(raw: &[u8]) -> usize {
    if let Some(rest) = raw.strip_prefix(b"\r\n").or_else(|| raw.strip_prefix(b"\n")) {
        return raw.len() - rest.len();
    }
    let mut at = 0;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if line == b"\n" || line == b"\r\n" {
            return at;
        }
    }
    raw.len()
}

/// An address that can be answered, with its domain in small letters; `None` for anything else.
#[must_use]
pub fn plain_address(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    let (local, domain) = text.rsplit_once('@')?;
    let is_fit = |part: &str, most: usize| {
        !part.is_empty()
            && part.len() <= most
            && !part
                .chars()
                .any(|sign| sign.is_control() || sign.is_whitespace() || "<>(),;:\\\"[]".contains(sign))
    };
    let is_fit = is_fit(local, 64) && is_fit(domain, 253) && !local.contains('@');
    is_fit.then(|| format!("{local}@{}", domain.to_lowercase()))
}

/// Whether this can stand in our own headers as a Message-ID.
pub(crate) fn is_id(id: &str) -> bool {
    (3..=250).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>')
}
