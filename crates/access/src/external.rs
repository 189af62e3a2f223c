//! People whom an issuer elsewhere knows (OpenID Connect): a user of theirs is made at the first sign-in, and follows what the issuer says.

use rusqlite::{OptionalExtension as _, params};

use crate::open::Access;
use crate::principal::Scope;
use crate::trouble::Trouble;
use crate::users::{NO_PASSWORD, Proved, proves_name, queues_text, seconds};

/// Somebody whom an issuer has named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// Who it is at the issuer: this never changes, names do.
    pub subject: &'a str,
    /// The name as a user.
    pub name: &'a str,
    /// What they are limited to.
    pub scope: Scope,
}

impl Access {
    /// The user of somebody whom an issuer has named, who is made or changed as the issuer says; `None` if an operator has barred them.
    ///
    /// # Errors
    /// [`Trouble::Name`], [`Trouble::Taken`] if somebody else has the name, [`Trouble::LastOperator`], [`Trouble::Database`].
    pub fn prove_external(&mut self, who: &External<'_>, now: u64) -> Result<Option<Proved>, Trouble> {
        let known: Option<String> = self
            .database
            .query_row(
                "SELECT user FROM external WHERE issuer = ?1 AND subject = ?2",
                [who.issuer, who.subject],
                |row| row.get(0),
            )
            .optional()?;
        let name = match known {
            Some(name) => name,
            None => self.add_external(who, now)?,
        };
        let user = self.user(&name)?.ok_or(Trouble::Unknown)?;
        if !user.is_active {
            return Ok(None);
        }
        if user.scope != who.scope {
            self.change_user(&name, &who.scope, true, now)?;
        }
        let user = self.user(&name)?.ok_or(Trouble::Unknown)?;
        let hash = self
            .database
            .query_row("SELECT password FROM user WHERE name = ?1", [&name], |row| row.get(0))?;
        Ok(Some(Proved { user, hash }))
    }

    fn add_external(&mut self, who: &External<'_>, now: u64) -> Result<String, Trouble> {
        let External { issuer, subject, name, scope } = who;
        proves_name(name)?;
        // A user with this name and a password is somebody else, as far as turno knows.
        if self.user(name)?.is_some() {
            return Err(Trouble::Taken);
        }
        let adding = self.database.transaction()?;
        adding.execute(
            "INSERT INTO user VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?6)",
            params![name, scope.role.word(), scope.agent, queues_text(scope), NO_PASSWORD, seconds(now)],
        )?;
        adding.execute("INSERT INTO external VALUES (?1, ?2, ?3)", [issuer, subject, name])?;
        adding.commit()?;
        Ok((*name).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Role;
    use crate::users::NewUser;

    const NOW: u64 = 1_800_000_000;

    fn ana(role: Role) -> External<'static> {
        External { issuer: "https://login.example", subject: "7", name: "ana", scope: Scope::of(role) }
    }

    #[test]
    fn a_user_is_made_at_the_first_sign_in_and_follows_the_issuer() {
        let mut access = Access::in_memory().expect("a database");
        let proved = access.prove_external(&ana(Role::Supervisor), NOW).expect("proved").expect("not barred");
        let session = access.begin_session(proved, &[1; 32], NOW).expect("begun").expect("begun");
        assert_eq!(session.principal.scope.role, Role::Supervisor);
        access.prove_external(&ana(Role::Reader), NOW).expect("proved").expect("not barred");
        assert!(
            access.session(session.secret.reveal(), NOW).expect("read").is_none(),
            "who may do less is signed out"
        );
        // Another name at the issuer is the same person.
        let renamed = External { name: "ana.maria", ..ana(Role::Reader) };
        access.prove_external(&renamed, NOW).expect("proved").expect("not barred");
        assert_eq!(access.users().expect("read").len(), 1);
        access.change_user("ana", &Scope::of(Role::Reader), false, NOW).expect("barred");
        assert!(access.prove_external(&ana(Role::Reader), NOW).expect("read").is_none());
    }

    #[test]
    fn nobody_becomes_a_user_who_is_there_already_and_no_password_opens() {
        // Wound: who chooses a name at the issuer signs in as the operator of that name.
        let mut access = Access::in_memory().expect("a database");
        let taken =
            NewUser { name: "ana", scope: Scope::of(Role::Operator), password: "four quiet mountain llamas" };
        access.add_user(&taken, &[2; 32], NOW).expect("added");
        assert!(matches!(access.prove_external(&ana(Role::Operator), NOW), Err(Trouble::Taken)));
        let other = External { name: "eva", ..ana(Role::Reader) };
        access.prove_external(&other, NOW).expect("proved").expect("not barred");
        for guess in ["", "!", "four quiet mountain llamas"] {
            assert!(access.lock_of("eva").expect("read").opens(guess).expect("tried").is_none(), "{guess}");
        }
        let bad = External { name: "a b", subject: "8", ..ana(Role::Reader) };
        assert!(matches!(access.prove_external(&bad, NOW), Err(Trouble::Name)));
    }
}
