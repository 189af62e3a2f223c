//! Text within a limit: long texts in pieces, long titles shortened, both at the borders of words.

/// How long the platform finds a text. It says 'characters'; counted in UTF-16 units no reading of that is exceeded.
pub(crate) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The bytes of the longest begin that has at most `max` units.
fn fits(text: &str, max: usize) -> usize {
    let mut units = 0;
    for (at, sign) in text.char_indices() {
        units += sign.len_utf16();
        if units > max {
            return at;
        }
    }
    text.len()
}

/// The text in pieces of at most `max` units: cut between paragraphs, else lines, else words, and inside a word only if it is too
/// long by itself. What lies in a cut is white space alone.
pub(crate) fn pieces(text: &str, max: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while length(rest) > max {
        let room = fits(rest, max);
        let begin = &rest[..room];
        // A border far in front would make many short pieces.
        let border = |sign: &str| begin.rfind(sign).filter(|&at| at > room / 2);
        let is_between = rest[room..].starts_with(char::is_whitespace);
        let word = begin.rfind(char::is_whitespace).filter(|&at| at > 0);
        let cut = border("\n\n").or_else(|| border("\n"));
        let cut = cut.or(if is_between { Some(room) } else { word }).unwrap_or(room);
        let (piece, after) = rest.split_at(cut);
        pieces.push(piece.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        pieces.push(rest.to_owned());
    }
    pieces
}

/// The text in at most `max` units, with '…' in place of what is missing.
pub(crate) fn shortened(text: &str, max: usize) -> String {
    let text = text.trim();
    if length(text) <= max {
        return text.to_owned();
    }
    let room = fits(text, max.saturating_sub(1));
    let begin = &text[..room];
    let at_border = text[room..].starts_with(char::is_whitespace);
    let word = begin.rfind(char::is_whitespace).filter(|&at| at > room / 2);
    let kept = if at_border { begin } else { word.map_or(begin, |at| &begin[..at]) };
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_is_cut_where_a_reader_would_pause() {
        assert_eq!(pieces("uno dos tres", 8), ["uno dos", "tres"]);
        assert_eq!(pieces("uno dos\n\ntres cuatro", 14), ["uno dos", "tres cuatro"]);
        assert_eq!(pieces("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(pieces("  ", 3), Vec::<String>::new());
        assert_eq!(pieces("👍👍👍", 4), ["👍👍", "👍"], "an emoji is two units, and is never cut");
        assert_eq!(shortened("Impuesto predial: consulta y pago", 24), "Impuesto predial:…");
        assert_eq!(shortened("LUAE", 20), "LUAE");
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_no_piece_is_too_long(text in "[a-zñ👍 \\n]{0,400}", max in 2usize..60) {
            let cut = pieces(&text, max);
            prop_assert!(cut.iter().all(|piece| !piece.trim().is_empty() && length(piece) <= max));
            let letters = |text: &str| text.chars().filter(|sign| !sign.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&cut.concat()), letters(&text));
            prop_assert!(length(&shortened(&text, max)) <= max);
        }
    }
}
