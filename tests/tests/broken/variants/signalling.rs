//! Broken variants: transactions and dialogs.

use super::{LAB, SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "a BYE that was lost is not sent again",
        file: "crates/sip/src/transaction/plain_client.rs",
        right: "(Self::Trying | Self::Proceeding, E::TimerE) => (self, &[SendAgain, Longer(Timer::E)]),",
        wrong: "(Self::Trying | Self::Proceeding, E::TimerE) => (self, &[Longer(Timer::E)]),",
        site: SMALL,
        seeds: 160,
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
        file: "crates/sip/src/stack/cancel_unanswered.rs",
        right: "    layer.begin_client(Method::Bye, &branch, bye, flow, ClientOwner::Nobody, now);\n}",
        wrong: "    let _ = (branch, bye, ClientOwner::Nobody, now);\n}",
        site: LAB,
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
];
