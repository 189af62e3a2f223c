//! A changed plan for the running process: each part that holds the plan gets the new one, the engine last.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use core::time::Duration;

use turno_model::{IdMap, Plan};

use crate::clock::Clock;
use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::facts::FactsHub;
use crate::media::voices::Voices;
use crate::net::tls::Tls;
use crate::procedures::Procedures;
use crate::reload::current_plan::CurrentPlan;

/// How long the engine's thread may take to change its plan; usually it takes milliseconds.
const ENGINE_SPAN_MAX: Duration = Duration::from_secs(10);

/// The parts of the process that hold the plan; cheap to clone.
#[derive(Clone)]
pub(crate) struct HotReload {
    pub(crate) in_force: CurrentPlan,
    pub(crate) facts: Arc<FactsHub>,
    pub(crate) voices: Voices,
    pub(crate) inbox: Inbox,
    pub(crate) clock: Clock,
    pub(crate) tls: Option<Arc<Tls>>,
    pub(crate) procedures: Procedures,
}

impl HotReload {
    /// Puts `new` into force and reads the sounds again. No change in it may need a restart. Returns how many skills of agents
    /// differ from it, by commands.
    ///
    /// # Errors
    /// Why nothing has changed, for people.
    pub(crate) fn apply(&self, new: Plan) -> Result<usize, String> {
        let before = self.in_force.plan();
        let mut plan = IdMap::of(&before).align(new);
        // At the start, each port 0 was replaced by the port that was bound.
        (plan.sip.listen, plan.http) = (before.sip.listen.clone(), before.http);
        let plan = Arc::new(plan);
        let procedures = self.procedures.read(&plan)?;
        self.voices.relearn(&plan).map_err(|refused| refused.to_string())?;
        // Readers must know the new names before the first fact uses them.
        self.facts.move_to(&plan, self.clock.now());
        match self.replan(&plan) {
            Ok(skills_changed) => {
                self.in_force.put(&plan);
                self.procedures.put(procedures);
                Ok(skills_changed)
            }
            Err(why) => {
                // All or nothing: the parts that have the new plan already get the old one back.
                self.facts.move_to(&before, self.clock.now());
                if let Err(refused) = self.voices.relearn(&before) {
                    tracing::error!("{refused}");
                }
                Err(why)
            }
        }
    }

    fn replan(&self, plan: &Arc<Plan>) -> Result<usize, String> {
        let (answer, answered) = sync_channel(1);
        if !self.inbox.post(EngineMessage::Replan(Arc::clone(plan), answer)) {
            return Err("the engine's thread has no room for a letter; ask again".to_owned());
        }
        let told = answered.recv_timeout(ENGINE_SPAN_MAX);
        told.unwrap_or_else(|_| Err("the engine's thread does not answer".to_owned()))
    }

    /// Checks whether the certificate files can be used as they are now.
    ///
    /// # Errors
    /// Why they cannot be used; the certificates in use stay.
    pub(crate) fn judge_certificates(&self) -> Result<(), String> {
        self.tls.as_ref().map_or(Ok(()), |tls| tls.judge()).map_err(|refused| refused.to_string())
    }

    /// Reads the files that the plan names again: sounds, certificates and procedures.
    ///
    /// # Errors
    /// A sound, a certificate or a procedure cannot be used.
    pub(crate) fn refresh(&self) -> Result<(), String> {
        self.judge_certificates()?;
        let procedures = self.procedures.read(&self.in_force.plan())?;
        self.renew_certificates();
        self.procedures.put(procedures);
        self.voices.relearn(&self.in_force.plan()).map_err(|refused| refused.to_string())
    }

    /// Reads the certificate files again and logs the result. Existing connections keep their certificate.
    pub(crate) fn renew_certificates(&self) {
        if let Some(tls) = &self.tls {
            tls.renew_and_tell();
        }
    }
}
