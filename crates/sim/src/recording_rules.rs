//! Which talks a site records in a scenario.

use core::time::Duration;
use std::path::PathBuf;

use turno_ground::{Rng, Secret};
use turno_model::plan::{QueueRecording, RecordingPlan, RetentionClass, SoundForm};
use turno_model::{Plan, PromptName};

/// Lets a site record, by this number.
pub(crate) fn record(plan: &mut Plan, luck: u64) {
    let mut rng = Rng::new(luck);
    let rules = [
        QueueRecording::Never,
        QueueRecording::Demand,
        QueueRecording::Percent(50),
        QueueRecording::Percent(100),
        QueueRecording::Percent(100),
    ];
    plan.recording = Some(RecordingPlan {
        folder: PathBuf::from("recordings"),
        form: SoundForm::Opus,
        key_file: PathBuf::from("recording.key"),
        keys: Secret::new("5a".repeat(32)),
        digits_pause: Duration::from_secs(rng.below(3) * 5),
        pause_key: (rng.below(2) == 0).then_some('*'),
        classes: vec![RetentionClass { name: "standard".to_owned(), kept: Duration::from_secs(86_400) }],
    });
    let has_prompts = !plan.prompts.is_empty();
    for queue in &mut plan.queues {
        queue.recording = rules[usize::try_from(rng.below(5)).unwrap_or(0)];
        queue.recording_notice = (has_prompts && rng.below(2) == 0).then_some(PromptName(0));
    }
    for agent in &mut plan.agents {
        agent.is_recorded = rng.below(4) == 0;
    }
}
