//! `turno why-not`: why an agent did not get a contact, or gets nothing.

use clap::Args;
use turno_ground::Moment;
use turno_model::{AgentId, PlanIndex};
use turno_shell::Clock;
use turno_trace::why::{why_idle, why_not};

use crate::exit::Exit;
use crate::why::site::{Site, SiteArgs};

/// Why an agent did not get a contact; without a contact, why the agent gets nothing now, or got nothing at a time.
#[derive(Args)]
pub(crate) struct WhyNotArgs {
    /// The agent: extension, name in the plan, or the name that it shows.
    agent: String,
    /// The contact's number, or its last digits.
    contact: Option<String>,
    /// At this time of the site's clock: 2026-11-23T10:03:20, or 10:03 of today.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    site: SiteArgs,
}

impl WhyNotArgs {
    /// Tells, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        let done = self.site.site().and_then(|site| self.tell(&site));
        done.unwrap_or_else(|exit| exit)
    }

    fn tell(&self, site: &Site) -> Result<Exit, Exit> {
        let at = self.at.as_ref().map(|at| site.moment(at)).transpose().map_err(complained)?;
        let Some(folder) = &site.facts else {
            let text = site.language.say(
                "the facts of that time are not kept, and the history does not know who was free",
                "los hechos de esa época no se conservan, y el historial no sabe quién estaba libre",
            );
            return Err(complained(text.to_owned()));
        };
        match &self.contact {
            Some(digits) => {
                let found = folder.find(digits).ok_or_else(|| site.unknown(digits))?;
                let stretch = folder.around(found.0, found.1);
                let index = stretch.index.unwrap_or_else(|| PlanIndex::of(&site.plan));
                let agent = self.agent(site, &index)?;
                let told = why_not((agent, found.0), at, &stretch.facts, site.telling(&index));
                told.map(|told| site.print(&told)).ok_or_else(|| site.unknown(digits))
            }
            None => {
                let at = at.unwrap_or_else(now);
                let stretch = folder.until(at);
                let index = stretch.index.unwrap_or_else(|| PlanIndex::of(&site.plan));
                let agent = self.agent(site, &index)?;
                Ok(site.print(&why_idle(agent, at, &stretch.facts, site.telling(&index))))
            }
        }
    }

    /// The agent by the names of then.
    fn agent(&self, site: &Site, index: &PlanIndex) -> Result<AgentId, Exit> {
        let is_meant = |name: &str| {
            let plan = site.plan.agents.iter().find(|agent| agent.name == name);
            let is_shown =
                plan.is_some_and(|agent| agent.extension == self.agent || agent.display == self.agent);
            name == self.agent || is_shown
        };
        let place = index.agents.iter().position(|name| is_meant(name));
        let agent = place.and_then(|place| u32::try_from(place).ok()).map(AgentId);
        agent.ok_or_else(|| {
            let name = self.agent.escape_default();
            complained(match site.language {
                turno_model::Language::English => format!("the plan has no agent {name}"),
                turno_model::Language::Spanish => format!("el plan no tiene ningún agente {name}"),
            })
        })
    }
}

fn complained(text: String) -> Exit {
    complain!("turno: {text}");
    Exit::NothingThere
}

fn now() -> Moment {
    Clock::new().now()
}
