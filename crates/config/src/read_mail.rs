//! Reads [mail]: the mailbox, its servers, and its other addresses.

use core::net::IpAddr;

use turno_ground::Secret;
use turno_model::plan::{MailAlias, MailEncryption, MailPlan, MailServer};

use crate::fault::FaultKind;
use crate::keys::mail::{MAIL, MAIL_ALIAS};
use crate::node::Kind;
use crate::password::from_file;
use crate::reading::{Names, Reading};
use crate::section::{Section, wrong_type};
use crate::sections::table;
use crate::tables::Tables;

/// Most other addresses.
const ALIASES_MAX: usize = 100;

/// Reads [mail]; `None` where it does not stand: there is no mailbox.
pub(crate) fn read_mail(
    reading: &mut Reading<'_>,
    tables: &Tables,
    (queues, hours): (&Names, &Names),
) -> Option<MailPlan> {
    if !tables.has_single("mail") {
        return None;
    }
    let section = tables.single(reading, "mail");
    let address = read_address(reading, section, MAIL.address.name);
    let encryption = MAIL.imap_encryption.read(reading, section);
    let imap = read_server(reading, section, (MAIL.imap.name, "imap.example:993"), encryption);
    let encryption = MAIL.smtp_encryption.read(reading, section);
    let smtp = read_server(reading, section, (MAIL.smtp.name, "smtp.example:587"), encryption);
    let key = MAIL.password_file.name;
    if !section.has(key) {
        section.missing(reading, key, "a file with the password, readable for turno alone");
    }
    let password =
        section.field(key).map_or_else(Secret::default, |node| from_file(reading, (key, node), ""));
    let folder = reading.origin.folder.clone();
    let password_file = section.text(reading, key).map(|file| folder.join(file));
    let (address, imap, smtp, password_file) = (address?, imap?, smtp?, password_file?);
    Some(MailPlan {
        name: MAIL.name.read(reading, section),
        aliases: read_aliases(reading, section, queues),
        imap,
        user: section.text_or(reading, MAIL.user.name, &address),
        password_file,
        password,
        folder: MAIL.folder.read(reading, section),
        done: MAIL.done.read(reading, section),
        begin: MAIL.from.read(reading, section),
        smtp,
        smtp_login: MAIL.smtp_login.read(reading, section),
        ca: section.text(reading, MAIL.ca.name).map(|file| folder.join(file)),
        own_server: section.text(reading, MAIL.own_server.name).map(str::to_owned),
        plus: MAIL.plus.read(reading, section),
        signature: MAIL.signature.read(reading, section),
        acknowledgement: MAIL.acknowledgement.read(reading, section),
        acknowledgements_hourly: MAIL.acknowledgements_hourly.read(reading, section),
        hours: read_known(reading, section, MAIL.hours.name, ("opening hours", hours)),
        question_days: MAIL.question_days.read(reading, section),
        complaint_days: MAIL.complaint_days.read(reading, section),
        suggestion_days: MAIL.suggestion_days.read(reading, section),
        address,
    })
}

fn read_aliases(reading: &mut Reading<'_>, section: Section<'_>, queues: &Names) -> Vec<MailAlias> {
    let table = table("mail.alias");
    let Some(node) = section.field(MAIL.alias.name) else { return Vec::new() };
    let Kind::List(items) = &node.kind else {
        wrong_type(reading, node, MAIL.alias.name, &format!("tables {}", table.title));
        return Vec::new();
    };
    if items.len() > ALIASES_MAX {
        let found = format!("there are {} of {}", items.len(), table.title);
        reading.fault(FaultKind::OutOfRange, node.place, found, format!("at most {ALIASES_MAX}"));
    }
    let (mut names, mut aliases) = (Names::default(), Vec::new());
    for item in items {
        let alias = Section::new(reading, item, table.title, &table.keys());
        let Some(address) = read_address(reading, alias, MAIL_ALIAS.address.name) else { continue };
        reading.add_name(&mut names, &address, alias.place_of(MAIL_ALIAS.address.name), "address");
        let queue = read_known(reading, alias, MAIL_ALIAS.queue.name, ("queue", queues));
        aliases.push(MailAlias { address, queue, kind: MAIL_ALIAS.kind.read(reading, alias) });
    }
    aliases
}

/// The name of something that stands elsewhere in the plan.
fn read_known(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    key: &str,
    (what, known): (&str, &Names),
) -> Option<String> {
    let name = section.text(reading, key)?;
    if known.find(name).is_none() {
        let known: Vec<&str> = known.iter().collect();
        reading.unknown_name(section.place_of(key), what, name, &known);
    }
    Some(name.to_owned())
}

fn read_address(reading: &mut Reading<'_>, section: Section<'_>, key: &str) -> Option<String> {
    let Some(address) = section.text(reading, key) else {
        if !section.has(key) {
            section.missing(reading, key, "such as `\"atencion@municipio.example\"`");
        }
        return None;
    };
    let is_fit = |part: &str| {
        !part.is_empty()
            && !part
                .contains(|sign: char| sign.is_whitespace() || sign.is_control() || "<>,@+".contains(sign))
    };
    let is_address = address.split_once('@').is_some_and(|(local, domain)| is_fit(local) && is_fit(domain));
    if !is_address {
        let found = format!("`{address}` is no mail address");
        let expected = "an address without a name and without `+`, such as `atencion@municipio.example`";
        reading.fault(FaultKind::UnknownValue, section.place_of(key), found, expected);
        return None;
    }
    Some(address.to_owned())
}

fn read_server(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    (key, such_as): (&str, &str),
    encryption: MailEncryption,
) -> Option<MailServer> {
    let Some(text) = section.text(reading, key) else {
        if !section.has(key) {
            section.missing(reading, key, &format!("a server with its port, such as `\"{such_as}\"`"));
        }
        return None;
    };
    let parts = text.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)));
    let Some((host, port)) = parts.filter(|(host, port)| !host.is_empty() && *port > 0) else {
        let found = format!("`{text}` is no server with a port");
        reading.fault(FaultKind::UnknownValue, section.place_of(key), found, format!("such as `{such_as}`"));
        return None;
    };
    let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if encryption == MailEncryption::None && !is_here {
        let found = format!("mails and the password would go to {host} in plain text");
        reading.fault(
            FaultKind::Conflict,
            section.place_of(key),
            found,
            "`tls` or `starttls`, or a server on this machine",
        );
    }
    Some(MailServer { host: host.to_owned(), port, encryption })
}
