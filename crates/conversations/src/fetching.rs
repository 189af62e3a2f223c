//! Files that a channel keeps and that are still to be fetched.

use rusqlite::{OptionalExtension as _, params};
use turno_channels::{Body, ConversationId, Elsewhere, FileHere, MessageId, Millis};
use turno_model::Channel;

use crate::saying::file_in;
use crate::store::Store;
use crate::taking::body_of;
use crate::trouble::Trouble;

/// Files that are asked for at once.
const AT_ONCE: u32 = 100;

/// For how long a channel may keep a file, in seconds: thirty days.
const KEPT_SECS: i64 = 30 * 24 * 3_600;

impl Store {
    /// Files of a channel that are still to be fetched, the oldest first.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn elsewhere(&self, channel: Channel, now: Millis) -> Result<Vec<Elsewhere>, Trouble> {
        let mut statement = self.db.prepare_cached(
            "SELECT id, body FROM message WHERE is_elsewhere = 1 AND channel = ?1 AND put_ms > ?2 ORDER BY id LIMIT ?3",
        )?;
        let since = now.plus_secs(-KEPT_SECS).0;
        let rows = statement.query_map(params![channel.word(), since, AT_ONCE], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })?;
        let mut found = Vec::new();
        for row in rows {
            let (id, body) = row?;
            if let Body::FileElsewhere { reference, name, .. } = serde_json::from_str(&body)? {
                found.push(Elsewhere { message: MessageId(id), reference, name });
            }
        }
        Ok(found)
    }

    /// Puts a file that was fetched into its message. Returns the conversation, if the message still waited for it.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn has_fetched(
        &mut self,
        message: MessageId,
        file: &FileHere,
    ) -> Result<Option<ConversationId>, Trouble> {
        let found: Option<(i64, String)> = self
            .db
            .prepare_cached("SELECT conversation, body FROM message WHERE id = ?1 AND is_elsewhere = 1")?
            .query_row([message.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((conversation, before)) = found else { return Ok(None) };
        let before: Body = serde_json::from_str(&before)?;
        let caption = if let Body::FileElsewhere { caption, .. } = before { caption } else { None };
        let body = body_of(file, caption, &self.files, &self.limits)?;
        self.db
            .prepare_cached("UPDATE message SET body = ?2, file = ?3, is_elsewhere = 0 WHERE id = ?1")?
            .execute(params![message.0, serde_json::to_string(&body)?, file_in(&body)])?;
        Ok(Some(ConversationId(conversation)))
    }
}
