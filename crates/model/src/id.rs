//! Identifiers: numbers for contacts and offers, indexes for everything of the plan.

use serde::{Deserialize, Serialize};

/// A contact; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContactId(pub u64);

/// An offer of a contact to an agent; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OfferId(pub u64);

/// A recording of a contact's talk with an agent; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordingId(pub u64);

macro_rules! place {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// The index in the plan's list.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

place! {
    /// An agent, by index in `Plan::agents`.
    AgentId;
    /// A seat, by index in `Plan::seats`.
    SeatId;
    /// A queue, by index in `Plan::queues`.
    QueueId;
    /// A skill, by index in `Plan::skills`.
    SkillId;
    /// A trunk, by index in `Plan::trunks`.
    TrunkId;
    /// An opening-hours table, by index in `Plan::hours`.
    HoursId;
    /// A menu, by index in `Plan::menus`.
    MenuId;
    /// A prompt, by index in `Plan::prompts`.
    PromptName;
}
