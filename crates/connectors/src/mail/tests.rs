//! Tests of the mail connector without servers; those with servers are in tests/tests/mail.

use super::key::key;
use super::session::folder_name;
use super::wire::{Framer, Response, Tag, TooLarge, Value};

fn responses(bytes: &[u8], step: usize) -> Vec<Response> {
    let (mut framer, mut found) = (Framer::new(100), Vec::new());
    for piece in bytes.chunks(step) {
        framer.push(piece);
        while let Some(response) = framer.pop().expect("nothing is too large") {
            found.push(response);
        }
    }
    assert!(framer.is_empty());
    found
}

#[test]
fn a_mail_with_line_ends_and_brackets_comes_out_whole_however_it_is_cut() {
    let stream = b"* 12 FETCH (UID 7 FLAGS (\\Seen) INTERNALDATE \"17-Jul-2026 02:44:25 -0700\" BODY[] {14}\r\nA: b\r\n\r\n)\"(\r\n\r RFC822.SIZE 14)\r\n\
        T3 OK [READ-WRITE] done\r\n+ idling\r\n* SEARCH 5 9\r\n* OK [UIDVALIDITY 77] fine\r\n* LIST () \"/\" \"a \\\"b\\\\\"\r\n";
    for step in [1, 2, 3, 7, 1_000] {
        let all = responses(stream, step);
        let fetched = all[0].fetched().expect("a mail");
        assert_eq!(
            (fetched.number("uid"), fetched.bytes("BODY[]")),
            (Some(7), Some(&b"A: b\r\n\r\n)\"(\r\n\r"[..]))
        );
        assert_eq!(fetched.number("RFC822.SIZE"), Some(14), "what follows the literal");
        assert_eq!((&all[1].tag, &*all[1].word()), (&Tag::Of("T3".to_owned()), "OK"));
        assert_eq!(all[2].tag, Tag::Continue);
        assert_eq!(all[3].found(), Some(vec![5, 9]));
        assert_eq!(all[4].code("uidvalidity"), Some(77));
        assert_eq!(all[5].values[3], Value::Text(b"a \"b\\".to_vec()));
    }
}

#[test]
fn a_server_that_sends_without_end_is_left() {
    let mut framer = Framer::new(100);
    framer.push(b"* 1 FETCH (BODY[] {101}\r\n");
    assert_eq!(framer.pop(), Err(TooLarge));
    let mut framer = Framer::new(100);
    framer.push(&vec![b'x'; 2 * 1024 * 1024]);
    assert_eq!(framer.pop(), Err(TooLarge));
    let deep = format!("* X {}\r\n", "(".repeat(100_000));
    assert_eq!(responses(deep.as_bytes(), 64 * 1024).len(), 1, "a list in a list in a list");
}

#[test]
fn folders_are_named_as_imap_writes_them() {
    // RFC 3501, 5.1.3 has the second.
    assert_eq!(folder_name("INBOX"), "\"INBOX\"");
    assert_eq!(folder_name("~peter/mail/台北/日本語"), "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"");
    assert_eq!(folder_name("a&b \"c\"\r\n"), "\"a&-b \\\"c\\\"\"");
}

#[test]
fn the_key_of_our_names_is_made_once_and_is_nobody_elses() {
    let folder = std::env::temp_dir().join(format!("turno-mail-key-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("mail.key");
    let made = key(&file).expect("a key");
    assert_eq!(key(&file).expect("the same"), made);
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).expect("a file").permissions());
    assert_eq!(mode & 0o777, 0o600);
    std::fs::write(&file, "short").expect("a file");
    assert!(key(&file).is_err(), "a wrong key is said and not replaced");
    std::fs::remove_dir_all(&folder).expect("it is ours");
}
