//! One SMTP connection: what became of a mail, told by how far the talk had got.

use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use turno_channels::Outcome;
use turno_channels::mail::Outgoing;

use crate::mail::figures::Figures;
use crate::mail::settings::{Encryption, Login, Server};

/// How long one answer of the server may take.
const ANSWER_SPAN: Duration = Duration::from_secs(60);

/// After how many seconds a letter is tried again that the site's own server did not take for the site's own fault.
const OWN_FAULT_SECS: u32 = 300;

/// Where mails leave, and who counts.
pub(crate) struct Way {
    pub(crate) server: Server,
    pub(crate) login: Option<Login>,
    pub(crate) figures: Arc<Figures>,
}

/// The way out.
pub(crate) struct Smtp {
    way: Way,
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
    /// The server may have the mail.
    End,
}

/// Why a mail was not taken.
enum Refused {
    /// It can't be sent at all.
    Never(&'static str),
    /// By this fault.
    At(Stage, Error),
}

impl Smtp {
    pub(crate) fn new(way: Way, hello: &str, authority: Option<&[u8]>) -> Result<Self, String> {
        let (mut tls, server) = (None, &way.server);
        if server.encryption != Encryption::None {
            let mut builder = TlsParameters::builder(server.host.clone());
            if let Some(authority) = authority {
                let certificate = Certificate::from_pem(authority).map_err(|fault| fault.to_string())?;
                builder = builder.add_root_certificate(certificate);
            }
            tls = Some(builder.build_rustls().map_err(|fault| fault.to_string())?);
        }
        Ok(Self { way, hello: ClientId::Domain(hello.to_owned()), tls, connection: None })
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
            Err(fault) => return self.counted(&Refused::At(Stage::Way, fault), tries),
        };
        match talk(&mut connection, mail) {
            Ok(()) => {
                self.connection = Some(connection);
                self.way.figures.is_stuck.set(false);
                Outcome::Sent { external: mail.id.clone() }
            }
            Err(refused) => {
                // The connection's state is not known any more.
                connection.abort();
                self.counted(&refused, tries)
            }
        }
    }

    /// What becomes of a mail that was not taken.
    fn counted(&self, refused: &Refused, tries: u32) -> Outcome {
        let figures = &self.way.figures;
        match refused {
            Refused::Never(why) => {
                figures.failures.add("address");
                Outcome::Failed { why: (*why).to_owned() }
            }
            Refused::At(stage, fault) => {
                let is_end = matches!(stage, Stage::End);
                let without = if is_end { "silent" } else { "unreached" };
                let code = fault.status().map_or_else(|| without.to_owned(), |code| code.to_string());
                figures.failures.add(&code);
                figures.is_stuck.set(matches!(stage, Stage::Way));
                outcome_of(fault, stage, tries)
            }
        }
    }

    fn connect(&self) -> Result<SmtpConnection, Error> {
        let address = (self.way.server.host.as_str(), self.way.server.port);
        let first = self.tls.as_ref().filter(|_| self.way.server.encryption == Encryption::Tls);
        let mut connection = SmtpConnection::connect(address, Some(ANSWER_SPAN), &self.hello, first, None)?;
        if let Some(tls) = self.tls.as_ref().filter(|_| self.way.server.encryption == Encryption::Starttls) {
            connection.starttls(tls, &self.hello)?;
        }
        if let Some(login) = &self.way.login {
            let credentials = Credentials::new(login.user.clone(), login.password.clone());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials)?;
        }
        Ok(connection)
    }
}

fn talk(connection: &mut SmtpConnection, mail: &Outgoing) -> Result<(), Refused> {
    let address = |text: &str| text.parse::<lettre::Address>();
    let (from, to) = (mail.from.as_deref().map(address).transpose(), address(&mail.to));
    let (Ok(from), Ok(to)) = (from, to) else {
        return Err(Refused::Never("this address can't be written to"));
    };
    let mut options = Vec::new();
    if !mail.to.is_ascii() {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Refused::Never("the mail server can't write to an address with such letters"));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    let at = |stage| move |fault| Refused::At(stage, fault);
    connection.command(Mail::new(from, options)).map_err(at(Stage::Way))?;
    connection.command(Rcpt::new(to, Vec::new())).map_err(at(Stage::Mail))?;
    connection.command(Data).map_err(at(Stage::Mail))?;
    // From here on the server may have the mail: without its word nobody knows, and a second copy is worse.
    connection.message(&mail.bytes).map_err(at(Stage::End))?;
    Ok(())
}

fn outcome_of(fault: &Error, stage: &Stage, tries: u32) -> Outcome {
    let why = words_of(fault);
    match stage {
        Stage::End if fault.status().is_none() => Outcome::Unknown { why },
        Stage::Mail | Stage::End if fault.is_permanent() => Outcome::Failed { why },
        Stage::Way if fault.is_permanent() => Outcome::Later { after_secs: OWN_FAULT_SECS, why },
        Stage::Mail | Stage::End | Stage::Way => Outcome::Later { after_secs: pause_secs(tries), why },
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
