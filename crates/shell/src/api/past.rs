//! What the HTTP API reads of the past: rows of the history, the sound of recordings, and the queue of webhooks.
#![expect(
    clippy::disallowed_types,
    reason = "requests run at the same time; the engine takes none of these locks"
)]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use turno_api::{DeadForm, NoHistory, Sound, WebhookForm};
use turno_ground::Moment;
use turno_history::Failure;
use turno_history::store::{Sql, Store};
use turno_model::plan::{RecordingPlan, WebhookPlan};
use turno_model::{AgentId, Language, Plan, PlanIndex, RecordingId};
use turno_recording::key::{SiteKeys, hex};
use turno_recording::opened::Opened;
use turno_recording::part::Part;
use turno_recording::wav;
use turno_trace::why::{AgentsBy, Telling, Why, why, why_idle, why_not};
use turno_webhooks::{Figures, Queue, Stored};

use crate::facts::folder::FactFolder;
use crate::history::opening::Place;
use crate::recording::shelf::Shelf;
use crate::webhooks::FILE;

/// Connections to the database that stay open.
const KEPT_MAX: usize = 4;

/// The history as the API reads it: never in the way of the thread that writes it.
pub(crate) struct Past {
    place: Option<(Place, Arc<Plan>)>,
    hooks: Vec<WebhookPlan>,
    folder: Option<PathBuf>,
    /// Connections that nobody uses now.
    free: Mutex<Vec<Box<dyn Store + Send>>>,
}

impl Past {
    /// The history of this plan, with this folder of the journal.
    pub(crate) fn of(plan: &Arc<Plan>, state: Option<&Path>) -> Self {
        let place = Place::of(plan, state).map(|place| (place, Arc::clone(plan)));
        let (hooks, folder) = (plan.webhooks.clone(), state.map(Path::to_owned));
        Self { place, hooks, folder, free: Mutex::default() }
    }

    /// Reads in one transaction.
    pub(crate) fn read_history(
        &self,
        work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>,
    ) -> Result<(), NoHistory> {
        let (place, plan) = self.place.as_ref().ok_or(NoHistory::Off)?;
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut store = match free {
            Some(store) => store,
            None => place.reading_store(plan).map_err(|why| NoHistory::Failed(Failure::Other(why)))?,
        };
        let done = store.transaction(work).map_err(NoHistory::Failed);
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < KEPT_MAX {
            free.push(store);
        }
        done
    }
}

impl Past {
    /// How the webhooks of the plan stand.
    pub(crate) fn webhooks(&self) -> Result<Vec<WebhookForm>, String> {
        if self.hooks.is_empty() {
            return Ok(Vec::new());
        }
        let queue = self.queue()?;
        let form = |hook: &WebhookPlan| {
            let Figures { waiting, dead } = queue.figures(&hook.name).map_err(|why| why.to_string())?;
            Ok(WebhookForm { name: hook.name.clone(), url: hook.url.clone(), waiting, dead })
        };
        self.hooks.iter().map(form).collect()
    }

    /// Messages of a webhook that were given up.
    pub(crate) fn dead_messages(
        &self,
        name: &str,
        after: i64,
        most: u32,
    ) -> Result<Option<Vec<DeadForm>>, String> {
        if !self.has_hook(name) {
            return Ok(None);
        }
        let dead = self.queue()?.dead(name, after, most).map_err(|why| why.to_string())?;
        let form = |Stored { letter, why }| DeadForm {
            number: letter.place,
            id: letter.id,
            failures: letter.failures,
            why,
        };
        Ok(Some(dead.into_iter().map(form).collect()))
    }

    /// Sends messages again that were given up.
    pub(crate) fn send_again(
        &self,
        name: &str,
        number: Option<i64>,
        now: Moment,
    ) -> Result<Option<u64>, String> {
        if !self.has_hook(name) {
            return Ok(None);
        }
        self.queue()?.again(name, number, now).map(Some).map_err(|why| why.to_string())
    }

    fn has_hook(&self, name: &str) -> bool {
        self.hooks.iter().any(|hook| hook.name == name)
    }

    fn queue(&self) -> Result<Queue, String> {
        let folder = self.folder.as_deref().ok_or_else(|| "turno has no folder for it".to_owned())?;
        Queue::open(&folder.join(FILE)).map_err(|why| why.to_string())
    }
}

impl Past {
    /// Why a contact waited, from the facts that the journal keeps.
    pub(crate) fn why(&self, contact: u64, (plan, language): (&Plan, Language)) -> Option<Why> {
        let facts = FactFolder::open(self.folder.as_deref()?).ok()?;
        let (contact, arrived) = facts.find(&contact.to_string()).filter(|(found, _)| found.0 == contact)?;
        let stretch = facts.around(contact, arrived);
        let index = stretch.index.unwrap_or_else(|| PlanIndex::of(plan));
        why(contact, &stretch.facts, Telling { plan, index: &index, language, agents: AgentsBy::Name })
    }

    /// Why an agent did not get a contact, or gets nothing now.
    pub(crate) fn why_not(
        &self,
        extension: &str,
        contact: Option<u64>,
        now: Moment,
        (plan, language): (&Plan, Language),
    ) -> Option<Why> {
        let facts = FactFolder::open(self.folder.as_deref()?).ok()?;
        let found = match contact {
            Some(contact) => Some(facts.find(&contact.to_string()).filter(|(found, _)| found.0 == contact)?),
            None => None,
        };
        let stretch = match found {
            Some((contact, arrived)) => facts.around(contact, arrived),
            None => facts.until(now),
        };
        let index = stretch.index.unwrap_or_else(|| PlanIndex::of(plan));
        let name = &plan.agents.iter().find(|agent| agent.extension == extension)?.name;
        let place = index.agents.iter().position(|known| known == name)?;
        let agent = AgentId(u32::try_from(place).ok()?);
        let telling = Telling { plan, index: &index, language, agents: AgentsBy::Name };
        match found {
            Some((contact, _)) => why_not((agent, contact), None, &stretch.facts, telling),
            None => Some(why_idle(agent, now, &stretch.facts, telling)),
        }
    }
}

/// Decrypts a recording as WAV; `None` if it has no file.
///
/// # Errors
/// Why it can't be opened.
pub(crate) fn sound(
    plan: &RecordingPlan,
    recording: RecordingId,
    began: Moment,
) -> Result<Option<Sound>, String> {
    let paths = Shelf::new(plan.folder.clone()).parts(recording, began);
    if paths.is_empty() {
        return Ok(None);
    }
    let keys = SiteKeys::parse(plan.keys.reveal()).map_err(|why| why.to_string())?;
    let bytes =
        paths.iter().map(std::fs::read).collect::<Result<Vec<_>, _>>().map_err(|why| why.to_string())?;
    let parts = bytes.iter().map(|bytes| Part::read(bytes)).collect::<Result<Vec<_>, _>>();
    let parts = parts.map_err(|why| why.to_string())?;
    let opened = Opened::read(&parts, &keys).map_err(|why| why.to_string())?;
    let Some(last) = parts.last() else { return Ok(None) };
    let hash = hex(&last.last_link().0);
    let (rate, samples) = opened.samples();
    let mut sound = Vec::new();
    wav::write(&mut sound, rate, &samples).map_err(|why| why.to_string())?;
    Ok(Some(Sound { wav: sound, hash }))
}
