//! Reads the file of shifts: what each agent should do, from when to when.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::Path;

use jiff::civil::{Date, Time};
use turno_model::plan::{Activity, AgentPlan, AuxReasonPlan, Shift};

use crate::fault::FaultKind;
use crate::nearest::nearest;
use crate::reading::Reading;
use crate::regular;
use crate::source::SourceSpan;
use crate::time_of_day::time_of;

/// The largest file, in bytes.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// How many wrong lines are told.
const TOLD_MAX: usize = 5;

/// The first line.
const COLUMNS: &str = "agent,day,from,to,activity";

/// The activity that is no AUX reason.
const WORK: &str = "work";

/// What shifts name.
pub(crate) struct Named<'p> {
    pub(crate) agents: &'p [AgentPlan],
    pub(crate) reasons: &'p [AuxReasonPlan],
}

/// What is wrong with a line, and what would be right.
type Wrong = (String, String);

pub(crate) fn read_shifts(
    reading: &mut Reading<'_>,
    (file, place): (&Path, SourceSpan),
    named: &Named<'_>,
) -> Vec<Shift> {
    let text = match text_of(file) {
        Ok(text) => text,
        Err(error) => {
            let found = format!("{} can't be read: {error}", file.display());
            reading.fault(FaultKind::Unreadable, place, found, "a CSV file in UTF-8");
            return Vec::new();
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut lines = text.lines();
    let head = lines.next().unwrap_or_default().trim();
    let sign = if head.contains(';') { ';' } else { ',' };
    if head.replace(';', ",") != COLUMNS {
        let found = format!("{}, line 1: not the names of the columns", file.display());
        reading.fault(FaultKind::Syntax, place, found, format!("`{COLUMNS}`"));
        return Vec::new();
    }
    let (mut shifts, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in (2_usize..).zip(lines).filter(|(_, line)| !line.trim().is_empty()) {
        match shift_of(line, sign, named, reading.is_partial) {
            Ok(shift) => shifts.push((shift, number)),
            Err(why) => wrong.push((number, why)),
        }
    }
    shifts.sort();
    wrong.extend(overlaps(&shifts));
    wrong.sort();
    for (number, (found, expected)) in wrong.iter().take(TOLD_MAX) {
        let found = format!("{}, line {number}: {found}", file.display());
        reading.fault(FaultKind::Unintelligible, place, found, expected.as_str());
    }
    if wrong.len() > TOLD_MAX {
        let found = format!("{}: {} further lines are wrong", file.display(), wrong.len() - TOLD_MAX);
        reading.fault(FaultKind::Unintelligible, place, found, "right ones");
    }
    shifts.into_iter().map(|(shift, _)| shift).collect()
}

fn text_of(file: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    regular::open(file)?.take(BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(io::Error::other(format!("it has more than {} MiB", BYTES_MAX / 1024 / 1024)));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is no UTF-8"))
}

fn shift_of(line: &str, sign: char, named: &Named<'_>, is_partial: bool) -> Result<Shift, Wrong> {
    let fields: Vec<&str> = line.split(sign).map(str::trim).collect();
    let [agent, day, from, to, activity] = fields.as_slice() else {
        return Err((format!("{} columns", fields.len()), format!("`{COLUMNS}`")));
    };
    let agents = || named.agents.iter().map(|agent| agent.name.as_str());
    if !is_partial && !agents().any(|known| known == *agent) {
        let near = nearest(agent, agents()).map_or_else(String::new, |near| format!(", such as `{near}`"));
        return Err((format!("{agent:?} is no agent"), format!("an agent of the plan{near}")));
    }
    let is_day = day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day: Date = is_day
        .then(|| day.parse().ok())
        .flatten()
        .ok_or_else(|| (format!("{day:?} is no day"), "a day such as 2026-11-24".to_owned()))?;
    let time = |text: &str| {
        time_of(text).ok_or_else(|| (format!("{text:?} is no time"), "a time such as 08:30".to_owned()))
    };
    let (from, to) = (time(from)?, time(to)?);
    if to <= from && to != Time::midnight() {
        let expected = "an end after the begin, `00:00` for midnight; two lines for a night".to_owned();
        return Err((format!("it ends at {to}, and begins at {from}"), expected));
    }
    let reasons: BTreeSet<&str> = named.reasons.iter().map(|reason| reason.name.as_str()).collect();
    let activity = match *activity {
        WORK => Activity::Work,
        reason if is_partial || reasons.contains(reason) => Activity::Aux(reason.to_owned()),
        other => {
            let known: Vec<&str> = core::iter::once(WORK).chain(reasons).collect();
            return Err((format!("{other:?} is no activity"), format!("one of {}", known.join(", "))));
        }
    };
    Ok(Shift { agent: (*agent).to_owned(), day, from, to, activity })
}

/// Shifts of one agent that begin before the one before has ended. They are in order.
fn overlaps(shifts: &[(Shift, usize)]) -> Vec<(usize, Wrong)> {
    let pairs = shifts.iter().zip(shifts.iter().skip(1));
    let meet = pairs.filter(|((one, _), (next, _))| {
        let is_same = one.agent == next.agent && one.day == next.day;
        is_same && (one.to > next.from || one.to == Time::midnight())
    });
    let told = |((one, first), (_, number)): (&(Shift, usize), &(Shift, usize))| {
        let found = format!("{} has a shift then already, in line {first}", one.agent);
        (*number, (found, "one activity at a time".to_owned()))
    };
    meet.map(told).collect()
}
