//! A changed plan for a turno that goes on: everybody who knows the plan is given the new one, the engine last.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use core::time::Duration;

use turno_model::plan::{DialOut, MediaPlan, SipPlan};
use turno_model::{Plan, Roster};

use crate::clock::Clock;
use crate::facts::FactsHub;
use crate::in_force::InForce;
use crate::inbox::{Inbox, Letter};
use crate::tls::Tls;
use crate::voices::Voices;

/// How long the engine's thread may take for it; it takes a moment.
const ENGINE_SPAN_MAX: Duration = Duration::from_secs(10);

/// Whoever knows the plan; cheap to clone.
#[derive(Clone)]
pub(crate) struct InPlace {
    pub(crate) in_force: InForce,
    pub(crate) facts: Arc<FactsHub>,
    pub(crate) voices: Voices,
    pub(crate) inbox: Inbox,
    pub(crate) clock: Clock,
    pub(crate) tls: Option<Arc<Tls>>,
}

/// What of a change can't be had without a new start, one line each: what is bound, opened or laid out at the start.
pub(crate) fn needs_start(old: &Plan, new: &Plan) -> Vec<String> {
    let limits_sources = |plan: &Plan| plan.sip.requests_per_source_max.is_some();
    let requests_per_source_max = if limits_sources(old) == limits_sources(new) {
        old.sip.requests_per_source_max
    } else {
        new.sip.requests_per_source_max
    };
    // All that can be changed in place is put back; what is otherwise then is the rest. Every key is named, so that a new
    // one does not compile until somebody has decided whether it needs a start.
    let rest = Plan {
        site: new.site.clone(),
        sip: SipPlan {
            listen: new.sip.listen.clone(),
            tls: new.sip.tls.clone(),
            requests_per_source_max,
            advertised: old.sip.advertised,
            domain: old.sip.domain.clone(),
            digest: old.sip.digest.clone(),
            expires: old.sip.expires,
            contacts_per_seat_max: old.sip.contacts_per_seat_max,
            contact_as_given: old.sip.contact_as_given,
            force_rport: old.sip.force_rport,
            options_interval: old.sip.options_interval,
            options_misses_max: old.sip.options_misses_max,
            session_expires: old.sip.session_expires,
            min_se: old.sip.min_se,
        },
        http: new.http,
        media: MediaPlan {
            bind: new.media.bind,
            bind_other: new.media.bind_other,
            ports: new.media.ports,
            advertised: old.media.advertised,
            advertised_other: old.media.advertised_other,
            inactivity: old.media.inactivity,
            codecs: old.media.codecs.clone(),
            music: old.media.music.clone(),
        },
        skills: old.skills.clone(),
        queues: old.queues.clone(),
        agents: old.agents.clone(),
        aux_reasons: old.aux_reasons.clone(),
        trunks: new.trunks.clone(),
        numbers: old.numbers.clone(),
        menus: old.menus.clone(),
        hours: old.hours.clone(),
        prompts: old.prompts.clone(),
        feature_codes: old.feature_codes.clone(),
        // Its trunk has a place in a list that may be another.
        dial_out: DialOut { trunk: None, allow: old.dial_out.allow.clone(), deny: old.dial_out.deny.clone() },
        fence: old.fence.clone(),
        room: old.room,
        trace: new.trace,
        journal: new.journal,
        keep_withheld: old.keep_withheld,
    };
    let before = Plan { dial_out: rest.dial_out.clone(), ..old.clone() };
    turno_config::differences(&before, &rest)
}

impl InPlace {
    /// Works by `new` from now on; nothing of it may need a start. Sounds are read anew.
    ///
    /// # Errors
    /// Why nothing has changed, for people.
    pub(crate) fn apply(&self, new: Plan) -> Result<(), String> {
        let before = self.in_force.plan();
        let mut plan = Roster::of(&before).align(new);
        // The start wrote the true ports where any was asked for.
        (plan.sip.listen, plan.http) = (before.sip.listen.clone(), before.http);
        let plan = Arc::new(plan);
        self.voices.relearn(&plan).map_err(|refused| refused.to_string())?;
        // Readers know the new names before the first fact has them.
        self.facts.move_to(&plan, self.clock.now());
        match self.replan(&plan) {
            Ok(()) => {
                self.in_force.put(&plan);
                Ok(())
            }
            Err(why) => {
                // All of it or nothing: whoever knows the new plan already gets the old one back.
                self.facts.move_to(&before, self.clock.now());
                if let Err(refused) = self.voices.relearn(&before) {
                    tracing::error!("{refused}");
                }
                Err(why)
            }
        }
    }

    fn replan(&self, plan: &Arc<Plan>) -> Result<(), String> {
        let (answer, answered) = sync_channel(1);
        if !self.inbox.post(Letter::Replan(Arc::clone(plan), answer)) {
            return Err("the engine's thread has no room for a letter; ask again".to_owned());
        }
        let told = answered.recv_timeout(ENGINE_SPAN_MAX);
        told.unwrap_or_else(|_| Err("the engine's thread does not answer".to_owned()))
    }

    /// Whether the certificates' files, as they are now, can be used.
    ///
    /// # Errors
    /// Why not: those of before are used.
    pub(crate) fn judge_certificates(&self) -> Result<(), String> {
        self.tls.as_ref().map_or(Ok(()), |tls| tls.judge()).map_err(|refused| refused.to_string())
    }

    /// Reads again what files beside the plan have: sounds, certificates.
    ///
    /// # Errors
    /// A sound or a certificate that can't be used: nothing has changed.
    pub(crate) fn refresh(&self) -> Result<(), String> {
        self.judge_certificates()?;
        self.renew_certificates();
        self.voices.relearn(&self.in_force.plan()).map_err(|refused| refused.to_string())
    }

    /// Looks at the certificates' files; what came of it stands in the log. Connections that stand go on.
    pub(crate) fn renew_certificates(&self) {
        if let Some(tls) = &self.tls {
            tls.renew_and_tell();
        }
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;
    use crate::small_plan::{loopback, loopback_trunk, one_queue, small_plan};

    #[test]
    fn what_supervisors_change_in_a_day_needs_no_start() {
        // Wound: for a holiday's announcement the switch is restarted.
        let old = one_queue();
        let mut new = one_queue();
        new.queues[0].ring = Duration::from_secs(99);
        new.agents.pop();
        new.prompts.clear();
        new.sip.session_expires = Duration::from_secs(4_000);
        new.fence.delay_max = None;
        new.media.codecs.pop();
        assert!(!turno_config::differences(&old, &new).is_empty());
        assert_eq!(needs_start(&old, &new), Vec::<String>::new());
    }

    #[test]
    fn what_is_bound_opened_or_laid_out_at_the_start_is_named() {
        let old = small_plan(loopback());
        let mut new = small_plan(loopback());
        new.sip.listen.clear();
        new.media.ports = (40_000, 40_100);
        new.trunks = vec![loopback_trunk()];
        new.trace = None;
        new.queues.clear();
        let rest = needs_start(&old, &new).join("; ");
        for word in ["listen", "ports", "trunk", "trace"] {
            assert!(rest.contains(word), "{word}: {rest}");
        }
        assert!(!rest.contains("queue"), "{rest}");
    }
}
