//! Deliberately broken turnos: what each has wrong, where, and within how many bad hours that must be found.

/// One broken turno.
pub(crate) struct Variant {
    /// What it does wrong, as a user would tell it.
    pub(crate) fault: &'static str,
    /// The file that is changed.
    pub(crate) file: &'static str,
    /// What stands there, once.
    pub(crate) right: &'static str,
    /// What is put there instead.
    pub(crate) wrong: &'static str,
    /// Where its bad hours are lived.
    pub(crate) site: &'static str,
    /// Within how many seeds, from 0 on, the bad hours find it.
    pub(crate) seeds: u32,
}

/// One of everything.
pub(crate) const SMALL: &str = "tests/src/stage/site.toml";
/// A queue that nobody serves, where people wait for as long as they like.
pub(crate) const LAB: &str = "sip-config/lab";

/// Of transactions, dialogs, offers, routing, the books, and what outlives a crash.
pub(crate) const VARIANTS: [Variant; 24] = [
    Variant {
        fault: "a BYE that was lost is not sent again",
        file: "crates/sip/src/transaction/plain_client.rs",
        right: "(Self::Trying | Self::Proceeding, E::TimerE) => (self, &[SendAgain, Longer(Timer::E)]),",
        wrong: "(Self::Trying | Self::Proceeding, E::TimerE) => (self, &[Longer(Timer::E)]),",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "a refusal that comes again is not acknowledged again",
        file: "crates/sip/src/transaction/invite_client.rs",
        right: "(Self::Completed, E::Refusal) => (Self::Completed, &[Ack]),",
        wrong: "(Self::Completed, E::Refusal) => (Self::Completed, &[]),",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "the second answer to an INVITE is acknowledged and never ended",
        file: "crates/sip/src/stack/giving_up.rs",
        right: "    layer.begin_client(Method::Bye, &branch, bye, flow, ClientOwner::Nobody, now);\n}",
        wrong: "    let _ = (branch, bye, ClientOwner::Nobody, now);\n}",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "requests within a dialog all have the same CSeq",
        file: "crates/sip/src/dialog/sequence.rs",
        right: "        self.local += 1;\n",
        wrong: "        self.local |= 1;\n",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "no session timer runs",
        file: "crates/sip/src/stack/refresh.rs",
        right: "        self.timer = timer;\n",
        wrong: "        let timer = timer.filter(|_| false);\n        self.timer = timer;\n",
        site: LAB,
        seeds: 60,
    },
    Variant {
        fault: "the agent rings on when the caller has left",
        file: "crates/calls/src/switchboard.rs",
        right: "        for &session in &call.ringing {\n            self.drop_leg(stack, session, cause.clone(), now);\n        }\n",
        wrong: "",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "the phone rings on when the offer has gone to somebody else",
        file: "crates/engine/src/carry_out.rs",
        right: "        self.switchboard.stop_ringing(&mut self.stack, call, now);\n        self.settle_offer(call, OfferOutcome::NoAnswer, now);",
        wrong: "        self.settle_offer(call, OfferOutcome::NoAnswer, now);",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "whoever was offered in vain loses the place in line",
        file: "crates/acd/src/on_offer.rs",
        right: "        contact.free_since = now;\n        contact.stage = Stage::Waiting;",
        wrong: "        contact.free_since = now;\n        contact.waiting_since = now;\n        contact.stage = Stage::Waiting;",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "the least idle agent is chosen",
        file: "crates/acd/src/staffing.rs",
        right: "let fresh = pool.idle.iter().find(",
        wrong: "let fresh = pool.idle.iter().rev().find(",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "an agent whose after-call work ends is not looked at",
        file: "crates/acd/src/after.rs",
        right: "        self.agents[id.index()].free_since = since;\n        self.pair_agent(id, now);\n        Asked::Done",
        wrong: "        self.agents[id.index()].free_since = since;\n        Asked::Done",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "after-call work never ends",
        file: "crates/acd/src/after.rs",
        right: "(None, AcwPlan::Timed(span)) => self.timers.set(Deadline::AcwOver(id), now + span),",
        wrong: "(None, AcwPlan::Timed(span)) => self.timers.set(Deadline::AcwOver(id), now + span * 3),",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "an agent whose phone is gone stays available",
        file: "crates/engine/src/register.rs",
        right: "        let reachable = self.seats[agent.index()].is_reachable();",
        wrong: "        let reachable = true;",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "a caller who gives up is counted twice",
        file: "crates/ledger/src/apply.rs",
        right: "                figures.abandoned += 1;",
        wrong: "                figures.abandoned += 2;",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "a microsecond of each state is not booked",
        file: "crates/ledger/src/agent_book.rs",
        right: "        let span = at.since(self.booked_until);",
        wrong: "        let span = at.since(self.booked_until).saturating_sub(Duration::from_micros(1));",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "a media port is not given back",
        file: "crates/calls/src/legs.rs",
        right: "        self.ports.give_back(leg.port);\n",
        wrong: "",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "a stream is left open",
        file: "crates/calls/src/legs.rs",
        right: "        self.command(MediaCommand::Close { stream: leg.stream });\n",
        wrong: "",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "a change is made and not noted: after a crash it never happened",
        file: "crates/ground/src/tracked.rs",
        right: "        if !core::mem::replace(&mut entry.is_noted, true) {\n            self.changed.push(place);\n        }",
        wrong: "        entry.is_noted = true;",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "what is gone is never struck out, and comes back after a crash",
        file: "crates/ground/src/tracked.rs",
        right: "        let entry = self.table.remove(key)?;\n        if entry.is_written {\n            self.notes.gone.push(*key);\n        }",
        wrong: "        let entry = self.table.remove(key)?;",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "messages leave before what allows them is written",
        file: "crates/engine/src/durable.rs",
        right: "            self.outbox.insert(first, Output::Keep(step));",
        wrong: "            let _ = first;\n            self.outbox.push_back(Output::Keep(step));",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "who waited before a crash stands in no line after it",
        file: "crates/acd/src/durable.rs",
        right: "                self.lines[queue.index()].insert(contact.place(id));\n",
        wrong: "                let _ = contact.place(id);\n",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "an offer that outlives a crash rings without end",
        file: "crates/acd/src/durable.rs",
        right: "                    self.timers.set(Deadline::RingOver(held_out.offer), at);",
        wrong: "                    let _ = (held_out.offer, at);",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "the ports of those who talk are given to others after a crash",
        file: "crates/calls/src/durable.rs",
        right: "        board.ports.take_these(&ports);",
        wrong: "        board.ports.take_these(&BTreeSet::new());",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "after a crash nobody is told again who talks to whom",
        file: "crates/calls/src/durable.rs",
        right: "                commands.push(MediaCommand::Join { one: leg.stream, other: partner });",
        wrong: "                let _ = partner;",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "what a request of ours waits for is forgotten in a crash",
        file: "crates/sip/src/stack/durable.rs",
        right: "        for (timer, at) in read.due {\n            self.deadlines.set(Deadline::Client(key, timer), at);\n        }",
        wrong: "        drop(read.due);",
        site: SMALL,
        seeds: 60,
    },
];
