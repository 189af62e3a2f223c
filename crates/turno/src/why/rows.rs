//! A contact's rows in the history, for a contact that is older than the facts.

use turno_history::Value;
use turno_history::store::{Sql, Store};
use turno_trace::why::{KeptOffer, KeptRows, KeptTalk, KeptVisit};

/// Most contacts that are listed of a number and a day.
const LISTED_MAX: i64 = 200;

/// A contact of a number, for a list.
pub(crate) struct Listed {
    pub(crate) contact: u64,
    pub(crate) arrived: turno_ground::Moment,
    pub(crate) queue: String,
    pub(crate) outcome: String,
}

/// The rows of a contact; `None`: the history does not have it.
///
/// # Errors
/// What the database says.
pub(crate) fn rows_of(store: &mut dyn Store, contact: u64) -> Result<Option<KeptRows>, String> {
    let mut found = None;
    let done = store.transaction(&mut |sql| {
        found = read(sql, contact)?;
        Ok(())
    });
    done.map_err(|failure| failure.to_string()).map(|()| found)
}

/// The contacts of a number on a day at the site, in order.
///
/// # Errors
/// What the database says.
pub(crate) fn of_number(store: &mut dyn Store, number: &str, day: &str) -> Result<Vec<Listed>, String> {
    let mut found = Vec::new();
    let ending = format!("%{}", number.trim_start_matches(['+', '0']));
    let done = store.transaction(&mut |sql| {
        let rows = sql.rows(
            "SELECT contact, arrived_us, COALESCE(last_queue, ''), COALESCE(outcome, '') FROM contact \
             WHERE day = $1 AND caller LIKE $2 ORDER BY arrived_us LIMIT $3",
            &[Value::Text(day.into()), Value::Text(ending.as_str().into()), Value::Int(LISTED_MAX)],
        )?;
        found = rows
            .iter()
            .map(|row| Listed {
                contact: number_at(row, 0),
                arrived: moment_at(row, 1),
                queue: text_at(row, 2),
                outcome: text_at(row, 3),
            })
            .collect();
        Ok(())
    });
    done.map_err(|failure| failure.to_string()).map(|()| found)
}

fn read(sql: &mut dyn Sql, contact: u64) -> Result<Option<KeptRows>, turno_history::Failure> {
    let id = [Value::from(contact)];
    let rows = sql.rows(
        "SELECT arrived_us, dialled, trunk, ended_us, outcome, turned_away, ended_by FROM contact WHERE contact = $1",
        &id,
    )?;
    let Some(row) = rows.first() else { return Ok(None) };
    let visits = sql.rows(
        "SELECT queue, position, entered_us, told_us, told_kept FROM visit WHERE contact = $1 ORDER BY number",
        &id,
    )?;
    let offers = sql.rows(
        "SELECT agent, offered_us, rule, waited_us, idle_us, outcome, rang_us FROM offer WHERE contact = $1 \
         ORDER BY offered_us, offer",
        &id,
    )?;
    let talks = sql
        .rows("SELECT agent, began_us, talk_us, hold_us FROM talk WHERE contact = $1 ORDER BY number", &id)?;
    Ok(Some(KeptRows {
        contact,
        arrived: moment_at(row, 0),
        dialled: text_at(row, 1),
        trunk: maybe_at(row, 2),
        ended: row.get(3).and_then(Value::moment),
        outcome: maybe_at(row, 4),
        turned_away: maybe_at(row, 5),
        ended_by: maybe_at(row, 6),
        visits: visits.iter().map(|row| visit(row)).collect(),
        offers: offers.iter().map(|row| offer(row)).collect(),
        talks: talks.iter().map(|row| talk(row)).collect(),
    }))
}

fn visit(row: &[Value]) -> KeptVisit {
    KeptVisit {
        queue: text_at(row, 0),
        position: u32::try_from(number_at(row, 1)).unwrap_or(0),
        entered: moment_at(row, 2),
        told: row.get(3).and_then(Value::span),
        told_kept: row.get(4).and_then(Value::int).map(|kept| kept != 0),
    }
}

fn offer(row: &[Value]) -> KeptOffer {
    KeptOffer {
        agent: text_at(row, 0),
        offered: moment_at(row, 1),
        rule: text_at(row, 2),
        waited: span_at(row, 3),
        idle: span_at(row, 4),
        outcome: maybe_at(row, 5),
        rang: span_at(row, 6),
    }
}

fn talk(row: &[Value]) -> KeptTalk {
    KeptTalk {
        agent: text_at(row, 0),
        began: moment_at(row, 1),
        talked: span_at(row, 2),
        held: span_at(row, 3),
    }
}

fn maybe_at(row: &[Value], at: usize) -> Option<String> {
    row.get(at).and_then(Value::text).map(str::to_owned)
}

fn text_at(row: &[Value], at: usize) -> String {
    maybe_at(row, at).unwrap_or_default()
}

fn number_at(row: &[Value], at: usize) -> u64 {
    row.get(at).and_then(Value::int).and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}

fn moment_at(row: &[Value], at: usize) -> turno_ground::Moment {
    row.get(at).and_then(Value::moment).unwrap_or_default()
}

fn span_at(row: &[Value], at: usize) -> core::time::Duration {
    row.get(at).and_then(Value::span).unwrap_or_default()
}
