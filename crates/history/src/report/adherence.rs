//! Adherence: how much of the scheduled time agents were in the scheduled state.

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use turno_model::plan::{Activity, ReportBy, Shift};

use crate::calendar::INTERVAL;
use crate::failure::Failure;
use crate::report::groups::Groups;
use crate::report::{Question, period};
use crate::store::{Sql, number};

/// A part of a shift that is in one half hour, or in one day.
struct Piece<'a> {
    start: i64,
    day: String,
    shift: &'a Shift,
    begin: i64,
    end: i64,
}

/// A time in AUX or logged out.
struct Away {
    began: i64,
    ended: i64,
    /// The reason of AUX; `None`: logged out.
    reason: Option<String>,
}

/// What an agent's day was, but for the many states of work.
#[derive(Default)]
struct Known {
    /// When the history saw the agent first.
    since: i64,
    away: Vec<Away>,
}

/// The times away, and when each agent was seen first; the index has these states alone, which are few.
const AWAY: &str = "SELECT agent, began_us, ended_us, state, reason FROM agent_state \
    WHERE state IN ('aux', 'logged_out') AND began_us < $1 ORDER BY began_us";
const FIRST: &str = "SELECT agent, min(start_us) FROM interval_agent GROUP BY agent";

/// Adds the scheduled times of the question's days, and how much of them was kept to.
pub(crate) fn add(
    sql: &mut dyn Sql,
    groups: &mut Groups<'_>,
    (question, shifts, zone): (&Question, &[Shift], &TimeZone),
) -> Result<(), Failure> {
    // What comes after the last fact is neither kept to nor missed.
    let known = number(sql, "SELECT at_us FROM history_position WHERE id = 1", &[])?.unwrap_or_default();
    let asked = shifts.iter().filter(|shift| (question.from..=question.to).contains(&shift.day));
    let pieces: Vec<Piece<'_>> =
        asked.flat_map(|shift| pieces(shift, question.by, zone)).filter(|piece| piece.end <= known).collect();
    let Some(end) = pieces.iter().map(|piece| piece.end).max() else { return Ok(()) };
    let agents = agents(sql, (end, known))?;
    let nobody = Known { since: i64::MAX, away: Vec::new() };
    for piece in &pieces {
        let kept = kept(piece, agents.get(&piece.shift.agent).unwrap_or(&nobody));
        let sums = [("scheduled_us", piece.end - piece.begin), ("adhered_us", kept)];
        groups.add((piece.start, &piece.day), &piece.shift.agent, &sums);
    }
    Ok(())
}

fn agents(sql: &mut dyn Sql, (end, known): (i64, i64)) -> Result<BTreeMap<String, Known>, Failure> {
    let mut agents: BTreeMap<String, Known> = BTreeMap::new();
    for row in sql.rows(FIRST, &[])? {
        let [agent, since] = row.as_slice() else { continue };
        let name = agent.text().unwrap_or_default().to_owned();
        let since = since.int().unwrap_or(i64::MAX);
        agents.insert(name, Known { since, away: Vec::new() });
    }
    for row in sql.rows(AWAY, &[end.into()])? {
        let [agent, began, ended, state, reason] = row.as_slice() else { continue };
        let is_aux = state.text() == Some("aux");
        let away = Away {
            began: began.int().unwrap_or_default(),
            ended: ended.int().unwrap_or(known),
            reason: is_aux.then(|| reason.text().unwrap_or_default().to_owned()),
        };
        let agent = agents.entry(agent.text().unwrap_or_default().to_owned()).or_default();
        agent.since = agent.since.min(away.began);
        // Of a state whose end is lost in a gap no more is known than when the next one began.
        if let Some(before) = agent.away.last_mut() {
            before.ended = before.ended.min(away.began);
        }
        agent.away.push(away);
    }
    Ok(agents)
}

/// How much of a piece was kept to. States do not overlap, and are in order.
fn kept(piece: &Piece<'_>, agent: &Known) -> i64 {
    let first = agent.away.partition_point(|away| away.ended <= piece.begin);
    let meeting = agent.away.iter().skip(first).take_while(|away| away.began < piece.end);
    let span = |away: &Away| (away.ended.min(piece.end) - away.began.max(piece.begin)).max(0);
    match &piece.shift.activity {
        Activity::Work => (piece.end - piece.begin.max(agent.since)).max(0) - meeting.map(span).sum::<i64>(),
        Activity::Aux(planned) => {
            meeting.filter(|away| away.reason.as_ref() == Some(planned)).map(span).sum()
        }
    }
}

/// A shift, cut at the half hours if the report has them.
fn pieces<'a>(shift: &'a Shift, by: ReportBy, zone: &TimeZone) -> Vec<Piece<'a>> {
    let at = |date: jiff::civil::Date, time: Time| {
        zone.to_ambiguous_zoned(date.to_datetime(time))
            .compatible()
            .map_or(0, |at| at.timestamp().as_microsecond())
    };
    let last = if shift.to == Time::midnight() {
        shift.day.checked_add(1.day()).unwrap_or(shift.day)
    } else {
        shift.day
    };
    let (begin, end) = (at(shift.day, shift.from), at(last, shift.to));
    let half = i64::try_from(INTERVAL.as_micros()).unwrap_or(i64::MAX);
    let mut pieces = Vec::new();
    let mut from = begin;
    while from < end {
        let start = from.div_euclid(half) * half;
        let until = if period::is_within_a_day(by) { (start + half).min(end) } else { end };
        let day = Timestamp::from_microsecond(start.max(from))
            .map_or(shift.day, |at| at.to_zoned(zone.clone()).date());
        pieces.push(Piece { start, day: day.to_string(), shift, begin: from, end: until });
        from = until;
    }
    pieces
}
