//! A conversation's next state with all that follows from it, in one transaction: what is said, which errands are to be run, and up
//! to where messages and facts were taken into account.

use rusqlite::{Connection, OptionalExtension as _, params};
use turno_channels::{ConversationId, MessageId, Millis};
use turno_ground::Moment;
use turno_model::Position;

use crate::conversation::Standing;
use crate::saying::{Said, Say, put};
use crate::store::Store;
use crate::trouble::Trouble;

/// The next state of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The conversation.
    pub conversation: ConversationId,
    /// How far it is now.
    pub standing: Standing,
    /// Up to which message everything was taken into account; `None`: nothing new was.
    pub handled: Option<MessageId>,
    /// What is said.
    pub says: Vec<Say>,
    /// What is to be done outside, in order. Each is kept until it is said to be done.
    pub errands: Vec<String>,
}

/// Something to be done outside, such as an order to the engine. After a kill it is done again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// Its number; errands are run in the order of their numbers.
    pub id: i64,
    /// Its conversation.
    pub conversation: ConversationId,
    /// What.
    pub what: String,
}

impl Store {
    /// Takes the steps of conversations, all or none, and returns what was said. `until` is the position of facts that led to them, `done` the errand.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn step(
        &mut self,
        steps: &[Step],
        (until, done): (Option<Position>, Option<i64>),
        now: Millis,
    ) -> Result<Vec<Said>, Trouble> {
        let stepping = self.db.transaction()?;
        let mut said = Vec::new();
        for step in steps {
            take_step(&stepping, step, &mut said, now)?;
        }
        if let Some(errand) = done {
            stepping.prepare_cached("DELETE FROM errand WHERE id = ?1")?.execute([errand])?;
        }
        if let Some(until) = until {
            stepping
                .prepare_cached(
                    "INSERT INTO taken_until (one, run_us, number) VALUES (1, ?1, ?2) ON CONFLICT (one) DO UPDATE \
                     SET run_us = excluded.run_us, number = excluded.number",
                )?
                .execute(params![until.run.as_micros().cast_signed(), until.number.cast_signed()])?;
        }
        stepping.commit()?;
        Ok(said)
    }

    /// Up to where facts were taken into account; `None`: none ever was.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn position(&self) -> Result<Option<Position>, Trouble> {
        let found = self.db.query_row("SELECT run_us, number FROM taken_until", [], |row| {
            let (run, number): (i64, i64) = (row.get(0)?, row.get(1)?);
            Ok(Position { run: Moment::from_micros(run.cast_unsigned()), number: number.cast_unsigned() })
        });
        Ok(found.optional()?)
    }

    /// Conversations with messages that no step has taken into account, the one that waits longest first.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn fresh(&self, most: u32) -> Result<Vec<ConversationId>, Trouble> {
        self.ids("SELECT conversation FROM message WHERE is_handled = 0 GROUP BY conversation ORDER BY min(id) LIMIT ?1", &[&most])
    }

    /// Conversations whose time has come.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn due(&self, now: Millis, most: u32) -> Result<Vec<ConversationId>, Trouble> {
        self.ids("SELECT id FROM conversation WHERE due_ms <= ?1 ORDER BY due_ms LIMIT ?2", &[&now.0, &most])
    }

    /// When the next conversation is due.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn first_due(&self) -> Result<Option<Millis>, Trouble> {
        let due: Option<i64> = self
            .db
            .prepare_cached("SELECT min(due_ms) FROM conversation")?
            .query_row([], |row| row.get(0))?;
        Ok(due.map(Millis))
    }

    /// The first errands that are not done.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn errands(&self, most: u32) -> Result<Vec<Errand>, Trouble> {
        let mut statement =
            self.db.prepare_cached("SELECT id, conversation, what FROM errand ORDER BY id LIMIT ?1")?;
        let rows = statement.query_map([most], |row| {
            Ok(Errand { id: row.get(0)?, conversation: ConversationId(row.get(1)?), what: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn ids(&self, text: &str, with: &[&dyn rusqlite::ToSql]) -> Result<Vec<ConversationId>, Trouble> {
        let mut statement = self.db.prepare_cached(text)?;
        let rows = statement.query_map(with, |row| Ok(ConversationId(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn take_step(db: &Connection, step: &Step, said: &mut Vec<Said>, now: Millis) -> Result<(), Trouble> {
    let Standing { state, stage, agent, contact, due, is_done } = &step.standing;
    db.prepare_cached(
        "UPDATE conversation SET state = ?2, stage = ?3, agent = ?4, contact = ?5, due_ms = ?6, is_done = ?7, \
         changed_ms = max(changed_ms, ?8) WHERE id = ?1",
    )?
    .execute(params![
        step.conversation.0,
        state,
        stage,
        agent,
        contact.map(u64::cast_signed),
        due.map(|due| due.0),
        is_done,
        now.0
    ])?;
    if let Some(MessageId(handled)) = step.handled {
        db.prepare_cached(
            "UPDATE message SET is_handled = 1 WHERE conversation = ?1 AND id <= ?2 AND is_handled = 0",
        )?
        .execute(params![step.conversation.0, handled])?;
    }
    for say in &step.says {
        said.extend(put(db, step.conversation, say, now)?);
    }
    for errand in &step.errands {
        db.prepare_cached("INSERT INTO errand (conversation, what) VALUES (?1, ?2)")?
            .execute(params![step.conversation.0, errand])?;
    }
    Ok(())
}
