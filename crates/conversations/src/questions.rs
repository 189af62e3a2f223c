//! What people have asked the bot: their words that it has answered in some way.

use rusqlite::params;
use turno_channels::{Body, ConversationId, Millis};

use crate::store::Store;
use crate::trouble::Trouble;

/// Words of a person after which the bot spoke next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The conversation.
    pub conversation: ConversationId,
    /// The channel, as in the file.
    pub channel: String,
    /// The conversation's own queue.
    pub queue: Option<String>,
    /// When it was written.
    pub at: Millis,
    /// The words.
    pub text: String,
}

impl Store {
    /// The newest words of people to the bot, at most so many, the oldest first. What is deleted with its conversation is gone
    /// here too.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn asked(&self, most: u32) -> Result<Vec<Asked>, Trouble> {
        let mut statement = self.db.prepare_cached(
            "SELECT asked.conversation, asked.channel, conversation.queue, asked.at_ms, asked.body \
             FROM message asked JOIN conversation ON conversation.id = asked.conversation \
             WHERE asked.is_ours = 0 AND (SELECT author FROM message answer WHERE answer.conversation = asked.conversation \
             AND answer.id > asked.id AND answer.is_ours = 1 ORDER BY answer.id LIMIT 1) = ?1 ORDER BY asked.id DESC LIMIT ?2",
        )?;
        let bot = serde_json::to_string(&turno_channels::Author::Bot)?;
        let rows = statement.query_map(params![bot, most], |row| {
            let body: String = row.get(4)?;
            let asked = Asked {
                conversation: ConversationId(row.get(0)?),
                channel: row.get(1)?,
                queue: row.get(2)?,
                at: Millis(row.get(3)?),
                text: String::new(),
            };
            Ok((asked, body))
        })?;
        let mut found = Vec::new();
        for row in rows {
            let (asked, body) = row?;
            if let Body::Text { text } = serde_json::from_str(&body)? {
                found.push(Asked { text, ..asked });
            }
        }
        found.reverse();
        Ok(found)
    }
}
