//! Tests of mail, and what they share.

mod automatic_mails;
mod deceiving;
mod hostile;
mod properties;
mod reading;
mod terms;
mod threads;
mod writing;

use crate::mail::{Mail, Mailbox, Read, Signer};
use crate::time::Millis;

/// Monday, 30 November 2026, 15:00 in Quito.
const NOW: Millis = Millis(1_796_068_800_000);

fn mailbox() -> Mailbox {
    let signer = Signer::new(b"a key of a test", "quito.example");
    let mut mailbox = Mailbox::new("atencion@quito.example", "Municipio de Quito", signer);
    mailbox.hours.zone = jiff::tz::TimeZone::get("America/Guayaquil").expect("the bundled zone");
    mailbox.acknowledgement = "Su número es {number}.\nResponderemos hasta el {until}.".to_owned();
    mailbox
}

fn read(mailbox: &Mailbox, text: &str) -> Mail {
    match mailbox.read(text.replace('\n', "\r\n").as_bytes(), NOW) {
        Read::Mail(mail) => *mail,
        other @ (Read::Report(_) | Read::Nothing) => panic!("no mail, but {other:?}"),
    }
}

fn words(mail: &Mail) -> &str {
    mail.incoming.body.as_ref().and_then(|body| body.words()).unwrap_or_default()
}
