//! When agents of a scenario may consult by keys, and which dependencies the site has.

use turno_ground::Rng;
use turno_model::Plan;
use turno_model::plan::DependencyPlan;

use crate::plan_mutation::PlanMutation;

/// The key of consultations.
pub(crate) const CONSULT_KEY: char = '#';

/// In one scenario of two. It has an Rng of its own, so that the rest of a seed stays the same.
pub(crate) fn consulting(seed: u64) -> Option<PlanMutation> {
    let mut rng = Rng::new(seed ^ 0x636f_6e73);
    (rng.below(2) == 0).then(|| PlanMutation::Consulting(rng.number()))
}

/// Lets agents consult by a key, and gives the site dependencies if it can dial them.
pub(crate) fn consult(plan: &mut Plan, luck: u64) {
    let mut rng = Rng::new(luck);
    plan.room.consult_key = Some(CONSULT_KEY);
    if plan.dial_out.trunk.is_none() {
        return;
    }
    let code = plan.wrap_up_codes.first().map_or_else(|| "21".to_owned(), |known| known.code.clone());
    plan.dependencies = ["registry", "land"]
        .into_iter()
        .zip(0u32..)
        .map(|(name, place)| DependencyPlan {
            name: name.to_owned(),
            extension: format!("98{place}"),
            number: format!("02255111{place}"),
            outcome: (rng.below(4) > 0).then(|| code.clone()),
        })
        .collect();
}
