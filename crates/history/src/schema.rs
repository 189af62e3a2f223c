//! The schema and its versions: each step leads from one version to the next.

use crate::failure::Failure;
use crate::store::{Dialect, Sql, number};
use crate::table::Columns;
use crate::tables::{Audit, FIRST};
use crate::views;

/// The newest version.
pub const SCHEMA_VERSION: i64 = 2;

const INDEXES: &str = "CREATE INDEX contact_open ON contact (is_open) WHERE is_open = 1;
CREATE INDEX contact_arrived ON contact (arrived_us);
CREATE INDEX contact_with_number ON contact (arrived_us) WHERE caller IS NOT NULL;
CREATE INDEX contact_caller ON contact (caller);
CREATE INDEX contact_day ON contact (day);
CREATE INDEX offer_contact ON offer (contact);
CREATE INDEX offer_offered ON offer (offered_us);
CREATE INDEX agent_state_open ON agent_state (agent) WHERE ended_us IS NULL;
CREATE INDEX agent_state_began ON agent_state (began_us);
CREATE INDEX callback_number ON callback (number);
CREATE INDEX recording_contact ON recording (contact);";

/// Brings the schema to the newest version.
///
/// # Errors
/// [`Failure::Future`], [`Failure::Foreign`] before anything is written, or another [`Failure`].
pub(crate) fn migrate(sql: &mut dyn Sql) -> Result<(), Failure> {
    lock(sql)?;
    let found = check(sql)?;
    for version in found + 1..=SCHEMA_VERSION {
        sql.script(&step_to(version))?;
    }
    if found < SCHEMA_VERSION {
        sql.script(&views::creation(sql.dialect()))?;
        set_version(sql, SCHEMA_VERSION)?;
    }
    Ok(())
}

/// The statements that lead to a version from the one before.
pub(crate) fn step_to(version: i64) -> String {
    match version {
        1 => {
            let tables: Vec<String> = FIRST.iter().map(|table| table.creation()).collect();
            format!("{};\n{INDEXES}", tables.join(";\n"))
        }
        2 => Audit::TABLE.creation(),
        _ => String::new(),
    }
}

/// The version of the schema in the database; 0 if it is empty. It writes nothing.
///
/// # Errors
/// [`Failure::Future`], [`Failure::Foreign`], or another [`Failure`].
pub(crate) fn check(sql: &mut dyn Sql) -> Result<i64, Failure> {
    let found = version(sql)?;
    if found > SCHEMA_VERSION {
        return Err(Failure::Future { found, known: SCHEMA_VERSION });
    }
    if found == 0 && has_other_tables(sql)? {
        return Err(Failure::Foreign("it has tables, and none of turno's schema".to_owned()));
    }
    Ok(found)
}

fn version(sql: &mut dyn Sql) -> Result<i64, Failure> {
    match sql.dialect() {
        Dialect::Sqlite => Ok(number(sql, "PRAGMA user_version", &[])?.unwrap_or(0)),
        Dialect::Postgres => {
            let has_table = "SELECT count(*) FROM information_schema.tables \
                WHERE table_schema = current_schema() AND table_name = 'history_schema'";
            if number(sql, has_table, &[])? != Some(1) {
                return Ok(0);
            }
            Ok(number(sql, "SELECT version FROM history_schema", &[])?.unwrap_or(0))
        }
    }
}

/// The names of all tables.
#[cfg(feature = "checks")]
pub(crate) fn tables() -> impl Iterator<Item = &'static str> {
    FIRST.into_iter().chain([Audit::TABLE]).map(|table| table.name)
}

/// Notes the version in the database.
pub(crate) fn set_version(sql: &mut dyn Sql, version: i64) -> Result<(), Failure> {
    match sql.dialect() {
        Dialect::Sqlite => sql.script(&format!("PRAGMA user_version = {version}")),
        Dialect::Postgres => sql.script(&format!(
            "CREATE TABLE IF NOT EXISTS history_schema (version BIGINT NOT NULL); \
             DELETE FROM history_schema; INSERT INTO history_schema VALUES ({version})"
        )),
    }
}

fn has_other_tables(sql: &mut dyn Sql) -> Result<bool, Failure> {
    let count = match sql.dialect() {
        Dialect::Sqlite => "SELECT count(*) FROM sqlite_master",
        Dialect::Postgres => {
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()"
        }
    };
    Ok(number(sql, count, &[])? != Some(0))
}

/// Two processes that start at once must not both create the tables. SQLite's transactions see to it by themselves.
fn lock(sql: &mut dyn Sql) -> Result<(), Failure> {
    match sql.dialect() {
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => sql.rows("SELECT 1::BIGINT FROM pg_advisory_xact_lock(7492014)", &[]).map(drop),
    }
}
