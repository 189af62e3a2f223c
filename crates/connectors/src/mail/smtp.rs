//! One SMTP connection: what became of a mail, told by how far the talk had got.

use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use turno_channels::Outcome;
use turno_channels::mail::Outgoing;

use crate::mail::settings::{Encryption, Login, Server};

/// How long one answer of the server may take.
const ANSWER_SPAN: Duration = Duration::from_secs(60);

/// After how many seconds a letter is tried again that the site's own server did not take for the site's own fault.
const OWN_FAULT_SECS: u32 = 300;

/// The way out.
pub(crate) struct Smtp {
    server: Server,
    login: Option<Login>,
    hello: ClientId,
    tls: Option<TlsParameters>,
    connection: Option<SmtpConnection>,
}

/// How far the talk about one mail had got when it failed.
enum Stage {
    /// It is about the way: the connection, the password, our own address.
    Way,
    /// It is about the person's address or the mail.
    Mail,
}

impl Smtp {
    pub(crate) fn new(
        server: Server,
        login: Option<Login>,
        hello: &str,
        authority: Option<&[u8]>,
    ) -> Result<Self, String> {
        let mut tls = None;
        if server.encryption != Encryption::None {
            let mut builder = TlsParameters::builder(server.host.clone());
            if let Some(authority) = authority {
                let certificate = Certificate::from_pem(authority).map_err(|fault| fault.to_string())?;
                builder = builder.add_root_certificate(certificate);
            }
            tls = Some(builder.build_rustls().map_err(|fault| fault.to_string())?);
        }
        Ok(Self { server, login, hello: ClientId::Domain(hello.to_owned()), tls, connection: None })
    }

    /// Sends a mail. It is tried a second time at once only if an old connection was dead before the mail began.
    pub(crate) fn deliver(&mut self, mail: &Outgoing, tries: u32) -> Outcome {
        let was_open = self.connection.is_some();
        let outcome = self.try_once(mail, tries);
        match outcome {
            Outcome::Later { .. } if was_open && self.connection.is_none() => self.try_once(mail, tries),
            Outcome::Later { .. }
            | Outcome::Sent { .. }
            | Outcome::Failed { .. }
            | Outcome::Unknown { .. } => outcome,
        }
    }

    /// Ends the connection if there is one.
    pub(crate) fn close(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            let _ = connection.quit();
        }
    }

    fn try_once(&mut self, mail: &Outgoing, tries: u32) -> Outcome {
        let mut connection = match self.connection.take().map_or_else(|| self.connect(), Ok) {
            Ok(connection) => connection,
            Err(fault) => return outcome_of(&fault, &Stage::Way, tries),
        };
        let outcome = talk(&mut connection, mail, tries);
        match outcome {
            Outcome::Sent { .. } => self.connection = Some(connection),
            // The connection's state is not known any more.
            Outcome::Later { .. } | Outcome::Failed { .. } | Outcome::Unknown { .. } => connection.abort(),
        }
        outcome
    }

    fn connect(&self) -> Result<SmtpConnection, Error> {
        let address = (self.server.host.as_str(), self.server.port);
        let first = self.tls.as_ref().filter(|_| self.server.encryption == Encryption::Tls);
        let mut connection = SmtpConnection::connect(address, Some(ANSWER_SPAN), &self.hello, first, None)?;
        if let Some(tls) = self.tls.as_ref().filter(|_| self.server.encryption == Encryption::Starttls) {
            connection.starttls(tls, &self.hello)?;
        }
        if let Some(login) = &self.login {
            let credentials = Credentials::new(login.user.clone(), login.password.clone());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials)?;
        }
        Ok(connection)
    }
}

fn talk(connection: &mut SmtpConnection, mail: &Outgoing, tries: u32) -> Outcome {
    let address = |text: &str| text.parse::<lettre::Address>();
    let (from, to) = (mail.from.as_deref().map(address).transpose(), address(&mail.to));
    let (Ok(from), Ok(to)) = (from, to) else {
        return Outcome::Failed { why: "this address can't be written to".to_owned() };
    };
    let mut options = Vec::new();
    if !mail.to.is_ascii() {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Outcome::Failed {
                why: "the mail server can't write to an address with such letters".to_owned(),
            };
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    if let Err(fault) = connection.command(Mail::new(from, options)) {
        return outcome_of(&fault, &Stage::Way, tries);
    }
    if let Err(fault) = connection.command(Rcpt::new(to, Vec::new())) {
        return outcome_of(&fault, &Stage::Mail, tries);
    }
    if let Err(fault) = connection.command(Data) {
        return outcome_of(&fault, &Stage::Mail, tries);
    }
    match connection.message(&mail.bytes) {
        Ok(_) => Outcome::Sent { external: mail.id.clone() },
        // From here on the server may have the mail: without its word nobody knows, and a second copy is worse.
        Err(fault) if fault.status().is_none() => Outcome::Unknown { why: words_of(&fault) },
        Err(fault) => outcome_of(&fault, &Stage::Mail, tries),
    }
}

fn outcome_of(fault: &Error, stage: &Stage, tries: u32) -> Outcome {
    match stage {
        Stage::Mail if fault.is_permanent() => Outcome::Failed { why: words_of(fault) },
        Stage::Way if fault.is_permanent() => {
            Outcome::Later { after_secs: OWN_FAULT_SECS, why: words_of(fault) }
        }
        Stage::Mail | Stage::Way => Outcome::Later { after_secs: pause_secs(tries), why: words_of(fault) },
    }
}

/// Ten seconds at first, a quarter of an hour at last.
fn pause_secs(tries: u32) -> u32 {
    10_u32.saturating_mul(1 << tries.min(10)).min(900)
}

fn words_of(fault: &Error) -> String {
    let mut words = fault.to_string();
    let mut source = std::error::Error::source(fault);
    while let Some(inner) = source {
        words.push_str(&format!(": {inner}"));
        source = inner.source();
    }
    words.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).take(300).collect()
}
