//! Callers who leave messages, and agents who hear them.

use core::time::Duration;
use std::path::PathBuf;

use turno_ground::{Rng, Secret};
use turno_model::plan::{
    RecordingPlan, RetentionClass, SoundForm, StepAction, StepPlan, StepWhen, VoicemailPlan,
};
use turno_model::{AgentId, Language, Plan, Voicemail, VoicemailChange};

use crate::action::Action;
use crate::draws::one_of;
use crate::media::MESSAGE_SPAN;
use crate::plan_mutation::PlanMutation;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// The key for a message.
const KEY: char = '2';

/// The callers' keys at the voicemail, and how long they speak before the last ones: `s` is a while.
const KEYS: [&str; 9] = ["s#1", "s#1", "s#2s#1", "s#s", "s", "#s#*", "*", "s*", "5s#70s1"];

/// In two of five scenarios queues have voicemail, and some callers use it. They have an Rng of their own, so that the rest
/// of a seed stays the same.
pub(crate) fn voicemails(
    seed: u64,
    came: &[(Duration, u32)],
) -> (Option<PlanMutation>, Vec<(Duration, Action)>) {
    let mut rng = Rng::new(seed ^ 0x766f_6963_656d);
    let mut actions = Vec::new();
    if rng.below(5) >= 2 {
        return (None, actions);
    }
    let rules = PlanMutation::Voicemail(rng.number());
    for &(at, caller) in came {
        if rng.below(3) == 0 {
            continue;
        }
        let mut at = at + Duration::from_millis(1_000 + rng.below(15_000));
        actions.push((at, Action::CallerPresses(caller, KEY)));
        for key in one_of(&KEYS, &mut rng).chars() {
            at += Duration::from_millis(300 + rng.below(1_500));
            if key == 's' {
                at += Duration::from_millis(2_000 + rng.below(12_000));
            } else {
                actions.push((at, Action::CallerPresses(caller, key)));
            }
        }
    }
    (Some(rules), actions)
}

/// Gives queues a voicemail, by this number; some lead to it by a step.
pub(crate) fn listen(plan: &mut Plan, luck: u64) {
    let mut rng = Rng::new(luck);
    plan.recording.get_or_insert_with(|| RecordingPlan {
        folder: PathBuf::from("recordings"),
        form: SoundForm::Opus,
        key_file: PathBuf::from("recording.key"),
        keys: Secret::new("5a".repeat(32)),
        digits_pause: Duration::from_secs(rng.below(2) * 5),
        pause_key: None,
        classes: vec![RetentionClass { name: "standard".to_owned(), kept: Duration::from_secs(86_400) }],
    });
    for queue in &mut plan.queues {
        if rng.below(4) == 0 {
            continue;
        }
        queue.voicemail = Some(VoicemailPlan {
            key: KEY,
            greeting: vec![],
            silence: Duration::from_secs(4),
            longest: Duration::from_secs(10 + rng.below(20)),
            messages_max: u32::try_from(1 + rng.below(6)).unwrap_or(1),
            language: Language::Spanish,
            recordings: vec![],
            prompts: vec![],
        });
        let when = match rng.below(6) {
            0 => StepWhen::Nobody,
            1 => StepWhen::Closed,
            2 => StepWhen::Waited(Duration::from_secs(5 + rng.below(20))),
            _ => continue,
        };
        queue.steps.push(StepPlan { when, action: StepAction::Voicemail });
    }
}

impl World {
    /// An agent who hears a message hangs up: mostly after its end.
    pub(crate) fn notices_voicemail(&mut self, voicemail: &Voicemail) {
        if let VoicemailChange::Played { agent } = voicemail.change {
            let early = voicemail.contact.0.is_multiple_of(3);
            let after = if early { MESSAGE_SPAN / 2 } else { MESSAGE_SPAN * 2 };
            self.agent_puts_down(agent, after);
        } else if let VoicemailChange::NotPlayed { agent } = voicemail.change {
            self.agent_puts_down(agent, Duration::from_secs(3));
        }
    }

    fn agent_puts_down(&mut self, agent: AgentId, after: Duration) {
        if let Some(desk) = self.home_of(agent) {
            self.means_to(self.now + after, ScheduledAction::Action(Action::AgentHangsUp(desk)));
        }
    }
}
