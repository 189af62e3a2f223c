//! What can be read of a message without trusting it: its first line, and the first value of a header.

/// The first line, without its end.
pub(crate) fn first_line(bytes: &[u8]) -> &[u8] {
    lines(bytes).next().unwrap_or_default()
}

/// The first value of a header by its name in lower case and its compact form (RFC 3261, 7.3.3).
pub(crate) fn header<'a>(bytes: &'a [u8], name: &str, compact: Option<u8>) -> Option<&'a [u8]> {
    lines(bytes).skip(1).take_while(|line| !line.is_empty()).find_map(|line| {
        let colon = memchr::memchr(b':', line)?;
        let key = line[..colon].trim_ascii_end();
        let is_named = key.eq_ignore_ascii_case(name.as_bytes())
            || compact.is_some_and(|letter| key.len() == 1 && key[0].eq_ignore_ascii_case(&letter));
        is_named.then(|| line[colon + 1..].trim_ascii())
    })
}

/// The Call-ID, by which a message finds its contact.
pub(crate) fn call_id(bytes: &[u8]) -> Option<&[u8]> {
    header(bytes, "call-id", Some(b'i'))
}

/// The number and the method of the CSeq as they stand.
pub(crate) fn cseq(bytes: &[u8]) -> Option<&[u8]> {
    header(bytes, "cseq", None)
}

/// What follows the empty line.
pub(crate) fn body(bytes: &[u8]) -> &[u8] {
    let end = memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4);
    let end = end.or_else(|| memchr::memmem::find(bytes, b"\n\n").map(|at| at + 2));
    end.map_or(&[], |at| &bytes[at..])
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|&sign| sign == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_id_is_found_in_its_compact_form_too() {
        // RFC 3261, 7.3.3.
        assert_eq!(call_id(b"BYE sip:a SIP/2.0\r\ni : x@y \r\n\r\nCall-ID: body"), Some(&b"x@y"[..]));
        assert_eq!(call_id(b"BYE sip:a SIP/2.0\r\ncALL-id:z\r\n\r\n"), Some(&b"z"[..]));
        assert_eq!(call_id(b"BYE sip:a SIP/2.0\r\n\r\nCall-ID: body"), None);
        assert_eq!(call_id(b"\x00\xff"), None);
    }
}
