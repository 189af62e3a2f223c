//! Broken variants: several contacts of an agent at once.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "a call is given to an agent who chats",
        file: "crates/acd/src/in_hand.rs",
        right: "conversations <= usize::from(at_once.calls_beside)",
        wrong: "conversations <= usize::from(at_once.chats)",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "conversations take agents who are kept for callers",
        file: "crates/acd/src/staffing/choosing.rs",
        right: "        if !self.keeps_callers_agents(pool, channel) {",
        wrong: "        if self.keep_for_calls < usize::MAX {",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "who has taken a chat gets the next one only when something else happens",
        file: "crates/acd/src/on_offer.rs",
        right: "        if !self.agents[agent.index()].takes_beside.is_none() {\n            self.pair_agent(agent, now);\n        }\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "who has no room any more is still thought to have it",
        file: "crates/acd/src/staffing.rs",
        right: "                    pool.beside[channel.index()].remove(&place);",
        wrong: "                    let _ = (&place, channel);",
        site: SMALL,
        seeds: 320,
    },
];
