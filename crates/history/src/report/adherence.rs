//! Adherence: how much of the scheduled time agents were in the scheduled state.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use turno_model::plan::{Activity, ReportBy, Shift};

use crate::calendar::INTERVAL;
use crate::failure::Failure;
use crate::report::groups::Groups;
use crate::report::{Question, period};
use crate::store::{Sql, number};
use crate::value::Value;

/// Pieces of shifts in one query.
const PIECES: usize = 200;

/// A part of a shift that is in one half hour, or in one day.
struct Piece<'a> {
    start: i64,
    day: String,
    shift: &'a Shift,
    begin: i64,
    end: i64,
}

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
    for piece in &pieces {
        let at = (piece.start, piece.day.as_str());
        groups.add(at, &piece.shift.agent, &[("scheduled_us", piece.end - piece.begin)]);
    }
    for some in pieces.chunks(PIECES) {
        let values = some.iter().zip(0_i64..).flat_map(|(piece, place)| {
            [place.into(), piece.shift.agent.as_str().into(), piece.begin.into(), piece.end.into()]
        });
        let values: Vec<Value> = values.collect();
        for row in sql.rows(&text(some.len(), known), &values)? {
            let [place, state, reason, spent] = row.as_slice() else { continue };
            let place = place.int().and_then(|place| usize::try_from(place).ok());
            let Some(piece) = place.and_then(|place| some.get(place)) else { continue };
            let (state, reason) = (state.text().unwrap_or_default(), reason.text().unwrap_or_default());
            if is_kept(&piece.shift.activity, state, reason) {
                let spent = spent.int().unwrap_or_default();
                groups.add((piece.start, &piece.day), &piece.shift.agent, &[("adhered_us", spent)]);
            }
        }
    }
    Ok(())
}

fn is_kept(activity: &Activity, state: &str, reason: &str) -> bool {
    match activity {
        Activity::Work => !matches!(state, "aux" | "logged_out"),
        Activity::Aux(planned) => state == "aux" && reason == planned,
    }
}

/// The states of so many agents in so many times: the first one is found by the key, the others follow it.
fn text(pieces: usize, known: i64) -> String {
    let row = |place: usize| {
        let first = place * 4;
        format!(
            "(CAST(${} AS BIGINT), CAST(${} AS TEXT), CAST(${} AS BIGINT), CAST(${} AS BIGINT))",
            first + 1,
            first + 2,
            first + 3,
            first + 4
        )
    };
    let rows: Vec<String> = (0..pieces).map(row).collect();
    let ended = format!("coalesce(it.ended_us, {known})");
    format!(
        "WITH piece (place, agent, begin_us, end_us) AS (VALUES {rows}) \
         SELECT piece.place, it.state, it.reason, \
         CAST(sum((CASE WHEN {ended} < piece.end_us THEN {ended} ELSE piece.end_us END) \
         - (CASE WHEN it.began_us > piece.begin_us THEN it.began_us ELSE piece.begin_us END)) AS BIGINT) \
         FROM piece JOIN agent_state it ON it.agent = piece.agent AND it.began_us < piece.end_us \
         AND it.began_us >= coalesce((SELECT max(earlier.began_us) FROM agent_state earlier \
         WHERE earlier.agent = piece.agent AND earlier.began_us <= piece.begin_us), piece.begin_us) \
         AND {ended} > piece.begin_us GROUP BY 1, 2, 3",
        rows = rows.join(", ")
    )
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
