//! Keeps what has come, once.

use rusqlite::{Connection, OptionalExtension as _, params};
use turno_channels::{
    Address, Author, Body, ConversationId, Delivery, FileHere, Incoming, MessageId, Millis, NotTaken, Taken,
};

use crate::conversation::{Beginner, begin, latest, named, names};
use crate::files::{Files, clean_name};
use crate::kind::kind_of;
use crate::reporting::apply_early;
use crate::saying::file_in;
use crate::store::{Limits, Store, delivery_code};
use crate::trouble::Trouble;

/// The longest text, in bytes.
const TEXT_BYTES_MAX: usize = 1 << 20;

/// The most files of one message.
const FILES_MAX: usize = 50;

impl Store {
    /// Keeps what has come. When this returns it survives a kill and a power loss; a second copy is known.
    ///
    /// # Errors
    /// [`NotTaken::Later`] if the disk fails, [`NotTaken::Never`] if it is not fit.
    pub fn take(&mut self, incoming: &Incoming, now: Millis) -> Result<Taken, NotTaken> {
        is_fit(incoming, &self.limits)?;
        self.take_fit(incoming, now).map_err(|trouble| NotTaken::Later(trouble.to_string()))
    }

    fn take_fit(&mut self, incoming: &Incoming, now: Millis) -> Result<Taken, Trouble> {
        let scope = scope_of(&incoming.address);
        if let Some(taken) = known(&self.db, incoming, scope)? {
            return Ok(taken);
        }
        // The files first: a row never names a file that is not there.
        let bodies = bodies(incoming, &self.files, &self.limits)?;
        let taking = self.db.transaction()?;
        let conversation = conversation_of(&taking, incoming, self.limits.reopen_secs, now)?;
        let mut first: Option<MessageId> = None;
        let many = bodies.len();
        for (place, body) in bodies.into_iter().enumerate() {
            let is_last = place + 1 == many;
            let part = Part { conversation, body, scope, first, is_handled: !is_last };
            let id = insert(&taking, incoming, &part, now)?;
            first.get_or_insert(id);
        }
        let message = MessageId(taking.last_insert_rowid());
        taking
            .prepare_cached(
                "UPDATE conversation SET changed_ms = ?2, person_wrote_ms = max(coalesce(person_wrote_ms, 0), ?3), \
                 name = coalesce(?4, name), language = coalesce(?5, language) WHERE id = ?1",
            )?
            .execute(params![
                conversation.0,
                now.0,
                incoming.at.min(now).0,
                incoming.name,
                incoming.language
            ])?;
        if let Some(first) = first {
            apply_early(&taking, &incoming.external, first)?;
        }
        taking.commit()?;
        Ok(Taken { conversation, message, again: false })
    }
}

fn is_fit(incoming: &Incoming, limits: &Limits) -> Result<(), NotTaken> {
    let never = |why: &str| Err(NotTaken::Never(why.to_owned()));
    if incoming.external.is_empty() || incoming.address.key().is_empty() {
        return never("it has no name or no sender");
    }
    if incoming.body.is_none() && incoming.files.is_empty() {
        return never("it says nothing");
    }
    if incoming.body.as_ref().and_then(Body::words).is_some_and(|words| words.len() > TEXT_BYTES_MAX) {
        return never("its text is too long");
    }
    if incoming.files.len() > FILES_MAX {
        return never("it has too many files");
    }
    // A page can be told at once; other channels have no way back, so that the rest of the message is kept.
    if matches!(incoming.address, Address::Chat(_))
        && incoming.files.iter().any(|file| why_not(file, limits).is_some())
    {
        return never("a file is too large, or of a kind that is not taken");
    }
    Ok(())
}

/// Numbers of pages and mails may be the same for two senders; those of a platform are its own.
const fn scope_of(address: &Address) -> &str {
    match address {
        Address::Chat(session) => session.as_str(),
        Address::Mail(address) => address.as_str(),
        Address::WhatsApp { .. } => "",
    }
}

fn known(db: &Connection, incoming: &Incoming, scope: &str) -> Result<Option<Taken>, Trouble> {
    let found = db
        .prepare_cached(
            "SELECT conversation, max(id, (SELECT coalesce(max(id), 0) FROM message AS part WHERE part.part_of = one.id)) \
             FROM message AS one WHERE channel = ?1 AND scope = ?2 AND external = ?3 AND is_ours = 0",
        )?
        .query_row(
            params![incoming.address.channel().word(), scope, incoming.external],
            |row| {
                Ok(Taken {
                    conversation: ConversationId(row.get(0)?),
                    message: MessageId(row.get(1)?),
                    again: true,
                })
            },
        );
    Ok(found.optional()?)
}

fn conversation_of(
    db: &Connection,
    incoming: &Incoming,
    reopen_secs: i64,
    now: Millis,
) -> Result<ConversationId, Trouble> {
    let address = &incoming.address;
    let by_number = incoming.conversation.map(|id| named(db, address.channel(), id)).transpose()?.flatten();
    if let Some(found) = by_number {
        return Ok(found);
    }
    // A chat's page has one conversation for as long as it knows its session.
    let reopens_since = match address {
        Address::Chat(_) => Millis(i64::MIN),
        Address::WhatsApp { .. } | Address::Mail(_) => now.plus_secs(-reopen_secs),
    };
    let Some(found) = latest(db, address, reopens_since)? else {
        return begin(db, &Beginner::from(incoming), now);
    };
    if let (person, Some(also)) = names(address) {
        // Both names of the person are known now.
        db.prepare_cached(
            "UPDATE conversation SET address = ?2, person = ?3, person_also = ?4 WHERE id = ?1 AND person_also IS NULL",
        )?
        .execute(params![found.0, serde_json::to_string(address)?, person, also])?;
    }
    Ok(found)
}

struct Part<'a> {
    conversation: ConversationId,
    body: Body,
    scope: &'a str,
    first: Option<MessageId>,
    is_handled: bool,
}

fn insert(db: &Connection, incoming: &Incoming, part: &Part<'_>, now: Millis) -> Result<MessageId, Trouble> {
    let marks = (!incoming.marks.is_empty()).then(|| serde_json::to_string(&incoming.marks)).transpose()?;
    db.prepare_cached(
        "INSERT INTO message (conversation, channel, person, is_ours, author, at_ms, body, delivery, scope, external, part_of, \
         replies_to, marks, file, put_ms, is_handled, is_elsewhere) \
         SELECT ?1, ?2, person, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15 \
         FROM conversation WHERE id = ?1",
    )?
    .execute(params![
        part.conversation.0,
        incoming.address.channel().word(),
        serde_json::to_string(&Author::Citizen)?,
        incoming.at.min(now).0,
        serde_json::to_string(&part.body)?,
        delivery_code(Delivery::Delivered),
        part.scope,
        part.first.is_none().then_some(incoming.external.as_str()),
        part.first.map(|first| first.0),
        incoming.replies_to,
        marks,
        file_in(&part.body),
        now.0,
        part.is_handled,
        matches!(part.body, Body::FileElsewhere { .. })
    ])?;
    Ok(MessageId(db.last_insert_rowid()))
}

/// The messages that it becomes: its words, and one for each file.
fn bodies(incoming: &Incoming, files: &Files, limits: &Limits) -> Result<Vec<Body>, Trouble> {
    let mut bodies: Vec<Body> = incoming.body.iter().cloned().collect();
    for file in &incoming.files {
        bodies.push(body_of(file, None, files, limits)?);
    }
    Ok(bodies)
}

/// A file as a message: kept, or a line that says why it was not.
pub(crate) fn body_of(
    file: &FileHere,
    caption: Option<String>,
    files: &Files,
    limits: &Limits,
) -> Result<Body, Trouble> {
    let name = clean_name(&file.name);
    Ok(match why_not(file, limits) {
        Some(why) => Body::Other { what: format!("{name}: {why}") },
        None => Body::File {
            file: files.put(&file.bytes)?,
            name,
            media: kind_of(&file.bytes).to_owned(),
            size: file.bytes.len() as u64,
            caption,
        },
    })
}

/// Why a file is not kept.
fn why_not(file: &FileHere, limits: &Limits) -> Option<&'static str> {
    let kind = kind_of(&file.bytes);
    let is_taken = |wanted: &String| match wanted.strip_suffix("/*") {
        Some(family) => kind.split('/').next() == Some(family),
        None => wanted == kind,
    };
    if file.bytes.len() as u64 > limits.file_bytes_max {
        Some("too large, not kept")
    } else if limits.kinds.iter().any(is_taken) {
        None
    } else {
        Some("a kind of file that is not kept")
    }
}
