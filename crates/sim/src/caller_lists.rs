//! Callers on lists in a scenario: those of the plan, and those whom a supervisor adds and removes.

use core::time::Duration;

use turno_ground::{Pii, Rng};
use turno_model::plan::CallerListPlan;
use turno_model::{Command, ListEffect, Listing, Plan, PromptName};

use crate::action::{Action, Supervision};
use crate::draws::SPAN_MICROS;
use crate::edit::Edit;
use crate::plan_mutation::PlanMutation;
use crate::world::World;

/// Callers who may be on a list.
const CALLERS: u32 = 30;

/// How often a supervisor changes a list at most, after the first time.
const CHANGES_MAX: u64 = 12;

/// The lists' names, by index.
const NAMES: [&str; 2] = ["preferred", "refused"];

/// In one scenario of three some callers are on lists, and a supervisor changes these. They have an Rng of their own, so that
/// the rest of a seed stays the same.
pub(crate) fn caller_lists(seed: u64) -> (Vec<PlanMutation>, Vec<(Duration, Action)>) {
    let mut rng = Rng::new(seed ^ 0x6c69_7374);
    if rng.below(3) > 0 {
        return (Vec::new(), Vec::new());
    }
    let rules = vec![PlanMutation::CallerLists(rng.number())];
    let mut actions = Vec::new();
    for _ in 0..=rng.below(CHANGES_MAX) {
        let at = Duration::from_micros(rng.below(SPAN_MICROS));
        let caller = u32::try_from(rng.below(u64::from(CALLERS))).unwrap_or(0);
        let list = usize::try_from(rng.below(2)).unwrap_or(0);
        let span = Duration::from_secs(60 + rng.below(60));
        let act = match rng.below(4) {
            0 => Supervision::Unlist(caller, list),
            _ => Supervision::List(caller, list, span),
        };
        actions.push((at, Action::Supervises(0, act)));
    }
    if rng.below(4) == 0 {
        let at = Duration::from_micros(rng.below(SPAN_MICROS));
        actions.push((at, Action::Edits(Edit::Setting(PlanMutation::CallerLists(rng.number())))));
    }
    (rules, actions)
}

/// Lays the lists of a site, by this number.
pub(crate) fn lay(plan: &mut Plan, luck: u64) {
    let mut rng = Rng::new(luck);
    let prompt = (!plan.prompts.is_empty()).then_some(PromptName(0));
    let priority = u8::try_from(1 + rng.below(3)).unwrap_or(1);
    let mut numbers = |one_in: u64| -> Vec<Pii<String>> {
        let drawn = (0..CALLERS).filter(|_| rng.below(one_in) == 0).collect::<Vec<_>>();
        // Whole numbers of a first call, and patterns of all calls.
        drawn.into_iter().map(|caller| Pii(number(caller, caller % 3 == 0))).collect()
    };
    let preferred = CallerListPlan {
        name: NAMES[0].to_owned(),
        numbers: numbers(5),
        effect: ListEffect::Prefer(priority),
        prompt: None,
    };
    let refused =
        CallerListPlan { name: NAMES[1].to_owned(), numbers: numbers(8), effect: ListEffect::Refuse, prompt };
    plan.caller_lists = vec![preferred, refused];
    if rng.below(3) == 0 {
        plan.caller_lists.remove(usize::from(rng.below(2) == 0));
    }
}

/// The number of a caller's first call, or a pattern of all of them.
fn number(caller: u32, is_whole: bool) -> String {
    let last = if is_whole { "001" } else { "XXX" };
    format!("0{caller:06}{last}")
}

impl World {
    /// The command that puts a caller's number on a list.
    pub(crate) fn lists(&self, caller: u32, list: usize, span: Duration) -> Command {
        let number = Pii(self.number_of(caller).into());
        Command::ListCaller(Listing { list: NAMES[list % NAMES.len()].into(), number, span })
    }

    /// The command that takes it from there.
    pub(crate) fn unlists(&self, caller: u32, list: usize) -> Command {
        Command::UnlistCaller(NAMES[list % NAMES.len()].into(), Pii(self.number_of(caller).into()))
    }

    fn number_of(&self, caller: u32) -> String {
        self.clients.get(&caller).map_or_else(|| number(caller, true), |client| client.asserted())
    }
}
