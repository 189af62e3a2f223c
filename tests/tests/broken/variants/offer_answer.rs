//! Broken variants: offers without answers, payload type numbers, and phones that accept only one description.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "an agent goes on talking to a caller whose ACK brought no answer",
        file: "crates/sip/src/stack/offers.rs",
        right: "            (Self::OurSuccess, M::BareAck) => Fate::End,",
        wrong: "            (Self::OurSuccess, M::BareAck) => Fate::Plain,",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "a phone that insists on encryption is never rung in its own way",
        file: "crates/calls/src/refusal.rs",
        right: "        matches!(status, 415 | 488 | 606)\n",
        wrong: "        matches!(status, 415 | 606)\n",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "keys are heard by the number of the peer's answer alone",
        file: "crates/media-plan/src/sdp/negotiate.rs",
        right: "        let heard = self.heard(named(codecs, *telephone_event, *opus), &audio);",
        wrong: "        let heard = self.heard(named(codecs, None, *opus), &audio);",
        site: SMALL,
        seeds: 320,
    },
];
