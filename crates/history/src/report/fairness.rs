//! How evenly work is spread over agents of equal skills, by Jain's index and by the largest share of the smallest.

use std::collections::BTreeMap;

use turno_model::Plan;

use crate::report::figure::{Cell, Name, ratio};
use crate::report::groups::{Groups, Key};

/// A column: its key, and its heads in English and Spanish.
pub(crate) const COLUMNS: [(&str, &str, &str); 7] = [
    ("agents", "agents", "agentes"),
    ("offers_jain", "offers: Jain", "ofertas: Jain"),
    ("offers_spread", "offers: max/min", "ofertas: máx/mín"),
    ("occupancy_jain", "occupancy: Jain", "ocupación: Jain"),
    ("occupancy_spread", "occupancy: max/min", "ocupación: máx/mín"),
    ("idle_jain", "idle: Jain", "tiempo libre: Jain"),
    ("idle_spread", "idle: max/min", "tiempo libre: máx/mín"),
];

/// The sums that it needs.
pub(crate) const SUMS: [Name; 8] = [
    "agent_acw_us",
    "available_us",
    "holding_us",
    "offer_idle_us",
    "offered",
    "other_call_us",
    "ringing_us",
    "talking_us",
];

/// What of one agent is compared; `None`: the agent does not count.
#[derive(Default)]
struct Measures {
    offers: Vec<f64>,
    occupancy: Vec<f64>,
    idle: Vec<f64>,
    agents: i64,
}

/// The rows: for each time and group of agents.
pub(crate) fn rows(groups: &Groups<'_>, plan: &Plan) -> Vec<(Key, Vec<Cell>)> {
    let mut all: BTreeMap<Key, Measures> = BTreeMap::new();
    for ((order, time, agent), sums) in groups.iter() {
        let Some(skills) = skills_of(plan, agent) else { continue };
        let of = |name: Name| {
            let place = groups.columns().binary_search(&name).ok();
            place.and_then(|place| sums.get(place)).copied().unwrap_or_default()
        };
        let occupied = of("ringing_us") + of("talking_us") + of("holding_us") + of("agent_acw_us");
        let ready = occupied + of("available_us") + of("other_call_us");
        if ready <= 0 {
            continue;
        }
        let measures = all.entry((*order, time.clone(), skills)).or_default();
        measures.agents += 1;
        measures.offers.extend(ratio(of("offered"), ready));
        measures.occupancy.extend(ratio(occupied, ready));
        measures.idle.extend(ratio(of("offer_idle_us"), of("offered")));
    }
    let cells = |of: Measures| {
        let pairs = [&of.offers, &of.occupancy, &of.idle].map(|values| [jain(values), spread(values)]);
        core::iter::once(Cell::Count(of.agents)).chain(pairs.into_iter().flatten().map(Cell::Mean)).collect()
    };
    all.into_iter().map(|(key, measures)| (key, cells(measures))).collect()
}

/// The agent's skills with their levels; `None`: no agent of the plan.
fn skills_of(plan: &Plan, name: &str) -> Option<String> {
    let agent = plan.agents.iter().find(|agent| agent.name == name)?;
    let name = |(skill, level): &(turno_model::SkillId, u8)| {
        Some(format!("{} {level}", plan.skills.get(skill.index())?))
    };
    let mut skills: Vec<String> = agent.skills.iter().filter_map(name).collect();
    skills.sort();
    Some(skills.join(", "))
}

/// Jain's index: the square of the sum by the number of values times the sum of the squares. 1: all have the same.
fn jain(values: &[f64]) -> Option<f64> {
    let (sum, squares): (f64, f64) = (values.iter().sum(), values.iter().map(|value| value * value).sum());
    #[expect(clippy::cast_precision_loss, reason = "a room has few agents")]
    let count = values.len() as f64;
    (squares > 0.0).then(|| sum * sum / (count * squares))
}

/// The largest by the smallest; `None` if that is nothing.
fn spread(values: &[f64]) -> Option<f64> {
    let largest = values.iter().copied().reduce(f64::max)?;
    let smallest = values.iter().copied().reduce(f64::min)?;
    (smallest > 0.0).then(|| largest / smallest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jains_index_is_one_where_all_have_the_same_and_a_share_where_one_has_all() {
        assert_eq!(jain(&[3.0, 3.0, 3.0]), Some(1.0));
        assert_eq!(jain(&[8.0, 0.0, 0.0, 0.0]), Some(0.25));
        assert_eq!(jain(&[]), None);
        assert_eq!(spread(&[2.0, 3.0]), Some(1.5));
        assert_eq!(spread(&[2.0, 0.0]), None);
    }
}
