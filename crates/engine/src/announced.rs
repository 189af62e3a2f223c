//! What a waiting caller has been told, and what the next announcement says.

use serde::{Deserialize, Serialize};
use turno_acd::ExpectedWait;
use turno_model::PromptName;
use turno_model::plan::AnnouncementPlan;
use turno_model::speech::{Spoken, told_minutes};

/// When the next announcement comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Next {
    /// At its deadline.
    #[default]
    AtDeadline,
    /// When the prompt that plays now has ended.
    AfterPrompt,
}

/// What a waiting caller has been told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Announced {
    pub(crate) next: Next,
    place: Option<u32>,
    /// The wait in the minutes in which it is spoken; 0 is less than one.
    minutes: Option<u32>,
    /// How many comfort messages were played.
    comforts: u32,
}

/// The prompts of the next announcement; `told` becomes what the caller has been told after it.
pub(crate) fn said(
    plan: &AnnouncementPlan,
    expected: Option<ExpectedWait>,
    told: &mut Announced,
) -> Vec<PromptName> {
    let mut prompts = Vec::new();
    if let Some(ExpectedWait { position, within }) = expected {
        if plan.tells_place && !(plan.only_changes && told.place == Some(position)) {
            told.place = Some(position);
            prompts.extend(plan.prompts(&Spoken::Place(position)));
        }
        let minutes = within.map(|within| told_minutes(within).unwrap_or(0));
        let is_news = minutes.is_some() && !(plan.only_changes && told.minutes == minutes);
        if let Some(within) = within.filter(|_| plan.tells_wait && is_news) {
            told.minutes = minutes;
            prompts.extend(plan.prompts(&Spoken::Wait(within)));
        }
    }
    if let Some(last) = plan.comfort.len().checked_sub(1) {
        let turn = usize::try_from(told.comforts).unwrap_or(0) % (last + 1);
        told.comforts = told.comforts.wrapping_add(1);
        prompts.push(plan.comfort[turn]);
    }
    prompts
}

#[cfg(test)]
mod tests {
    use super::{Announced, said};
    use core::time::Duration;
    use turno_acd::ExpectedWait;
    use turno_model::plan::AnnouncementPlan;
    use turno_model::speech::recordings;
    use turno_model::{Language, PromptName, sample};

    const COMFORT: [PromptName; 2] = [PromptName(1000), PromptName(1001)];

    fn plan(comfort: &[PromptName], only_changes: bool) -> AnnouncementPlan {
        let names = recordings(Language::English).iter().zip(0u32..);
        AnnouncementPlan {
            recordings: names.map(|(_, at)| PromptName(at)).collect(),
            comfort: comfort.to_vec(),
            only_changes,
            ..sample::announcements()
        }
    }

    /// The sentence that is heard.
    fn heard(plan: &AnnouncementPlan, position: u32, seconds: u64, told: &mut Announced) -> String {
        let within = Some(Duration::from_secs(seconds));
        let prompts = said(plan, Some(ExpectedWait { position, within }), told);
        let word = |prompt: &PromptName| match recordings(Language::English).get(prompt.0 as usize) {
            Some((_, text)) => (*text).to_owned(),
            None => format!("[comfort {}]", prompt.0 - 1000),
        };
        prompts.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn place_and_wait_are_told_once_and_again_when_they_change() {
        let (plan, mut told) = (plan(&[], true), Announced::default());
        let first = heard(&plan, 3, 230, &mut told);
        assert!(first.contains("third") && first.contains("four"), "{first}");
        assert_eq!(heard(&plan, 3, 225, &mut told), "");
        let second = heard(&plan, 2, 220, &mut told);
        assert!(second.contains("second") && !second.contains("four"), "only the place changed: {second}");
        let third = heard(&plan, 2, 130, &mut told);
        assert!(third.contains("three") && !third.contains("second"), "only the wait changed: {third}");
    }

    #[test]
    fn everything_is_told_each_time_if_the_plan_says_so() {
        let (plan, mut told) = (plan(&[], false), Announced::default());
        let first = heard(&plan, 3, 230, &mut told);
        assert_eq!(heard(&plan, 3, 230, &mut told), first);
    }

    #[test]
    fn comfort_messages_take_turns() {
        let (plan, mut told) = (plan(&COMFORT, true), Announced::default());
        let first = heard(&plan, 3, 230, &mut told);
        assert!(first.ends_with("[comfort 0]"), "{first}");
        assert_eq!(heard(&plan, 3, 230, &mut told), "[comfort 1]");
        assert_eq!(heard(&plan, 3, 230, &mut told), "[comfort 0]");
    }
}
