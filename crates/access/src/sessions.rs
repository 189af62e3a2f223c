//! Sessions: a user at a page.

use rusqlite::{OptionalExtension as _, params};

use crate::limit::{SESSION_IDLE, SESSION_SPAN, SESSIONS_MAX};
use crate::open::Access;
use crate::principal::Principal;
use crate::secret::{RANDOM_BYTES, SecretText, stored};
use crate::trouble::Trouble;
use crate::users::{Proved, scope_of, seconds};

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
    /// Begins a session of a user who has proved the password; `None` if it was changed since, or the user may not sign in any more.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn begin_session(
        &mut self,
        proved: Proved,
        random: &[u8; RANDOM_BYTES],
        now: u64,
    ) -> Result<Option<Session>, Trouble> {
        let Proved { user, hash } = proved;
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
        let begun = transaction.execute(
            "INSERT INTO session SELECT ?1, name, ?3, ?3 FROM user WHERE name = ?2 AND password = ?4 AND is_active",
            params![stored(secret.reveal()), user.name, seconds(now), hash],
        )?;
        transaction.commit()?;
        if begun == 0 {
            return Ok(None);
        }
        Ok(Some(Session { principal: Principal { name: user.name, scope: user.scope }, secret }))
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
                 WHERE hash = ?1 AND used >= ?2 AND session.created >= ?3 AND session.created <= ?4 AND is_active",
            )?
            .query_row(
                params![
                    hash,
                    seconds(now.saturating_sub(SESSION_IDLE)),
                    seconds(now.saturating_sub(SESSION_SPAN)),
                    // The clock was set back by more: the session would last too long.
                    seconds(now + SESSION_IDLE)
                ],
                |row| {
                    let principal = Principal { name: row.get("name")?, scope: scope_of(row)? };
                    Ok((principal, row.get::<_, i64>("used")?))
                },
            )
            .optional()?;
        let Some((principal, used)) = found else { return Ok(None) };
        if used < seconds(now.saturating_sub(USED_INTERVAL)) {
            // On a full disk the session is as it was.
            let _ = self
                .database
                .execute("UPDATE session SET used = ?2 WHERE hash = ?1", params![hash, seconds(now)]);
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
