//! Class of a message from a quick scan: part of a call under way, or the beginning of something.
//!
//! Messages of calls under way are handled first, so that accepted calls stay fast under any load. The scan costs a few
//! hundred nanoseconds and decides only the order: a forged tag gains no access.

use turno_sip::is_turned_away;

/// Class of a message for the priority queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A response, or a request of a call under way.
    Running,
    /// Cancels the INVITE with this mark, so it must not overtake that INVITE.
    Cancel(u16),
    /// Begins a call. The mark is the same in its CANCEL.
    Invite(u16),
    /// Begins something else, or is not SIP at all.
    Fresh,
    /// The ACK to a stateless refusal: it has no effect.
    Spent,
}

/// Cap on the scanned bytes: To and the first Via stand near the top.
const GLANCE_BYTES_MAX: usize = 2_048;

/// Reads the start line, the first Via and To.
pub fn classify(bytes: &[u8]) -> Class {
    let bytes = &bytes[..bytes.len().min(GLANCE_BYTES_MAX)];
    if bytes.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"SIP/")) {
        return Class::Running;
    }
    let method = &bytes[..memchr::memchr(b' ', bytes).unwrap_or(0)];
    match method {
        b"ACK" if header(bytes, b"to", b't').is_some_and(is_turned_away) => Class::Spent,
        b"ACK" | b"BYE" | b"PRACK" | b"UPDATE" | b"INFO" => Class::Running,
        b"CANCEL" => Class::Cancel(mark(bytes)),
        _ if is_within_dialog(bytes) => Class::Running,
        b"INVITE" => Class::Invite(mark(bytes)),
        _ => Class::Fresh,
    }
}

fn is_within_dialog(bytes: &[u8]) -> bool {
    header(bytes, b"to", b't').is_some_and(|value| find(value, b";tag=").is_some())
}

/// A short hash of the branch in the first Via.
fn mark(bytes: &[u8]) -> u16 {
    let Some(via) = header(bytes, b"via", b'v') else { return 0 };
    let Some(branch) = find(via, b"branch=").map(|at| &via[at + 7..]) else { return 0 };
    let end = branch.iter().position(|byte| matches!(byte, b';' | b',' | b' ')).unwrap_or(branch.len());
    let hash = branch[..end]
        .iter()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 16)) as u16
}

/// The value of the first header with this name, in its long or short form.
pub(crate) fn header<'a>(bytes: &'a [u8], long: &[u8], short: u8) -> Option<&'a [u8]> {
    let mut rest = bytes;
    loop {
        rest = &rest[memchr::memchr(b'\n', rest)? + 1..];
        let line = &rest[..memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len())];
        if line.is_empty() {
            return None;
        }
        let Some(colon) = memchr::memchr(b':', line) else { continue };
        let name = line[..colon].trim_ascii_end();
        if name.eq_ignore_ascii_case(long) || matches!(name, [one] if one.eq_ignore_ascii_case(&short)) {
            return Some(&line[colon + 1..]);
        }
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|here| here.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(text: &str) -> Class {
        classify(text.replace('\n', "\r\n").as_bytes())
    }

    #[test]
    fn what_belongs_to_a_call_under_way_is_seen_at_a_glance() {
        let via = "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKa\n";
        assert_eq!(class("SIP/2.0 200 OK\nTo: <sip:a@b>\n\n"), Class::Running);
        assert_eq!(class(&format!("ACK sip:a@b SIP/2.0\n{via}\n")), Class::Running);
        assert_eq!(class(&format!("INVITE sip:a@b SIP/2.0\n{via}To: <sip:a@b>;tag=1\n\n")), Class::Running);
        assert_eq!(class(&format!("INVITE sip:a@b SIP/2.0\nt : <sip:a@b> ;TAG=1\n{via}\n")), Class::Running);
        let of_refusal = format!("ACK sip:a@b SIP/2.0\n{via}To: <sip:a@b>;tag=turned-away-1\n\n");
        assert_eq!(class(&of_refusal), Class::Spent);
        assert_eq!(class(&of_refusal.replace("ACK", "BYE")), Class::Running);
        assert_eq!(class("REGISTER sip:b SIP/2.0\nTo: <sip:a@b>\nFrom: <sip:a@b>;tag=1\n\n"), Class::Fresh);
        assert_eq!(class("OPTIONS sip:b SIP/2.0\n\nTo: <sip:a@b>;tag=in the body\n"), Class::Fresh);
        assert_eq!(class(""), Class::Fresh);
        assert_eq!(class("\n\n"), Class::Fresh);
        assert_eq!(classify(&[0xff; 5000]), Class::Fresh);
    }

    #[test]
    fn a_cancel_bears_the_mark_of_its_invite() {
        let of = |method: &str, branch: &str| {
            class(&format!(
                "{method} sip:a@b SIP/2.0\nv: SIP/2.0/UDP h;rport;branch={branch};x\nt: <sip:a@b>\n\n"
            ))
        };
        let (Class::Invite(one), Class::Cancel(two)) = (of("INVITE", "z9hG4bK1"), of("CANCEL", "z9hG4bK1"))
        else {
            panic!("an INVITE and its CANCEL");
        };
        assert_eq!(one, two);
        assert_ne!(of("INVITE", "z9hG4bK2"), Class::Invite(one));
    }
}
