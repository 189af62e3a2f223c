//! Tokens: programs that act for a user.

use rusqlite::{OptionalExtension as _, params};

use crate::open::Access;
use crate::principal::{Principal, Scope};
use crate::secret::{RANDOM_BYTES, SecretText, stored};
use crate::trouble::Trouble;
use crate::users::{proves_name, queues_text, scope_of, seconds};

/// A token that is made.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// What it is for; one of its owner's.
    pub name: &'a str,
    /// The user whose token it is.
    pub owner: &'a str,
    /// What it is limited to: no more than its owner.
    pub scope: Scope,
    /// When it ends, in seconds since 1970.
    pub expires: u64,
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is for.
    pub name: String,
    /// The user whose token it is.
    pub owner: String,
    /// What it is limited to.
    pub scope: Scope,
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// When it ends.
    pub expires: u64,
    /// When it was last used, to the hour.
    pub used: Option<u64>,
}

/// Writes of the time of use are this many seconds apart.
const USED_INTERVAL: u64 = 3_600;

impl Access {
    /// Makes a token; the secret is shown this once.
    ///
    /// # Errors
    /// [`Trouble::Name`], [`Trouble::Unknown`] owner, [`Trouble::TooMuch`], [`Trouble::Taken`].
    pub fn add_token(
        &mut self,
        new: &NewToken<'_>,
        random: &[u8; RANDOM_BYTES],
        now: u64,
    ) -> Result<SecretText, Trouble> {
        proves_name(new.name)?;
        let owner = self.user(new.owner)?.filter(|owner| owner.is_active).ok_or(Trouble::Unknown)?;
        if !new.scope.is_within(&owner.scope) {
            return Err(Trouble::TooMuch);
        }
        let is_taken = self
            .database
            .query_row("SELECT 1 FROM token WHERE owner = ?1 AND name = ?2", [&owner.name, new.name], |_| {
                Ok(())
            })
            .optional()?;
        if is_taken.is_some() {
            return Err(Trouble::Taken);
        }
        let secret = SecretText::token(random);
        let NewToken { name, scope, expires, .. } = new;
        self.database.execute(
            "INSERT INTO token VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL)",
            params![
                name,
                owner.name,
                stored(secret.reveal()),
                scope.role.word(),
                scope.agent,
                queues_text(scope),
                seconds(now),
                seconds(*expires)
            ],
        )?;
        Ok(secret)
    }

    /// Whose token this is. An owner who may not sign in has none.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn bearer(&self, secret: &str, now: u64) -> Result<Option<Principal>, Trouble> {
        let hash = stored(secret);
        let found = self
            .database
            .prepare_cached(
                "SELECT token.name, owner, token.role, token.agent, token.queues, used FROM token
                 JOIN user ON owner = user.name WHERE hash = ?1 AND expires > ?2 AND is_active",
            )?
            .query_row(params![hash, seconds(now)], |row| {
                let name = format!("token {} of {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?);
                let used: Option<i64> = row.get("used")?;
                Ok((Principal { name, scope: scope_of(row)? }, used))
            })
            .optional()?;
        let Some((principal, used)) = found else { return Ok(None) };
        if used.is_none_or(|used| used < seconds(now.saturating_sub(USED_INTERVAL))) {
            let _ = self
                .database
                .execute("UPDATE token SET used = ?2 WHERE hash = ?1", params![hash, seconds(now)]);
        }
        Ok(Some(principal))
    }

    /// The tokens of a user, or of all, by owner and name; also those that have ended.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn tokens(&self, owner: Option<&str>) -> Result<Vec<Token>, Trouble> {
        let mut statement = self.database.prepare(
            "SELECT name, owner, role, agent, queues, created, expires, used FROM token
             WHERE ?1 IS NULL OR owner = ?1 COLLATE NOCASE ORDER BY owner, name",
        )?;
        let moment = |value: i64| u64::try_from(value).unwrap_or_default();
        let tokens = statement.query_map([owner], |row| {
            Ok(Token {
                name: row.get("name")?,
                owner: row.get("owner")?,
                scope: scope_of(row)?,
                created: moment(row.get("created")?),
                expires: moment(row.get("expires")?),
                used: row.get::<_, Option<i64>>("used")?.map(moment),
            })
        })?;
        Ok(tokens.collect::<Result<_, _>>()?)
    }

    /// Ends a token.
    ///
    /// # Errors
    /// [`Trouble::Unknown`].
    pub fn remove_token(&mut self, owner: &str, name: &str) -> Result<(), Trouble> {
        let removed = self
            .database
            .execute("DELETE FROM token WHERE owner = ?1 COLLATE NOCASE AND name = ?2", [owner, name])?;
        if removed == 0 { Err(Trouble::Unknown) } else { Ok(()) }
    }
}
