//! The header lines of an INVITE that a refusal repeats, found without reading the rest.
//!
//! In overload nine of ten calls are refused, so a refusal must be cheap. An unusual INVITE has no outline and is read
//! like any other message.

/// Cap on the start line and headers of an INVITE with an outline, in bytes.
const HEAD_BYTES_MAX: usize = 4_096;

/// Cap on the Via lines of an outline.
const VIAS_MAX: usize = 4;

/// The lines of a request that its response repeats (RFC 3261, 8.2.6.2), without their names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outline<'a> {
    pub(crate) vias: [&'a str; VIAS_MAX],
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) call_id: &'a str,
    pub(crate) cseq: &'a str,
}

impl<'a> Outline<'a> {
    /// The outline of an INVITE outside dialogs; `None` for any other message, and for an INVITE that must be read in
    /// full.
    pub(crate) fn of_invite(bytes: &'a [u8]) -> Option<Self> {
        let head = &bytes[..bytes.len().min(HEAD_BYTES_MAX)];
        let end = memchr::memmem::find(head, b"\r\n\r\n")?;
        let mut lines = core::str::from_utf8(&head[..end]).ok()?.split("\r\n");
        let start = lines.next()?;
        if !(start.starts_with("INVITE ") && start.ends_with(" SIP/2.0")) {
            return None;
        }
        let mut outline = Self { vias: [""; VIAS_MAX], from: "", to: "", call_id: "", cseq: "" };
        let mut vias = 0;
        for line in lines {
            // Folded lines and control characters in values are unusual.
            let (name, value) = line.split_once(':')?;
            let (name, value) = (name.trim_ascii_end(), value.trim_ascii());
            if name.starts_with([' ', '\t']) {
                return None;
            }
            let place = match field(name) {
                Some(Field::Via) => {
                    vias += 1;
                    outline.vias.get_mut(vias - 1)?
                }
                Some(Field::From) => &mut outline.from,
                Some(Field::To) => &mut outline.to,
                Some(Field::CallId) => &mut outline.call_id,
                Some(Field::CSeq) => &mut outline.cseq,
                None => continue,
            };
            if !place.is_empty() || value.is_empty() || value.bytes().any(|byte| byte < b' ' || byte == 0x7f)
            {
                return None;
            }
            *place = value;
        }
        let Self { vias, from, to, call_id, cseq } = outline;
        let is_whole = [vias[0], from, to, call_id, cseq].iter().all(|value| !value.is_empty());
        let is_fresh = !has_tag(to) && cseq.ends_with("INVITE");
        // Several values in the first Via line would need splitting.
        (is_whole && is_fresh && !vias[0].contains(',')).then_some(outline)
    }
}

#[derive(Clone, Copy)]
enum Field {
    Via,
    From,
    To,
    CallId,
    CSeq,
}

fn field(name: &str) -> Option<Field> {
    let is = |long: &str, short: &str| name.eq_ignore_ascii_case(long) || name.eq_ignore_ascii_case(short);
    match name.len() {
        1 | 3 if is("via", "v") => Some(Field::Via),
        1 | 4 if is("from", "f") => Some(Field::From),
        1 | 2 if is("to", "t") => Some(Field::To),
        1 | 7 if is("call-id", "i") => Some(Field::CallId),
        4 if is("cseq", "cseq") => Some(Field::CSeq),
        _ => None,
    }
}

/// Whether a To value may contain a tag. A quoted name that looks like a tag only costs a full read.
fn has_tag(to: &str) -> bool {
    memchr::memchr_iter(b';', to.as_bytes()).any(|at| {
        let rest = to[at + 1..].trim_ascii_start();
        rest.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("tag"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invite(extra: &str) -> String {
        format!(
            "INVITE sip:7000@turno SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKa\nv: SIP/2.0/UDP 10.0.0.8\n\
             f : <sip:099@h>;tag=1\nTo: \"HeaderLine\" <sip:7000@turno>\nCALL-ID: x@h\nCSeq: 1 INVITE\n{extra}\n"
        )
        .replace('\n', "\r\n")
    }

    #[test]
    fn what_a_refusal_repeats_is_found_in_long_and_short_form() {
        // RFC 3261, 8.2.6.2.
        let text = invite("Subject: a, b\nContent-Length: 0\n");
        let outline = Outline::of_invite(text.as_bytes()).expect("a usual INVITE");
        assert_eq!(outline.vias, ["SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKa", "SIP/2.0/UDP 10.0.0.8", "", ""]);
        assert_eq!((outline.from, outline.to), ("<sip:099@h>;tag=1", "\"HeaderLine\" <sip:7000@turno>"));
        assert_eq!((outline.call_id, outline.cseq), ("x@h", "1 INVITE"));
    }

    #[test]
    fn whatever_is_unusual_is_read_like_any_other_message() {
        let usual = invite("");
        for (what, with) in [
            ("INVITE sip", "REGISTER sip"),
            ("SIP/2.0\r\nVia", "SIP/3.0\r\nVia"),
            ("branch=z9hG4bKa", "branch=z9hG4bKa, SIP/2.0/UDP h"),
            ("branch=z9hG4bKa", "branch=z9hG4bKa\r\n ;rport"),
            ("<sip:7000@turno>", "<sip:7000@turno> ; TAG=7"),
            ("To: ", "Tone: "),
            ("1 INVITE", "1 ACK"),
            ("x@h", "x\u{7f}h"),
            ("x@h", "x\nSupported: y"),
            ("x@h", "x@h\r\ni: y@h"),
            ("10.0.0.8", "10.0.0.8\r\nv: a\r\nv: b\r\nv: c"),
            ("\r\n\r\n", "\r\n"),
        ] {
            let unusual = usual.replace(what, with);
            assert_ne!(unusual, usual, "{what}");
            assert!(Outline::of_invite(unusual.as_bytes()).is_none(), "{with}");
        }
        assert!(Outline::of_invite(usual.as_bytes()).is_some());
        assert!(Outline::of_invite(b"").is_none());
    }
}
