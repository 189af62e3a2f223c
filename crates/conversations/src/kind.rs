//! What a file is, by its first bytes. What its sender says is not believed.

/// Bytes that are looked at to tell text from others.
const LOOK_BYTES: usize = 4_096;

/// The media type of a file; `application/octet-stream` if it is nothing that turno knows.
#[must_use]
pub fn kind_of(bytes: &[u8]) -> &'static str {
    for (at, begin, kind) in BEGINS {
        if bytes.get(*at..).is_some_and(|rest| rest.starts_with(begin)) {
            return kind;
        }
    }
    let begins = |with: &[u8]| bytes.starts_with(with);
    if begins(b"RIFF") {
        return match bytes.get(8..12) {
            Some(b"WEBP") => "image/webp",
            Some(b"WAVE") => "audio/wav",
            _ => OTHER,
        };
    }
    if bytes.get(4..8) == Some(b"ftyp".as_slice()) {
        return media_container(bytes.get(8..12).unwrap_or_default());
    }
    if begins(b"PK\x03\x04") {
        return archive(bytes);
    }
    if is_mp3(bytes) {
        return "audio/mpeg";
    }
    text(bytes)
}

/// A file that turno can't tell.
const OTHER: &str = "application/octet-stream";

/// Where each kind says what it is.
const BEGINS: &[(usize, &[u8], &str)] = &[
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"fLaC", "audio/flac"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", "application/x-executable"),
];

fn media_container(brand: &[u8]) -> &'static str {
    match brand {
        b"heic" | b"heix" | b"mif1" => "image/heic",
        b"avif" => "image/avif",
        b"M4A " => "audio/mp4",
        b"qt  " => "video/quicktime",
        brand if brand.starts_with(b"3g") => "video/3gpp",
        _ => "video/mp4",
    }
}

/// Documents of offices are archives; their first entries say which. Nothing is unpacked.
fn archive(bytes: &[u8]) -> &'static str {
    let look = bytes.get(..bytes.len().min(LOOK_BYTES)).unwrap_or_default();
    let has = |name: &[u8]| look.windows(name.len()).any(|part| part == name);
    if has(b"word/") {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    } else if has(b"xl/") {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    } else if has(b"ppt/") {
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    } else if has(b"opendocument.text") {
        "application/vnd.oasis.opendocument.text"
    } else if has(b"opendocument.spreadsheet") {
        "application/vnd.oasis.opendocument.spreadsheet"
    } else {
        "application/zip"
    }
}

/// An ID3 tag, or a frame of MPEG audio, layer III.
fn is_mp3(bytes: &[u8]) -> bool {
    bytes.starts_with(b"ID3") || matches!(bytes, [0xff, second, ..] if second & 0xe6 == 0xe2)
}

/// Words without control characters; what a browser could take for a page is named as one.
fn text(bytes: &[u8]) -> &'static str {
    let look = bytes.get(..bytes.len().min(LOOK_BYTES)).unwrap_or_default();
    let words = match core::str::from_utf8(look) {
        Ok(words) => words,
        // The last character may be cut.
        Err(error) if error.error_len().is_none() => {
            core::str::from_utf8(look.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
        Err(_) => return OTHER,
    };
    let is_control = |one: char| one.is_control() && !matches!(one, '\n' | '\r' | '\t');
    if words.is_empty() || words.chars().any(is_control) {
        return OTHER;
    }
    let lower = words.to_ascii_lowercase();
    if ["<svg", "<?xml", "<!doctype", "<html", "<script", "<body", "<iframe"]
        .iter()
        .any(|tag| lower.contains(tag))
    {
        "text/html"
    } else {
        "text/plain"
    }
}

#[cfg(test)]
mod tests {
    use super::kind_of;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        for (bytes, kind) in [
            (b"\xff\xd8\xff\xe0..JFIF".as_slice(), "image/jpeg"),
            (b"%PDF-1.7\n", "application/pdf"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"\0\0\0\x18ftypM4A \0", "audio/mp4"),
            (b"\0\0\0\x18ftypisom", "video/mp4"),
            (
                b"PK\x03\x04....word/document.xml",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            (b"PK\x03\x04....a.txt", "application/zip"),
            ("buenos días".as_bytes(), "text/plain"),
            (b"a note <script>alert(1)</script>", "text/html"),
            (b"\n <SVG onload=x>", "text/html"),
            (b"MZ\x90\0", "application/vnd.microsoft.portable-executable"),
            (b"", "application/octet-stream"),
            (b"\x01\x02\x03", "application/octet-stream"),
        ] {
            assert_eq!(kind_of(bytes), kind, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
