//! One change for each key of the mailbox.

use super::every_key_rows::Row;
use super::every_key_rows::Taken::ByStart;

/// Every key of [mail] and [[mail.alias]].
pub(super) const MAIL_ROWS: &[Row] = &[
    ("[mail]", "address", "[mail]", &["address = \"otra@municipio.example\""], ByStart),
    ("[mail]", "name", "[mail]", &["name = \"Municipio\""], ByStart),
    ("[mail]", "imap", "[mail]", &["imap = \"other.example:993\""], ByStart),
    ("[mail]", "imap_encryption", "[mail]", &["imap_encryption = \"starttls\""], ByStart),
    ("[mail]", "user", "[mail]", &["user = \"other\""], ByStart),
    ("[mail]", "password_file", "[mail]", &["password_file = \"pin.key\""], ByStart),
    ("[mail]", "folder", "[mail]", &["folder = \"Citizens\""], ByStart),
    ("[mail]", "done", "[mail]", &["done = \"\""], ByStart),
    ("[mail]", "from", "[mail]", &["from = \"all\""], ByStart),
    ("[mail]", "smtp", "[mail]", &["smtp = \"other.example:587\""], ByStart),
    ("[mail]", "smtp_encryption", "[mail]", &["smtp_encryption = \"tls\""], ByStart),
    ("[mail]", "smtp_login", "[mail]", &["smtp_login = false"], ByStart),
    ("[mail]", "ca", "[mail]", &["ca = \"one.pem\""], ByStart),
    ("[mail]", "own_server", "[mail]", &["own_server = \"mx.example\""], ByStart),
    ("[mail]", "plus", "[mail]", &["plus = true"], ByStart),
    ("[mail]", "signature", "[mail]", &["signature = \"Municipio\""], ByStart),
    ("[mail]", "acknowledgement", "[mail]", &["acknowledgement = \"{number}\""], ByStart),
    ("[mail]", "acknowledgements_hourly", "[mail]", &["acknowledgements_hourly = 5"], ByStart),
    ("[mail]", "hours", "[mail]", &["hours = \"office\""], ByStart),
    ("[mail]", "question_days", "[mail]", &["question_days = 3"], ByStart),
    ("[mail]", "complaint_days", "[mail]", &["complaint_days = 15"], ByStart),
    ("[mail]", "suggestion_days", "[mail]", &["suggestion_days = 15"], ByStart),
    ("[mail]", "alias", "[[mail.alias]]", &["kind = \"question\""], ByStart),
    ("[[mail.alias]]", "address", "[[mail.alias]]", &["address = \"quejas@municipio.example\""], ByStart),
    ("[[mail.alias]]", "queue", "[[mail.alias]]", &["queue = \"r\""], ByStart),
    ("[[mail.alias]]", "kind", "[[mail.alias]]", &["kind = \"complaint\""], ByStart),
];
