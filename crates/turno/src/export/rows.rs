//! Contacts and states of agents as CSV, read from the views a page of rows at a time.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use turno_audit::zone_of;
use turno_history::store::Store;
use turno_history::{Shown, Value, view_columns};
use turno_model::Plan;

use crate::export::csv;
use crate::export::out::{Out, Trouble};

/// Rows that are read at once.
const PAGE: usize = 1_000;

/// Contacts by their arrival.
pub(crate) fn contacts(
    store: &mut dyn Store,
    plan: &Plan,
    days: (Date, Date),
    out: &mut Out,
) -> Result<u64, Trouble> {
    pages(store, ("v_contact", "arrived_us", "contact"), (days, &zone_of(plan)), out)
}

/// States of agents by their begin.
pub(crate) fn agent_states(
    store: &mut dyn Store,
    plan: &Plan,
    days: (Date, Date),
    out: &mut Out,
) -> Result<u64, Trouble> {
    pages(store, ("v_agent_state", "began_us", "agent"), (days, &zone_of(plan)), out)
}

/// Writes the rows of a view in the order of a moment and a key.
fn pages(
    store: &mut dyn Store,
    (view, moment, key): (&str, &str, &str),
    ((from, until), zone): ((Date, Date), &TimeZone),
    out: &mut Out,
) -> Result<u64, Trouble> {
    let columns = view_columns(view);
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let place = |name: &str| names.iter().position(|known| *known == name).unwrap_or_default();
    let (moment_place, key_place) = (place(moment), place(key));
    out.put(&csv::line(columns.iter().map(head)))?;
    let text = format!(
        "SELECT {} FROM {view} WHERE day >= $1 AND day <= $2 AND ({moment} > $3 OR ({moment} = $3 AND {key} > $4)) \
         ORDER BY {moment}, {key} LIMIT {PAGE}",
        names.join(", ")
    );
    let first_key = if columns.get(key_place).is_some_and(|column| column.is_text) {
        Value::Text(String::new())
    } else {
        Value::Int(i64::MIN)
    };
    let mut last = [Value::Int(i64::MIN), first_key];
    let mut count = 0;
    loop {
        let [at, key] = last.clone();
        let values = [from.to_string().into(), until.to_string().into(), at, key];
        let mut rows = Vec::new();
        store.transaction(&mut |sql| {
            rows = sql.rows(&text, &values)?;
            Ok(())
        })?;
        for row in &rows {
            out.put(&csv::line(columns.iter().zip(row).map(|(column, value)| cell(column, value, zone))))?;
        }
        count += rows.len() as u64;
        let Some(row) = rows.last().filter(|_| rows.len() == PAGE) else { return Ok(count) };
        let of = |place: usize| row.get(place).cloned().unwrap_or(Value::Null);
        last = [of(moment_place), of(key_place)];
    }
}

/// The name of a column; a moment is one text, whatever the database has.
fn head(column: &Shown) -> String {
    let name = column.name.as_str();
    name.strip_suffix("_us").filter(|_| column.is_moment).unwrap_or(name).to_owned()
}

fn cell(column: &Shown, value: &Value, zone: &TimeZone) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(micros) if column.is_moment => csv::moment(*micros, zone),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => csv::text(text),
    }
}
