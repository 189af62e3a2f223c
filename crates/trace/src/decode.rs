//! A message in words, by rsip where it can read it, otherwise as its first line says.

use rsip::SipMessage;
use rsip::headers::ToTypedHeader;
use rsip::message::HeadersExt;

use crate::{raw, safe, sdp};

/// Longest title, in characters.
const TITLE_MAX: usize = 60;

/// Longest detail, in characters.
const DETAIL_MAX: usize = 160;

/// A message in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) title: String,
    pub(crate) cseq: String,
    pub(crate) detail: String,
}

/// What `bytes` say.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    let (title, cseq) = by_rsip(bytes).unwrap_or_else(|| as_it_stands(bytes));
    Decoded {
        title: safe::cut(&safe::line(&title), TITLE_MAX),
        cseq: safe::cut(&safe::line(&cseq), TITLE_MAX),
        detail: safe::cut(&safe::line(&detail(bytes)), DETAIL_MAX),
    }
}

fn by_rsip(bytes: &[u8]) -> Option<(String, String)> {
    let message = SipMessage::try_from(bytes).ok()?;
    let cseq = message.cseq_header().ok()?.typed().ok()?;
    let cseq = format!("{} {}", cseq.seq, cseq.method);
    Some(match &message {
        SipMessage::Request(request) => (request.method.to_string(), cseq),
        SipMessage::Response(response) => {
            (with_reason(&response.status_code.code().to_string(), bytes), cseq)
        }
    })
}

/// rsip knows the usual reason of a status; the peer's own says more.
fn with_reason(code: &str, bytes: &[u8]) -> String {
    let line = String::from_utf8_lossy(raw::first_line(bytes));
    let reason = line.splitn(3, ' ').nth(2).unwrap_or_default().trim();
    if reason.is_empty() { code.to_owned() } else { format!("{code} {reason}") }
}

fn as_it_stands(bytes: &[u8]) -> (String, String) {
    let line = String::from_utf8_lossy(raw::first_line(bytes)).into_owned();
    let title = match line.strip_prefix("SIP/2.0 ") {
        Some(status) => status.to_owned(),
        None => {
            let is_request = line.trim_end().ends_with(" SIP/2.0");
            let method = line.split(' ').next().unwrap_or_default();
            if is_request { method.to_owned() } else { line.clone() }
        }
    };
    let cseq = String::from_utf8_lossy(raw::cseq(bytes).unwrap_or_default()).into_owned();
    let title = if title.trim().is_empty() { format!("({} bytes)", bytes.len()) } else { title };
    (title, cseq)
}

fn detail(bytes: &[u8]) -> String {
    let mut parts = Vec::new();
    let media = sdp::in_words(raw::body(bytes));
    if !media.is_empty() {
        parts.push(media);
    }
    for (name, word) in
        [("reason", "reason"), ("refer-to", "to"), ("warning", "warning"), ("retry-after", "retry after")]
    {
        let compact = (name == "refer-to").then_some(b'r');
        if let Some(value) = raw::header(bytes, name, compact) {
            parts.push(format!("{word} {}", String::from_utf8_lossy(value)));
        }
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rsip_reads_is_told_by_rsip_and_the_rest_as_it_stands() {
        let invite = b"INVITE sip:1@h SIP/2.0\r\nCSeq: 7 INVITE\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(by_rsip(invite), Some(("INVITE".to_owned(), "7 INVITE".to_owned())));
        let ringing = b"SIP/2.0 180 Suena ya\r\nCSeq: 7 INVITE\r\n\r\n";
        assert_eq!(decode(ringing).title, "180 Suena ya");
        let broken = b"INVITE sip:a.b@h SIP/2.0\r\nCSeq: seven INVITE\r\n\r\n";
        let told = decode(broken);
        assert_eq!((told.title.as_str(), told.cseq.as_str()), ("INVITE", "seven INVITE"));
        assert_eq!(decode(b"\r\n\r\n").title, "(4 bytes)");
    }

    #[test]
    fn no_bytes_make_the_decoder_panic() {
        // Sessions are traced that a stranger made, with whatever that stranger sent.
        let mut rng = turno_ground::Rng::new(5);
        let good = b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nCSeq: 1 INVITE\r\nReason: SIP;cause=200\r\n\r\nv=0\r\nm=audio 1 RTP/AVP 0\r\n";
        for _ in 0..3_000 {
            let mut bytes = good.to_vec();
            for _ in 0..=rng.below(6) {
                let place = usize::try_from(rng.below(bytes.len() as u64)).unwrap_or(0);
                bytes[place] = u8::try_from(rng.below(256)).unwrap_or(0);
            }
            let _ = decode(&bytes[..usize::try_from(rng.below(bytes.len() as u64 + 1)).unwrap_or(0)]);
        }
    }
}
