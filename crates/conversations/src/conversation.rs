//! The row of a conversation: how it is found, begun and read.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use turno_channels::{Address, ConversationId, Incoming, MessageId, Millis};
use turno_model::Channel;

use crate::store::{Store, millis};
use crate::trouble::Trouble;

/// How far a conversation is, in the words of the machine that runs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The machine's whole state; `None`: it has not seen the conversation yet.
    pub state: Option<String>,
    /// The name of its stage, for lists.
    pub stage: String,
    /// The agent who has it, or had it last, by extension.
    pub agent: Option<String>,
    /// Its contact in the room.
    pub contact: Option<u64>,
    /// When the machine must be asked again.
    pub due: Option<Millis>,
    /// Whether it is over.
    pub is_done: bool,
}

/// A conversation as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its number.
    pub id: ConversationId,
    /// Where its person is.
    pub address: Address,
    /// The person's name, as the person or the platform says.
    pub name: Option<String>,
    /// What it is about, of mails.
    pub subject: Option<String>,
    /// The language in which to answer.
    pub language: Option<String>,
    /// The queue for which its number or mailbox stands.
    pub queue: Option<String>,
    /// When it began.
    pub begun: Millis,
    /// When something was last said or done.
    pub changed: Millis,
    /// When the person last wrote.
    pub person_wrote: Option<Millis>,
    /// How far it is.
    pub standing: Standing,
    /// Up to which message an agent has seen it.
    pub agent_seen: MessageId,
    /// Up to which message the person has seen it.
    pub person_seen: MessageId,
    /// What the person thinks of it, from 1 to 5.
    pub rating: Option<u8>,
}

/// The columns of [`kept`], in its order.
pub(crate) const COLUMNS: &str = "id, address, name, subject, language, queue, begun_ms, changed_ms, person_wrote_ms, state, stage, \
     agent, contact, due_ms, is_done, agent_seen, person_seen, rating";

/// Whom a conversation begins with.
#[derive(Clone, Copy, Debug)]
pub struct Beginner<'a> {
    /// Where the person is.
    pub address: &'a Address,
    /// The person's name.
    pub name: Option<&'a str>,
    /// What it is about.
    pub subject: Option<&'a str>,
    /// The language in which to answer.
    pub language: Option<&'a str>,
    /// The queue, if it is not that of the channel.
    pub queue: Option<&'a str>,
}

impl<'a> From<&'a Incoming> for Beginner<'a> {
    fn from(incoming: &'a Incoming) -> Self {
        Self {
            address: &incoming.address,
            name: incoming.name.as_deref(),
            subject: incoming.subject.as_deref(),
            language: incoming.language.as_deref(),
            queue: incoming.queue.as_deref(),
        }
    }
}

impl Store {
    /// A conversation.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn conversation(&self, id: ConversationId) -> Result<Option<Kept>, Trouble> {
        one(&self.db, "id = ?1", &[&id.0])
    }

    /// The conversation that has this contact of the room.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn of_contact(&self, contact: u64) -> Result<Option<Kept>, Trouble> {
        one(&self.db, "contact = ?1", &[&contact.cast_signed()])
    }

    /// Begins a conversation before its first message, or returns the latest one with this person, however long it is over.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn begin(&mut self, who: &Beginner<'_>, now: Millis) -> Result<ConversationId, Trouble> {
        let beginning = self.db.transaction()?;
        let id = match latest(&beginning, who.address, Millis(i64::MIN))? {
            Some(known) => known,
            None => begin(&beginning, who, now)?,
        };
        beginning.commit()?;
        Ok(id)
    }

    /// The latest conversation with a person, however long it is over.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn of_address(&self, address: &Address) -> Result<Option<Kept>, Trouble> {
        let found = latest(&self.db, address, Millis(i64::MIN))?;
        found.map_or(Ok(None), |id| self.conversation(id))
    }

    /// What its person thinks of a conversation, from 1 to 5.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn rate(&mut self, id: ConversationId, rating: u8, words: Option<&str>) -> Result<(), Trouble> {
        self.db.execute(
            "UPDATE conversation SET rating = ?2, rating_words = ?3 WHERE id = ?1",
            params![id.0, rating, words],
        )?;
        Ok(())
    }
}

/// The two names by which a person may be known.
pub(crate) fn names(address: &Address) -> (&str, Option<&str>) {
    let other = match address {
        Address::WhatsApp { number: Some(number), user: Some(_) } => Some(number.as_str()),
        Address::WhatsApp { .. } | Address::Chat(_) | Address::Mail(_) => None,
    };
    (address.key(), other)
}

/// Begins a conversation.
pub(crate) fn begin(db: &Connection, who: &Beginner<'_>, now: Millis) -> Result<ConversationId, Trouble> {
    let (person, also) = names(who.address);
    db.prepare_cached(
        "INSERT INTO conversation (channel, address, person, person_also, name, subject, language, queue, begun_ms, changed_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
    )?
    .execute(params![
        who.address.channel().word(),
        serde_json::to_string(who.address)?,
        person,
        also,
        who.name,
        who.subject,
        who.language,
        who.queue,
        now.0
    ])?;
    Ok(ConversationId(db.last_insert_rowid()))
}

/// The conversation of a channel with this number.
pub(crate) fn named(
    db: &Connection,
    channel: Channel,
    id: ConversationId,
) -> Result<Option<ConversationId>, Trouble> {
    let found = db
        .prepare_cached("SELECT id FROM conversation WHERE id = ?1 AND channel = ?2")?
        .query_row(params![id.0, channel.word()], |row| row.get(0));
    Ok(found.optional()?.map(ConversationId))
}

/// The latest conversation of a person: the open one, or one that was finished at `reopens_since` or later.
pub(crate) fn latest(
    db: &Connection,
    address: &Address,
    reopens_since: Millis,
) -> Result<Option<ConversationId>, Trouble> {
    let (person, also) = names(address);
    let found = db
        .prepare_cached(
            "SELECT id FROM conversation WHERE channel = ?1 AND (person IN (?2, ?3) OR person_also IN (?2, ?3)) \
             AND (is_done = 0 OR changed_ms >= ?4) ORDER BY id DESC LIMIT 1",
        )?
        .query_row(
            params![address.channel().word(), person, also.unwrap_or(person), reopens_since.0],
            |row| row.get(0),
        );
    Ok(found.optional()?.map(ConversationId))
}

fn one(db: &Connection, which: &str, with: &[&dyn rusqlite::ToSql]) -> Result<Option<Kept>, Trouble> {
    let text = format!("SELECT {COLUMNS} FROM conversation WHERE {which} ORDER BY id DESC LIMIT 1");
    let found = db.prepare_cached(&text)?.query_row(with, kept).optional()?;
    found.transpose()
}

/// Reads the columns of [`COLUMNS`].
pub(crate) fn kept(row: &Row<'_>) -> rusqlite::Result<Result<Kept, Trouble>> {
    let address: String = row.get(1)?;
    let address = match serde_json::from_str(&address) {
        Ok(address) => address,
        Err(error) => return Ok(Err(error.into())),
    };
    let contact: Option<i64> = row.get(12)?;
    Ok(Ok(Kept {
        id: ConversationId(row.get(0)?),
        address,
        name: row.get(2)?,
        subject: row.get(3)?,
        language: row.get(4)?,
        queue: row.get(5)?,
        begun: Millis(row.get(6)?),
        changed: Millis(row.get(7)?),
        person_wrote: millis(row.get(8)?),
        standing: Standing {
            state: row.get(9)?,
            stage: row.get(10)?,
            agent: row.get(11)?,
            contact: contact.map(i64::cast_unsigned),
            due: millis(row.get(13)?),
            is_done: row.get(14)?,
        },
        agent_seen: MessageId(row.get(15)?),
        person_seen: MessageId(row.get(16)?),
        rating: row.get(17)?,
    }))
}
