//! Text from the network that may be shown: no sign in it moves a cursor, hides, or turns the line round.

/// `text` on one line, every dangerous sign as a middle dot.
pub fn line(text: &str) -> String {
    text.chars().map(|sign| if is_dangerous(sign) { '·' } else { sign }).collect()
}

/// The bytes of a message as text of several lines.
pub(crate) fn lines(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n");
    text.chars().map(|sign| if is_dangerous(sign) && sign != '\n' { '·' } else { sign }).collect()
}

/// At most `most` signs, the last one `…` if something was cut.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

fn is_dangerous(sign: char) -> bool {
    sign.is_control()
        || matches!(sign,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sign_of_a_stranger_moves_the_cursor() {
        assert_eq!(line("a\u{1b}[2Jb\rc\nd\u{202e}e"), "a·[2Jb·c·d·e");
        assert_eq!(lines(b"INVITE\r\nFrom: \x1b]0;x\x07\r\n\xff"), "INVITE\nFrom: ·]0;x·\n\u{fffd}");
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
