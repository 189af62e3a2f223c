//! The keys of [emergency].

use turno_model::AfterEmergency;
use turno_model::plan::EmergencyPlan;

use crate::difference_names::prompt;
use crate::key::keys;
use crate::words::{Own, Word, own, word};

const THEN: [(&str, AfterEmergency); 2] = [("go_on", AfterEmergency::GoOn), ("end", AfterEmergency::End)];

keys! {
    /// The keys of [emergency].
    EMERGENCY: EmergencyKeys of EmergencyPlan beside { prompt } {
        /// what every caller hears before everything else while the announcement is on, unless `turno ctl emergency on` names
        /// another prompt
        prompt: Own = own("none", ""), reload { by |plan, emergency| emergency.prompt.map(|it| prompt(plan, it)) };
        /// what follows it for a new caller: `go_on` as without it, or `end`
        then: Word<AfterEmergency> = word(&THEN, AfterEmergency::GoOn), reload { told then };
    }
}
