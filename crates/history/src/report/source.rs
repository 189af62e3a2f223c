//! Where the sums of a report come from: tables with the columns that are added up.

use turno_model::plan::{ReportBy, ReportOf, Tariff, bare_number};

use crate::interval_tables::{AgentInterval, QueueInterval};
use crate::report::figure::{Name, is_longest};
use crate::report::period::is_within_a_day;
use crate::table::{Columns as _, Role, Table};

/// A query whose rows are times, days and names with sums.
pub(crate) struct Source {
    /// A table, or several that are joined.
    pub(crate) from: String,
    /// The begin of the half hour.
    pub(crate) start: &'static str,
    /// The day at the site.
    pub(crate) day: &'static str,
    /// The name.
    pub(crate) name: &'static str,
    /// Which rows; empty: all.
    pub(crate) only: &'static str,
    /// The sums: their names, each with what is added up.
    pub(crate) sums: Vec<(Name, String)>,
}

/// The half hour in which a contact arrived.
const ARRIVED: &str = "contact.arrived_us / 1800000000 * 1800000000";

impl Source {
    /// The query. Days and longer are added up by the database; shorter times need the clock of the site.
    pub(crate) fn text(&self, by: ReportBy) -> String {
        let Self { from, day, name, only, .. } = self;
        let start = if is_within_a_day(by) { self.start } else { "0" };
        let shown = match by {
            ReportBy::HalfHour | ReportBy::Hour | ReportBy::Day | ReportBy::Week => (*day).to_owned(),
            ReportBy::Month => format!("substr({day}, 1, 7)"),
            ReportBy::Whole => "''".to_owned(),
        };
        let sums = self.sums.iter().map(|(name, of)| {
            let how = if is_longest(name) { "max" } else { "sum" };
            // A sum of numbers is a number of another kind in PostgreSQL.
            format!(", CAST({how}({of}) AS BIGINT)")
        });
        format!(
            "SELECT {start}, {shown}, {name}{} FROM {from} WHERE {day} >= $1 AND {day} <= $2{only} GROUP BY 1, 2, 3",
            sums.collect::<String>()
        )
    }
}

/// The sources of a report.
pub(crate) fn sources(of: ReportOf, tariffs: &[Tariff]) -> Vec<Source> {
    match of {
        ReportOf::Line => {
            let occupancy = ["available", "ringing", "talking", "holding", "other_call"];
            let mut room = intervals(AgentInterval::TABLE, "''");
            room.sums.retain(|(name, _)| occupancy.iter().any(|state| *name == format!("{state}_us")));
            room.sums.push(("agent_acw_us", "acw_us".to_owned()));
            let queues = intervals(QueueInterval::TABLE, "''");
            [queues, room].into_iter().chain(costs("''", tariffs)).collect()
        }
        ReportOf::Queues => {
            let queues = intervals(QueueInterval::TABLE, "queue");
            core::iter::once(queues).chain(costs("last_queue", tariffs)).collect()
        }
        ReportOf::Agents | ReportOf::Fairness => {
            let mut agents = intervals(AgentInterval::TABLE, "agent");
            agents.sums.push(("agent_acw_us", "acw_us".to_owned()));
            vec![agents]
        }
        ReportOf::Trunks => {
            core::iter::once(contacts("contact.trunk")).chain(costs("trunk", tariffs)).collect()
        }
        ReportOf::Numbers => {
            core::iter::once(contacts("contact.dialled")).chain(costs("dialled", tariffs)).collect()
        }
        ReportOf::Callers => vec![callers()],
        ReportOf::Codes => vec![codes(), given()],
        ReportOf::Procedures => vec![codes(), given(), contained()],
    }
}

/// Every sum of a table of half hours.
fn intervals(table: &'static Table, name: &'static str) -> Source {
    let sums = table.columns.iter().filter(|column| matches!(column.role, Role::Add | Role::Max));
    Source {
        from: table.name.to_owned(),
        start: "start_us",
        day: "day",
        name,
        only: "",
        sums: sums.map(|column| (column.name, column.name.to_owned())).collect(),
    }
}

/// Contacts with their visits of queues, where they arrived.
fn contacts(name: &'static str) -> Source {
    let of_contact = |what: &str| format!("CASE WHEN coalesce(visit.number, 1) = 1 THEN {what} ELSE 0 END");
    let ended = |outcome: &str| format!("CASE WHEN visit.outcome = '{outcome}' THEN 1 ELSE 0 END");
    let counted = |flag: &str| format!("coalesce(visit.{flag}, 0)");
    let wait = "CASE WHEN visit.outcome = 'answered' THEN visit.answered_us - visit.entered_us ELSE 0 END";
    Source {
        from: "contact LEFT JOIN visit ON visit.contact = contact.contact".to_owned(),
        start: ARRIVED,
        day: "contact.day",
        name,
        only: "",
        sums: vec![
            ("contacts", of_contact("1")),
            ("turned_away", "CASE WHEN contact.outcome = 'turned_away' THEN 1 ELSE 0 END".to_owned()),
            ("answered", ended("answered")),
            ("answered_in_target", counted("in_target")),
            ("abandoned", ended("abandoned")),
            ("abandoned_short", counted("is_short")),
            ("outflowed", ended("outflowed")),
            ("dequeued", ended("dequeued")),
            ("answer_wait_us", wait.to_owned()),
            ("answer_wait_max_us", wait.to_owned()),
            ("handled", counted("handled")),
            ("talk_us", counted("talk_us")),
            ("hold_us", counted("hold_us")),
            ("completed", counted("is_completed")),
            ("completed_in_target", counted("completed_in_target")),
            ("breached", of_contact("contact.breached")),
            ("recalled", of_contact("contact.recalls")),
            ("transfers", of_contact("contact.transfers")),
            ("returns", of_contact("contact.returns")),
        ],
    }
}

/// Contacts by their callers, of whom there are many: without the visits of queues.
fn callers() -> Source {
    let column = |name: &str| format!("contact.{name}");
    let ended = |outcome: &str| format!("CASE WHEN outcome = '{outcome}' THEN 1 ELSE 0 END");
    Source {
        from: "contact".to_owned(),
        start: ARRIVED,
        day: "contact.day",
        name: "contact.caller",
        only: "",
        sums: vec![
            ("contacts", "1".to_owned()),
            ("turned_away", ended("turned_away")),
            ("answered", ended("answered")),
            ("abandoned", ended("abandoned")),
            ("outflowed", ended("outflowed")),
            ("dequeued", ended("dequeued")),
            ("handled", column("talks")),
            ("talk_us", column("talk_us")),
            ("hold_us", column("hold_us")),
            ("transfers", column("transfers")),
            ("returns", column("returns")),
        ],
    }
}

/// Answered contacts by their last wrap-up code.
fn codes() -> Source {
    let column = |name: &str| format!("contact.{name}");
    Source {
        from: "contact".to_owned(),
        start: ARRIVED,
        day: "contact.day",
        name: "contact.wrap_up",
        only: " AND contact.answered_us IS NOT NULL",
        sums: vec![
            ("contacts", "1".to_owned()),
            ("handled", column("talks")),
            ("talk_us", column("talk_us")),
            ("hold_us", column("hold_us")),
            ("breached", column("breached")),
            ("recalled", column("recalls")),
            ("transfers", column("transfers")),
            ("returns", column("returns")),
        ],
    }
}

/// Wrap-up codes as they were given: an agent may correct one, and a contact may have several agents.
fn given() -> Source {
    Source {
        from: "wrap_up".to_owned(),
        start: "given_us / 1800000000 * 1800000000",
        day: "day",
        name: "code",
        only: "",
        sums: vec![("codes_given", "1".to_owned())],
    }
}

/// Callers who heard a procedure's card in a menu and needed nobody.
fn contained() -> Source {
    Source {
        from: "contact".to_owned(),
        start: ARRIVED,
        day: "contact.day",
        name: "contact.wrap_up",
        only: " AND contact.turned_away = 'hung_up_in_menu' AND contact.wrap_up IS NOT NULL",
        sums: vec![("contained", "1".to_owned())],
    }
}

/// What calls cost, where they arrived: the whole call by its tariff, parted by the time of the answer.
fn costs(name: &'static str, tariffs: &[Tariff]) -> Option<Source> {
    if tariffs.is_empty() {
        return None;
    }
    let is_digits = |number: &str| number.chars().all(|sign| sign.is_ascii_digit() || sign == '+');
    let own = tariffs.iter().filter_map(|tariff| {
        let number = tariff.number.as_deref().map(bare_number).filter(|number| is_digits(number))?;
        Some(format!("WHEN dialled = '{number}' THEN {} ", price(tariff)))
    });
    let own: String = own.collect();
    let other = tariffs.iter().find(|tariff| tariff.number.is_none()).map_or_else(|| "0".to_owned(), price);
    let whole = format!("CASE WHEN span_us <= 0 THEN 0 {own}ELSE {other} END");
    // A person who is called back has hung up meanwhile: that call ended when the callback was asked for.
    let calls = "SELECT contact.arrived_us, contact.day, contact.trunk, contact.dialled, contact.last_queue, \
        coalesce(callback.asked_us, contact.ended_us) - contact.arrived_us AS span_us, \
        contact.answered_us - contact.arrived_us AS answer_us \
        FROM contact LEFT JOIN callback ON callback.contact = contact.contact \
        WHERE contact.channel = 'voice' AND contact.ended_us IS NOT NULL";
    let charged = format!(
        "SELECT arrived_us, day, trunk, dialled, last_queue, span_us, {whole} AS cost, \
         CASE WHEN answer_us < span_us THEN answer_us ELSE span_us END AS wait_us FROM ({calls}) AS calls"
    );
    let waiting = "CASE WHEN span_us > 0 THEN cost * (wait_us / 1000) / (span_us / 1000 + 1) ELSE 0 END";
    Some(Source {
        from: format!("({charged}) AS charged"),
        start: "arrived_us / 1800000000 * 1800000000",
        day: "day",
        name,
        only: "",
        sums: vec![("cost_wait", waiting.to_owned()), ("cost_talk", format!("cost - ({waiting})"))],
    })
}

/// The price of a call of `span_us` in millionths of the currency.
fn price(tariff: &Tariff) -> String {
    let (first, step) = (tariff.first.as_secs().max(1), tariff.step.as_secs().max(1));
    let seconds = "((span_us + 999999) / 1000000)";
    let charged = format!(
        "CASE WHEN {seconds} <= {first} THEN {first} ELSE {first} + ({seconds} - {first} + {step} - 1) / {step} * {step} END"
    );
    format!("({charged}) * {} / 60", tariff.minute_micros)
}
