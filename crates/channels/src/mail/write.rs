//! A letter as the bytes of a mail.

use jiff::fmt::rfc2822;
use jiff::{Timestamp, Zoned};

use crate::address::Address;
use crate::body::{Body, Choice, FileHere};
use crate::joint::{Letter, Taken};
use crate::mail::encode::{base64_lines, file_name, header, mailbox, quoted_printable};
use crate::mail::head::{is_id, plain_address};
use crate::mail::mailbox::Mailbox;
use crate::mail::read::{Mail, NO_ID};
use crate::mail::terms::day;
use crate::time::Millis;

/// The most Message-IDs that a mail names.
const REFERENCES_MAX: usize = 20;

/// The most lines of a quotation.
const QUOTE_LINES_MAX: usize = 60;

/// A mail that is ready to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Whom a failure is told; `None` for what turno writes by itself, so that no report answers it.
    pub from: Option<String>,
    /// Whereto.
    pub to: String,
    /// Its Message-ID, without brackets.
    pub id: String,
    /// It.
    pub bytes: Vec<u8>,
}

/// What the person wrote last, for a quotation under the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// When.
    pub at: Millis,
    /// It.
    pub text: String,
}

impl Mailbox {
    /// Writes a letter. The same letter at the same time gives the same bytes.
    ///
    /// # Errors
    /// Why it can never leave, for the agent.
    pub fn write(&self, letter: &Letter, quoted: Option<&Quoted>, now: Millis) -> Result<Outgoing, String> {
        let Address::Mail(to) = &letter.address else { return Err("this is no mail address".to_owned()) };
        let to = plain_address(to).ok_or("this address can't be written to")?;
        let (mut text, file) = contents(letter)?;
        if !self.signature.is_empty() {
            text.push_str(&format!("\n\n-- \n{}", self.signature));
        }
        if let Some(quoted) = quoted {
            text.push_str(&self.quotation(quoted));
        }
        let id = self.signer.message_id(letter.conversation, letter.message);
        let mut out = self.headers(letter, &to, &id, now);
        out.push_str(&body(&text, file.as_ref(), &id));
        let from = (!letter.is_automatic).then(|| self.address.clone());
        Ok(Outgoing { from, to, id, bytes: out.into_bytes() })
    }

    /// Writes the acknowledgement of a mail that was taken.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn acknowledge(&self, mail: &Mail, taken: Taken, now: Millis) -> Result<Outgoing, String> {
        let until = mail.due.map(|due| day(due, &self.hours));
        let lines = self.acknowledgement.lines().filter(|line| until.is_some() || !line.contains("{until}"));
        let text = lines.collect::<Vec<_>>().join("\n");
        let text = text.replace("{number}", &taken.conversation.0.to_string());
        let text = text.replace("{until}", until.as_deref().unwrap_or_default());
        self.write(
            &Letter {
                // The number of the person's own message: nothing of ours has it.
                message: taken.message,
                conversation: taken.conversation,
                address: mail.incoming.address.clone(),
                body: Body::Text { text },
                file: None,
                subject: mail.incoming.subject.clone(),
                earlier: vec![mail.incoming.external.clone()],
                person_wrote: Some(mail.incoming.at),
                tries: 0,
                is_automatic: true,
            },
            None,
            now,
        )
    }

    fn headers(&self, letter: &Letter, to: &str, id: &str, now: Millis) -> String {
        let mut out = format!("From: {}\r\nTo: <{to}>\r\n", mailbox(&self.name, &self.address));
        if self.has_plus {
            let address = self.signer.reply_address(&self.address, letter.conversation);
            out.push_str(&format!("Reply-To: {}\r\n", mailbox(&self.name, &address)));
        }
        let subject = letter.subject.as_deref().unwrap_or_default();
        let earlier: Vec<&String> =
            letter.earlier.iter().filter(|id| is_id(id) && !id.ends_with(NO_ID)).collect();
        let is_answer = subject.get(..3).is_some_and(|begin| begin.eq_ignore_ascii_case("re:"));
        let is_first = letter.earlier.is_empty() || is_answer;
        let subject = if is_first { subject.to_owned() } else { format!("Re: {subject}") };
        out.push_str(&header("Subject", subject.trim()));
        out.push_str(&format!("Date: {}\r\nMessage-ID: <{id}>\r\n", self.date(now)));
        if let Some(last) = earlier.last() {
            out.push_str(&format!("In-Reply-To: <{last}>\r\n"));
            let skipped = earlier.len().saturating_sub(REFERENCES_MAX);
            let names: Vec<String> = earlier[skipped..].iter().map(|id| format!("<{id}>")).collect();
            out.push_str(&format!("References: {}\r\n", names.join("\r\n ")));
        }
        if letter.is_automatic {
            out.push_str("Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n");
        }
        out.push_str("MIME-Version: 1.0\r\n");
        out
    }

    fn date(&self, now: Millis) -> String {
        let stamp = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = Zoned::new(stamp, self.hours.zone.clone());
        rfc2822::to_string(&local).unwrap_or_else(|_| "Thu, 1 Jan 1970 00:00:00 +0000".to_owned())
    }

    fn quotation(&self, quoted: &Quoted) -> String {
        let mut out = format!("\n\n{}\n", day(quoted.at, &self.hours));
        for line in quoted.text.lines().take(QUOTE_LINES_MAX) {
            out.push_str(if line.starts_with('>') { ">" } else { "> " });
            out.push_str(line);
            out.push('\n');
        }
        out
    }
}

/// The words of a letter, and its file.
fn contents(letter: &Letter) -> Result<(String, Option<FileHere>), String> {
    let text = match &letter.body {
        Body::Text { text } | Body::Template { text, .. } => text.clone(),
        Body::Card { text, choices, .. } => numbered(text, choices),
        Body::File { caption, .. } => {
            let file = letter.file.clone().ok_or("the file is gone")?;
            return Ok((caption.clone().unwrap_or_default(), Some(file)));
        }
        Body::Choices(choices) => numbered(&choices.text, &choices.choices),
        Body::Location { north, east, name } => {
            let degrees = |millionths: i32| f64::from(millionths) / 1e6;
            format!("{}\n{:.6}, {:.6}", name.as_deref().unwrap_or_default(), degrees(*north), degrees(*east))
        }
        Body::FileElsewhere { .. } => return Err("the file was never fetched from its channel".to_owned()),
        Body::Chosen { .. } | Body::Reaction { .. } | Body::Other { .. } => {
            return Err("a mail can't say this".to_owned());
        }
    };
    Ok((text.trim().to_owned(), None))
}

/// Words, and the answers to choose from as numbered lines.
fn numbered(text: &str, choices: &[Choice]) -> String {
    let lines = choices.iter().enumerate().map(|(at, choice)| {
        let detail = choice.detail.as_ref().map_or_else(String::new, |detail| format!(": {detail}"));
        format!("\n{}. {}{detail}", at + 1, choice.title)
    });
    format!("{text}\n{}", lines.collect::<String>())
}

fn body(text: &str, file: Option<&FileHere>, id: &str) -> String {
    let words = format!(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}",
        quoted_printable(text)
    );
    let Some(file) = file else { return words };
    // Quoted-printable never writes `=_`, and base64 no `_`: the boundary stands in neither.
    let boundary = format!("=_{}", id.split('@').next().unwrap_or_default());
    let is_plain_kind = file.kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/.+-".contains(&byte));
    let kind =
        if is_plain_kind && file.kind.contains('/') { &*file.kind } else { "application/octet-stream" };
    format!(
        "Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n{words}\r\n--{boundary}\r\n\
         Content-Type: {kind}\r\nContent-Disposition: attachment;\r\n {}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\
         --{boundary}--\r\n",
        file_name(&file.name),
        base64_lines(&file.bytes)
    )
}
