//! How long rows are kept, by class: what is older is deleted in small pieces.

use core::time::Duration;

use turno_ground::Moment;

use crate::failure::Failure;
use crate::store::Sql;
use crate::value::Value;

/// How long rows are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Contacts and what belongs to them.
    pub contacts: Duration,
    /// The numbers of people.
    pub numbers: Duration,
    /// States of agents.
    pub states: Duration,
    /// Half hours.
    pub intervals: Duration,
}

/// Rows of one kind in one piece.
const PIECE_ROWS_MAX: usize = 200;

/// The contacts of a piece: those whose time is over, the oldest first.
const OLD: &str = "SELECT contact FROM contact WHERE arrived_us < $1 AND (is_open = 0 OR is_open IS NULL) \
    ORDER BY arrived_us, contact LIMIT";

/// The tables of which rows belong to a contact; the contact itself goes last.
const OF_CONTACT: [&str; 8] =
    ["visit", "talk", "offer", "wrap_up", "survey", "callback", "recording", "contact"];

/// Deletes one piece of what is older than it is kept. Returns how many rows were deleted or changed; 0: nothing is due.
///
/// # Errors
/// [`Failure`].
pub(crate) fn delete_piece(sql: &mut dyn Sql, kept: Kept, now: Moment) -> Result<u64, Failure> {
    let before = |span: Duration| {
        let micros = i64::try_from(now.as_micros()).unwrap_or(i64::MAX);
        [Value::Int(micros.saturating_sub(crate::value::micros(span)))]
    };
    let most = PIECE_ROWS_MAX;
    let mut rows = 0;
    rows += sql.run(
        &format!(
            "UPDATE contact SET caller = NULL WHERE contact IN \
             (SELECT contact FROM contact WHERE arrived_us < $1 AND caller IS NOT NULL LIMIT {most})"
        ),
        &before(kept.numbers),
    )?;
    rows += sql.run(
        &format!(
            "UPDATE callback SET number = NULL WHERE contact IN (SELECT contact FROM callback \
             WHERE coalesce(asked_us, offered_us) < $1 AND number IS NOT NULL LIMIT {most})"
        ),
        &before(kept.numbers),
    )?;
    for table in OF_CONTACT {
        let text = format!("DELETE FROM {table} WHERE contact IN ({OLD} {most})");
        rows += sql.run(&text, &before(kept.contacts))?;
    }
    rows += sql.run(
        &format!(
            "DELETE FROM agent_state WHERE began_us IN (SELECT began_us FROM agent_state \
             WHERE ended_us < $1 ORDER BY began_us LIMIT {most}) AND ended_us < $1"
        ),
        &before(kept.states),
    )?;
    for table in ["interval_queue", "interval_agent", "interval_aux"] {
        let text = format!(
            "DELETE FROM {table} WHERE start_us IN (SELECT DISTINCT start_us FROM {table} WHERE start_us < $1 \
             ORDER BY start_us LIMIT 8)"
        );
        rows += sql.run(&text, &before(kept.intervals))?;
    }
    Ok(rows)
}
