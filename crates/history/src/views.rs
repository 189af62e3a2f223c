//! The views for tools that read the history. Their columns only grow; a change of meaning is a new version.

use crate::interval_tables::{AgentInterval, AuxInterval, QueueInterval};
use crate::store::Dialect;
use crate::table::{Column, Columns, Kind, Table};
use crate::tables::{Callback, Contact, Offer, Recording, Sitting, Survey, WrapUp};

/// A view of one table: moments as `…_utc` and `…_us`, spans in milliseconds as `…_ms`.
struct View {
    name: &'static str,
    table: &'static Table,
    /// Columns that are of use to turno alone.
    without: &'static [&'static str],
    /// Further columns: a name and an expression.
    with: &'static [(&'static str, &'static str)],
    /// Which rows it shows; empty: all.
    only: &'static str,
}

const VIEWS: [View; 10] = [
    View {
        name: "v_contact",
        table: Contact::TABLE,
        without: &[],
        with: &[],
        only: " WHERE arrived_us IS NOT NULL",
    },
    View {
        name: "v_offer",
        table: Offer::TABLE,
        without: &[],
        with: &[],
        only: " WHERE offered_us IS NOT NULL",
    },
    View {
        name: "v_agent_state",
        table: Sitting::TABLE,
        without: &["last_queue", "booked_until_us"],
        with: &[("span_ms", "(ended_us - began_us) / 1000")],
        only: "",
    },
    View { name: "v_survey", table: Survey::TABLE, without: &[], with: &[], only: "" },
    View { name: "v_callback", table: Callback::TABLE, without: &[], with: &[], only: "" },
    View { name: "v_recording", table: Recording::TABLE, without: &[], with: &[], only: "" },
    View { name: "v_wrap_up", table: WrapUp::TABLE, without: &[], with: &[], only: "" },
    View {
        name: "v_interval_queue",
        table: QueueInterval::TABLE,
        without: &[],
        with: &[("offered", "answered + abandoned + outflowed + dequeued")],
        only: "",
    },
    View {
        name: "v_interval_agent",
        table: AgentInterval::TABLE,
        without: &[],
        with: &[(
            "staffed_ms",
            "(available_us + ringing_us + talking_us + holding_us + acw_us + other_call_us + aux_us) / 1000",
        )],
        only: "",
    },
    View { name: "v_interval_aux", table: AuxInterval::TABLE, without: &[], with: &[], only: "" },
];

/// Visits of queues and talks with agents, one row each, in the order in which they began.
const SEGMENTS: &str = "SELECT visit.contact AS contact, 'queue' AS kind, visit.number AS number, contact.day AS day, \
    visit.queue AS queue, NULL AS agent, {utc:visit.entered_us} AS began_utc, visit.entered_us AS began_us, \
    {utc:visit.left_us} AS ended_utc, visit.left_us AS ended_us, (visit.left_us - visit.entered_us) / 1000 AS span_ms, \
    visit.outcome AS outcome, visit.in_target AS in_target, visit.is_short AS is_short, \
    visit.completed_in_target AS handled_in_target, visit.priority AS priority, visit.told_us / 1000 AS told_ms, visit.told_kept AS told_kept, \
    visit.talk_us / 1000 AS talk_ms, visit.hold_us / 1000 AS hold_ms, 0 AS taken_over \
    FROM visit LEFT JOIN contact ON contact.contact = visit.contact \
    UNION ALL \
    SELECT talk.contact, 'talk', talk.number, contact.day, talk.queue, talk.agent, {utc:talk.began_us}, talk.began_us, \
    {utc:talk.ended_us}, talk.ended_us, (talk.ended_us - talk.began_us) / 1000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
    talk.talk_us / 1000, talk.hold_us / 1000, talk.taken_over \
    FROM talk LEFT JOIN contact ON contact.contact = talk.contact";

/// The columns of `v_segment`, without `…_utc`.
const SEGMENT_COLUMNS: [&str; 19] = [
    "contact",
    "kind",
    "number",
    "day",
    "queue",
    "agent",
    "began_us",
    "ended_us",
    "span_ms",
    "outcome",
    "in_target",
    "is_short",
    "handled_in_target",
    "priority",
    "told_ms",
    "told_kept",
    "talk_ms",
    "hold_ms",
    "taken_over",
];

/// Those of them that have texts.
const SEGMENT_TEXTS: [&str; 5] = ["kind", "day", "queue", "agent", "outcome"];

/// The version of all views: see docs/HISTORY.md.
pub const VIEWS_VERSION: i64 = 1;

/// The names of the views with facts.
pub const VIEW_NAMES: [&str; 11] = [
    "v_contact",
    "v_segment",
    "v_offer",
    "v_agent_state",
    "v_interval_queue",
    "v_interval_agent",
    "v_interval_aux",
    "v_survey",
    "v_callback",
    "v_recording",
    "v_wrap_up",
];

/// The statements that make all views anew.
pub(crate) fn creation(dialect: Dialect) -> String {
    let names = VIEW_NAMES.iter().chain([&"v_version"]);
    let mut text: String = names.map(|name| format!("DROP VIEW IF EXISTS {name};\n")).collect();
    for view in &VIEWS {
        let columns: Vec<String> = view
            .table
            .columns
            .iter()
            .filter(|column| !view.without.contains(&column.name))
            .flat_map(|column| shown(column, dialect))
            .chain(view.with.iter().map(|(name, expression)| format!("{expression} AS {name}")))
            .collect();
        text += &format!(
            "CREATE VIEW {} AS SELECT {} FROM {}{};\n",
            view.name,
            columns.join(", "),
            view.table.name,
            view.only
        );
    }
    text += &format!("CREATE VIEW v_segment AS {};\n", with_utc(SEGMENTS, dialect));
    let versions: Vec<String> = VIEW_NAMES
        .iter()
        .map(|name| format!("SELECT '{name}' AS view_name, {VIEWS_VERSION} AS version"))
        .collect();
    text + &format!("CREATE VIEW v_version AS {};\n", versions.join(" UNION ALL "))
}

/// A column of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// Whether its values are texts; all others are numbers.
    pub is_text: bool,
    /// Whether they are microseconds since 1970.
    pub is_moment: bool,
}

/// The columns of a view, each moment once, as `…_us`.
pub fn view_columns(name: &str) -> Vec<Shown> {
    let number =
        |name: &str| Shown { name: name.to_owned(), is_text: false, is_moment: name.ends_with("_us") };
    let Some(view) = VIEWS.iter().find(|view| view.name == name) else {
        let text = |name: &str| Shown { is_text: true, ..number(name) };
        let of = |name: &&str| if SEGMENT_TEXTS.contains(name) { text(name) } else { number(name) };
        return if name == "v_segment" { SEGMENT_COLUMNS.iter().map(of).collect() } else { Vec::new() };
    };
    let columns = view.table.columns.iter().filter(|column| !view.without.contains(&column.name));
    let of_table = columns.map(|column| Shown {
        name: match column.kind {
            Kind::Span => format!("{}_ms", column.name.trim_end_matches("_us")),
            Kind::Int | Kind::Text | Kind::Moment => column.name.to_owned(),
        },
        is_text: column.kind == Kind::Text,
        is_moment: column.kind == Kind::Moment,
    });
    of_table.chain(view.with.iter().map(|(name, _)| number(name))).collect()
}

/// A column as the view shows it.
fn shown(column: &Column, dialect: Dialect) -> Vec<String> {
    let name = column.name;
    let stem = name.trim_end_matches("_us");
    match column.kind {
        Kind::Int | Kind::Text => vec![name.to_owned()],
        Kind::Moment => vec![format!("{} AS {stem}_utc", utc(name, dialect)), name.to_owned()],
        Kind::Span => vec![format!("{name} / 1000 AS {stem}_ms")],
    }
}

/// The moment of a column as the database's own type: the one expression in which views differ.
fn utc(name: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => format!("strftime('%Y-%m-%d %H:%M:%S', {name} / 1000000, 'unixepoch')"),
        Dialect::Postgres => format!("to_timestamp({name} / 1000000.0)"),
    }
}

/// Replaces `{utc:column}`.
fn with_utc(text: &str, dialect: Dialect) -> String {
    let mut parts = text.split("{utc:");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        whole += &(utc(name, dialect) + rest);
    }
    whole
}
