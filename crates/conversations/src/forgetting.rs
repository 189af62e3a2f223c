//! What is deleted after the time that the plan says: conversations that are over, their messages and their files.

use std::time::SystemTime;

use rusqlite::params;
use turno_channels::{FileId, Millis};

use crate::store::Store;
use crate::trouble::Trouble;

/// Conversations that go in one transaction, so that nobody waits long for it.
const AT_ONCE: u32 = 200;

/// What went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Conversations.
    pub conversations: u64,
    /// Whether there is more to go.
    pub is_more: bool,
}

impl Store {
    /// Deletes conversations that were over before this moment, with all that was said; their prices stay. Call it again while there
    /// is more.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn forget(&mut self, before: Millis) -> Result<Forgotten, Trouble> {
        let forgetting = self.db.transaction()?;
        let gone: Vec<i64> = {
            let mut statement = forgetting.prepare(
                "SELECT id FROM conversation WHERE is_done = 1 AND changed_ms < ?1 ORDER BY id LIMIT ?2",
            )?;
            let rows = statement.query_map(params![before.0, AT_ONCE], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        for id in &gone {
            forgetting
                .prepare_cached(
                    "DELETE FROM also_named WHERE message IN (SELECT id FROM message WHERE conversation = ?1)",
                )?
                .execute([id])?;
            for table in ["message", "draft", "errand"] {
                forgetting
                    .prepare_cached(&format!("DELETE FROM {table} WHERE conversation = ?1"))?
                    .execute([id])?;
            }
            forgetting.prepare_cached("DELETE FROM conversation WHERE id = ?1")?.execute([id])?;
        }
        forgetting.commit()?;
        let many = gone.len() as u64;
        Ok(Forgotten { conversations: many, is_more: many == u64::from(AT_ONCE) })
    }

    /// Deletes files that no message has, if they were written before `before`.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn sweep_files(&self, before: SystemTime) -> Result<u64, Trouble> {
        let mut statement =
            self.db.prepare_cached("SELECT EXISTS (SELECT 1 FROM message WHERE file = ?1)")?;
        let mut failed = None;
        let gone = self.files.sweep(before, |FileId(id)| {
            statement.query_row([id], |row| row.get::<_, bool>(0)).unwrap_or_else(|error| {
                failed = Some(error);
                true
            })
        })?;
        failed.map_or(Ok(gone), |error| Err(error.into()))
    }
}
