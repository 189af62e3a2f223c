//! A mail cut into its parts, never deeper and never more of them than the limits say.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;

use crate::mail::head::{Head, head_len};
use crate::mail::limits::{DEPTH_MAX, PARTS_MAX, WORDS_BYTES_MAX};

/// A part without parts of its own.
pub(crate) struct Part<'x> {
    /// Its headers.
    pub(crate) head: Head<'x>,
    /// Its type, such as `text/plain`.
    pub(crate) kind: String,
    /// Its bytes as they travel.
    body: &'x [u8],
    /// Which alternatives of the same words it is one of: the number of the multipart.
    pub(crate) alternative: Option<usize>,
}

/// The parts of a mail in order.
pub(crate) struct Parts<'x> {
    /// They.
    pub(crate) all: Vec<Part<'x>>,
    /// Whether something was left out or kept whole because of a limit.
    pub(crate) is_cut: bool,
    /// How many multiparts were met.
    multiparts: usize,
}

impl<'x> Parts<'x> {
    /// Cuts a mail, whose headers were read already.
    pub(crate) fn of(raw: &'x [u8]) -> Self {
        let mut parts = Self { all: Vec::new(), is_cut: false, multiparts: 0 };
        parts.add(raw, 0, None);
        parts
    }

    fn add(&mut self, raw: &'x [u8], depth: usize, alternative: Option<usize>) {
        if self.all.len() >= PARTS_MAX || self.multiparts >= PARTS_MAX {
            self.is_cut = true;
            return;
        }
        let (head, body) = (Head::read(raw), &raw[head_len(raw)..]);
        let kind = head.kind().unwrap_or_else(|| "text/plain".to_owned());
        let boundary = head.attribute("Content-Type", "boundary").filter(|_| kind.starts_with("multipart/"));
        let Some(boundary) = boundary.filter(|boundary| !boundary.is_empty() && boundary.len() <= 200) else {
            // A multipart without a boundary can't be cut: its words are shown as they are.
            let kind = if kind.starts_with("multipart/") { "text/plain".to_owned() } else { kind };
            return self.all.push(Part { head, kind, body, alternative });
        };
        if depth >= DEPTH_MAX {
            self.is_cut = true;
            let kind = "application/octet-stream".to_owned();
            return self.all.push(Part { head, kind, body, alternative });
        }
        self.multiparts += 1;
        let alternative = if kind == "multipart/alternative" { Some(self.multiparts) } else { alternative };
        let before = self.all.len();
        for inner in between(body, boundary.as_bytes()) {
            self.add(inner, depth + 1, alternative);
        }
        if self.all.len() == before && !self.is_cut {
            self.all.push(Part { head, kind: "text/plain".to_owned(), body, alternative });
        }
    }
}

impl Part<'_> {
    /// Its bytes without their transfer encoding; those that do not decode stay as they came.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let encoding = self.head.text("Content-Transfer-Encoding").unwrap_or_default().to_ascii_lowercase();
        let decoded = match encoding.as_str() {
            "base64" => base64_decode(self.body),
            "quoted-printable" => quoted_printable_decode(self.body),
            _ => None,
        };
        decoded.unwrap_or_else(|| self.body.to_vec())
    }

    /// Its words by its charset; a byte that means nothing there becomes a mark.
    pub(crate) fn words(&self) -> String {
        let mut bytes = self.bytes();
        bytes.truncate(WORDS_BYTES_MAX);
        let charset = self.head.attribute("Content-Type", "charset").unwrap_or_default();
        match core::str::from_utf8(&bytes) {
            // Many mailers say another charset and write UTF-8: what is valid with letters beyond ASCII is no accident.
            Ok(text) if charset.is_empty() || (!text.is_ascii() && !is_seven_bit(&charset)) => {
                text.to_owned()
            }
            Ok(_) | Err(_) => {
                let decode = charset_decoder(charset.as_bytes()).or_else(|| charset_decoder(b"windows-1252"));
                decode.map_or_else(|| String::from_utf8_lossy(&bytes).into_owned(), |decode| decode(&bytes))
            }
        }
    }

    /// The name of its file, as the sender says.
    pub(crate) fn name(&self) -> Option<String> {
        let of_disposition = self.head.attribute("Content-Disposition", "filename");
        of_disposition.or_else(|| self.head.attribute("Content-Type", "name"))
    }
}

/// Charsets that write other letters with bytes of ASCII.
fn is_seven_bit(charset: &str) -> bool {
    let charset = charset.to_ascii_lowercase();
    charset.starts_with("utf-7")
        || charset.starts_with("iso-2022")
        || charset.starts_with("hz")
        || charset.starts_with("utf-16")
}

/// What stands between the lines of a boundary.
fn between<'x>(body: &'x [u8], boundary: &[u8]) -> Vec<&'x [u8]> {
    let (mut found, mut begin, mut at) = (Vec::new(), None, 0);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let after = at + line.len();
        let rest = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary));
        let end = rest.map(|rest| rest.trim_ascii()).filter(|rest| rest.is_empty() || *rest == b"--");
        if let Some(end) = end {
            if let Some(begin) = begin.take() {
                found.push(without_line_end(&body[begin..at]));
            }
            if !end.is_empty() || found.len() > PARTS_MAX {
                return found;
            }
            begin = Some(after);
        }
        at = after;
    }
    // A mail that was cut off on its way has no last line.
    found.extend(begin.map(|begin| &body[begin..]).filter(|rest| !rest.trim_ascii().is_empty()));
    found
}

fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}
