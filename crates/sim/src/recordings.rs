//! When a scenario records, and what agents ask of their recordings.

use core::time::Duration;

use turno_ground::Rng;
use turno_model::Command;

use crate::action::{Action, RecordingWish};
use crate::draws::{SPAN_MICROS, one_of};
use crate::plan_mutation::PlanMutation;
use crate::world::World;

/// How often agents ask something of a recording at most, after the first time.
const WISHES_MAX: u64 = 60;

/// In one scenario of two the site records, and agents ask for recordings and pauses. They have an Rng of their own, so
/// that the rest of a seed stays the same.
pub(crate) fn recordings(seed: u64, agents: usize) -> (Vec<PlanMutation>, Vec<(Duration, Action)>) {
    let mut rng = Rng::new(seed ^ 0x7265_636f);
    if rng.below(2) == 0 {
        return (Vec::new(), Vec::new());
    }
    let rules = vec![PlanMutation::Recording(rng.number())];
    let mut actions = Vec::new();
    for _ in 0..=rng.below(WISHES_MAX) {
        let at = Duration::from_micros(rng.below(SPAN_MICROS));
        let agent = usize::try_from(rng.below(agents.max(1) as u64)).unwrap_or(0);
        let wishes = [
            RecordingWish::Record,
            RecordingWish::Pause,
            RecordingWish::Pause,
            RecordingWish::Resume,
            RecordingWish::Resume,
            RecordingWish::Purge,
        ];
        actions.push((at, Action::AgentRecords(agent, one_of(&wishes, &mut rng))));
    }
    (rules, actions)
}

impl World {
    /// An agent asks something of the recording of the own talk.
    pub(crate) fn agent_records(&mut self, agent: usize, wish: RecordingWish) {
        let Some(agent) = self.who_sits_at(agent) else { return };
        self.command(match wish {
            RecordingWish::Record => Command::Record(agent),
            RecordingWish::Pause => Command::PauseRecording(agent),
            RecordingWish::Resume => Command::ResumeRecording(agent),
            RecordingWish::Purge => Command::PurgeRecordings,
        });
    }
}
