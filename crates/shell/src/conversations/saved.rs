//! All that is remembered of a conversation beside its messages, as one text in its row.

use serde::{Deserialize, Serialize};
use turno_channels::bot::Dialogue;
use turno_channels::conversation::{Conversation, Rules, Stage};
use turno_conversations::Standing;

/// A procedure that the bot found likely.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Likely {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) score: f64,
}

/// What is remembered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Saved {
    pub(crate) machine: Conversation,
    pub(crate) dialogue: Option<Dialogue>,
    pub(crate) likely: Vec<Likely>,
}

impl Saved {
    /// Reads it. What a later turno has written and this one can't read begins anew, and the log says so.
    pub(crate) fn read(standing: &Standing) -> Self {
        let Some(text) = &standing.state else { return Self::default() };
        serde_json::from_str(text).unwrap_or_else(|why| {
            tracing::error!("a conversation begins anew: its state can't be read: {why}");
            Self::default()
        })
    }

    /// The row's form.
    pub(crate) fn standing(&self, rules: Rules) -> Standing {
        let machine = &self.machine;
        Standing {
            state: serde_json::to_string(self).ok(),
            stage: stage_word(&machine.stage).to_owned(),
            agent: machine.holder().map(str::to_owned),
            contact: machine.contact(),
            due: machine.due(rules),
            is_done: machine.stage == Stage::Done,
        }
    }
}

/// The word of a stage in lists and metrics.
pub(crate) const fn stage_word(stage: &Stage) -> &'static str {
    match stage {
        Stage::New => "new",
        Stage::Bot => "bot",
        Stage::Waiting { .. } => "waiting",
        Stage::With { .. } => "agent",
        Stage::Parked { .. } => "parked",
        Stage::Done => "done",
    }
}
