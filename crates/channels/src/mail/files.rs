//! Names and types of files that strangers send.

/// The most characters of a file's name.
const NAME_MAX: usize = 100;

/// A name without folders, control characters and signs that turn the direction of writing; never empty.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let fit = |sign: &char| !sign.is_control() && !is_turning(*sign) && !"<>:\"|?*".contains(*sign);
    let kept: String = last.chars().filter(fit).collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let kept = kept.trim_start_matches('.').trim();
    let count = kept.chars().count();
    if count == 0 {
        return "file".to_owned();
    }
    if count <= NAME_MAX {
        return kept.to_owned();
    }
    // The end says what kind of file it is.
    let end = kept.rsplit_once('.').map(|(_, end)| end).filter(|end| end.chars().count() <= 10);
    let begin: String = kept.chars().take(NAME_MAX - 12).collect();
    end.map_or_else(|| begin.clone(), |end| format!("{begin}….{end}"))
}

/// Signs that turn the direction of writing, or that nobody sees: `factura\u{202e}fdp.exe` reads like a PDF.
#[must_use]
pub(crate) fn is_turning(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

/// Signs without width that hide in words.
#[must_use]
pub(crate) fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{00ad}' | '\u{180e}' | '\u{e0000}'..='\u{e007f}')
}

/// The type of a file by its first bytes; what the sender says counts for text alone.
#[must_use]
pub fn kind_of(bytes: &[u8], said: &str) -> &'static str {
    let begins: [(&[u8], &str); 21] = [
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"BM", "image/bmp"),
        (b"PK\x03\x04", "application/zip"),
        (b"PK\x05\x06", "application/zip"),
        (b"Rar!", "application/vnd.rar"),
        (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        (b"\x1f\x8b", "application/gzip"),
        (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
        (b"MZ", "application/x-msdownload"),
        (b"\x7fELF", "application/x-executable"),
        (b"OggS", "audio/ogg"),
        (b"ID3", "audio/mpeg"),
        (b"\xff\xfb", "audio/mpeg"),
        (b"#!AMR", "audio/amr"),
        (b"{\\rtf", "application/rtf"),
        (b"#!", "text/x-script"),
    ];
    if let Some((_, kind)) = begins.iter().find(|(begin, _)| bytes.starts_with(begin)) {
        return kind;
    }
    match (bytes.get(..4), bytes.get(4..8), bytes.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => return "image/webp",
        (Some(b"RIFF"), _, Some(b"WAVE")) => return "audio/wav",
        (_, Some(b"ftyp"), Some(b"heic" | b"heix" | b"mif1")) => return "image/heic",
        (_, Some(b"ftyp"), Some(b"M4A ")) => return "audio/mp4",
        (_, Some(b"ftyp"), _) => return "video/mp4",
        (_, _, _) => {}
    }
    let begin = &bytes[..bytes.len().min(1024)];
    let is_text =
        core::str::from_utf8(begin).map_or_else(|fault| fault.valid_up_to() + 4 > begin.len(), |_| true);
    if !is_text || begin.contains(&0) {
        return "application/octet-stream";
    }
    let small = String::from_utf8_lossy(begin).trim_start().to_ascii_lowercase();
    let is_page = ["<!doctype html", "<html", "<script", "<svg", "<body", "<?xml"];
    match said {
        // A page or a drawing may carry a script: it is a file to save and never one to show.
        _ if is_page.iter().any(|page| small.starts_with(page)) => "application/octet-stream",
        "text/calendar" => "text/calendar",
        "text/csv" => "text/csv",
        "message/rfc822" | "message/global" => "message/rfc822",
        _ => "text/plain",
    }
}
