//! Mail against real servers: exim takes and delivers, dovecot keeps the mailboxes, both on free ports of loopback.

mod bad_servers;
mod bombs;
mod coming;
mod going;
mod killed;
mod loops;
mod old_mails;
mod post;
mod restarts;
mod servers;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use turno_channels::Millis;
use turno_channels::mail::{Mailbox, Signer};
use turno_connectors::mail::{Begin, Clock, Encryption, Login, Running, Server, Settings, start};

use post::Shelf;
use servers::Servers;

/// How long anything may take that happens at once on a machine without other work.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until something is true, and says what was awaited if it never is.
fn until(what: &str, mut is_true: impl FnMut() -> bool) {
    let rounds = PATIENCE.as_millis() / 10;
    for _ in 0..rounds {
        if is_true() {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    panic!("in vain: {what}");
}

fn clock() -> Clock {
    Arc::new(|| Millis(jiff::Timestamp::now().as_millisecond()))
}

/// A site whose mailbox is `address`, with its notes beside the servers' folders.
fn settings(servers: &Servers, address: &str) -> Settings {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let domain = address.rsplit('@').next().expect("a domain");
    let signer = Signer::new(format!("the key of {address}").as_bytes(), domain);
    let mut mailbox = Mailbox::new(address, "Municipio", signer);
    mailbox.acknowledgement = "Su número es {number}.".to_owned();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    Settings {
        mailbox,
        imap: Server { host: "localhost".to_owned(), port: servers.imaps, encryption: Encryption::Tls },
        login: Login { user: address.to_owned(), password: servers::PASSWORD.to_owned() },
        folder: "INBOX".to_owned(),
        done: Some("Turno".to_owned()),
        begin: Begin::Now,
        poll_secs: 30,
        smtp: Server { host: "localhost".to_owned(), port: servers.smtp, encryption: Encryption::Starttls },
        smtp_login: None,
        hello: "turno.example".to_owned(),
        authority: Some(servers.authority.clone()),
        acknowledgements_hourly: 0,
        notes: servers.folder.join(format!("notes-{count}.json")),
    }
}

/// Begins to use a mailbox, and waits until it is open.
fn open(settings: &Settings, shelf: &Arc<Shelf>) -> Running {
    let running = start(settings.clone(), Arc::<Shelf>::clone(shelf), clock()).expect("good settings");
    until("the mailbox is open", || running.figures().is_reading.get());
    running
}
