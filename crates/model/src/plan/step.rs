//! Steps of a queue: what happens to a contact that waits in it, and when.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::{PromptName, QueueId};

/// Most steps of one queue.
pub const STEPS_MAX: usize = 32;

/// One step of a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepPlan {
    /// When it is taken. Each contact takes a step once while it is in the queue.
    pub when: StepWhen,
    /// What it does.
    pub action: StepAction,
}

/// When a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepWhen {
    /// After this wait in the queue.
    Waited(Duration),
    /// When a wait longer than this is expected: on entry, and whenever the wait is told.
    ToldOver(Duration),
    /// On entry, when more contacts than this wait in the queue, the new one included.
    LongerThan(u32),
    /// On entry, or later, when nobody with the queue's skill is logged in.
    Nobody,
    /// On entry, when a supervisor has closed the queue.
    Closed,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepAction {
    /// Agents up to this skill level may take the contact; `None`: agents of every level.
    LevelMax(Option<u8>),
    /// Agents of another queue may take the contact too: those whom that queue begins with.
    Also(QueueId),
    /// Raises the contact's priority by this.
    Raise(u8),
    /// Moves the contact to another queue, with its wait.
    MoveTo(QueueId),
    /// Connects the contact to an outside number. It waits on if nobody answers there.
    SendTo(String),
    /// Plays a prompt and ends the contact.
    PromptAndEnd(PromptName),
    /// Offers the caller a callback, as the queue's `callback` says; the contact waits on.
    OfferCallback,
    /// Calls at most so many agents back who may take the contact and are in an AUX that may be interrupted
    /// ([`crate::plan::AuxReasonPlan::is_interruptible`]): who has been in it for longest first.
    Interrupt(u8),
    /// Lets the caller leave a message, as the queue's `voicemail` says; one who does not waits on.
    Voicemail,
}

impl StepAction {
    /// The queue to which it leads.
    pub const fn queue(&self) -> Option<QueueId> {
        match self {
            Self::Also(queue) | Self::MoveTo(queue) => Some(*queue),
            Self::LevelMax(_) | Self::Raise(_) | Self::SendTo(_) => None,
            Self::PromptAndEnd(_) | Self::OfferCallback | Self::Interrupt(_) | Self::Voicemail => None,
        }
    }
}
