//! Where facts and rows of a site are, and in which words they are told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};
use turno_ground::Moment;
use turno_history::store::Store;
use turno_model::plan::{AgentPlan, QueuePlan};
use turno_model::{Language, Plan, PlanIndex};
use turno_shell::HistoryPlace;
use turno_trace::why::{AgentsBy, Telling, Why};

use crate::check::load;
use crate::exit::Exit;
use crate::language::Wanted;
use crate::state::usual_folder;
use turno_shell::FactFolder;

/// How agents are called.
#[derive(Clone, Copy, Default, ValueEnum)]
pub(crate) enum AgentsAs {
    /// By the name that the plan shows.
    #[default]
    Name,
    /// By the extension.
    Number,
}

/// What both commands are told.
#[derive(Args)]
pub(crate) struct SiteArgs {
    /// How agents are called: by the name that the plan shows, or by their extension.
    #[arg(long, value_enum, default_value_t = AgentsAs::Name)]
    agents_by: AgentsAs,
    /// The sentences alone, without the lines that explain them.
    #[arg(long)]
    short: bool,
    /// One JSON object, for programs.
    #[arg(long)]
    json: bool,
    /// The plan: one TOML file or a folder of them. Without it, the built-in site.
    #[arg(long, value_name = "PATH")]
    plan: Option<PathBuf>,
    /// The journal's folder, as it was given to `serve`.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    #[command(flatten)]
    language: Wanted,
}

/// A site, with what is kept of it.
pub(crate) struct Site {
    pub(crate) plan: Plan,
    pub(crate) language: Language,
    pub(crate) facts: Option<FactFolder>,
    history: Option<HistoryPlace>,
    agents: AgentsBy,
    is_short: bool,
    is_json: bool,
}

impl SiteArgs {
    /// Reads the plan, and looks for the folder.
    ///
    /// # Errors
    /// How the program ends, after it has said why.
    pub(crate) fn site(&self) -> Result<Site, Exit> {
        let plan = load(self.plan.as_deref()).ok_or(Exit::PlanRefused)?;
        let language = self.language.of(&plan);
        let state = self.state.clone().or_else(|| usual_folder(&plan));
        let history = HistoryPlace::of(&plan, state.as_deref()).filter(HistoryPlace::is_there);
        let facts = match state.as_ref().map(|folder| FactFolder::open(folder)) {
            Some(Ok(facts)) => Some(facts),
            Some(Err(error)) if history.is_none() => {
                let folder = state.unwrap_or_default();
                complain!("turno: {}: {error}", folder.display());
                return Err(Exit::NothingThere);
            }
            Some(Err(_)) | None => None,
        };
        if facts.is_none() && history.is_none() {
            let why = language.say(
                "no journal and no history are known: name the journal's folder with --state",
                "no se conoce ni diario ni historial: indique la carpeta del diario con --state",
            );
            complain!("turno: {why}");
            return Err(Exit::NothingThere);
        }
        let agents = match self.agents_by {
            AgentsAs::Name => AgentsBy::Name,
            AgentsAs::Number => AgentsBy::Number,
        };
        Ok(Site { plan, language, facts, history, agents, is_short: self.short, is_json: self.json })
    }
}

impl Site {
    /// In which words it is told, with these names behind the numbers.
    pub(crate) const fn telling<'p>(&'p self, index: &'p PlanIndex) -> Telling<'p> {
        Telling { plan: &self.plan, index, language: self.language, agents: self.agents }
    }

    /// The plan in the language of the answer, with queues and agents in the order of then.
    pub(crate) fn plan_of(&self, index: &PlanIndex) -> Plan {
        let mut plan = self.plan.clone();
        plan.language = Some(self.language);
        let queue = |name: &String| {
            let known = self.plan.queues.iter().find(|queue| queue.name == *name).cloned();
            known.or_else(|| Some(QueuePlan { display: name.clone(), ..self.plan.queues.first()?.clone() }))
        };
        let agent = |name: &String| {
            let known = self.plan.agents.iter().find(|agent| agent.name == *name).cloned();
            known.or_else(|| Some(AgentPlan { display: name.clone(), ..self.plan.agents.first()?.clone() }))
        };
        plan.queues = index.queues.iter().filter_map(queue).collect();
        plan.agents = index.agents.iter().filter_map(agent).collect();
        plan
    }

    /// Prints an answer.
    pub(crate) fn print(&self, why: &Why) -> Exit {
        if self.is_json {
            say!("{}", serde_json::to_string(why).unwrap_or_default());
        } else {
            say_part!("{}", why.text(!self.is_short));
        }
        Exit::Done
    }

    /// Says that a contact is not known.
    pub(crate) fn unknown(&self, contact: &str) -> Exit {
        let contact = contact.escape_default();
        let text = match self.language {
            turno_model::Language::English => format!(
                "contact {contact} is not in the facts and not in the history that are kept; `turno why --number N --day D` \
                 lists the contacts of a number"
            ),
            turno_model::Language::Spanish => format!(
                "el contacto {contact} no está en los hechos ni en el historial que se conservan; `turno why --number N \
                 --day D` muestra los contactos de un número"
            ),
        };
        complain!("turno: {text}");
        Exit::NothingThere
    }

    /// Does something with the history; `None`: there is none.
    ///
    /// # Errors
    /// How the program ends, after it has said why.
    pub(crate) fn with_history<T>(
        &self,
        work: impl FnOnce(&mut dyn Store) -> Result<T, String>,
    ) -> Result<Option<T>, Exit> {
        let Some(place) = &self.history else { return Ok(None) };
        let done = place.store(&self.plan).and_then(|mut store| work(&mut *store));
        done.map(Some).map_err(|why| {
            complain!("turno: {why}");
            Exit::CouldNotStart
        })
    }

    /// The zone of the site's clock.
    pub(crate) fn zone(&self) -> TimeZone {
        self.plan.hours.first().map_or(TimeZone::UTC, |hours| hours.zone.clone())
    }

    /// A moment at the site: `2026-11-23T10:03:20`, or `10:03` of today.
    ///
    /// # Errors
    /// In words.
    pub(crate) fn moment(&self, text: &str) -> Result<Moment, String> {
        let today = Zoned::now().with_time_zone(self.zone()).date();
        let at: DateTime = text
            .parse::<DateTime>()
            .or_else(|_| text.parse::<Time>().map(|time| today.to_datetime(time)))
            .map_err(|_| {
                let say = "a time such as 2026-11-23T10:03:20, or 10:03 of today";
                self.language.say(say, "una hora como 2026-11-23T10:03:20, o 10:03 de hoy").to_owned()
            })?;
        self.at(at)
    }

    /// The first and the last moment of a day at the site.
    ///
    /// # Errors
    /// In words.
    pub(crate) fn day(&self, day: Date) -> Result<(Moment, Moment), String> {
        let next = day.checked_add(1.day()).map_err(|error| error.to_string())?;
        Ok((self.at(day.to_datetime(Time::midnight()))?, self.at(next.to_datetime(Time::midnight()))?))
    }

    fn at(&self, at: DateTime) -> Result<Moment, String> {
        let zoned = at.to_zoned(self.zone()).map_err(|error| error.to_string())?;
        let micros = zoned.timestamp().as_microsecond();
        Ok(Moment::from_micros(u64::try_from(micros).unwrap_or(0)))
    }
}
