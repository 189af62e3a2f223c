//! Tests of [mail] in a plan.

use turno_model::plan::{MailBegin, MailEncryption, MailKind};

use crate::tests::{Folder, QUEUE};

const MAIL: &str = "[mail]\naddress = \"atencion@municipio.example\"\nimap = \"imap.example:993\"\nsmtp = \"localhost:25\"\n\
    password_file = \"mail.key\"\n";

#[test]
fn a_mailbox_is_read_by_its_table_alone_and_keeps_its_password_to_itself() {
    let folder = Folder::new("mail");
    folder.put("queues.toml", QUEUE);
    assert_eq!(folder.load().expect("a plan").0.mail, None);
    folder.put("mail.key", "secret\n");
    folder.put("mail.toml", MAIL);
    let mail = folder.load().expect("a plan").0.mail.expect("a mailbox");
    assert_eq!((mail.user.as_str(), mail.password.reveal()), ("atencion@municipio.example", "secret"));
    assert_eq!(
        (mail.imap.host.as_str(), mail.imap.port, mail.imap.encryption),
        ("imap.example", 993, MailEncryption::Tls)
    );
    assert_eq!(
        (mail.smtp.encryption, mail.begin, mail.done.as_str()),
        (MailEncryption::Starttls, MailBegin::Now, "Turno")
    );
    assert!(!format!("{mail:?}").contains("secret"));
    folder.put("mail.toml", &format!("{MAIL}smtp_encryption = \"none\"\n[[mail.alias]]\naddress = \"quejas@municipio.example\"\nkind = \"complaint\"\n"));
    let mail = folder.load().expect("a server on this machine").0.mail.expect("a mailbox");
    assert_eq!(mail.aliases[0].kind, Some(MailKind::Complaint));
}

#[test]
fn a_mailbox_that_could_not_work_is_refused() {
    let folder = Folder::new("mail-refused");
    folder.put("queues.toml", QUEUE);
    folder.put("mail.key", "secret");
    for (line, words) in [
        ("address = \"atencion\"", "no mail address"),
        ("address = \"atencion+x@municipio.example\"", "no mail address"),
        ("imap = \"imap.example\"", "no server with a port"),
        ("imap = \"imap.example:0\"", "no server with a port"),
        ("imap_encryption = \"none\"", "in plain text"),
        ("password_file = \"missing.key\"", "missing.key"),
        ("hours = \"office\"", "office"),
        ("from = \"yesterday\"", "yesterday"),
        ("question_days = 400", "question_days"),
        ("alias = \"quejas@municipio.example\"", "[[mail.alias]]"),
        ("[[mail.alias]]\naddress = \"q@municipio.example\"\nqueue = \"nobody\"", "nobody"),
    ] {
        let key = line.split(" = ").next().expect("a key");
        let kept: Vec<&str> = MAIL.lines().filter(|old| !old.starts_with(&format!("{key} = "))).collect();
        folder.put("mail.toml", &format!("{}\n{line}\n", kept.join("\n")));
        let refused = folder.load().expect_err(line).to_string();
        assert!(refused.contains(words), "{line}: {refused}");
    }
    folder.put("mail.toml", "[mail]\n");
    let refused = folder.load().expect_err("an empty table").to_string();
    for key in ["address", "imap", "smtp", "password_file"] {
        assert!(refused.contains(key), "{key}: {refused}");
    }
}
