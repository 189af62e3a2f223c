//! When the site of a scenario asks callers after a talk, and what they answer.

use core::time::Duration;

use turno_ground::Rng;
use turno_model::plan::{SURVEY_QUESTIONS_MAX, SurveyPlan};
use turno_model::{ContactId, Language, Plan, PromptName, SurveyChange};

use crate::action::{Action, Target};
use crate::draws::{SPAN_MICROS, one_of};
use crate::plan_mutation::PlanMutation;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// Keys that a caller presses in a survey at most, and within which span.
const KEYS_MAX: u64 = 6;
const KEYS_SPAN_MICROS: u64 = 40_000_000;

/// How often an agent hangs up first, or transfers to the survey, at most.
const ENDS_MAX: u64 = 60;

/// In one scenario of two the site has surveys, and agents end talks. They have an Rng of their own, so that the rest of a seed stays the same.
pub(crate) fn surveys(seed: u64, agents: usize) -> (Vec<PlanMutation>, Vec<(Duration, Action)>) {
    let mut rng = Rng::new(seed ^ 0x7375_7276);
    if rng.below(2) == 0 {
        return (Vec::new(), Vec::new());
    }
    let rules = vec![PlanMutation::Surveys(rng.number())];
    let mut actions = Vec::new();
    for _ in 0..rng.below(ENDS_MAX) {
        let at = Duration::from_micros(rng.below(SPAN_MICROS));
        let agent = usize::try_from(rng.below(agents.max(1) as u64)).unwrap_or(0);
        let hangs_up = Action::AgentHangsUp(agent);
        let passes = Action::AgentPasses(agent, Target::Survey);
        actions.push((at, one_of(&[hangs_up, passes], &mut rng)));
    }
    (rules, actions)
}

/// Lets a site ask, by this number.
pub(crate) fn ask(plan: &mut Plan, luck: u64) {
    let mut rng = Rng::new(luck);
    let prompts = u64::try_from(plan.prompts.len()).unwrap_or(0);
    if prompts == 0 {
        return;
    }
    let prompt = |rng: &mut Rng| PromptName(u32::try_from(rng.below(prompts)).unwrap_or(0));
    for queue in &mut plan.queues {
        let many = rng.below(1 + SURVEY_QUESTIONS_MAX as u64);
        let questions: Vec<_> = (0..many).map(|_| prompt(&mut rng)).collect();
        let survey = SurveyPlan {
            questions,
            chance: one_of(&[0, 30, 100, 100], &mut rng),
            wait: Duration::from_secs(2 + rng.below(5)),
            language: Language::Spanish,
            prompts: vec![prompt(&mut rng); 3],
        };
        queue.survey = Some(survey).filter(|survey| !survey.questions.is_empty());
    }
}

impl World {
    /// A caller is asked: presses some keys, right ones and wrong ones, and hangs up at any moment or not at all.
    pub(crate) fn notices_survey(&mut self, contact: ContactId, change: SurveyChange) {
        let now = self.now;
        let client = self.clients.iter_mut().find(|(_, client)| client.contact == Some(contact));
        let Some((&caller, client)) = client else { return };
        match change {
            SurveyChange::Offered => {
                client.over_since = None;
                for _ in 0..self.rng.below(KEYS_MAX) {
                    let after = Duration::from_micros(self.rng.below(KEYS_SPAN_MICROS));
                    let key = one_of(&['1', '2', '3', '4', '5', '5', '0', '9', '*', '#'], &mut self.rng);
                    let presses = Action::CallerPresses(caller, key);
                    self.means_to(now + after, ScheduledAction::Action(presses));
                }
                if self.rng.below(4) == 0 {
                    let after = Duration::from_micros(self.rng.below(KEYS_SPAN_MICROS));
                    self.means_to(now + after, ScheduledAction::Action(Action::CallerHangsUp(caller)));
                }
            }
            SurveyChange::Ended(_) => client.over_since = Some(now),
            SurveyChange::Answered { .. } => {}
        }
    }
}
