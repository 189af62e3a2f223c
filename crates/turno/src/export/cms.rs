//! Half hours or days with the names of Avaya CMS's items, as CSV. docs/EXPORTS.md says which column each is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use turno_audit::zone_of;
use turno_history::Value;
use turno_history::store::Store;
use turno_model::Plan;

use crate::export::asked::{CmsOf, CmsTimes};
use crate::export::csv;
use crate::export::out::{Out, Trouble};

/// An item: its name, and the columns of which it is the sum. Times are in seconds, as in CMS.
type Item = (&'static str, &'static [&'static str]);

const SPLIT: [Item; 13] = [
    ("CALLSOFFERED", &["answered", "abandoned", "outflowed", "dequeued"]),
    ("ACDCALLS", &["answered"]),
    ("ABNCALLS", &["abandoned"]),
    ("ACCEPTABLE", &["answered_in_target"]),
    ("ACDTIME", &["talk_us"]),
    ("HOLDTIME", &["hold_us"]),
    ("ACWTIME", &["acw_us"]),
    ("ANSTIME", &["answer_wait_us"]),
    ("ABNTIME", &["abandon_wait_us"]),
    ("MAXOCWTIME", &["answer_wait_max_us"]),
    ("OUTFLOWCALLS", &["outflowed"]),
    ("DEQUECALLS", &["dequeued"]),
    ("NOANSREDIR", &["offers_no_answer"]),
];

const AGENT: [Item; 17] = [
    ("ACDCALLS", &["answered"]),
    ("ACDTIME", &["talking_us"]),
    ("HOLDTIME", &["holding_us"]),
    ("ACWTIME", &["acw_us"]),
    ("RINGTIME", &["ringing_us"]),
    ("RINGCALLS", &["offered"]),
    ("NOANSREDIR", &["missed"]),
    ("TRANSFERRED", &["transferred"]),
    ("TI_STAFFTIME", STAFFED),
    ("I_STAFFTIME", STAFFED),
    ("I_AVAILTIME", &["available_us"]),
    ("I_RINGTIME", &["ringing_us"]),
    ("I_ACDTIME", &["talking_us", "holding_us"]),
    ("I_ACWTIME", &["acw_us"]),
    ("I_AUXTIME", &["aux_us"]),
    ("TI_AUXTIME", &["aux_us"]),
    ("I_OTHERTIME", &["other_call_us"]),
];

/// Times of the agents who have the skill of a split.
const OF_MEMBERS: [Item; 3] =
    [("I_STAFFTIME", STAFFED), ("I_AVAILTIME", &["available_us"]), ("I_AUXTIME", &["aux_us"])];

const STAFFED: &[&str] =
    &["available_us", "ringing_us", "talking_us", "holding_us", "acw_us", "other_call_us", "aux_us"];

/// Figures by begin and name.
type Rows = BTreeMap<(i64, String), BTreeMap<&'static str, i64>>;

/// Writes the rows of a day; returns how many.
pub(crate) fn write(
    store: &mut dyn Store,
    plan: &Plan,
    (day, by, of): (Date, CmsTimes, CmsOf),
    out: &mut Out,
) -> Result<u64, Trouble> {
    let zone = zone_of(plan);
    let agents = read(store, "interval_agent", "agent", (day, by), &AGENT)?;
    let (whose, items, rows) = match of {
        CmsOf::Split => {
            ("SPLIT", SPLIT.as_slice(), read(store, "interval_queue", "queue", (day, by), &SPLIT)?)
        }
        CmsOf::Agent => ("LOGID", AGENT.as_slice(), agents.clone()),
    };
    let more: &[Item] = if of == CmsOf::Split { &OF_MEMBERS } else { &[] };
    let service_level = (of == CmsOf::Split).then_some("SERVICELEVEL");
    let head = ["ROW_DATE", "STARTTIME", "INTRVL", whose].into_iter();
    let names = items.iter().chain(more).map(|(name, _)| *name);
    out.put(&csv::line(head.chain(names).chain(service_level)))?;
    for ((start, name), figures) in &rows {
        let mut cells = vec![day.to_string()];
        cells.extend(times(*start, by, &zone));
        cells.push(csv::text(name));
        cells.extend(items.iter().map(|item| value(item, figures)));
        if of == CmsOf::Split {
            let members = members(plan, name, *start, &agents);
            cells.extend(more.iter().map(|item| value(item, &members)));
            let queue = plan.queues.iter().find(|queue| queue.name == *name);
            cells.push(queue.map_or_else(String::new, |queue| queue.wait_target.as_secs().to_string()));
        }
        out.put(&csv::line(cells))?;
    }
    Ok(rows.len() as u64)
}

/// The begin and the minutes of a row.
fn times(start: i64, by: CmsTimes, zone: &TimeZone) -> [String; 2] {
    if by == CmsTimes::Day {
        return ["0000".to_owned(), "1440".to_owned()];
    }
    let at = Timestamp::from_microsecond(start).unwrap_or(Timestamp::MAX).to_zoned(zone.clone());
    [at.strftime("%H%M").to_string(), "30".to_owned()]
}

fn value((name, columns): &Item, figures: &BTreeMap<&'static str, i64>) -> String {
    let sum: i64 = columns.iter().map(|column| figures.get(column).copied().unwrap_or(0)).sum();
    let is_time = name.ends_with("TIME");
    let value = if is_time { (sum + 500_000) / 1_000_000 } else { sum };
    value.to_string()
}

/// The times of the agents who have the skill of a queue.
fn members(plan: &Plan, queue: &str, start: i64, agents: &Rows) -> BTreeMap<&'static str, i64> {
    let mut all = BTreeMap::new();
    let Some(skill) = plan.queues.iter().find(|known| known.name == queue).map(|queue| queue.skill) else {
        return all;
    };
    for agent in plan.agents.iter().filter(|agent| agent.skills.iter().any(|(known, _)| *known == skill)) {
        if let Some(figures) = agents.get(&(start, agent.name.clone())) {
            figures.iter().for_each(|(column, number)| *all.entry(*column).or_default() += number);
        }
    }
    all
}

fn read(
    store: &mut dyn Store,
    table: &str,
    whose: &str,
    (day, by): (Date, CmsTimes),
    items: &[Item],
) -> Result<Rows, Trouble> {
    let mut columns: Vec<&'static str> =
        items.iter().flat_map(|(_, columns)| columns.iter().copied()).collect();
    columns.sort_unstable();
    columns.dedup();
    let sums = columns.iter().map(|column| {
        let how = if column.contains("_max_") { "max" } else { "sum" };
        format!("CAST({how}({column}) AS BIGINT)")
    });
    let start = if by == CmsTimes::Day { "0" } else { "start_us" };
    let sums: Vec<String> = sums.collect();
    let text = format!(
        "SELECT CAST({start} AS BIGINT), {whose}, {} FROM {table} WHERE day = $1 GROUP BY 1, 2",
        sums.join(", ")
    );
    let mut found = Vec::new();
    store.transaction(&mut |sql| {
        found = sql.rows(&text, &[day.to_string().into()])?;
        Ok(())
    })?;
    let of_row = |row: &Vec<Value>| {
        let (start, name) = (row.first()?.int()?, row.get(1)?.text()?.to_owned());
        let figures = columns.iter().copied().zip(row.iter().skip(2).map(|value| value.int().unwrap_or(0)));
        Some(((start, name), figures.collect()))
    };
    Ok(found.iter().filter_map(of_row).collect())
}
