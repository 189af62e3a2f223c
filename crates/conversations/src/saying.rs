//! What agents, the bot and turno itself say.

use rusqlite::{Connection, OptionalExtension as _, params};
use turno_channels::{Author, Body, ConversationId, Delivery, FileHere, FileId, MessageId, Millis};

use crate::store::{Store, delivery_code};
use crate::trouble::Trouble;
use turno_model::Channel;

/// Something to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Say {
    /// Who says it.
    pub author: Author,
    /// What.
    pub body: Body,
    /// The page's own number for it, by which a second copy is known.
    pub client: Option<String>,
    /// Whether turno says it by itself: a mail says so.
    pub is_automatic: bool,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its number.
    pub message: MessageId,
    /// Whether it was known already.
    pub again: bool,
}

impl Store {
    /// Keeps what is to be said; it leaves when its turn comes. `None`: there is no such conversation.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn say(
        &mut self,
        conversation: ConversationId,
        say: &Say,
        now: Millis,
    ) -> Result<Option<Said>, Trouble> {
        let saying = self.db.transaction()?;
        let said = put(&saying, conversation, say, now)?;
        saying.commit()?;
        Ok(said)
    }

    /// What is kept already under the page's own number.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn known(&self, conversation: ConversationId, client: &str) -> Result<Option<Said>, Trouble> {
        known(&self.db, conversation, client)
    }

    /// Keeps a file that an agent will send.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn put_file(&self, bytes: &[u8]) -> Result<FileId, Trouble> {
        Ok(self.files.put(bytes)?)
    }

    /// A file with its content; `None`: it is not there any more.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn file_of(&self, body: &Body) -> Result<Option<FileHere>, Trouble> {
        let Body::File { file, name, media, .. } = body else { return Ok(None) };
        let bytes = self.files.read(file)?;
        Ok(bytes.map(|bytes| FileHere { name: name.clone(), kind: media.clone(), bytes }))
    }
}

/// Puts what is said into the file. A chat's page takes it from there, so it counts as sent; of the others it waits.
pub(crate) fn put(
    db: &Connection,
    conversation: ConversationId,
    say: &Say,
    now: Millis,
) -> Result<Option<Said>, Trouble> {
    let known = say.client.as_deref().map(|client| known(db, conversation, client)).transpose()?.flatten();
    if known.is_some() {
        return Ok(known);
    }
    let put = db
        .prepare_cached(
            "INSERT INTO message (conversation, channel, person, is_ours, author, at_ms, body, delivery, scope, client, file, due_ms, \
             put_ms, is_automatic) SELECT id, channel, person, 1, ?2, ?3, ?4, CASE channel WHEN ?5 THEN ?6 ELSE ?7 END, '', ?8, ?9, \
             ?3, ?3, ?10 FROM conversation WHERE id = ?1",
        )?
        .execute(params![
            conversation.0,
            serde_json::to_string(&say.author)?,
            now.0,
            serde_json::to_string(&say.body)?,
            Channel::Chat.word(),
            delivery_code(Delivery::Sent),
            delivery_code(Delivery::Waiting),
            say.client,
            file_in(&say.body),
            say.is_automatic
        ])?;
    if put == 0 {
        return Ok(None);
    }
    let message = MessageId(db.last_insert_rowid());
    db.prepare_cached("UPDATE conversation SET changed_ms = max(changed_ms, ?2) WHERE id = ?1")?
        .execute(params![conversation.0, now.0])?;
    Ok(Some(Said { message, again: false }))
}

fn known(db: &Connection, conversation: ConversationId, client: &str) -> Result<Option<Said>, Trouble> {
    let found = db
        .prepare_cached("SELECT id FROM message WHERE conversation = ?1 AND client = ?2")?
        .query_row(params![conversation.0, client], |row| row.get(0));
    Ok(found.optional()?.map(|id| Said { message: MessageId(id), again: true }))
}

/// The stored file that a message has.
pub(crate) fn file_in(body: &Body) -> Option<&str> {
    if let Body::File { file: FileId(id), .. } = body { Some(id) } else { None }
}
