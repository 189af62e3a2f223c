//! One session description in a few words: where to send, in which codecs, which way.

/// Codecs that are named at most.
const CODECS_MAX: usize = 5;

/// The first audio stream of `body`; empty if there is none.
pub(crate) fn in_words(body: &[u8]) -> String {
    if !body.starts_with(b"v=0") {
        return String::new();
    }
    let text = String::from_utf8_lossy(body);
    let mut address = "";
    let mut port = "";
    let mut types: Vec<&str> = Vec::new();
    let mut names: Vec<(&str, &str)> = Vec::new();
    let mut direction = "";
    let mut audio_seen = false;
    for line in text.lines() {
        let Some((kind, value)) = line.split_once('=') else { continue };
        match kind {
            "c" => address = value.split_whitespace().nth(2).unwrap_or_default(),
            "m" if audio_seen => break,
            "m" => {
                let mut words = value.split_whitespace();
                audio_seen = words.next() == Some("audio");
                port = words.next().unwrap_or_default();
                types = words.skip(1).collect();
            }
            "a" => {
                if let Some((number, name)) = value.strip_prefix("rtpmap:").and_then(|it| it.split_once(' '))
                {
                    names.push((number, name.split('/').next().unwrap_or_default()));
                } else if matches!(value, "sendonly" | "recvonly" | "inactive") {
                    direction = value;
                }
            }
            _ => {}
        }
    }
    if !audio_seen {
        return String::new();
    }
    let named = |number: &&str| names.iter().find(|(known, _)| known == number).map(|&(_, name)| name);
    let codecs: Vec<String> = types
        .iter()
        .take(CODECS_MAX)
        .map(|number| named(number).or_else(|| well_known(number)).unwrap_or(number).to_owned())
        .collect();
    let more = if types.len() > CODECS_MAX { " …" } else { "" };
    let direction = if direction.is_empty() { String::new() } else { format!(" {direction}") };
    format!("{address}:{port}{direction} {}{more}", codecs.join(" "))
}

/// Payload types that need no map (RFC 3551, 6).
fn well_known(number: &str) -> Option<&'static str> {
    match number {
        "0" => Some("PCMU"),
        "3" => Some("GSM"),
        "8" => Some("PCMA"),
        "9" => Some("G722"),
        "13" => Some("CN"),
        "18" => Some("G729"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_says_its_codecs_and_its_address() {
        let offer = b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 6000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n\
            a=sendonly\r\nm=video 1 RTP/AVP 99\r\n";
        assert_eq!(in_words(offer), "127.0.0.1:6000 sendonly PCMA PCMU telephone-event");
        assert_eq!(in_words(b"v=0\r\nm=image 1 udptl t38"), "");
        assert_eq!(in_words(b"Signal=1"), "");
    }
}
