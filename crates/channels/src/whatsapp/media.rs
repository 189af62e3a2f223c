//! Files: what they are by their first bytes, and as what the platform takes them.

/// What the platform calls a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaClass {
    /// A picture that is shown.
    Image,
    /// Sound.
    Audio,
    /// A film.
    Video,
    /// Anything else.
    Document,
}

const MIB: usize = 1_048_576;

impl MediaClass {
    /// Its name in a request.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::Document => "document",
        }
    }

    /// The largest file, in bytes.
    #[must_use]
    pub const fn bytes_max(self) -> usize {
        match self {
            Self::Image => 5 * MIB,
            Self::Audio | Self::Video => 16 * MIB,
            Self::Document => 100 * MIB,
        }
    }
}

/// As what a file of this media type and size is sent: whatever is too large or strange to be shown is a document.
#[must_use]
pub fn class_of(kind: &str, bytes: usize) -> MediaClass {
    let plain = kind.split(';').next().unwrap_or_default().trim();
    let class = match plain {
        "image/jpeg" | "image/png" => MediaClass::Image,
        "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" => MediaClass::Audio,
        "video/mp4" | "video/3gpp" => MediaClass::Video,
        _ => MediaClass::Document,
    };
    if bytes > class.bytes_max() { MediaClass::Document } else { class }
}

/// Beginnings of files, and what they tell.
const BEGINNINGS: &[(usize, &[u8], &str)] = &[
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"ID3", "audio/mpeg"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", "application/x-executable"),
];

/// Office documents, by what their sender says: inside they are one of two containers.
const IN_CONTAINERS: &[(&str, &str)] = &[
    ("application/zip", "application/vnd.openxmlformats-officedocument."),
    ("application/zip", "application/vnd.oasis.opendocument."),
    ("application/x-ole-storage", "application/msword"),
    ("application/x-ole-storage", "application/vnd.ms-"),
];

/// The media type of a file by its bytes; what its sender says counts only where it can't be a lie that matters.
#[must_use]
pub fn kind_of(bytes: &[u8], said: &str) -> String {
    let said = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let begins = |&&(at, begin, _): &&(usize, &[u8], &str)| {
        bytes.get(at..).is_some_and(|rest| rest.starts_with(begin))
    };
    if let Some((_, _, found)) = BEGINNINGS.iter().find(begins) {
        let fits = |(container, kind): &(&str, &str)| container == found && said.starts_with(kind);
        return if IN_CONTAINERS.iter().any(fits) { said } else { (*found).to_owned() };
    }
    // Frames of MPEG sound and of AAC begin with twelve bits that are set.
    if let [0xff, second, ..] = bytes
        && second & 0xe0 == 0xe0
    {
        return if second & 0x06 == 0 { "audio/aac" } else { "audio/mpeg" }.to_owned();
    }
    let is_text = core::str::from_utf8(bytes)
        .is_ok_and(|text| !text.chars().any(|sign| sign.is_control() && !sign.is_whitespace()));
    if !is_text {
        return "application/octet-stream".to_owned();
    }
    // Text that a browser would run stays text.
    if matches!(said.as_str(), "text/csv" | "text/calendar" | "text/vcard") {
        said
    } else {
        "text/plain".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        for (bytes, said, found) in [
            (b"\xff\xd8\xff\xe0".as_slice(), "image/png", "image/jpeg"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp", "image/webp"),
            (b"OggS\0", "audio/ogg; codecs=opus", "audio/ogg"),
            (b"\0\0\0\x18ftypmp42", "video/mp4", "video/mp4"),
            (b"\0\0\0\x18ftyp3gp5", "video/mp4", "video/3gpp"),
            (b"\xff\xf1\x50\x80", "", "audio/aac"),
            (b"\xff\xfb\x90", "", "audio/mpeg"),
            (b"%PDF-1.7", "image/jpeg", "application/pdf"),
            (b"MZ\x90", "application/pdf", "application/vnd.microsoft.portable-executable"),
            (
                b"PK\x03\x04",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            (b"PK\x03\x04", "image/jpeg", "application/zip"),
            (b"<script>alert(1)</script>", "text/html", "text/plain"),
            ("cédula,predio\n".as_bytes(), "text/csv", "text/csv"),
            (b"\0\x01\x02", "image/jpeg", "application/octet-stream"),
            (b"", "image/jpeg", "text/plain"),
        ] {
            assert_eq!(kind_of(bytes, said), found, "{said}");
        }
    }

    #[test]
    fn what_is_too_large_to_be_shown_goes_as_a_document() {
        assert_eq!(class_of("image/jpeg", 1_000), MediaClass::Image);
        assert_eq!(class_of("image/jpeg", 6 * MIB), MediaClass::Document);
        assert_eq!(class_of("image/gif", 1_000), MediaClass::Document);
        assert_eq!(class_of("audio/ogg; codecs=opus", 1_000), MediaClass::Audio);
    }
}
