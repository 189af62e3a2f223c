//! Reads [reports]: shifts, tariffs, and what is written by schedule.

use jiff::civil::Time;
use turno_model::plan::{
    AgentPlan, AuxReasonPlan, NumberPlan, ReportEvery, ReportSpan, ReportsPlan, ScheduledReport, Tariff,
    bare_number,
};

use crate::fault::FaultKind;
use crate::keys::reports::{REPORTS, SCHEDULE, TARIFF};
use crate::keys::site::DAY;
use crate::node::Kind;
use crate::read_shifts::{Named, read_shifts};
use crate::reading::{Names, Reading};
use crate::section::{Section, wrong_type};
use crate::sections::table;
use crate::tables::Tables;
use crate::time_of_day::time_of;

/// Most tariffs, and most scheduled reports.
const MANY: usize = 100;

/// Longest name of a currency.
const CURRENCY_MAX: usize = 8;

/// The dearest minute, in millionths of the currency.
const MINUTE_MICROS_MAX: u64 = 1_000_000_000;

pub(crate) fn read_reports(
    reading: &mut Reading<'_>,
    tables: &Tables,
    (agents, reasons, numbers): (&[AgentPlan], &[AuxReasonPlan], &[NumberPlan]),
) -> ReportsPlan {
    let named = Named { agents, reasons };
    let section = tables.single(reading, "reports");
    let beside = reading.origin.folder.clone();
    let folder = section.text(reading, REPORTS.folder.name).map(|folder| beside.join(folder));
    let schedule = read_schedule(reading, section);
    if folder.is_none() && !schedule.is_empty() {
        section.missing(reading, REPORTS.folder.name, "where the scheduled reports are written");
    }
    let shifts_file = section.text(reading, REPORTS.shifts.name).map(|file| beside.join(file));
    let place = section.place_of(REPORTS.shifts.name);
    let shifts = shifts_file.as_deref().map(|file| read_shifts(reading, (file, place), &named));
    ReportsPlan {
        folder,
        kept: REPORTS.kept_days.read(reading, section).map(|days| DAY * days),
        shifts_file,
        shifts: shifts.unwrap_or_default(),
        tariffs: read_tariffs(reading, section, numbers),
        schedule,
    }
}

/// The tables of a list in the section.
fn many<'n>(reading: &mut Reading<'_>, section: Section<'n>, key: &str, name: &str) -> Vec<Section<'n>> {
    let table = table(name);
    let Some(node) = section.field(key) else { return Vec::new() };
    let Kind::List(items) = &node.kind else {
        wrong_type(reading, node, key, &format!("tables {}", table.title));
        return Vec::new();
    };
    if items.len() > MANY {
        let found = format!("there are {} of {}", items.len(), table.title);
        reading.fault(FaultKind::OutOfRange, node.place, found, format!("at most {MANY}"));
    }
    items.iter().map(|item| Section::new(reading, item, table.title, &table.keys())).collect()
}

fn read_tariffs(reading: &mut Reading<'_>, section: Section<'_>, numbers: &[NumberPlan]) -> Vec<Tariff> {
    let mut tariffs: Vec<Tariff> = Vec::new();
    let mut names = Names::default();
    for tariff in many(reading, section, REPORTS.tariff.name, "reports.tariff") {
        let number = tariff.text(reading, TARIFF.number.name);
        let place = tariff.place_of(TARIFF.number.name);
        if let Some(number) = number {
            let bare = bare_number(number);
            let known: Vec<&str> = numbers.iter().map(|number| number.number.as_str()).collect();
            if !known.iter().any(|known| bare_number(known) == bare) {
                reading.unknown_name(place, "number", number, &known);
            }
        }
        reading.add_name(
            &mut names,
            &number.map_or_else(String::new, bare_number),
            place,
            "tariff of a number",
        );
        let currency = read_currency(reading, tariff);
        let minute_micros = read_price(reading, tariff);
        let (Some(currency), Some(minute_micros)) = (currency, minute_micros) else { continue };
        if let Some(other) = tariffs.first().filter(|first| first.currency != currency) {
            let found = format!("`{currency}` beside `{}`", other.currency);
            let place = tariff.place_of(TARIFF.currency.name);
            reading.fault(FaultKind::Conflict, place, found, "one currency in all tariffs");
        }
        tariffs.push(Tariff {
            number: number.map(str::to_owned),
            currency,
            minute_micros,
            first: TARIFF.first.read(reading, tariff),
            step: TARIFF.step.read(reading, tariff),
        });
    }
    tariffs
}

fn read_currency(reading: &mut Reading<'_>, tariff: Section<'_>) -> Option<String> {
    let key = TARIFF.currency.name;
    if !tariff.has(key) {
        tariff.missing(reading, key, "such as `USD`");
    }
    let currency = tariff.text(reading, key)?;
    let is_right = (1..=CURRENCY_MAX).contains(&currency.chars().count())
        && currency.chars().all(|sign| sign.is_alphabetic() || "$€£".contains(sign));
    if !is_right {
        let found = format!("`{currency}` is no `{key}`");
        let expected = format!("1 to {CURRENCY_MAX} letters, such as `USD`");
        reading.fault(FaultKind::Unintelligible, tariff.place_of(key), found, expected);
    }
    is_right.then(|| currency.to_owned())
}

/// A price such as `0.045` in millionths.
fn read_price(reading: &mut Reading<'_>, tariff: Section<'_>) -> Option<u64> {
    let key = TARIFF.minute.name;
    if !tariff.has(key) {
        tariff.missing(reading, key, "the price of a minute, such as `\"0.045\"`");
    }
    let text = tariff.text(reading, key)?;
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_price =
        !whole.is_empty() && whole.len() <= 4 && part.len() <= 6 && are_digits(whole) && are_digits(part);
    let micros = is_price.then(|| format!("{whole}{part:0<6}").parse::<u64>().ok()).flatten();
    let micros = micros.filter(|micros| *micros <= MINUTE_MICROS_MAX);
    if micros.is_none() {
        let found = format!("`{text}` is no price");
        reading.fault(FaultKind::Unintelligible, tariff.place_of(key), found, TARIFF.minute.value.range);
    }
    micros
}

fn read_schedule(reading: &mut Reading<'_>, section: Section<'_>) -> Vec<ScheduledReport> {
    let mut names = Names::default();
    let mut reports = Vec::new();
    for report in many(reading, section, REPORTS.schedule.name, "reports.schedule") {
        let Some(name) = report.name(reading, SCHEDULE.name.name) else { continue };
        let place = report.place_of(SCHEDULE.name.name);
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
            let found = format!("`{name}` begins the names of files");
            reading.fault(FaultKind::Unintelligible, place, found, "letters, digits, `-` and `_`");
        }
        reading.add_name(&mut names, name, place, "scheduled report");
        let every = SCHEDULE.every.read(reading, report);
        let span = SCHEDULE.span.read(reading, report).unwrap_or(match every {
            ReportEvery::Day => ReportSpan::Yesterday,
            ReportEvery::Week => ReportSpan::LastWeek,
            ReportEvery::Month => ReportSpan::LastMonth,
        });
        reports.push(ScheduledReport {
            name: name.to_owned(),
            of: SCHEDULE.of.read(reading, report),
            by: SCHEDULE.by.read(reading, report),
            format: SCHEDULE.format.read(reading, report),
            every,
            at: read_time(reading, report),
            span,
            language: SCHEDULE.language.read(reading, report),
        });
    }
    reports
}

fn read_time(reading: &mut Reading<'_>, report: Section<'_>) -> Time {
    let key = SCHEDULE.at.name;
    let default = Time::constant(6, 0, 0, 0);
    let Some(text) = report.text(reading, key) else { return default };
    time_of(text).unwrap_or_else(|| {
        let found = format!("`{text}` is no time");
        reading.fault(FaultKind::Unintelligible, report.place_of(key), found, SCHEDULE.at.value.range);
        default
    })
}
