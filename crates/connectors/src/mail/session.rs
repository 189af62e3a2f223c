//! One IMAP connection: commands out, responses in.

use std::io::{self, Read, Write};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::ClientConfig;

use crate::mail::settings::{Encryption, Login, Server};
use crate::mail::stream::Stream;
use crate::mail::wire::{Framer, Response, Tag, Value};

/// How many seconds a command may go unanswered.
const PATIENCE_SECS: u32 = 60;

/// What went wrong with a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection is gone, or never came about.
    Lost(String),
    /// The server refused a command.
    Refused(String),
}

impl From<io::Error> for Fault {
    fn from(fault: io::Error) -> Self {
        Self::Lost(fault.to_string())
    }
}

/// A folder that was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Opened {
    /// Changes when the numbers of the folder mean other mails.
    pub(crate) validity: u32,
    /// The number that the next mail will have.
    pub(crate) next: u32,
}

/// One connection.
pub(crate) struct Session {
    stream: Stream,
    framer: Framer,
    count: u32,
    abilities: Vec<String>,
    /// Whether the server has told of mails since this was asked last. It tells so behind any command, and tells it once.
    has_news: bool,
}

impl Session {
    /// Connects, encrypts as the settings say, and signs in.
    pub(crate) fn open(
        server: &Server,
        login: &Login,
        config: &Arc<ClientConfig>,
        literal_max: usize,
    ) -> Result<Self, Fault> {
        let mut stream = Stream::connect(server)?;
        if server.encryption == Encryption::Tls {
            stream = stream.encrypt(server, config)?;
        }
        let mut session = Self {
            stream,
            framer: Framer::new(literal_max),
            count: 0,
            abilities: Vec::new(),
            has_news: false,
        };
        let greeting = session.response()?;
        if !matches!(greeting.word().as_str(), "OK" | "PREAUTH") {
            return Err(Fault::Refused(greeting.line));
        }
        session.ask_abilities()?;
        if server.encryption == Encryption::Starttls {
            session = session.starttls(server, config)?;
        }
        if greeting.word() != "PREAUTH" {
            session.sign_in(login)?;
            session.ask_abilities()?;
        }
        Ok(session)
    }

    fn starttls(mut self, server: &Server, config: &Arc<ClientConfig>) -> Result<Self, Fault> {
        self.command("STARTTLS", |_| {})?;
        if !self.framer.is_empty() {
            return Err(Fault::Refused("words in plain text behind STARTTLS".to_owned()));
        }
        self.stream = self.stream.encrypt(server, config)?;
        // What was told before may have been somebody else's word.
        self.ask_abilities()?;
        Ok(self)
    }

    fn sign_in(&mut self, login: &Login) -> Result<(), Fault> {
        if self.can("AUTH=PLAIN") {
            let words = STANDARD.encode(format!("\0{}\0{}", login.user, login.password));
            let tag = self.send("AUTHENTICATE PLAIN")?;
            loop {
                let response = self.response()?;
                match &response.tag {
                    Tag::Continue => self.write(format!("{words}\r\n").as_bytes())?,
                    Tag::Of(of) if *of == tag => return is_ok(&response),
                    Tag::Of(_) | Tag::Untagged => {}
                }
            }
        }
        let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        if [&login.user, &login.password].iter().any(|text| text.contains(['\r', '\n', '\0'])) {
            return Err(Fault::Refused("the name or the password has a line end".to_owned()));
        }
        self.command(&format!("LOGIN {} {}", quoted(&login.user), quoted(&login.password)), |_| {})
    }

    fn ask_abilities(&mut self) -> Result<(), Fault> {
        let mut abilities = Vec::new();
        self.command("CAPABILITY", |response| {
            if response.word() == "CAPABILITY" {
                abilities = response.line.split_whitespace().map(str::to_ascii_uppercase).collect();
            }
        })?;
        self.abilities = abilities;
        Ok(())
    }

    /// Whether the server says that it can do this.
    pub(crate) fn can(&self, ability: &str) -> bool {
        self.abilities.iter().any(|known| known == ability)
    }

    /// Opens a folder.
    pub(crate) fn select(&mut self, folder: &str) -> Result<Opened, Fault> {
        let mut opened = Opened::default();
        self.command(&format!("SELECT {}", folder_name(folder)), |response| {
            opened.validity = response.code("UIDVALIDITY").unwrap_or(opened.validity);
            opened.next = response.code("UIDNEXT").unwrap_or(opened.next);
        })?;
        Ok(opened)
    }

    /// Sends a command and hands every response before its end to `each`.
    pub(crate) fn command(&mut self, command: &str, mut each: impl FnMut(&Response)) -> Result<(), Fault> {
        let tag = self.send(command)?;
        loop {
            let response = self.response()?;
            match &response.tag {
                Tag::Of(of) if *of == tag => return is_ok(&response),
                Tag::Of(_) | Tag::Untagged | Tag::Continue => each(&response),
            }
        }
    }

    /// Sends a command without waiting for its end.
    pub(crate) fn send(&mut self, command: &str) -> Result<String, Fault> {
        self.count += 1;
        let tag = format!("T{}", self.count);
        self.write(format!("{tag} {command}\r\n").as_bytes())?;
        Ok(tag)
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.stream.write_all(bytes)?;
        Ok(self.stream.flush()?)
    }

    /// The next response, awaited as long as a command may take.
    pub(crate) fn response(&mut self) -> Result<Response, Fault> {
        for _ in 0..PATIENCE_SECS {
            if let Some(response) = self.response_soon()? {
                return Ok(response);
            }
        }
        Err(Fault::Lost("the server no longer answers".to_owned()))
    }

    /// The next response if it comes within a second or so.
    pub(crate) fn response_soon(&mut self) -> Result<Option<Response>, Fault> {
        let mut bytes = [0; 16 * 1024];
        loop {
            let next = self
                .framer
                .pop()
                .map_err(|_| Fault::Refused("the server sends too much at once".to_owned()))?;
            if let Some(response) = next {
                self.has_news |= is_news(&response);
                // A farewell is told before the connection ends.
                let is_farewell = response.tag == Tag::Untagged && response.word() == "BYE";
                return if is_farewell { Err(Fault::Lost(response.line)) } else { Ok(Some(response)) };
            }
            match self.stream.read(&mut bytes) {
                Ok(0) => return Err(Fault::Lost("the server ended the connection".to_owned())),
                Ok(count) => self.framer.push(&bytes[..count]),
                Err(fault) if is_timeout(&fault) => return Ok(None),
                Err(fault) => return Err(fault.into()),
            }
        }
    }

    /// Whether mails have come since this was asked last.
    pub(crate) fn take_news(&mut self) -> bool {
        core::mem::take(&mut self.has_news)
    }

    /// Says good-bye, and does not wait for an answer.
    pub(crate) fn close(mut self) {
        let _ = self.send("LOGOUT");
    }
}

fn is_news(response: &Response) -> bool {
    let is_exists = |word: &str| word.eq_ignore_ascii_case("EXISTS");
    matches!(response.values.as_slice(), [Value::Atom(_), Value::Atom(word), ..] if is_exists(word))
}

fn is_timeout(fault: &io::Error) -> bool {
    matches!(fault.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}

fn is_ok(response: &Response) -> Result<(), Fault> {
    if response.word() == "OK" { Ok(()) } else { Err(Fault::Refused(response.line.clone())) }
}

/// A folder's name as IMAP writes it: quoted, letters beyond ASCII in its own base64 (RFC 3501, 5.1.3).
pub(crate) fn folder_name(name: &str) -> String {
    let (mut out, mut other) = (String::from("\""), Vec::new());
    let flush = |out: &mut String, other: &mut Vec<u16>| {
        if !other.is_empty() {
            let bytes: Vec<u8> = other.drain(..).flat_map(u16::to_be_bytes).collect();
            let text = STANDARD.encode(bytes).replace('/', ",");
            out.push_str(&format!("&{}-", text.trim_end_matches('=')));
        }
    };
    for sign in name.chars().filter(|sign| !sign.is_control()) {
        if !sign.is_ascii() {
            other.extend(sign.encode_utf16(&mut [0; 2]).iter());
            continue;
        }
        flush(&mut out, &mut other);
        match sign {
            '&' => out.push_str("&-"),
            '"' | '\\' => out.extend(['\\', sign]),
            sign => out.push(sign),
        }
    }
    flush(&mut out, &mut other);
    out.push('"');
    out
}
