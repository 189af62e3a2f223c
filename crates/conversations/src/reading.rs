//! Lists for people: conversations, their messages, and figures.

use rusqlite::{Row, params};
use turno_channels::{Body, ConversationId, Message, MessageId, Millis};

use crate::conversation::{COLUMNS, Kept, kept};
use crate::store::{Store, delivery_of};
use crate::trouble::Trouble;

/// The columns of [`line`], in its order.
const LINES: &str = "SELECT id, conversation, author, at_ms, body, delivery, failure, client, external, replies_to, marks, is_automatic \
     FROM message";

/// A message with what a page shows beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The message.
    pub message: Message,
    /// The page's own number for it.
    pub client: Option<String>,
    /// The channel's name for it.
    pub external: Option<String>,
    /// The message that it answers, by the channel's name.
    pub replies_to: Option<String>,
    /// Marks for the agent.
    pub marks: Vec<String>,
    /// Whether turno said it by itself.
    pub is_automatic: bool,
}

/// How many of something there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The channel, as in the file.
    pub channel: String,
    /// What is counted: a stage of conversations.
    pub what: String,
    /// How many.
    pub many: u64,
}

/// The oldest letter of a channel that must leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oldest {
    /// The channel, as in the file.
    pub channel: String,
    /// Since when it waits.
    pub since: Millis,
}

impl Store {
    /// Messages of a conversation after this one, at most so many, in order.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn messages(
        &self,
        conversation: ConversationId,
        after: MessageId,
        most: u32,
    ) -> Result<Vec<Line>, Trouble> {
        let text = format!("{LINES} WHERE conversation = ?1 AND id > ?2 ORDER BY id LIMIT ?3");
        let mut statement = self.db.prepare_cached(&text)?;
        let rows = statement.query_map(params![conversation.0, after.0, most], line)?;
        rows.map(|row| row?).collect()
    }

    /// The last messages of a conversation before this one (`None`: the very last), in order, at most so many.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn messages_before(
        &self,
        conversation: ConversationId,
        before: Option<MessageId>,
        most: u32,
    ) -> Result<Vec<Line>, Trouble> {
        let first: Option<i64> = self
            .db
            .prepare_cached(
                "SELECT min(id) FROM (SELECT id FROM message WHERE conversation = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3)",
            )?
            .query_row(params![conversation.0, before.map_or(i64::MAX, |before| before.0), most], |row| row.get(0))?;
        let Some(first) = first else { return Ok(Vec::new()) };
        let mut lines = self.messages(conversation, MessageId(first - 1), most)?;
        lines.retain(|line| before.is_none_or(|before| line.message.id < before));
        Ok(lines)
    }

    /// Messages of a person that no step has taken into account yet, at most so many.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn unhandled(&self, conversation: ConversationId, most: u32) -> Result<Vec<Line>, Trouble> {
        let text = format!("{LINES} WHERE conversation = ?1 AND is_handled = 0 ORDER BY id LIMIT ?2");
        let mut statement = self.db.prepare_cached(&text)?;
        let rows = statement.query_map(params![conversation.0, most], line)?;
        rows.map(|row| row?).collect()
    }

    /// A message.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn message(&self, conversation: ConversationId, id: MessageId) -> Result<Option<Line>, Trouble> {
        Ok(self
            .messages(conversation, MessageId(id.0 - 1), 1)?
            .into_iter()
            .find(|line| line.message.id == id))
    }

    /// The number of the newest message of all.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn newest(&self) -> Result<MessageId, Trouble> {
        let newest = self.db.query_row("SELECT coalesce(max(id), 0) FROM message", [], |row| row.get(0))?;
        Ok(MessageId(newest))
    }

    /// Conversations that are not over, or all, the last changed first.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn conversations(&self, with_done: bool, most: u32) -> Result<Vec<Kept>, Trouble> {
        let text = format!(
            "SELECT {COLUMNS} FROM conversation WHERE is_done <= ?1 ORDER BY changed_ms DESC, id DESC LIMIT ?2"
        );
        let mut statement = self.db.prepare_cached(&text)?;
        let rows = statement.query_map(params![with_done, most], kept)?;
        rows.map(|row| row?).collect()
    }

    /// How many messages of the person an agent has not seen.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn unseen(&self, conversation: ConversationId) -> Result<u64, Trouble> {
        let text = "SELECT count(*) FROM message JOIN conversation ON conversation.id = message.conversation \
             WHERE message.conversation = ?1 AND is_ours = 0 AND message.id > agent_seen";
        let many: i64 = self.db.prepare_cached(text)?.query_row([conversation.0], |row| row.get(0))?;
        Ok(many.unsigned_abs())
    }

    /// Conversations that are not over, by channel and stage.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn open_by_stage(&self) -> Result<Vec<Figures>, Trouble> {
        self.figures(
            "SELECT channel, stage, count(*) FROM conversation WHERE is_done = 0 GROUP BY channel, stage",
        )
    }

    /// Letters that must leave, by channel.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn leaving(&self) -> Result<Vec<Figures>, Trouble> {
        self.figures(
            "SELECT channel, 'leaving', count(*) FROM message WHERE is_ours = 1 AND delivery < 2 GROUP BY channel",
        )
    }

    /// Since when the oldest letter of each channel waits that must leave.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn oldest_leaving(&self) -> Result<Vec<Oldest>, Trouble> {
        let mut statement = self.db.prepare_cached(
            "SELECT channel, min(put_ms) FROM message WHERE is_ours = 1 AND delivery < 2 GROUP BY channel",
        )?;
        let rows =
            statement.query_map([], |row| Ok(Oldest { channel: row.get(0)?, since: Millis(row.get(1)?) }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Messages whose price is booked since a moment, by channel and category; those that are not billed under `free`.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn priced(&self, since: Millis) -> Result<Vec<Figures>, Trouble> {
        let mut statement = self.db.prepare_cached(
            "SELECT channel, CASE is_billed WHEN 1 THEN category ELSE 'free' END, count(*) FROM price WHERE at_ms >= ?1 GROUP BY 1, 2",
        )?;
        let rows = statement.query_map([since.0], figure)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn figures(&self, text: &str) -> Result<Vec<Figures>, Trouble> {
        let mut statement = self.db.prepare_cached(text)?;
        let rows = statement.query_map([], figure)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn figure(row: &Row<'_>) -> rusqlite::Result<Figures> {
    let many: i64 = row.get(2)?;
    Ok(Figures { channel: row.get(0)?, what: row.get(1)?, many: many.unsigned_abs() })
}

fn line(row: &Row<'_>) -> rusqlite::Result<Result<Line, Trouble>> {
    let (author, body, marks): (String, String, Option<String>) = (row.get(2)?, row.get(4)?, row.get(10)?);
    let read = || -> Result<(turno_channels::Author, Body, Vec<String>), Trouble> {
        let marks = marks.map_or(Ok(Vec::new()), |marks| serde_json::from_str(&marks))?;
        Ok((serde_json::from_str(&author)?, serde_json::from_str(&body)?, marks))
    };
    let (author, body, marks) = match read() {
        Ok(read) => read,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let message = Message {
        id: MessageId(row.get(0)?),
        conversation: ConversationId(row.get(1)?),
        author,
        at: Millis(row.get(3)?),
        body,
        delivery: delivery_of(row.get(5)?),
        failure: row.get(6)?,
    };
    Ok(Ok(Line {
        message,
        client: row.get(7)?,
        external: row.get(8)?,
        replies_to: row.get(9)?,
        marks,
        is_automatic: row.get(11)?,
    }))
}
