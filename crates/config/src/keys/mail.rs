//! The keys of [mail] and [[mail.alias]].

use turno_model::plan::{MailAlias, MailBegin, MailEncryption, MailKind, MailPlan, MailServer};

use crate::key::keys;
use crate::told::Said;
use crate::values::{Whole, whole};
use crate::words::{Choice, Flag, OFF, ON, Own, REQUIRED, Text, Word, own, word};

pub(crate) const ENCRYPTIONS: [(&str, MailEncryption); 3] =
    [("tls", MailEncryption::Tls), ("starttls", MailEncryption::Starttls), ("none", MailEncryption::None)];

const BEGINS: [(&str, MailBegin); 2] = [("now", MailBegin::Now), ("all", MailBegin::All)];

const KINDS: [(&str, MailKind); 3] = [
    ("question", MailKind::Question),
    ("complaint", MailKind::Complaint),
    ("suggestion", MailKind::Suggestion),
];

keys! {
    /// The keys of [mail].
    MAIL: MailKeys of MailPlan beside { aliases, imap, password_file, password, begin, smtp, smtp_login, ca, plus } {
        /// the address from which answers come, and to which citizens write
        address: Own = REQUIRED, start { told address };
        /// the name beside the address
        name: Text = Text { default: "", range: "" }, start { told name };
        /// the server from which mails are read, with its port: `imap.example:993`
        imap: Own = REQUIRED, start { by |_, mail| server(&mail.imap) };
        /// how the way there is encrypted; `none` for a server on this machine alone
        imap_encryption: Word<MailEncryption> = word(&ENCRYPTIONS, MailEncryption::Tls), start { by |_, mail| encryption(&mail.imap) };
        /// the name there
        user: Own = own("the address", ""), start { told user };
        /// the file with the password for both servers and nothing else
        password_file: Own = REQUIRED, start { by |_, mail| mail.password_file.clone() };
        /// the folder that is read
        folder: Text = Text { default: "INBOX", range: "" }, start { told folder };
        /// the folder to which a mail is moved when it is kept; `""`: it stays where it is. Nothing is ever deleted
        done: Text = Text { default: "Turno", range: "" }, start { told done };
        /// from where a mailbox is read that turno sees for the first time: what comes from `now` on, or `all` that lies there
        from: Word<MailBegin> = word(&BEGINS, MailBegin::Now), start { by |_, mail| begin(mail) };
        /// the server through which mails leave, with its port: `smtp.example:587`
        smtp: Own = REQUIRED, start { by |_, mail| server(&mail.smtp) };
        /// how the way there is encrypted; `none` for a server on this machine alone
        smtp_encryption: Word<MailEncryption> = word(&ENCRYPTIONS, MailEncryption::Starttls), start { by |_, mail| encryption(&mail.smtp) };
        /// whether that server asks for the name and the password
        smtp_login: Flag = ON, start { by |_, mail| mail.smtp_login };
        /// a file with certificates in PEM that are believed beside those of the machine
        ca: Own = own("none", ""), start { by |_, mail| mail.ca.clone() };
        /// the name with which the site's own mail server signs `Authentication-Results`; the outcome of SPF, DKIM and DMARC is
        /// shown to agents
        own_server: Own = own("none: nobody is believed", ""), start { told own_server };
        /// whether the server delivers `name+anything@example` to `name@example`: then answers go back to a signed address
        plus: Flag = OFF, start { by |_, mail| mail.plus };
        /// what stands under every answer
        signature: Text = Text { default: "", range: "" }, start { told signature };
        /// what the acknowledgement of a new matter says: `{number}` is its number, and a line with `{until}` stands only where
        /// there is a term; `""`: none is sent
        acknowledgement: Text = Text { default: "", range: "" }, start { told acknowledgement };
        /// how many acknowledgements leave within an hour at most; one address gets one in seven days
        acknowledgements_hourly: Whole = whole(60, 0..=10_000, ""), start { told acknowledgements_hourly };
        /// the opening hours whose days are working days
        hours: Own = own("every day is one", "a `name` of [[hours]]"), start { told hours };
        /// how many working days there are to answer a question; 0: no term
        question_days: Whole = whole(0, 0..=365, "working days"), start { told question_days };
        /// the same for a complaint
        complaint_days: Whole = whole(0, 0..=365, "working days"), start { told complaint_days };
        /// the same for a suggestion
        suggestion_days: Whole = whole(0, 0..=365, "working days"), start { told suggestion_days };
        /// the tables `[[mail.alias]]`: other addresses of the same mailbox
        alias: Own = own("none", ""), start { by |_, mail| mail.aliases.iter().map(alias).collect::<Vec<_>>() };
    }
}

keys! {
    /// The keys of [[mail.alias]].
    MAIL_ALIAS: MailAliasKeys of MailAlias {
        /// the address
        address: Own = REQUIRED, start { elsewhere };
        /// the queue for its mail
        queue: Own = own("that of all mail", "a `name` of [[queue]]"), start { elsewhere };
        /// what kind of matter its mail is
        kind: Choice<MailKind> = Choice { words: &KINDS, shown: "by the words of the subject" }, start { elsewhere };
    }
}

fn server(server: &MailServer) -> String {
    format!("{}:{}", server.host, server.port)
}

fn encryption(server: &MailServer) -> String {
    word_of(&ENCRYPTIONS, &server.encryption).to_owned()
}

fn begin(mail: &MailPlan) -> String {
    word_of(&BEGINS, &mail.begin).to_owned()
}

fn alias(alias: &MailAlias) -> Said {
    let MailAlias { address, queue, kind } = alias;
    let queue = queue.as_deref().unwrap_or("the queue of all mail");
    Said(format!("{address}: {queue}, {}", kind.map_or("by its words", |kind| word_of(&KINDS, &kind))))
}

fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words.iter().find(|(_, known)| known == value).map_or("", |(word, _)| word)
}
