//! Text of strangers, as it may be shown: nothing in it changes the order or the place of what stands around it.

/// Without control characters but line ends, and without marks of direction, which let words and file names read otherwise
/// than they are.
pub(crate) fn harmless(text: &str) -> String {
    let shown = text.chars().filter_map(|sign| match sign {
        '\n' => Some('\n'),
        '\t' => Some(' '),
        '\u{2028}' | '\u{2029}' => Some('\n'),
        sign if sign.is_control() || is_hidden(sign) => None,
        sign => Some(sign),
    });
    shown.collect()
}

/// The same on one line, and at most so long: a name.
pub(crate) fn harmless_line(text: &str, most: usize) -> String {
    let line = harmless(text).replace('\n', " ");
    line.trim().chars().take(most).collect()
}

/// A file's name without folders, as it may be shown and sent on.
pub(crate) fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let line: String = harmless_line(last, 120)
        .chars()
        .filter(|sign| !matches!(sign, '"' | '<' | '>' | '|' | '?' | '*' | ':'))
        .collect();
    let name = line.trim_start_matches('.').trim();
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

/// Marks of direction, signs without width that are no part of a script, and tags.
const fn is_hidden(sign: char) -> bool {
    matches!(sign,
        '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::{file_name, harmless, harmless_line};

    #[test]
    fn what_turns_words_round_is_gone_and_words_stay() {
        assert_eq!(harmless("a\u{202E}gpj.exe\u{2066}b\0\u{7}\r\nc\td"), "agpj.exeb\nc d");
        for text in ["¿Cuánto cuesta la patente?", "שלום", "مرحبا", "👩‍👧 👍🏽", "می‌خواهم", "<script>&amp;"]
        {
            assert_eq!(harmless(text), text);
        }
        assert_eq!(harmless_line("a\nb \u{2028}c", 4), "a b ");
    }

    #[test]
    fn a_files_name_has_no_folders_and_hides_no_ending() {
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("C:\\x\\planilla.pdf"), "planilla.pdf");
        assert_eq!(file_name("foto\u{202E}gpj.exe"), "fotogpj.exe");
        assert_eq!(file_name("<img src=x onerror=alert(1)>.png"), "img src=x onerror=alert(1).png");
        for nothing in ["", "/", "..", "\u{202E}"] {
            assert_eq!(file_name(nothing), "file");
        }
        assert_eq!(file_name(&"x".repeat(300)).len(), 120);
    }
}
