//! Further names: of a letter, by which reports know it, and of a person who has another address now.

use rusqlite::{Connection, OptionalExtension as _, params};
use turno_channels::{Address, ConversationId, Delivery, MessageId};

use crate::conversation::names;
use crate::reporting::apply_early;
use crate::store::{Store, delivery_code};
use crate::trouble::Trouble;

impl Store {
    /// Notes the channel's name for a letter, told by a report that bears our own number. A letter of which nobody knew whether it
    /// had left has left. Returns its conversation.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn name(&mut self, message: MessageId, external: &str) -> Result<Option<ConversationId>, Trouble> {
        let naming = self.db.transaction()?;
        let found: Option<(i64, Option<String>)> = naming
            .prepare_cached("SELECT conversation, external FROM message WHERE id = ?1 AND is_ours = 1")?
            .query_row([message.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((conversation, known)) = found else { return Ok(None) };
        if known.as_deref().is_some_and(|known| known != external) {
            naming
                .prepare_cached("INSERT OR IGNORE INTO also_named (external, message) VALUES (?1, ?2)")?
                .execute(params![external, message.0])?;
        }
        has_left(&naming, message, external)?;
        apply_early(&naming, external, message)?;
        naming.commit()?;
        Ok(Some(ConversationId(conversation)))
    }

    /// Notes that a person has another address now. Returns the conversations.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn has_moved(&mut self, from: &Address, to: &Address) -> Result<Vec<ConversationId>, Trouble> {
        let moving = self.db.transaction()?;
        let ((person, also), (next, next_also)) = (names(from), names(to));
        let channel = from.channel().word();
        let ids: Vec<i64> = {
            let mut statement = moving.prepare_cached(
                "SELECT id FROM conversation WHERE channel = ?1 AND (person IN (?2, ?3) OR person_also IN (?2, ?3))",
            )?;
            let rows =
                statement.query_map(params![channel, person, also.unwrap_or(person)], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        for id in &ids {
            moving
                .prepare_cached(
                    "UPDATE conversation SET address = ?2, person = ?3, person_also = ?4 WHERE id = ?1",
                )?
                .execute(params![id, serde_json::to_string(to)?, next, next_also])?;
            moving
                .prepare_cached("UPDATE message SET person = ?2 WHERE conversation = ?1")?
                .execute(params![id, next])?;
        }
        moving.commit()?;
        Ok(ids.into_iter().map(ConversationId).collect())
    }
}

/// A letter that is leaving, or of which nobody knows, has left under this name.
fn has_left(db: &Connection, message: MessageId, external: &str) -> Result<(), Trouble> {
    db.prepare_cached(
        "UPDATE message SET external = coalesce(external, ?2), \
         failure = CASE WHEN delivery = 5 AND failure NOT LIKE 'unknown%' THEN failure END, \
         delivery = CASE WHEN delivery = 1 OR (delivery = 5 AND failure LIKE 'unknown%') THEN ?3 ELSE delivery END WHERE id = ?1",
    )?
    .execute(params![message.0, external, delivery_code(Delivery::Sent)])?;
    Ok(())
}
