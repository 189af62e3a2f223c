//! Metrics of voicemail.

use prometheus::{IntCounterVec, Registry};
use turno_model::{Plan, Voicemail, VoicemailChange, VoicemailRefusal, VoicemailWhy};

use crate::metrics::counters;

const WHY: [&str; 2] = ["step", "key"];
const ENDED: [&str; 3] = ["heard", "not_played", "expired"];

/// Messages of callers, by queue.
pub(crate) struct VoicemailMeters {
    began: IntCounterVec,
    refused: IntCounterVec,
    left: IntCounterVec,
    discarded: IntCounterVec,
    ended: IntCounterVec,
    seconds: IntCounterVec,
    names: Vec<String>,
}

impl VoicemailMeters {
    pub(crate) fn new(registry: &Registry, plan: &Plan) -> Self {
        let mut meters = Self {
            began: counters(
                registry,
                "turno_voicemails_begun_total",
                "Callers who left the line for the voicemail, by reason.",
                &["queue", "why"],
            ),
            refused: counters(
                registry,
                "turno_voicemails_refused_total",
                "Callers of whom no message could be taken, by reason. They wait on.",
                &["queue", "why"],
            ),
            left: counters(
                registry,
                "turno_voicemails_left_total",
                "Messages that callers left, each a contact that waits for an agent.",
                &["queue"],
            ),
            discarded: counters(
                registry,
                "turno_voicemails_discarded_total",
                "Recordings at the voicemail that are no message: empty, recorded again, or not wanted.",
                &["queue"],
            ),
            ended: counters(
                registry,
                "turno_voicemails_ended_total",
                "Messages that an agent heard to the end, that could not be played, or that nobody heard in time.",
                &["queue", "how"],
            ),
            seconds: counters(
                registry,
                "turno_voicemail_seconds_total",
                "Length of the messages that callers left.",
                &["queue"],
            ),
            names: Vec::new(),
        };
        meters.move_to(plan);
        meters
    }

    /// Uses another plan, and begins the series of every queue with voicemail at 0.
    pub(crate) fn move_to(&mut self, plan: &Plan) {
        self.names = plan.queues.iter().map(|queue| queue.name.clone()).collect();
        for queue in plan.queues.iter().filter(|queue| queue.voicemail.is_some()) {
            let name = &*queue.name;
            WHY.iter().for_each(|why| drop(self.began.with_label_values(&[name, why])));
            let refusals = VoicemailRefusal::ALL.iter();
            refusals.for_each(|why| drop(self.refused.with_label_values(&[name, why.word()])));
            ENDED.iter().for_each(|how| drop(self.ended.with_label_values(&[name, how])));
            for family in [&self.left, &self.discarded, &self.seconds] {
                family.with_label_values(&[name]);
            }
        }
    }

    /// Counts what happened at a voicemail.
    pub(crate) fn apply(&self, voicemail: &Voicemail) {
        let Some(name) = self.names.get(voicemail.queue.index()) else { return };
        match voicemail.change {
            VoicemailChange::Began(why) => {
                let word = match why {
                    VoicemailWhy::Step => WHY[0],
                    VoicemailWhy::Key => WHY[1],
                };
                self.began.with_label_values(&[name, word]).inc();
            }
            VoicemailChange::Refused(why) => self.refused.with_label_values(&[name, why.word()]).inc(),
            VoicemailChange::Left { length, .. } => {
                self.left.with_label_values(&[name]).inc();
                self.seconds.with_label_values(&[name]).inc_by(length.as_secs());
            }
            VoicemailChange::Discarded(_) => self.discarded.with_label_values(&[name]).inc(),
            VoicemailChange::Heard { .. } => self.ended.with_label_values(&[name, ENDED[0]]).inc(),
            VoicemailChange::NotPlayed { .. } => self.ended.with_label_values(&[name, ENDED[1]]).inc(),
            VoicemailChange::Expired => self.ended.with_label_values(&[name, ENDED[2]]).inc(),
            VoicemailChange::Recorded { .. }
            | VoicemailChange::WaitsOn
            | VoicemailChange::Kept { .. }
            | VoicemailChange::PutOff { .. }
            | VoicemailChange::Due
            | VoicemailChange::Played { .. } => {}
        }
    }
}
