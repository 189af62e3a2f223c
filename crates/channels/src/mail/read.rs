//! The bytes of a mail as what has come from a person.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::address::Address;
use crate::body::{Body, FileHere};
use crate::joint::{Incoming, Report, Reported};
use crate::mail::automatic::{Automatic, automatic};
use crate::mail::bounce::bounce;
use crate::mail::files::{clean_name, kind_of};
use crate::mail::head::Head;
use crate::mail::html::words_of_html;
use crate::mail::mailbox::Mailbox;
use crate::mail::marks::{authenticity, deceiving, plain};
use crate::mail::parts::{Part, Parts};
use crate::mail::quoted::without_history;
use crate::mail::terms::{Kind, day, due};
use crate::message::{ConversationId, Delivery};
use crate::time::Millis;

/// Whether an id was made because a mail had none: no header of ours may name it.
pub(crate) const NO_ID: &str = "@no-id.invalid";

/// The most characters of a subject or a name.
const LINE_MAX: usize = 300;

/// What a mail is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// Something that a person, or a program, writes to us.
    Mail(Box<Mail>),
    /// What became of a mail of ours.
    Report(Report),
    /// A mail of our own that came back, or a report that changes nothing: nothing is to be kept.
    Nothing,
}

/// A mail that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// It, for the post.
    pub incoming: Incoming,
    /// Why a program wrote it; such a mail gets no answer by itself.
    pub automatic: Option<Automatic>,
    /// What kind of matter it is.
    pub kind: Kind,
    /// Until when it must be answered.
    pub due: Option<Millis>,
}

impl Mailbox {
    /// Reads a mail that arrived at `received`.
    #[must_use]
    pub fn read(&self, raw: &[u8], received: Millis) -> Read {
        let (head, parts) = (Head::read(raw), Parts::of(raw));
        if let Some(read) = self.about_ours(&head, &parts, received) {
            return read;
        }
        let mut mail = self.envelope(&head, raw, received);
        self.fill(&mut mail, &parts);
        self.classify(&mut mail, &head);
        Read::Mail(Box::new(mail))
    }

    /// Reads the headers of a mail that is too large to be read whole.
    #[must_use]
    pub fn read_too_large(&self, head: &[u8], bytes: u64, received: Millis) -> Read {
        let mut mail = self.envelope(&Head::read(head), head, received);
        mail.incoming.body = Some(Body::Other { what: format!("a mail of {} MB", bytes.div_ceil(1 << 20)) });
        mail.incoming.marks.push("too large: it was not read, and lies in the mailbox".to_owned());
        self.classify(&mut mail, &Head::read(head));
        Read::Mail(Box::new(mail))
    }

    fn about_ours(&self, head: &Head<'_>, parts: &Parts<'_>, received: Millis) -> Option<Read> {
        let id = head.ids("Message-ID").into_iter().next().unwrap_or_default();
        if self.signer.message_of(&id).is_some() {
            return Some(Read::Nothing);
        }
        if head.kind().as_deref() != Some("multipart/report") {
            return None;
        }
        let bounce = bounce(head, &parts.all, &self.signer)?;
        let what = match (bounce.failed, bounce.is_delivered) {
            (Some(why), _) => Reported::Failed(why),
            (None, true) => Reported::Reached(Delivery::Delivered),
            (None, false) => return Some(Read::Nothing),
        };
        Some(Read::Report(Report { external: bounce.id, at: received, what }))
    }

    fn envelope(&self, head: &Head<'_>, raw: &[u8], received: Millis) -> Mail {
        let from = head.addresses("From").into_iter().next();
        let from = from.or_else(|| head.addresses("Sender").into_iter().next());
        let reply_to = head.addresses("Reply-To");
        let is_one = reply_to.len() == 1 && !self.is_own(&reply_to[0].1);
        let (name, sender) = from.unwrap_or((None, "unknown@unknown.invalid".to_owned()));
        let address = if is_one { reply_to[0].1.clone() } else { sender.clone() };
        let line = |words: String| plain(&words).split_whitespace().collect::<Vec<_>>().join(" ");
        let cut = |words: String| line(words).chars().take(LINE_MAX).collect::<String>();
        let (name, subject) = (name.map(cut).filter(|name| !name.is_empty()), head.text("Subject").map(cut));
        let mut marks = Vec::new();
        if address != sender && !self.is_own(&sender) {
            marks.push(format!("answers go to another address than the sender's, {sender}"));
        }
        let to = self.recipients(head);
        let alias =
            self.aliases.iter().find(|alias| to.iter().any(|to| alias.address.eq_ignore_ascii_case(to)));
        let kind = alias.and_then(|alias| alias.kind);
        let kind = kind.unwrap_or_else(|| Kind::of_words(subject.as_deref().unwrap_or_default()));
        let named = head.ids("In-Reply-To").into_iter().chain(head.ids("References").into_iter().rev());
        let named: Vec<String> = named.collect();
        let own_id = head.ids("Message-ID").into_iter().next();
        let external = own_id.unwrap_or_else(|| hash_id(raw));
        let incoming = Incoming {
            address: Address::Mail(address),
            external,
            at: written(head, received),
            name,
            body: None,
            files: Vec::new(),
            conversation: self.conversation(&named, &to),
            replies_to: named.into_iter().next(),
            subject: subject.filter(|subject| !subject.is_empty()),
            language: head.text("Content-Language").and_then(|language| known_language(&language)),
            queue: alias.and_then(|alias| alias.queue.clone()),
            marks,
        };
        Mail {
            incoming,
            automatic: automatic(head, &sender, |address| self.is_own(address)),
            kind,
            due: None,
        }
    }

    /// In-Reply-To first, then References from the right, then the signed address that was written to.
    fn conversation(&self, named: &[String], to: &[String]) -> Option<ConversationId> {
        let by_id =
            named.iter().find_map(|id| self.signer.message_of(id)).map(|(conversation, _)| conversation);
        by_id.or_else(|| to.iter().find_map(|address| self.signer.conversation_of(address)))
    }

    fn recipients(&self, head: &Head<'_>) -> Vec<String> {
        let names = ["Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc"];
        names.iter().flat_map(|name| head.addresses(name)).map(|(_, address)| address).collect()
    }

    /// Words and files of a mail.
    fn fill(&self, mail: &mut Mail, parts: &Parts<'_>) {
        let (mut words, mut files) = (Vec::new(), Vec::new());
        let groups = Groups::of(parts);
        for part in &parts.all {
            match groups.use_of(part) {
                Use::Words => words.push(words_of(part)),
                Use::File => files.push(part),
                Use::Nothing => {}
            }
        }
        let words: Vec<&str> =
            words.iter().map(|words| words.trim()).filter(|words| !words.is_empty()).collect();
        let text = plain(&words.join("\n\n"));
        let marks = &mut mail.incoming.marks;
        if parts.is_cut {
            marks.push("nested too deep, or too many parts: some are missing or kept whole".to_owned());
        }
        for part in files {
            let name = clean_name(&part.name().unwrap_or_default());
            let bytes = part.bytes();
            if mail.incoming.files.len() >= self.limits.files {
                marks.push(format!("one file too many: {name}"));
            } else if bytes.len() > self.limits.file_bytes {
                marks.push(format!("file too large: {name}, {} MB", bytes.len().div_ceil(1 << 20)));
            } else if !bytes.is_empty() {
                let kind = kind_of(&bytes, &part.kind).to_owned();
                let name = if part.kind == "message/rfc822" && name == "file" {
                    "mail.eml".to_owned()
                } else {
                    name
                };
                mail.incoming.files.push(FileHere { name, kind, bytes });
            }
        }
        self.words(mail, &words.join("\n\n"), text);
    }

    fn words(&self, mail: &mut Mail, raw_text: &str, text: String) {
        let incoming = &mut mail.incoming;
        let name = incoming.name.clone().unwrap_or_default();
        let subject = incoming.subject.clone().unwrap_or_default();
        incoming.marks.extend(deceiving(&name, incoming.address.key(), &subject, raw_text));
        // Only an answer to us has its history here already; a forwarded one would lose what it is about.
        let (kept, folded) =
            if incoming.conversation.is_some() { without_history(&text) } else { (&*text, 0) };
        let mut kept = kept.to_owned();
        if kept.len() > self.limits.text_bytes {
            let end =
                (0..=self.limits.text_bytes).rev().find(|at| kept.is_char_boundary(*at)).unwrap_or_default();
            let whole = core::mem::take(&mut kept);
            whole[..end].clone_into(&mut kept);
            incoming.marks.push("the text is cut: the whole is a file".to_owned());
            let (name, kind) = ("text.txt".to_owned(), "text/plain".to_owned());
            incoming.files.push(FileHere { name, kind, bytes: whole.into_bytes() });
        }
        if folded > 0 {
            kept.push_str(&format!("\n\n[… {folded}]"));
        }
        incoming.body = match (kept.is_empty(), incoming.files.is_empty()) {
            (false, _) => Some(Body::Text { text: kept }),
            (true, false) => None,
            (true, true) if subject.is_empty() => Some(Body::Other { what: "an empty mail".to_owned() }),
            (true, true) => Some(Body::Text { text: subject }),
        };
    }

    fn classify(&self, mail: &mut Mail, head: &Head<'_>) {
        let at = mail.incoming.at;
        mail.due = self
            .terms
            .days(mail.kind)
            .filter(|_| mail.automatic.is_none())
            .and_then(|days| due(at, days, &self.hours));
        let marks = &mut mail.incoming.marks;
        marks.extend(authenticity(head, self.own_server.as_deref()));
        marks.extend(mail.automatic.map(|automatic| automatic.mark().to_owned()));
        if mail.automatic.is_none() {
            marks.push(mail.kind.mark().to_owned());
            marks.extend(mail.due.map(|until| format!("due: {}", day(until, &self.hours))));
        }
    }
}

enum Use {
    Words,
    File,
    Nothing,
}

/// Which forms of the same words a mail has.
struct Groups {
    /// Those with plain text that says something.
    plain: BTreeSet<usize>,
    /// Those with a page.
    page: BTreeSet<usize>,
}

impl Groups {
    /// Each part is decoded once: a mail of two hundred empty forms must not be decoded two hundred times.
    fn of(parts: &Parts<'_>) -> Self {
        let (mut plain, mut page) = (BTreeSet::new(), BTreeSet::new());
        for part in &parts.all {
            let Some(group) = part.alternative else { continue };
            if part.kind == "text/html" {
                page.insert(group);
            } else if part.kind == "text/plain" && !plain.contains(&group) && !part.words().trim().is_empty()
            {
                plain.insert(group);
            }
        }
        Self { plain, page }
    }

    /// What a part is for: of several forms of the same words, plain text that says something comes first.
    fn use_of(&self, part: &Part<'_>) -> Use {
        let is_inline = !part.head.is_attachment() && part.name().is_none();
        if !is_inline || !matches!(part.kind.as_str(), "text/plain" | "text/html") {
            return Use::File;
        }
        let Some(group) = part.alternative else { return Use::Words };
        let (has_plain, has_page) = (self.plain.contains(&group), self.page.contains(&group));
        match (part.kind == "text/plain", has_plain) {
            (true, true) | (false, false) => Use::Words,
            (true, false) if !has_page => Use::Words,
            (true, false) | (false, true) => Use::Nothing,
        }
    }
}

fn words_of(part: &Part<'_>) -> String {
    let words = part.words();
    let words = if part.kind == "text/html" { words_of_html(&words) } else { words };
    words.replace("\r\n", "\n").replace('\r', "\n")
}

/// A mail without a Message-ID is known again by its bytes.
fn hash_id(raw: &[u8]) -> String {
    let digest = Sha256::digest(raw);
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}{NO_ID}")
}

/// When it was written: never later than it arrived, and never more than 30 days before.
fn written(head: &Head<'_>, received: Millis) -> Millis {
    let said = head.date().map(|secs| Millis(secs.saturating_mul(1_000)));
    said.filter(|said| (0..30 * 86_400).contains(&received.secs_since(*said)) && said.0 <= received.0)
        .unwrap_or(received)
}

fn known_language(header: &str) -> Option<String> {
    let first = header.trim().get(..2)?.to_ascii_lowercase();
    first.bytes().all(|byte| byte.is_ascii_lowercase()).then_some(first)
}
