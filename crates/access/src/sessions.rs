//! Sessions: a user at a page.

use rusqlite::{OptionalExtension as _, params};

use crate::limit::{SESSION_IDLE, SESSION_SPAN, SESSIONS_MAX};
use crate::open::Access;
use crate::principal::Principal;
use crate::secret::{RANDOM_BYTES, SecretText, stored};
use crate::trouble::Trouble;
use crate::users::{User, scope_of, seconds};

/// A session that has begun.
#[derive(Debug)]
pub struct Session {
    /// Who has signed in.
    pub principal: Principal,
    /// The value of the cookie.
    pub secret: SecretText,
}

/// Writes of the time of use are this many seconds apart: not one for each request.
const USED_INTERVAL: u64 = 60;

impl Access {
    /// Begins a session of a user who has proved the password.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn begin_session(
        &mut self,
        user: User,
        random: &[u8; RANDOM_BYTES],
        now: u64,
    ) -> Result<Session, Trouble> {
        let secret = SecretText::session(random);
        let transaction = self.database.transaction()?;
        transaction.execute(
            "DELETE FROM session WHERE used < ?1 OR created < ?2",
            params![seconds(now.saturating_sub(SESSION_IDLE)), seconds(now.saturating_sub(SESSION_SPAN))],
        )?;
        transaction.execute(
            "DELETE FROM session WHERE user = ?1 AND hash NOT IN
             (SELECT hash FROM session WHERE user = ?1 ORDER BY created DESC LIMIT ?2)",
            params![user.name, SESSIONS_MAX - 1],
        )?;
        transaction.execute(
            "INSERT INTO session VALUES (?1, ?2, ?3, ?3)",
            params![stored(secret.reveal()), user.name, seconds(now)],
        )?;
        transaction.commit()?;
        Ok(Session { principal: Principal { name: user.name, scope: user.scope }, secret })
    }

    /// Whose session this cookie is.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn session(&self, secret: &str, now: u64) -> Result<Option<Principal>, Trouble> {
        let hash = stored(secret);
        let found = self
            .database
            .prepare_cached(
                "SELECT name, role, agent, queues, used FROM session JOIN user ON user = name
                 WHERE hash = ?1 AND used >= ?2 AND session.created >= ?3 AND is_active",
            )?
            .query_row(
                params![
                    hash,
                    seconds(now.saturating_sub(SESSION_IDLE)),
                    seconds(now.saturating_sub(SESSION_SPAN))
                ],
                |row| {
                    let principal = Principal { name: row.get("name")?, scope: scope_of(row)? };
                    Ok((principal, row.get::<_, i64>("used")?))
                },
            )
            .optional()?;
        let Some((principal, used)) = found else { return Ok(None) };
        if used < seconds(now.saturating_sub(USED_INTERVAL)) {
            self.database
                .execute("UPDATE session SET used = ?2 WHERE hash = ?1", params![hash, seconds(now)])?;
        }
        Ok(Some(principal))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn sign_out(&mut self, secret: &str) -> Result<(), Trouble> {
        self.database.execute("DELETE FROM session WHERE hash = ?1", [stored(secret)])?;
        Ok(())
    }
}
