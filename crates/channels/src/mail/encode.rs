//! Words as headers and bodies of mails carry them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The most bytes of a line.
const LINE_BYTES: usize = 76;

/// The most bytes of words in one encoded word.
const WORD_BYTES: usize = 42;

/// A header with its words, encoded where they are not plain ASCII, folded.
pub(crate) fn header(name: &str, words: &str) -> String {
    format!("{name}: {}\r\n", encoded(words))
}

/// Words for a header. A line end never stands in them: it would begin a header of its own.
pub(crate) fn encoded(words: &str) -> String {
    let words: String = words.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    if words.is_ascii() && !words.contains("=?") && words.len() <= LINE_BYTES {
        return words;
    }
    let mut out: Vec<String> = Vec::new();
    let mut piece = String::new();
    for sign in words.chars() {
        if piece.len() + sign.len_utf8() > WORD_BYTES {
            out.push(format!("=?utf-8?B?{}?=", STANDARD.encode(core::mem::take(&mut piece))));
        }
        piece.push(sign);
    }
    out.push(format!("=?utf-8?B?{}?=", STANDARD.encode(piece)));
    out.join("\r\n ")
}

/// A name and an address for a header.
pub(crate) fn mailbox(name: &str, address: &str) -> String {
    if name.is_empty() {
        return format!("<{address}>");
    }
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" -'".contains(&byte));
    let is_short = name.len() <= 60;
    let name = if is_plain && is_short { name.to_owned() } else { always_encoded(name) };
    format!("{name}\r\n <{address}>")
}

fn always_encoded(words: &str) -> String {
    let done = encoded(words);
    // Plain words with commas or quotation marks would be read as several addresses.
    if done.starts_with("=?") { done } else { format!("=?utf-8?B?{}?=", STANDARD.encode(done.as_bytes())) }
}

/// A file's name for a parameter (RFC 2231), with a plain form for old readers.
pub(crate) fn file_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() || ".-_ ".contains(sign) { sign } else { '_' })
        .collect();
    if plain == name {
        return format!("filename=\"{plain}\"");
    }
    let percent = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    // The better form stands first: some readers take the first.
    format!("filename*=utf-8''{};\r\n filename=\"{plain}\"", name.bytes().map(percent).collect::<String>())
}

/// Bytes as lines of base64.
pub(crate) fn base64_lines(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let mut out = String::with_capacity(text.len() + text.len() / LINE_BYTES * 2 + 2);
    for line in text.as_bytes().chunks(LINE_BYTES) {
        out.extend(line.iter().map(|byte| char::from(*byte)));
        out.push_str("\r\n");
    }
    out
}

/// Words as quoted-printable lines.
pub(crate) fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split('\n') {
        let line = line.trim_end_matches('\r');
        let mut len = 0;
        for (at, byte) in line.bytes().enumerate() {
            let is_last = at + 1 == line.len();
            let is_plain = (byte.is_ascii_graphic() && byte != b'=') || (byte == b' ' && !is_last);
            // A dot or a 'From ' at the begin of a line was changed by mail servers of old.
            let is_plain = is_plain && !(len == 0 && (byte == b'.' || byte == b'F'));
            let piece = if is_plain { char::from(byte).to_string() } else { format!("={byte:02X}") };
            if len + piece.len() > LINE_BYTES - 1 {
                out.push_str("=\r\n");
                len = 0;
            }
            len += piece.len();
            out.push_str(&piece);
        }
        out.push_str("\r\n");
    }
    out
}
