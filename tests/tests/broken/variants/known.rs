//! Broken variants: callers who are known.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "a caller who calls again is led to nobody",
        file: "crates/engine/src/queueing.rs",
        right: "        let last_agent = self.last_agent_of((call, contact), queue, now);",
        wrong: "        let last_agent = self.last_agent_of((call, contact), queue, now).filter(|_| now.as_micros() == 1);",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a free last agent is passed over",
        file: "crates/acd/src/matching.rs",
        right: "        let known = contact.last_agent.filter(|agent| !contact.tried.contains(agent));",
        wrong: "        let known = contact.last_agent.filter(|agent| contact.tried.contains(agent));",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "nobody waits for the agent of last time",
        file: "crates/acd/src/keeping.rs",
        right: "        (is_there && !contact.was_kept && is_busy && stays && may).then_some(agent)",
        wrong: "        (is_there && contact.was_kept && is_busy && stays && may).then_some(agent)",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "an agent who is waited for takes others first",
        file: "crates/acd/src/keeping.rs",
        right: "        need.is_none_or(|need| first < need).then_some(first.contact)",
        wrong: "        need.is_none().then_some(first.contact)",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a restart forgets who served whom",
        file: "crates/engine/src/recover.rs",
        right: "            self.last_agents.restore(line)?;",
        wrong: "            let _ = line.key;",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a restart forgets whom a supervisor put on a list",
        file: "crates/engine/src/recover.rs",
        right: "            self.caller_lists.restore(line)?;",
        wrong: "            let _ = line.key;",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a caller whom a list refuses goes on",
        file: "crates/engine/src/way_in.rs",
        right: "        if let Some(prompt) = self.refusing_list((call, contact), now) {",
        wrong: "        if let Some(prompt) = self.refusing_list((call, contact), now).filter(|_| now.as_micros() == 1) {",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a list does not raise the priority of its callers",
        file: "crates/engine/src/listing.rs",
        right: "                Some(priority)\n",
        wrong: "                Some(priority.min(0))\n",
        site: SMALL,
        seeds: 320,
    },
];
