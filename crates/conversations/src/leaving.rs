//! What must leave: of each person the first letter that waits, so that letters arrive in their order.

use rusqlite::{OptionalExtension as _, Row, params};
use turno_channels::{Body, ConversationId, Delivery, Letter, MessageId, Millis, Outcome};
use turno_model::Channel;

use crate::reporting::apply_early;
use crate::store::{Store, delivery_code, millis};
use crate::trouble::Trouble;

/// For how long a letter is tried, in seconds: three days.
const TRY_SECS_MAX: i64 = 3 * 24 * 3_600;

/// Earlier messages that a letter names at most.
const EARLIER_MAX: i64 = 20;

/// What no other letter of the same person precedes.
const IS_FIRST: &str = "one.is_ours = 1 AND one.channel = ?1 AND one.delivery = 0 AND NOT EXISTS (SELECT 1 FROM message AS other \
     WHERE other.is_ours = 1 AND other.delivery < 2 AND other.channel = one.channel AND other.person = one.person \
     AND other.id < one.id)";

impl Store {
    /// The next letter of a channel that is due, marked as leaving.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn next(&mut self, channel: Channel, now: Millis) -> Result<Option<Letter>, Trouble> {
        let leaving = self.db.transaction()?;
        let text = format!(
            "SELECT one.id, conversation, body, tries, is_automatic, address, subject, person_wrote_ms FROM message AS one \
             JOIN conversation ON conversation.id = one.conversation WHERE {IS_FIRST} AND one.due_ms <= ?2 ORDER BY one.id LIMIT 1"
        );
        let found =
            leaving.prepare_cached(&text)?.query_row(params![channel.word(), now.0], first).optional()?;
        let Some(first) = found else { return Ok(None) };
        leaving
            .prepare_cached("UPDATE message SET delivery = ?2 WHERE id = ?1")?
            .execute(params![first.message, delivery_code(Delivery::Leaving)])?;
        let earlier = {
            let mut statement = leaving.prepare_cached(
                "SELECT external FROM (SELECT id, external FROM message WHERE conversation = ?1 AND id < ?2 AND external IS NOT NULL \
                 ORDER BY id DESC LIMIT ?3) ORDER BY id",
            )?;
            let rows = statement
                .query_map(params![first.conversation, first.message, EARLIER_MAX], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        leaving.commit()?;
        let body: Body = serde_json::from_str(&first.body)?;
        let file = self.file_of(&body)?;
        Ok(Some(Letter {
            message: MessageId(first.message),
            conversation: ConversationId(first.conversation),
            address: serde_json::from_str(&first.address)?,
            body,
            file,
            subject: first.subject,
            earlier,
            person_wrote: millis(first.person_wrote),
            tries: first.tries,
            is_automatic: first.is_automatic,
        }))
    }

    /// When the next letter of a channel is due; `None`: none waits that could leave.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn next_due(&self, channel: Channel) -> Result<Option<Millis>, Trouble> {
        let text = format!("SELECT min(one.due_ms) FROM message AS one WHERE {IS_FIRST}");
        let due = self.db.prepare_cached(&text)?.query_row([channel.word()], |row| row.get(0))?;
        Ok(millis(due))
    }

    /// Notes what became of a letter; of one that was not leaving, nothing. Returns the conversation and the channel of the
    /// letter, if it was leaving.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn settle(
        &mut self,
        message: MessageId,
        outcome: &Outcome,
        now: Millis,
    ) -> Result<Option<(ConversationId, String)>, Trouble> {
        let settling = self.db.transaction()?;
        let found = settling
            .prepare_cached(
                "SELECT put_ms, conversation, channel FROM message WHERE id = ?1 AND is_ours = 1 AND delivery = 1",
            )?
            .query_row([message.0], |row| Ok((row.get(0)?, ConversationId(row.get(1)?), row.get(2)?)))
            .optional()?;
        let Some((put, conversation, channel)) = found else { return Ok(None) };
        let set = |delivery: Delivery, external: Option<&str>, why: Option<&str>, due: Millis| {
            settling
                .prepare_cached(
                    "UPDATE message SET delivery = ?2, external = coalesce(?3, external), failure = ?4, due_ms = ?5, \
                     tries = tries + 1 WHERE id = ?1",
                )?
                .execute(params![message.0, delivery_code(delivery), external, why, due.0])
        };
        match outcome {
            Outcome::Sent { external } => {
                set(Delivery::Sent, Some(external), None, now)?;
                apply_early(&settling, external, message)?;
            }
            Outcome::Later { after_secs, why } => {
                let due = now.plus_secs(i64::from(*after_secs));
                if due.secs_since(Millis(put)) > TRY_SECS_MAX {
                    set(Delivery::Failed, None, Some(why), now)?;
                } else {
                    set(Delivery::Waiting, None, Some(why), due)?;
                }
            }
            Outcome::Failed { why } => {
                set(Delivery::Failed, None, Some(why), now)?;
            }
            Outcome::Unknown { why } => {
                set(Delivery::Failed, None, Some(&format!("unknown: {why}")), now)?;
            }
        }
        settling.commit()?;
        Ok(Some((conversation, channel)))
    }
}

struct First {
    message: i64,
    conversation: i64,
    body: String,
    tries: u32,
    is_automatic: bool,
    address: String,
    subject: Option<String>,
    person_wrote: Option<i64>,
}

fn first(row: &Row<'_>) -> rusqlite::Result<First> {
    Ok(First {
        message: row.get(0)?,
        conversation: row.get(1)?,
        body: row.get(2)?,
        tries: row.get(3)?,
        is_automatic: row.get(4)?,
        address: row.get(5)?,
        subject: row.get(6)?,
        person_wrote: row.get(7)?,
    })
}
