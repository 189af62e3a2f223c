//! Broken variants: registrations with carriers, dialled numbers and displayed numbers.

use super::{REGISTERED, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "only the first challenge of a carrier is looked at",
        file: "crates/sip/src/auth/answer.rs",
        right: "for challenge in known.filter_map(Challenge::read) {",
        wrong: "for challenge in known.take(1).filter_map(Challenge::read) {",
        site: REGISTERED,
        seeds: 3,
    },
    Variant {
        fault: "another phone's binding is taken for ours by its user",
        file: "crates/engine/src/trunks/granted.rs",
        right: "            (with_port(&uri) == with_port(&ours)\n                && Uri { port: None, ..uri }.is_equivalent(&Uri { port: None, ..ours }))\n",
        wrong: "            uri.user == ours.user\n",
        site: REGISTERED,
        seeds: 10,
    },
    Variant {
        fault: "a carrier that was silent is never registered with again",
        file: "crates/engine/src/trunks/registration.rs",
        right: "(Asking, Heard::NobodyAvailable) => (Failing, Next::RetrySoon),",
        wrong: "(Asking, Heard::NobodyAvailable) => (Gone, Next::Nothing),",
        site: REGISTERED,
        seeds: 30,
    },
    Variant {
        fault: "a number is looked for in the Request-URI alone",
        file: "crates/engine/src/dialled.rs",
        right: "    for source in sooner.into_iter().chain(later) {",
        wrong: "    for source in sooner.into_iter().chain(later).filter(|it| *it == NumberSource::RequestUri) {",
        site: REGISTERED,
        seeds: 3,
    },
    Variant {
        fault: "a call to the carrier is From the domain of our phones",
        file: "crates/engine/src/trunks/identity.rs",
        right: "(user.clone(), domain.clone(), user)",
        wrong: "(user.clone(), site.sip.domain.clone(), user)",
        site: REGISTERED,
        seeds: 60,
    },
];
