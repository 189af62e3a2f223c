//! The schema and its versions: each step leads from one version to the next.

use crate::failure::Failure;
use crate::interval_tables::{AgentInterval, QueueInterval};
use crate::store::{Dialect, Sql, number};
use crate::table::Columns;
use crate::tables::{Audit, FIRST};
use crate::views;

/// The newest version.
pub const SCHEMA_VERSION: i64 = 3;

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

/// What version 3 counts in half hours as well.
const QUEUES_SINCE_3: [&str; 18] = [
    "ring_us",
    "abandoned_to_10",
    "abandoned_to_20",
    "abandoned_to_30",
    "abandoned_to_60",
    "abandoned_to_120",
    "abandoned_to_300",
    "told_answered",
    "told_off_us",
    "told_above_us",
    "transfers_blind",
    "transfers_attended",
    "transfers_in",
    "survey_keys_1",
    "survey_keys_2",
    "survey_keys_3",
    "survey_keys_4",
    "survey_keys_5",
];
const AGENTS_SINCE_3: [&str; 8] = [
    "offer_idle_us",
    "transfers_blind",
    "transfers_attended",
    "survey_keys_1",
    "survey_keys_2",
    "survey_keys_3",
    "survey_keys_4",
    "survey_keys_5",
];

/// Counts it for the half hours that an earlier version wrote, from contacts, offers and surveys. Which kind of transfer it was
/// is not known any more.
const FILLING: &str = "
INSERT INTO interval_queue (start_us, queue, ring_us)
  SELECT settled_us / 1800000000 * 1800000000, queue, sum(rang_us) FROM offer
  WHERE outcome = 'accepted' AND queue IS NOT NULL GROUP BY 1, 2
  ON CONFLICT (start_us, queue) DO UPDATE SET ring_us = excluded.ring_us;
INSERT INTO interval_queue (start_us, queue, abandoned_to_10, abandoned_to_20, abandoned_to_30, abandoned_to_60,
    abandoned_to_120, abandoned_to_300)
  SELECT contact.ended_us / 1800000000 * 1800000000, visit.queue,
    sum(CASE WHEN left_us - entered_us <= 10000000 THEN 1 ELSE 0 END),
    sum(CASE WHEN left_us - entered_us > 10000000 AND left_us - entered_us <= 20000000 THEN 1 ELSE 0 END),
    sum(CASE WHEN left_us - entered_us > 20000000 AND left_us - entered_us <= 30000000 THEN 1 ELSE 0 END),
    sum(CASE WHEN left_us - entered_us > 30000000 AND left_us - entered_us <= 60000000 THEN 1 ELSE 0 END),
    sum(CASE WHEN left_us - entered_us > 60000000 AND left_us - entered_us <= 120000000 THEN 1 ELSE 0 END),
    sum(CASE WHEN left_us - entered_us > 120000000 AND left_us - entered_us <= 300000000 THEN 1 ELSE 0 END)
  FROM visit JOIN contact ON contact.contact = visit.contact
  WHERE visit.outcome = 'abandoned' AND contact.ended_us IS NOT NULL GROUP BY 1, 2
  ON CONFLICT (start_us, queue) DO UPDATE SET abandoned_to_10 = excluded.abandoned_to_10,
    abandoned_to_20 = excluded.abandoned_to_20, abandoned_to_30 = excluded.abandoned_to_30,
    abandoned_to_60 = excluded.abandoned_to_60, abandoned_to_120 = excluded.abandoned_to_120,
    abandoned_to_300 = excluded.abandoned_to_300;
INSERT INTO interval_queue (start_us, queue, told_answered, told_off_us, told_above_us)
  SELECT contact.ended_us / 1800000000 * 1800000000, visit.queue, count(*),
    sum(abs(told_us - (left_us - entered_us))), sum(told_us - (left_us - entered_us))
  FROM visit JOIN contact ON contact.contact = visit.contact
  WHERE visit.outcome = 'answered' AND told_us IS NOT NULL AND contact.ended_us IS NOT NULL GROUP BY 1, 2
  ON CONFLICT (start_us, queue) DO UPDATE SET told_answered = excluded.told_answered,
    told_off_us = excluded.told_off_us, told_above_us = excluded.told_above_us;
INSERT INTO interval_agent (start_us, agent, offer_idle_us)
  SELECT offered_us / 1800000000 * 1800000000, agent, sum(idle_us) FROM offer
  WHERE offered_us IS NOT NULL GROUP BY 1, 2
  ON CONFLICT (start_us, agent) DO UPDATE SET offer_idle_us = excluded.offer_idle_us;
INSERT INTO interval_queue (start_us, queue, survey_keys_1, survey_keys_2, survey_keys_3, survey_keys_4, survey_keys_5)
  SELECT offered_us / 1800000000 * 1800000000, queue, sum(CASE WHEN answer_1 = 1 THEN 1 ELSE 0 END),
    sum(CASE WHEN answer_1 = 2 THEN 1 ELSE 0 END), sum(CASE WHEN answer_1 = 3 THEN 1 ELSE 0 END),
    sum(CASE WHEN answer_1 = 4 THEN 1 ELSE 0 END), sum(CASE WHEN answer_1 = 5 THEN 1 ELSE 0 END)
  FROM survey WHERE answer_1 IS NOT NULL AND offered_us IS NOT NULL GROUP BY 1, 2
  ON CONFLICT (start_us, queue) DO UPDATE SET survey_keys_1 = excluded.survey_keys_1,
    survey_keys_2 = excluded.survey_keys_2, survey_keys_3 = excluded.survey_keys_3,
    survey_keys_4 = excluded.survey_keys_4, survey_keys_5 = excluded.survey_keys_5;
INSERT INTO interval_agent (start_us, agent, survey_keys_1, survey_keys_2, survey_keys_3, survey_keys_4, survey_keys_5)
  SELECT offered_us / 1800000000 * 1800000000, agent, sum(CASE WHEN answer_1 = 1 THEN 1 ELSE 0 END),
    sum(CASE WHEN answer_1 = 2 THEN 1 ELSE 0 END), sum(CASE WHEN answer_1 = 3 THEN 1 ELSE 0 END),
    sum(CASE WHEN answer_1 = 4 THEN 1 ELSE 0 END), sum(CASE WHEN answer_1 = 5 THEN 1 ELSE 0 END)
  FROM survey WHERE answer_1 IS NOT NULL AND offered_us IS NOT NULL GROUP BY 1, 2
  ON CONFLICT (start_us, agent) DO UPDATE SET survey_keys_1 = excluded.survey_keys_1,
    survey_keys_2 = excluded.survey_keys_2, survey_keys_3 = excluded.survey_keys_3,
    survey_keys_4 = excluded.survey_keys_4, survey_keys_5 = excluded.survey_keys_5;
";

/// The states of which the adherence is computed.
const INDEX_SINCE_3: &str =
    "CREATE INDEX agent_state_away ON agent_state (began_us) WHERE state IN ('aux', 'logged_out');";

fn later(table: &str) -> Vec<&'static str> {
    match table {
        "interval_queue" => QUEUES_SINCE_3.to_vec(),
        "interval_agent" => AGENTS_SINCE_3.to_vec(),
        _ => Vec::new(),
    }
}

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
            let tables: Vec<String> = FIRST.iter().map(|table| table.creation(&later(table.name))).collect();
            format!("{};\n{INDEXES}", tables.join(";\n"))
        }
        2 => Audit::TABLE.creation(&[]),
        3 => {
            let tables = [QueueInterval::TABLE, AgentInterval::TABLE];
            tables.iter().map(|table| table.additions(&later(table.name))).collect::<String>()
                + FILLING
                + INDEX_SINCE_3
        }
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
