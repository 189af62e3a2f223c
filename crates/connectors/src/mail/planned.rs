//! The settings of a mailbox out of the plan.

use std::fs;
use std::path::PathBuf;

use turno_channels::mail::{Alias, Kind, Limits, Mailbox, Signer, Terms};
use turno_model::Hours;
use turno_model::plan::{MailBegin, MailEncryption, MailKind, MailPlan, MailServer, Plan};

use crate::mail::settings::{Begin, Encryption, Login, Server, Settings};

/// How often a server is asked that does not tell by itself, in seconds.
const POLL_SECS: u32 = 30;

impl Settings {
    /// The mailbox of a plan; `None`: it has none. `key` signs our names and must be the same after every start; `notes` is the file
    /// in which the place in the mailbox is noted.
    ///
    /// # Errors
    /// The authority's file can't be read, in words.
    pub fn planned(plan: &Plan, key: &[u8], notes: PathBuf) -> Result<Option<Self>, String> {
        let Some(mail) = &plan.mail else { return Ok(None) };
        let authority = mail
            .ca
            .as_ref()
            .map(|file| fs::read(file).map_err(|fault| format!("{}: {fault}", file.display())));
        let login = Login { user: mail.user.clone(), password: mail.password.reveal().to_owned() };
        Ok(Some(Self {
            mailbox: mailbox(plan, mail, key),
            imap: server(&mail.imap),
            folder: mail.folder.clone(),
            done: Some(mail.done.clone()).filter(|done| !done.is_empty()),
            begin: match mail.begin {
                MailBegin::Now => Begin::Now,
                MailBegin::All => Begin::All,
            },
            poll_secs: POLL_SECS,
            smtp: server(&mail.smtp),
            smtp_login: mail.smtp_login.then(|| login.clone()),
            hello: domain(&mail.address).to_owned(),
            authority: authority.transpose()?,
            acknowledgements_hourly: mail.acknowledgements_hourly,
            login,
            notes,
        }))
    }
}

fn mailbox(plan: &Plan, mail: &MailPlan, key: &[u8]) -> Mailbox {
    let days = |days: u32| u16::try_from(days).ok().filter(|days| *days > 0);
    let hours = mail.hours.as_ref().and_then(|name| plan.hours.iter().find(|hours| hours.name == *name));
    Mailbox {
        address: mail.address.clone(),
        name: mail.name.clone(),
        aliases: mail
            .aliases
            .iter()
            .map(|alias| Alias {
                address: alias.address.clone(),
                queue: alias.queue.clone(),
                kind: alias.kind.map(|kind| match kind {
                    MailKind::Question => Kind::Question,
                    MailKind::Complaint => Kind::Complaint,
                    MailKind::Suggestion => Kind::Suggestion,
                }),
            })
            .collect(),
        signer: Signer::new(key, domain(&mail.address)),
        has_plus: mail.plus,
        signature: mail.signature.trim_end().to_owned(),
        acknowledgement: mail.acknowledgement.trim_end().to_owned(),
        own_server: mail.own_server.clone(),
        terms: Terms {
            question: days(mail.question_days),
            complaint: days(mail.complaint_days),
            suggestion: days(mail.suggestion_days),
        },
        hours: hours.cloned().unwrap_or_else(|| Hours::always("mail")),
        limits: Limits::default(),
    }
}

fn domain(address: &str) -> &str {
    address.rsplit('@').next().unwrap_or_default()
}

fn server(server: &MailServer) -> Server {
    let encryption = match server.encryption {
        MailEncryption::Tls => Encryption::Tls,
        MailEncryption::Starttls => Encryption::Starttls,
        MailEncryption::None => Encryption::None,
    };
    Server { host: server.host.clone(), port: server.port, encryption }
}
