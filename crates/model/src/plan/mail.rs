//! The mail part of a plan: a mailbox, its servers, and how its mails are answered.

use std::path::PathBuf;

use turno_ground::Secret;

/// The settings of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailPlan {
    /// The address from which answers come.
    pub address: String,
    /// The name beside it.
    pub name: String,
    /// Other addresses of the same mailbox.
    pub aliases: Vec<MailAlias>,
    /// Where mails come from.
    pub imap: MailServer,
    /// The name there.
    pub user: String,
    /// The file with the password for both servers.
    pub password_file: PathBuf,
    /// What is in the file.
    pub password: Secret,
    /// The folder that is read.
    pub folder: String,
    /// The folder to which a kept mail is moved; empty: it stays.
    pub done: String,
    /// From where a mailbox is read that is new to turno.
    pub begin: MailBegin,
    /// Where mails leave.
    pub smtp: MailServer,
    /// Whether the server for mails that leave asks for the name and the password.
    pub smtp_login: bool,
    /// Certificates that are believed beside those of the machine.
    pub ca: Option<PathBuf>,
    /// The name with which the site's own server signs Authentication-Results.
    pub own_server: Option<String>,
    /// Whether the server delivers `local+anything@domain` to `local`.
    pub plus: bool,
    /// What stands under every answer.
    pub signature: String,
    /// What an acknowledgement says; empty: none is sent.
    pub acknowledgement: String,
    /// The most acknowledgements within an hour.
    pub acknowledgements_hourly: u32,
    /// The opening hours whose days are working days, by name; `None`: every day is one.
    pub hours: Option<String>,
    /// Working days for a question; 0: no term.
    pub question_days: u32,
    /// Working days for a complaint; 0: no term.
    pub complaint_days: u32,
    /// Working days for a suggestion; 0: no term.
    pub suggestion_days: u32,
}

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is encrypted.
    pub encryption: MailEncryption,
}

/// How the way to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailEncryption {
    /// From the first byte.
    Tls,
    /// After STARTTLS.
    Starttls,
    /// Not at all: a server on this machine.
    None,
}

/// From where a mailbox is read that is new to turno.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailBegin {
    /// What comes from now on.
    Now,
    /// Everything that lies in it.
    All,
}

/// Another address of the mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailAlias {
    /// It.
    pub address: String,
    /// The queue for its mail; `None`: that of all mail.
    pub queue: Option<String>,
    /// What kind of matter its mail is; `None`: by the words of the subject.
    pub kind: Option<MailKind>,
}

/// What kind of matter a mail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailKind {
    /// A question.
    Question,
    /// A complaint.
    Complaint,
    /// A suggestion.
    Suggestion,
}
