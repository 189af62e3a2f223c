//! Broken variants: supervisors who observe a talk.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "an observer is left in the bridge when the agent has the caller no more",
        file: "crates/engine/src/engine.rs",
        right: "            } else if !self.ports_serve(now) && !self.observers_leave(now) {\n",
        wrong: "            } else if !self.ports_serve(now) {\n",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a whisper is heard by the caller",
        file: "crates/engine/src/observing.rs",
        right: "        self.switchboard.admit(&mut self.stack, call, (talk, Side::B), role, now).ok()?;\n",
        wrong: "        self.switchboard.admit(&mut self.stack, call, (talk, Side::A), role, now).ok()?;\n",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "who observes is forgotten by a crash",
        file: "crates/engine/src/durable.rs",
        right: "        self.observers.write_down(changes, Table::Observer.code());\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "an observer is offered contacts meanwhile",
        file: "crates/engine/src/observing.rs",
        right: "        self.occupy(observer, now);\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "the media plane is not told that an observer does something else",
        file: "crates/calls/src/guests.rs",
        right: "            guest.role = role;\n        }\n        self.seat(id);\n",
        wrong: "            guest.role = role;\n        }\n",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "the observers of a call that ends are not let go",
        file: "crates/calls/src/switchboard.rs",
        right: "        for guest in &call.guests {\n            self.drop_leg(stack, guest.session, cause.clone(), now);\n        }\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "who has taken a talk over is not the call's agent",
        file: "crates/engine/src/taking_over.rs",
        right: "        self.calls.is_for(call, Purpose::Contact(CallStage::Connected(queue, observer)));\n",
        wrong: "        let _ = queue;\n",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "the agent whose talk was taken over is left in it",
        file: "crates/calls/src/guests.rs",
        right: "        if let Some(before) = call.b_leg.replace(session) {\n",
        wrong: "        if let Some(before) = call.b_leg.replace(session).filter(|_| false) {\n",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "the segment of the agent before goes on when a talk is taken over",
        file: "crates/acd/src/taking_over.rs",
        right: "        self.part(id, None, now);\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
];
