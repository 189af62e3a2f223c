//! A file as the body of an upload (RFC 7578).

use sha2::{Digest as _, Sha256};
use turno_channels::FileHere;

/// The body, and its content type.
pub(crate) fn form(file: &FileHere) -> (Vec<u8>, String) {
    let digest: String = Sha256::digest(&file.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut boundary = format!("turno-{}", &digest[..32]);
    // A file that contains its own digest would be a wonder; one more sign is another line all the same.
    while contains(&file.bytes, boundary.as_bytes()) {
        boundary.push('-');
    }
    let part = |name: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"");
    let kind: String = file.kind.chars().filter(|sign| sign.is_ascii_graphic() || *sign == ' ').collect();
    let mut body = Vec::with_capacity(file.bytes.len() + 512);
    body.extend(format!("{}\r\n\r\nwhatsapp\r\n", part("messaging_product")).bytes());
    body.extend(format!("{}\r\n\r\n{kind}\r\n", part("type")).bytes());
    let name: String = file.name.chars().map(quoted).collect();
    body.extend(format!("{}; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n", part("file")).bytes());
    body.extend(&file.bytes);
    body.extend(format!("\r\n--{boundary}--\r\n").bytes());
    (body, format!("multipart/form-data; boundary={boundary}"))
}

fn quoted(sign: char) -> char {
    if sign.is_control() || matches!(sign, '"' | '\\') { '_' } else { sign }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_part_with_its_name_and_its_kind() {
        let file = FileHere {
            name: "a\"\r\nb.pdf".into(),
            kind: "application/pdf\r\n".into(),
            bytes: b"%PDF".to_vec(),
        };
        let (body, kind) = form(&file);
        let boundary = kind.split("boundary=").nth(1).expect("a boundary");
        let body = String::from_utf8(body).expect("text");
        let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
        assert_eq!(parts.len(), 5);
        assert_eq!(
            parts[1],
            "\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n"
        );
        assert!(parts[3].contains("filename=\"a___b.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n"));
        assert_eq!(parts[4], "--\r\n");
    }
}
