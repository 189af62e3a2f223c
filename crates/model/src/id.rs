//! Numbers that stand for people and things.

use serde::{Deserialize, Serialize};

/// One contact: never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContactId(pub u64);

/// One offer of a contact to an agent: never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OfferId(pub u64);

macro_rules! place {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// The place in the plan's list.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

place! {
    /// An agent, by place in `Plan::agents`.
    AgentId;
    /// A seat, by place in `Plan::seats`.
    SeatId;
    /// A queue, by place in `Plan::queues`.
    QueueId;
    /// A skill, by place in `Plan::skills`.
    SkillId;
    /// A trunk, by place in `Plan::trunks`.
    TrunkId;
    /// An opening-hours table, by place in `Plan::hours`.
    HoursId;
    /// A menu, by place in `Plan::menus`.
    MenuId;
    /// A prompt, by place in `Plan::prompts`.
    PromptName;
}
