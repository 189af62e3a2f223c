//! The figures of a report, each with its formula.

use core::time::Duration;

use turno_model::Language;

/// A value of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A time or a name.
    Text(String),
    /// A number.
    Count(i64),
    /// A share from 0 to 1; none where there is nothing to share.
    Share(Option<f64>),
    /// A time; none where there is nothing to divide by.
    Span(Option<Duration>),
    /// A mean of keys from 1 to 5.
    Mean(Option<f64>),
}

/// A column of sums by its name in the half hours.
type Name = &'static str;

/// How a figure is computed from sums.
#[derive(Clone, Copy, Debug)]
enum Formula {
    /// The sum of these.
    Count(&'static [Name]),
    /// The sum of the first ones by the sum of the second ones, less the third ones.
    Share(&'static [Name], &'static [Name], &'static [Name]),
    /// The sum of these times.
    Spent(&'static [Name]),
    /// The sum of these times by this number.
    Each(&'static [Name], Name),
    /// The longest.
    Longest(Name),
    /// The sum of the points by the number of answers.
    Mean(Name, Name),
}

/// A figure.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its name for programs.
    pub key: &'static str,
    english: &'static str,
    spanish: &'static str,
    formula: Formula,
}

const OFFERED: &[Name] = &["answered", "abandoned", "outflowed", "dequeued"];
const OCCUPIED: &[Name] = &["ringing_us", "talking_us", "holding_us", "acw_us"];
const WORKED: &[Name] =
    &["available_us", "ringing_us", "talking_us", "holding_us", "acw_us", "other_call_us"];
const STAFFED: &[Name] =
    &["available_us", "ringing_us", "talking_us", "holding_us", "acw_us", "other_call_us", "aux_us"];

const fn figure(key: &'static str, english: &'static str, spanish: &'static str, formula: Formula) -> Figure {
    Figure { key, english, spanish, formula }
}

static QUEUES: [Figure; 25] = [
    figure("offered", "offered", "ofrecidas", Formula::Count(OFFERED)),
    figure("answered", "answered", "atendidas", Formula::Count(&["answered"])),
    figure("abandoned", "abandoned", "abandonadas", Formula::Count(&["abandoned"])),
    figure("abandoned_short", "of them short", "de ellas cortas", Formula::Count(&["abandoned_short"])),
    figure("outflowed", "outflowed", "desviadas", Formula::Count(&["outflowed"])),
    figure("dequeued", "dequeued", "retiradas", Formula::Count(&["dequeued"])),
    figure(
        "service_level",
        "service level",
        "nivel de servicio",
        Formula::Share(&["answered_in_target"], OFFERED, &[]),
    ),
    figure(
        "service_level_net",
        "SL net",
        "NS neto",
        Formula::Share(&["answered_in_target"], OFFERED, &["abandoned_short"]),
    ),
    figure(
        "service_level_genesys",
        "SL Genesys",
        "NS Genesys",
        Formula::Share(&["answered_in_target"], &["answered", "abandoned"], &[]),
    ),
    figure(
        "service_level_asterisk",
        "SL Asterisk",
        "NS Asterisk",
        Formula::Share(&["answered_in_target"], &["answered"], &[]),
    ),
    figure("abandon_rate", "abandon rate", "tasa de abandono", Formula::Share(&["abandoned"], OFFERED, &[])),
    figure("asa", "ASA", "espera media", Formula::Each(&["answer_wait_us"], "answered")),
    figure("wait_max", "longest wait", "espera máxima", Formula::Longest("answer_wait_max_us")),
    figure("aht", "AHT", "TMO", Formula::Each(&["talk_us", "hold_us", "acw_us"], "handled")),
    figure("talk", "talk", "conversación", Formula::Each(&["talk_us"], "handled")),
    figure("hold", "hold", "en espera", Formula::Each(&["hold_us"], "handled")),
    figure("acw", "ACW", "trabajo posterior", Formula::Each(&["acw_us"], "handled")),
    figure(
        "within_target",
        "within target",
        "dentro del objetivo",
        Formula::Share(&["completed_in_target"], &["completed"], &[]),
    ),
    figure("breached", "over target", "sobre el objetivo", Formula::Count(&["breached"])),
    figure("rona", "RONA", "sin respuesta", Formula::Count(&["offers_no_answer"])),
    figure(
        "told_kept",
        "told waits kept",
        "esperas cumplidas",
        Formula::Share(&["told_kept"], &["told_kept", "told_missed"], &[]),
    ),
    figure("callbacks", "callbacks", "devoluciones", Formula::Count(&["callbacks_asked"])),
    figure(
        "callbacks_reached",
        "of them reached",
        "de ellas logradas",
        Formula::Count(&["callbacks_reached"]),
    ),
    figure("voicemails", "messages", "mensajes", Formula::Count(&["voicemails_left"])),
    figure("survey", "survey", "encuesta", Formula::Mean("survey_points_1", "survey_answers_1")),
];

static AGENTS: [Figure; 20] = [
    figure("staffed", "staffed", "conectado", Formula::Spent(STAFFED)),
    figure("available", "available", "disponible", Formula::Spent(&["available_us"])),
    figure("talking", "talking", "hablando", Formula::Spent(&["talking_us"])),
    figure("holding", "holding", "en espera", Formula::Spent(&["holding_us"])),
    figure("acw", "ACW", "trabajo posterior", Formula::Spent(&["acw_us"])),
    figure("aux", "AUX", "auxiliar", Formula::Spent(&["aux_us"])),
    figure("other", "other calls", "otras llamadas", Formula::Spent(&["other_call_us"])),
    figure("occupancy", "occupancy", "ocupación", Formula::Share(OCCUPIED, WORKED, &[])),
    figure("offered", "offered", "ofrecidas", Formula::Count(&["offered"])),
    figure("answered", "answered", "atendidas", Formula::Count(&["answered"])),
    figure("rona", "RONA", "sin respuesta", Formula::Count(&["missed"])),
    figure("refused", "refused", "rechazadas", Formula::Count(&["refused"])),
    figure("aht", "AHT", "TMO", Formula::Each(&["talking_us", "holding_us", "acw_us"], "handled")),
    figure("breached", "over target", "sobre el objetivo", Formula::Count(&["breached"])),
    figure("transferred", "transferred", "transferidas", Formula::Count(&["transferred"])),
    figure("help", "help asked", "ayuda pedida", Formula::Count(&["help_asked"])),
    figure("wrapped_up", "codes", "códigos", Formula::Count(&["wrapped_up"])),
    figure("breaks", "breaks", "pausas", Formula::Count(&["breaks"])),
    figure("overstays", "overstays", "pausas excedidas", Formula::Count(&["overstays"])),
    figure("survey", "survey", "encuesta", Formula::Mean("survey_points_1", "survey_answers_1")),
];

/// The figures of queues.
pub(crate) const fn of_queues() -> &'static [Figure] {
    &QUEUES
}

/// The figures of agents.
pub(crate) const fn of_agents() -> &'static [Figure] {
    &AGENTS
}

/// The columns that figures need, each once.
pub(crate) fn columns(figures: &[Figure]) -> Vec<Name> {
    let mut columns: Vec<Name> = figures.iter().flat_map(|figure| figure.formula.columns()).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// A column added up, in SQL. A sum of numbers is a number of another kind in PostgreSQL.
pub(crate) fn added(column: &str) -> String {
    let how = if is_longest(column) { "max" } else { "sum" };
    format!("CAST({how}({column}) AS BIGINT)")
}

/// Adds the values of a row.
pub(crate) fn add(sums: &mut [i64], columns: &[Name], values: &[i64]) {
    for ((sum, column), value) in sums.iter_mut().zip(columns).zip(values) {
        *sum = if is_longest(column) { (*sum).max(*value) } else { sum.saturating_add(*value) };
    }
}

fn is_longest(column: &str) -> bool {
    column.contains("_max_")
}

impl Formula {
    fn columns(self) -> Vec<Name> {
        match self {
            Self::Count(columns) | Self::Spent(columns) => columns.to_vec(),
            Self::Share(part, whole, less) => [part, whole, less].concat(),
            Self::Each(spans, by) => [spans, &[by]].concat(),
            Self::Longest(column) => vec![column],
            Self::Mean(points, answers) => vec![points, answers],
        }
    }
}

impl Figure {
    /// Its name for people.
    pub const fn head(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Spanish => self.spanish,
        }
    }

    /// Its value by these sums.
    pub(crate) fn cell(&self, columns: &[Name], sums: &[i64]) -> Cell {
        let of = |column: Name| {
            let place = columns.binary_search(&column).ok();
            place.and_then(|place| sums.get(place)).copied().unwrap_or_default()
        };
        let sum = |names: &[Name]| names.iter().map(|name| of(name)).sum::<i64>();
        match self.formula {
            Formula::Count(names) => Cell::Count(sum(names)),
            Formula::Share(part, whole, less) => Cell::Share(ratio(sum(part), sum(whole) - sum(less))),
            Formula::Spent(names) => Cell::Span(Some(micros(sum(names)))),
            Formula::Each(names, by) => {
                let each = sum(names).checked_div(of(by));
                Cell::Span(each.map(micros))
            }
            Formula::Longest(name) => Cell::Span(Some(micros(of(name)))),
            Formula::Mean(points, answers) => Cell::Mean(ratio(of(points), of(answers))),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts and times of a site stay far below 2^53")]
fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn micros(span: i64) -> Duration {
    Duration::from_micros(u64::try_from(span).unwrap_or_default())
}
