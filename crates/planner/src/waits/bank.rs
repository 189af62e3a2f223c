//! Real days: the calls of a bank's centre, from the data set 'Anonymous Bank' of the Technion (Guedj, Mandelbaum).

use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

use turno_ground::Rng;
use turno_model::plan::AcwPlan;
use turno_model::{AgentId, Plan, QueueId, SkillId};

use super::made::telling;
use super::{DayCall, Shift, WaitDay};

/// An agent who serves nobody for this long is away.
const AWAY: Duration = Duration::from_secs(15 * 60);

/// A real day.
#[derive(Clone, Debug)]
pub struct BankDay {
    /// The date in the file.
    pub date: String,
    /// The day: real arrivals, talks and times of the agents; patience is real for those who gave up, and drawn for
    /// those who were answered.
    pub day: WaitDay,
}

/// A call of the file that entered a queue; times since midnight.
struct Call {
    date: String,
    is_internet: bool,
    at: Duration,
    waited: Duration,
    server: Option<(String, Duration, Duration)>,
}

/// When an agent of the day was busy, and whether with calls of others and with calls about the internet.
#[derive(Default)]
struct Busy {
    spans: Vec<(Duration, Duration)>,
    serves: [bool; 2],
}

/// Reads the data set's table: `date,type,vru_entry,vru_exit,vru_time,q_start,q_exit,q_time,outcome,ser_start,ser_exit,
/// ser_time,server`. Calls that ended in the voice menu are left out. Calls of the types `IN` and `TT` (internet
/// support) are a queue of their own, all others another; agents serve what they served on that day. `plan` gives the
/// first queue and agent as patterns. Patience of answered callers is drawn from the observed one, beyond their wait.
///
/// # Errors
/// A sentence that names the line.
pub fn bank_days(plan: &Plan, table: &str, seed: u64) -> Result<Vec<BankDay>, String> {
    let mut calls: BTreeMap<String, Vec<Call>> = BTreeMap::new();
    for (number, line) in table.lines().enumerate().skip(1) {
        let call = call(line).ok_or_else(|| format!("line {}: `{line}` is no call", number + 1))?;
        if let Some(call) = call {
            calls.entry(call.date.clone()).or_default().push(call);
        }
    }
    let patience = Patience::of(calls.values().flatten());
    let mut rng = Rng::new(seed);
    Ok(calls
        .into_iter()
        .map(|(date, calls)| BankDay { date, day: day(plan, &calls, &patience, &mut rng) })
        .collect())
}

fn day(plan: &Plan, calls: &[Call], patience: &Patience, rng: &mut Rng) -> WaitDay {
    let mut busy: BTreeMap<&str, Busy> = BTreeMap::new();
    for call in calls {
        if let Some((server, from, to)) = &call.server {
            let busy = busy.entry(server).or_default();
            busy.spans.push((*from, *to));
            busy.serves[usize::from(call.is_internet)] = true;
        }
    }
    let mut site = telling(plan);
    let pattern = site.queues.first().cloned().expect("a plan has a queue");
    site.skills = vec!["all".to_owned(), "internet".to_owned()];
    site.queues = [0, 1]
        .map(|skill| {
            let mut queue = pattern.clone();
            queue.name.clone_from(&site.skills[skill]);
            queue.skill = SkillId(skill as u32);
            // Work after the call is part of the data's service time.
            queue.acw = AcwPlan::Timed(Duration::ZERO);
            queue
        })
        .to_vec();
    let seat = site.agents.first().cloned().expect("a plan has an agent");
    site.agents.clear();
    let mut shifts = Vec::new();
    for (place, (name, Busy { mut spans, serves })) in (0u32..).zip(busy) {
        let mut agent = seat.clone();
        name.clone_into(&mut agent.name);
        agent.skills = (0u32..)
            .zip(serves)
            .filter(|(_, serves)| *serves)
            .map(|(skill, _)| (SkillId(skill), 1))
            .collect();
        site.agents.push(agent);
        spans.sort_unstable();
        shifts.extend(shifts_of(AgentId(place), &spans));
    }
    let calls = calls.iter().map(|call| DayCall {
        at: call.at,
        queue: QueueId(u32::from(call.is_internet)),
        talk: match &call.server {
            Some((_, from, to)) => *to - *from,
            // Nobody knows how long the talk would have been: as long as another one of the day.
            None => talk_of_another(calls, rng),
        },
        patience: if call.server.is_some() { patience.beyond(call.waited, rng) } else { call.waited },
    });
    WaitDay { calls: calls.collect(), plan: Arc::new(site), shifts, ring: Duration::ZERO }
}

/// When an agent works: from the first service to the last, but for gaps of more than [`AWAY`].
fn shifts_of(agent: AgentId, spans: &[(Duration, Duration)]) -> Vec<Shift> {
    let mut shifts: Vec<Shift> = Vec::new();
    for &(from, to) in spans {
        match shifts.last_mut() {
            Some(last) if from < last.to + AWAY => last.to = last.to.max(to),
            Some(_) | None => shifts.push(Shift { agent, from, to }),
        }
    }
    shifts
}

fn talk_of_another(calls: &[Call], rng: &mut Rng) -> Duration {
    let served: Vec<_> = calls.iter().filter_map(|call| call.server.as_ref()).collect();
    if served.is_empty() {
        return Duration::from_secs(180);
    }
    let at = rng.below(served.len() as u64);
    served.get(usize::try_from(at).unwrap_or(0)).map_or(Duration::ZERO, |(_, from, to)| *to - *from)
}

/// How long callers stay, by the estimate of Kaplan and Meier: those who were answered are known to have stayed at least
/// until then.
struct Patience {
    /// (time, share that stays longer), in order.
    stays: Vec<(Duration, f64)>,
}

impl Patience {
    fn of<'c>(calls: impl Iterator<Item = &'c Call>) -> Self {
        let mut seen: Vec<(Duration, bool)> =
            calls.map(|call| (call.waited, call.server.is_none())).collect();
        seen.sort_unstable();
        let mut stays = Vec::new();
        let mut share = 1.0;
        for (place, &(at, gave_up)) in seen.iter().enumerate() {
            if gave_up {
                let left = (seen.len() - place) as f64;
                share *= 1.0 - 1.0 / left;
                stays.push((at, share));
            }
        }
        Self { stays }
    }

    /// A draw for a caller who has stayed for `waited`. Beyond what was ever observed, the caller stays for an hour.
    fn beyond(&self, waited: Duration, rng: &mut Rng) -> Duration {
        let next = self.stays.partition_point(|(at, _)| *at <= waited);
        let now = next.checked_sub(1).map_or(1.0, |last| self.stays[last].1);
        let level = now * (1.0 - rng.fraction());
        let at = self.stays.partition_point(|(_, share)| *share > level);
        self.stays.get(at.max(next)).map_or(waited + Duration::from_secs(3600), |(at, _)| *at)
    }
}

/// Parses a line; `Some(None)` for a call that entered no queue.
fn call(line: &str) -> Option<Option<Call>> {
    let fields: Vec<&str> = line.trim_end().split(',').collect();
    let [date, kind, _, vru_exit, _, q_start, q_exit, _, outcome, ser_start, ser_exit, _, server] =
        fields[..]
    else {
        return None;
    };
    let (vru_exit, q_start, q_exit) = (clock(vru_exit)?, clock(q_start)?, clock(q_exit)?);
    let (from, to) = (clock(ser_start)?, clock(ser_exit)?);
    let was_served = outcome == "AGENT" && to >= from && !from.is_zero();
    let queued = !q_start.is_zero() && q_exit >= q_start;
    let gave_up = outcome == "HANG" && queued;
    if !was_served && !gave_up {
        return Some(None);
    }
    Some(Some(Call {
        date: date.to_owned(),
        is_internet: matches!(kind, "IN" | "TT"),
        // A caller who did not wait has no times of a queue.
        at: if queued { q_start } else { vru_exit },
        waited: if queued { q_exit - q_start } else { Duration::ZERO },
        server: was_served.then(|| (server.to_owned(), from, to)),
    }))
}

/// The time of day `h:mm:ss`, since midnight.
fn clock(text: &str) -> Option<Duration> {
    let mut parts = text.split(':').map(|part| part.parse::<u64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then(|| Duration::from_secs(hours * 3600 + minutes * 60 + seconds))
}
