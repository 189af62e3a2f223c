//! Names that strangers choose, made harmless for a screen: no folders, no control signs, no turned writing.

/// Characters of a name that are kept.
const NAME_MAX: usize = 100;

/// Signs that change the direction of what follows, or that nobody sees.
const fn is_hidden(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{061c}')
}

/// A person's name, or another word of one line; `None` if nothing remains.
#[must_use]
pub fn person_name(text: &str) -> Option<String> {
    let seen =
        text.chars().filter(|&sign| !is_hidden(sign)).map(|sign| if sign.is_control() { ' ' } else { sign });
    let line: String = seen.collect();
    let kept: String = line.trim().chars().take(NAME_MAX).collect();
    let kept = kept.trim_end();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// A file's name without folders.
#[must_use]
pub fn file_name(text: &str) -> Option<String> {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    person_name(last).filter(|name| !name.chars().all(|sign| sign == '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_visible_line() {
        assert_eq!(person_name(" Quitumbe\n").as_deref(), Some("Quitumbe"));
        assert_eq!(person_name("a\u{202e}cba\u{200b}\0b").as_deref(), Some("acba b"));
        assert_eq!(person_name("\u{200b}\n"), None);
        assert_eq!(person_name(&"ñ".repeat(500)).map(|name| name.chars().count()), Some(100));
    }

    #[test]
    fn a_file_has_no_folder() {
        assert_eq!(file_name("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(file_name("C:\\a\\predio.pdf").as_deref(), Some("predio.pdf"));
        assert_eq!(file_name("planos/").as_deref(), None);
        assert_eq!(file_name("..").as_deref(), None);
        // A name that would be shown as 'factura exe.pdf' is shown as it is.
        assert_eq!(file_name("factura\u{202e}fdp.exe").as_deref(), Some("facturafdp.exe"));
    }
}
