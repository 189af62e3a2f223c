//! Users: who may sign in.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::limit::NAME_CHARS_MAX;
use crate::open::Access;
use crate::password;
use crate::principal::Scope;
use crate::role::Role;
use crate::secret::RANDOM_BYTES;
use crate::trouble::Trouble;

/// What stands in place of a password's hash where there is no password: no password has it.
pub(crate) const NO_PASSWORD: &str = "!";

/// A user who is added.
#[derive(Clone, Debug)]
pub struct NewUser<'a> {
    /// The name.
    pub name: &'a str,
    /// What they are limited to.
    pub scope: Scope,
    /// The password in plain text.
    pub password: &'a str,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: String,
    /// What they are limited to.
    pub scope: Scope,
    /// Whether they may sign in.
    pub is_active: bool,
    /// When they were added, in seconds since 1970.
    pub created: u64,
}

impl Access {
    /// Adds a user.
    ///
    /// # Errors
    /// [`Trouble::Name`], [`Trouble::PasswordLength`], [`Trouble::PasswordKnown`], [`Trouble::Taken`].
    pub fn add_user(
        &mut self,
        new: &NewUser<'_>,
        random: &[u8; RANDOM_BYTES],
        now: u64,
    ) -> Result<(), Trouble> {
        proves_name(new.name)?;
        let hash = password::hash(new.name, new.password, &random[..16])?;
        if self.user(new.name)?.is_some() {
            return Err(Trouble::Taken);
        }
        let NewUser { name, scope, .. } = new;
        self.database.execute(
            "INSERT INTO user VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?6)",
            params![name, scope.role.word(), scope.agent, queues_text(scope), hash, seconds(now)],
        )?;
        Ok(())
    }

    /// The user of this name, however it is capitalised.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn user(&self, name: &str) -> Result<Option<User>, Trouble> {
        Ok(self
            .database
            .query_row(&format!("{USERS} WHERE name = ?1 COLLATE NOCASE"), [name], user_of)
            .optional()?)
    }

    /// All users, by name.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn users(&self) -> Result<Vec<User>, Trouble> {
        let mut statement = self.database.prepare(&format!("{USERS} ORDER BY name"))?;
        let users = statement.query_map([], user_of)?.collect::<Result<_, _>>()?;
        Ok(users)
    }

    /// Gives a user a new password; their sessions end.
    ///
    /// # Errors
    /// [`Trouble::PasswordLength`], [`Trouble::PasswordKnown`], [`Trouble::Unknown`].
    pub fn set_password(
        &mut self,
        name: &str,
        new: &str,
        random: &[u8; RANDOM_BYTES],
        now: u64,
    ) -> Result<(), Trouble> {
        let user = self.user(name)?.ok_or(Trouble::Unknown)?;
        let hash = password::hash(&user.name, new, &random[..16])?;
        let transaction = self.database.transaction()?;
        transaction.execute(
            "UPDATE user SET password = ?2, changed = ?3 WHERE name = ?1",
            params![user.name, hash, seconds(now)],
        )?;
        transaction.execute("DELETE FROM session WHERE user = ?1", [&user.name])?;
        transaction.commit()?;
        Ok(())
    }

    /// Gives a user another role, agent and queues, lets them sign in or not. A user who may do less than before is signed
    /// out, and their tokens end.
    ///
    /// # Errors
    /// [`Trouble::Unknown`], [`Trouble::LastOperator`].
    pub fn change_user(
        &mut self,
        name: &str,
        scope: &Scope,
        is_active: bool,
        now: u64,
    ) -> Result<(), Trouble> {
        let user = self.user(name)?.ok_or(Trouble::Unknown)?;
        let is_less = !is_active || !user.scope.is_within(scope);
        let transaction = self.database.transaction()?;
        transaction.execute(
            "UPDATE user SET role = ?2, agent = ?3, queues = ?4, is_active = ?5, changed = ?6 WHERE name = ?1",
            params![
                user.name,
                scope.role.word(),
                scope.agent,
                queues_text(scope),
                is_active,
                seconds(now)
            ],
        )?;
        if is_less {
            transaction.execute("DELETE FROM session WHERE user = ?1", [&user.name])?;
            transaction.execute("DELETE FROM token WHERE owner = ?1", [&user.name])?;
        }
        if user.scope.role == Role::Operator {
            proves_operator(&transaction)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Removes a user with their sessions and tokens. What they did stays in the audit log.
    ///
    /// # Errors
    /// [`Trouble::Unknown`], [`Trouble::LastOperator`].
    pub fn remove_user(&mut self, name: &str) -> Result<(), Trouble> {
        let user = self.user(name)?.ok_or(Trouble::Unknown)?;
        let transaction = self.database.transaction()?;
        transaction.execute("DELETE FROM user WHERE name = ?1", [&user.name])?;
        if user.scope.role == Role::Operator {
            proves_operator(&transaction)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// What is needed to prove the password of this name; also for a name that nobody has.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn lock_of(&self, name: &str) -> Result<Lock, Trouble> {
        let found = self
            .database
            .query_row(
                &format!("{USERS} WHERE name = ?1 COLLATE NOCASE AND is_active AND password <> ?2"),
                [name, NO_PASSWORD],
                |row| Ok((user_of(row)?, row.get("password")?)),
            )
            .optional()?;
        Ok(Lock(found))
    }
}

/// A user's password hash, or that there is no such user. To try a password takes about 20 ms of a core, and needs no
/// database: it is done where nobody waits for it.
#[derive(Debug)]
pub struct Lock(Option<(User, String)>);

impl Lock {
    /// The user, if the password is theirs. Without such a user it takes as long.
    ///
    /// # Errors
    /// [`Trouble::Hash`].
    pub fn opens(self, given: &str) -> Result<Option<Proved>, Trouble> {
        let Some((user, hash)) = self.0 else {
            password::takes_as_long(given);
            return Ok(None);
        };
        Ok(password::is_right(given, &hash)?.then_some(Proved { user, hash }))
    }
}

/// A user who has proved the password with this hash.
#[derive(Debug)]
pub struct Proved {
    pub(crate) user: User,
    pub(crate) hash: String,
}

const USERS: &str = "SELECT name, role, agent, queues, is_active, created, password FROM user";

fn user_of(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        name: row.get("name")?,
        scope: scope_of(row)?,
        is_active: row.get("is_active")?,
        created: u64::try_from(row.get::<_, i64>("created")?).unwrap_or_default(),
    })
}

/// The columns `role`, `agent` and `queues`.
pub(crate) fn scope_of(row: &Row<'_>) -> rusqlite::Result<Scope> {
    let role: String = row.get("role")?;
    let queues: Option<String> = row.get("queues")?;
    Ok(Scope {
        // A role that was written by hand gives no rights that nobody meant.
        role: Role::of(&role).unwrap_or(Role::Reader),
        agent: row.get("agent")?,
        queues: queues.map(|names| names.split_whitespace().map(str::to_owned).collect()),
    })
}

/// Names of queues have no spaces.
pub(crate) fn queues_text(scope: &Scope) -> Option<String> {
    scope.queues.as_ref().map(|queues| queues.join(" "))
}

pub(crate) fn seconds(moment: u64) -> i64 {
    i64::try_from(moment).unwrap_or(i64::MAX)
}

/// A name can't be taken for another one or for a part of a line.
pub(crate) fn proves_name(name: &str) -> Result<(), Trouble> {
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_' | '@');
    let is_first = name.starts_with(|first: char| first.is_ascii_alphanumeric());
    let is_name = is_first && name.len() <= NAME_CHARS_MAX && name.chars().all(is_sign);
    if is_name { Ok(()) } else { Err(Trouble::Name) }
}

/// A site without an operator could not be mended from a page.
fn proves_operator(database: &Connection) -> Result<(), Trouble> {
    let operators: u32 =
        database.query_row("SELECT count(*) FROM user WHERE role = 'operator' AND is_active", [], |row| {
            row.get(0)
        })?;
    if operators == 0 { Err(Trouble::LastOperator) } else { Ok(()) }
}
