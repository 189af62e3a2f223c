//! Where a mailbox is, and how it is used.

use std::path::PathBuf;

use turno_channels::mail::Mailbox;

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// From its first byte.
    Tls,
    /// After a word in plain text (STARTTLS). A server that does not know the word is not used.
    Starttls,
    /// Not at all: for a server on this machine.
    None,
}

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is encrypted.
    pub encryption: Encryption,
}

/// A name and its password.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
}

/// Says neither.
impl core::fmt::Debug for Login {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Login(..)")
    }
}

/// From where a mailbox is read when turno sees it for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// What comes from now on.
    Now,
    /// Everything that lies in it.
    All,
}

/// A mailbox with its servers.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How mails are read and written.
    pub mailbox: Mailbox,
    /// Where they come from.
    pub imap: Server,
    /// The name and the password there.
    pub login: Login,
    /// The folder that is read.
    pub folder: String,
    /// The folder to which a mail is moved when it is kept; `None`: it stays.
    pub done: Option<String>,
    /// From where a mailbox is read that is new to turno.
    pub begin: Begin,
    /// How often a server is asked that does not tell by itself, in seconds.
    pub poll_secs: u32,
    /// Where they leave.
    pub smtp: Server,
    /// The name and the password there; `None`: it asks for none.
    pub smtp_login: Option<Login>,
    /// How this machine calls itself there.
    pub hello: String,
    /// Certificates in PEM that are believed beside those of the machine.
    pub authority: Option<Vec<u8>>,
    /// The most acknowledgements within an hour; 0 sends none.
    pub acknowledgements_hourly: u32,
    /// The file in which the place in the mailbox and the latest acknowledgements are noted.
    pub notes: PathBuf,
}
