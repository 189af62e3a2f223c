//! A changed plan for a turno that goes on: everybody who knows the plan is given the new one, the engine last.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use core::time::Duration;

use turno_model::{IdMap, Plan};

use crate::clock::Clock;
use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::facts::FactsHub;
use crate::media::voices::Voices;
use crate::net::tls::Tls;
use crate::reload::current_plan::CurrentPlan;

/// How long the engine's thread may take for it; it takes a moment.
const ENGINE_SPAN_MAX: Duration = Duration::from_secs(10);

/// Whoever knows the plan; cheap to clone.
#[derive(Clone)]
pub(crate) struct HotReload {
    pub(crate) in_force: CurrentPlan,
    pub(crate) facts: Arc<FactsHub>,
    pub(crate) voices: Voices,
    pub(crate) inbox: Inbox,
    pub(crate) clock: Clock,
    pub(crate) tls: Option<Arc<Tls>>,
}

impl HotReload {
    /// Works by `new` from now on; nothing of it may need a start. Sounds are read anew.
    ///
    /// # Errors
    /// Why nothing has changed, for people.
    pub(crate) fn apply(&self, new: Plan) -> Result<(), String> {
        let before = self.in_force.plan();
        let mut plan = IdMap::of(&before).align(new);
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
        if !self.inbox.post(EngineMessage::Replan(Arc::clone(plan), answer)) {
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
