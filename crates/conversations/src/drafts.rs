//! What agents have begun to write, and how far people and agents have read.

use rusqlite::{OptionalExtension as _, params};
use turno_channels::{ConversationId, Delivery, MessageId, Millis};

use crate::store::{Store, delivery_code};
use crate::trouble::Trouble;

/// Words that an agent has not sent yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The words.
    pub text: String,
    /// When they were kept.
    pub at: Millis,
}

impl Store {
    /// Keeps an agent's draft; empty words delete it.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn keep_draft(
        &mut self,
        (conversation, agent): (ConversationId, &str),
        text: &str,
        now: Millis,
    ) -> Result<(), Trouble> {
        if text.is_empty() {
            self.db.execute(
                "DELETE FROM draft WHERE conversation = ?1 AND agent = ?2",
                params![conversation.0, agent],
            )?;
        } else {
            self.db.execute(
                "INSERT INTO draft (conversation, agent, text, at_ms) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (conversation, agent) DO UPDATE SET text = excluded.text, at_ms = excluded.at_ms",
                params![conversation.0, agent, text, now.0],
            )?;
        }
        Ok(())
    }

    /// An agent's draft.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn draft(&self, conversation: ConversationId, agent: &str) -> Result<Option<Draft>, Trouble> {
        let found = self
            .db
            .prepare_cached("SELECT text, at_ms FROM draft WHERE conversation = ?1 AND agent = ?2")?
            .query_row(params![conversation.0, agent], |row| {
                Ok(Draft { text: row.get(0)?, at: Millis(row.get(1)?) })
            });
        Ok(found.optional()?)
    }

    /// An agent has seen a conversation up to this message.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn agent_saw(&mut self, conversation: ConversationId, until: MessageId) -> Result<(), Trouble> {
        self.saw(conversation, until, ("agent_seen", 0))
    }

    /// The channel's name of the last message of the person up to this one, if the agent has not seen that far before.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn unseen_until(
        &self,
        conversation: ConversationId,
        until: MessageId,
    ) -> Result<Option<String>, Trouble> {
        let text = "SELECT external FROM message JOIN conversation ON conversation.id = message.conversation \
             WHERE message.conversation = ?1 AND is_ours = 0 AND external IS NOT NULL AND message.id > agent_seen \
             AND message.id <= ?2 ORDER BY message.id DESC LIMIT 1";
        let found =
            self.db.prepare_cached(text)?.query_row(params![conversation.0, until.0], |row| row.get(0));
        Ok(found.optional()?)
    }

    /// The person of a chat has seen it up to this message.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn person_saw(&mut self, conversation: ConversationId, until: MessageId) -> Result<(), Trouble> {
        self.saw(conversation, until, ("person_seen", 1))
    }

    fn saw(
        &mut self,
        conversation: ConversationId,
        until: MessageId,
        (column, is_ours): (&str, i64),
    ) -> Result<(), Trouble> {
        let seeing = self.db.transaction()?;
        // Nobody has seen what is not written yet.
        let newest: i64 = seeing
            .prepare_cached("SELECT coalesce(max(id), 0) FROM message WHERE conversation = ?1")?
            .query_row([conversation.0], |row| row.get(0))?;
        let until = until.0.min(newest);
        seeing.execute(
            &format!("UPDATE conversation SET {column} = max({column}, ?2) WHERE id = ?1"),
            params![conversation.0, until],
        )?;
        seeing
            .prepare_cached(
                "UPDATE message SET delivery = ?4 WHERE conversation = ?1 AND id <= ?2 AND is_ours = ?3 AND delivery IN (2, 3)",
            )?
            .execute(params![conversation.0, until, is_ours, delivery_code(Delivery::Seen)])?;
        Ok(seeing.commit()?)
    }
}
