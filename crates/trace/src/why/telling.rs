//! Names, times and numbers as people say them.

use core::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use turno_ground::Moment;
use turno_model::plan::{AgentPlan, QueuePlan};
use turno_model::{AgentId, AuxReason, Language, Plan, PlanIndex, QueueId, TrunkId};

use crate::safe;

/// How agents are called in a story.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AgentsBy {
    /// By the name that the plan shows.
    #[default]
    Name,
    /// By the extension.
    Number,
}

/// In which words a story is told: the plan's names, a language, and how agents are called.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'p> {
    /// The present plan.
    pub plan: &'p Plan,
    /// The names behind the numbers of the facts, as they were when these were recorded.
    pub index: &'p PlanIndex,
    /// The language.
    pub language: Language,
    /// How agents are called.
    pub agents: AgentsBy,
}

const DAYS: [[&str; 2]; 7] = [
    ["Monday", "lunes"],
    ["Tuesday", "martes"],
    ["Wednesday", "miércoles"],
    ["Thursday", "jueves"],
    ["Friday", "viernes"],
    ["Saturday", "sábado"],
    ["Sunday", "domingo"],
];

const MONTHS: [[&str; 2]; 12] = [
    ["January", "enero"],
    ["February", "febrero"],
    ["March", "marzo"],
    ["April", "abril"],
    ["May", "mayo"],
    ["June", "junio"],
    ["July", "julio"],
    ["August", "agosto"],
    ["September", "septiembre"],
    ["October", "octubre"],
    ["November", "noviembre"],
    ["December", "diciembre"],
];

impl<'p> Telling<'p> {
    /// The present plan's entry of an agent of then.
    pub(crate) fn agent_plan(&self, agent: AgentId) -> Option<&'p AgentPlan> {
        let name = self.index.agents.get(agent.index())?;
        self.plan.agents.iter().find(|known| known.name == *name)
    }

    /// The present plan's entry of a queue of then.
    pub(crate) fn queue_plan(&self, queue: QueueId) -> Option<&'p QueuePlan> {
        let name = self.index.queues.get(queue.index())?;
        self.plan.queues.iter().find(|known| known.name == *name)
    }

    /// All agents of then.
    pub(crate) fn all_agents(&self) -> impl Iterator<Item = AgentId> + use<> {
        (0..u32::try_from(self.index.agents.len()).unwrap_or(u32::MAX)).map(AgentId)
    }

    /// All queues of then.
    pub(crate) fn all_queues(&self) -> impl Iterator<Item = QueueId> + use<> {
        (0..u32::try_from(self.index.queues.len()).unwrap_or(u32::MAX)).map(QueueId)
    }

    /// An agent.
    pub(crate) fn agent(&self, agent: AgentId) -> String {
        match self.index.agents.get(agent.index()) {
            Some(name) => self.agent_named(name),
            None => say!(self.language, "Agent {}", "Agente {}", agent.0),
        }
    }

    /// An agent by the plan's name.
    pub(crate) fn agent_named(&self, name: &str) -> String {
        let plan = self.plan.agents.iter().find(|agent| agent.name == name);
        let number = plan.map(|plan| safe::line(&plan.extension));
        match (self.agents, plan, number) {
            (AgentsBy::Number, _, Some(number)) => say!(self.language, "Agent {number}", "Agente {number}"),
            (AgentsBy::Name, Some(plan), _) => safe::line(&plan.display),
            (AgentsBy::Number | AgentsBy::Name, _, _) => safe::line(name),
        }
    }

    /// A queue, as it is shown.
    pub(crate) fn queue(&self, queue: QueueId) -> String {
        match (self.queue_plan(queue), self.index.queues.get(queue.index())) {
            (Some(plan), _) => safe::line(&plan.display),
            (None, Some(name)) => safe::line(name),
            (None, None) => queue.0.to_string(),
        }
    }

    /// A trunk's name.
    pub(crate) fn trunk(&self, trunk: TrunkId) -> String {
        self.index.trunks.get(trunk.index()).map_or_else(|| trunk.0.to_string(), |name| safe::line(name))
    }

    /// A planned AUX reason's name.
    pub(crate) fn aux(&self, reason: u8) -> String {
        self.index
            .aux_reasons
            .get(usize::from(reason))
            .map_or_else(|| reason.to_string(), |it| safe::line(it))
    }

    /// An AUX reason behind 'in a pause'.
    pub(crate) fn aux_reason(&self, reason: AuxReason) -> String {
        let language = self.language;
        match reason {
            AuxReason::Planned(place) => self.aux(place),
            AuxReason::Rona => say!(language, "a call not answered", "llamada no contestada"),
            AuxReason::Unreachable => say!(language, "phone without a line", "teléfono sin línea"),
            AuxReason::LoggedIn => say!(language, "just logged in", "recién conectado"),
            AuxReason::Incompatible => {
                say!(language, "phone that can't take calls", "teléfono que no puede recibir llamadas")
            }
            AuxReason::Microphone => say!(language, "no microphone", "sin micrófono"),
        }
    }

    /// The site's wall clock.
    pub(crate) fn clock(&self, at: Moment) -> Zoned {
        let zone = self.plan.hours.first().map_or(TimeZone::UTC, |hours| hours.zone.clone());
        let micros = i64::try_from(at.as_micros()).unwrap_or(i64::MAX);
        Zoned::new(Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX), zone)
    }

    /// `at 10:03:20`.
    pub(crate) fn time(&self, at: Moment) -> String {
        let clock = self.clock(at);
        let time = clock.strftime("%H:%M:%S");
        match self.language {
            Language::English => format!("at {time}"),
            Language::Spanish if clock.hour() == 1 => format!("a la {time}"),
            Language::Spanish => format!("a las {time}"),
        }
    }

    /// `on Monday, 23 November 2026 at 10:03:20`.
    pub(crate) fn date_and_time(&self, at: Moment) -> String {
        let clock = self.clock(at);
        let word = |words: &[&'static str; 2]| match self.language {
            Language::English => words[0],
            Language::Spanish => words[1],
        };
        let place = |number: i8| usize::try_from(number - 1).unwrap_or(0);
        let weekday = word(&DAYS[place(clock.weekday().to_monday_one_offset()) % DAYS.len()]);
        let month = word(&MONTHS[place(clock.month()) % MONTHS.len()]);
        let (day, year, time) = (clock.day(), clock.year(), self.time(at));
        say!(
            self.language,
            "on {weekday}, {day} {month} {year} {time}",
            "el {weekday} {day} de {month} de {year} {time}"
        )
    }

    /// `3 minutes and 20 seconds`.
    pub(crate) fn span(&self, span: Duration) -> String {
        let language = self.language;
        let seconds = (span.as_millis() + 500) / 1_000;
        let part = |number: u128, one: [&str; 2], many: [&str; 2]| {
            let (english, spanish) = if number == 1 { (one[0], one[1]) } else { (many[0], many[1]) };
            format!("{number} {}", language.say(english, spanish))
        };
        if seconds == 0 {
            return language.say("less than a second", "menos de un segundo").to_owned();
        }
        let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
        let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
        let parts = [
            (days, ["day", "día"], ["days", "días"]),
            (hours, ["hour", "hora"], ["hours", "horas"]),
            (minutes, ["minute", "minuto"], ["minutes", "minutos"]),
            (rest, ["second", "segundo"], ["seconds", "segundos"]),
        ];
        let said = parts.into_iter().filter(|(number, ..)| *number > 0);
        let said: Vec<String> = said.take(2).map(|(number, one, many)| part(number, one, many)).collect();
        self.list(&said)
    }

    /// `a, b and c`.
    pub(crate) fn list(&self, parts: &[String]) -> String {
        let Some((last, before)) = parts.split_last() else { return String::new() };
        if before.is_empty() {
            return last.clone();
        }
        let and = match self.language {
            Language::English => "and",
            Language::Spanish if starts_with_i(last) => "e",
            Language::Spanish => "y",
        };
        format!("{} {and} {last}", before.join(", "))
    }

    /// Agents one after another; many are counted.
    pub(crate) fn agents(&self, agents: &[AgentId]) -> String {
        /// More than these are counted.
        const NAMED_MAX: usize = 6;
        let mut names: Vec<String> = agents.iter().take(NAMED_MAX).map(|agent| self.agent(*agent)).collect();
        if agents.len() > NAMED_MAX {
            let more = agents.len() - NAMED_MAX;
            names.push(say!(self.language, "{more} more", "{more} más"));
        }
        self.list(&names)
    }

    /// A place in line.
    pub(crate) fn ordinal(&self, place: u32) -> String {
        const SPANISH: [&str; 10] = [
            "primer", "segundo", "tercer", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno",
            "décimo",
        ];
        const ENGLISH: [&str; 10] =
            ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
        let at = usize::try_from(place).unwrap_or(usize::MAX).wrapping_sub(1);
        match (self.language, ENGLISH.get(at), SPANISH.get(at)) {
            (Language::English, Some(word), _) => format!("in {word} place"),
            (Language::Spanish, _, Some(word)) => format!("en {word} lugar"),
            (Language::English, None, _) => format!("at place {place}"),
            (Language::Spanish, _, None) => format!("en el lugar {place}"),
        }
    }
}

/// Spanish says `e` before the sound of `i`.
fn starts_with_i(word: &str) -> bool {
    let word = word.to_lowercase();
    let sounds = ["i", "í", "hi", "hí"].iter().any(|sound| word.starts_with(sound));
    sounds && !word.starts_with("hie") && !word.starts_with("ia")
}

/// The text with a capital letter at its beginning.
pub(crate) fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_spans_and_lists_are_said_as_people_say_them() {
        let (plan, _) = turno_config::load(std::path::Path::new("../../sip-config/quito"))
            .expect("a plan that comes with turno");
        let index = PlanIndex::of(&plan);
        let told = |language| Telling { plan: &plan, index: &index, language, agents: AgentsBy::Name };
        let (english, spanish) = (told(Language::English), told(Language::Spanish));
        let at = Moment::from_secs(1_795_617_269);
        assert_eq!(english.date_and_time(at), "on Wednesday, 25 November 2026 at 09:34:29");
        assert_eq!(spanish.date_and_time(at), "el miércoles 25 de noviembre de 2026 a las 09:34:29");
        let one = Moment::from_secs(1_795_617_269 - 8 * 3_600);
        assert_eq!(spanish.time(one), "a la 01:34:29");
        let secs = Duration::from_secs;
        assert_eq!(spanish.span(secs(61)), "1 minuto y 1 segundo");
        assert_eq!(spanish.span(secs(120)), "2 minutos");
        assert_eq!(spanish.span(secs(86_400 * 2 + 3_600)), "2 días y 1 hora");
        assert_eq!(english.span(Duration::from_millis(300)), "less than a second");
        let list = |words: &[&str]| spanish.list(&words.iter().map(|&it| it.to_owned()).collect::<Vec<_>>());
        assert_eq!(list(&["Ana", "Luis", "Inés"]), "Ana, Luis e Inés");
        assert_eq!(list(&["Ana", "Luis"]), "Ana y Luis");
        assert_eq!(list(&["agua", "hielo"]), "agua y hielo");
        assert_eq!(spanish.ordinal(3), "en tercer lugar");
        assert_eq!(english.ordinal(12), "at place 12");
        assert_eq!(capital("él"), "Él");
    }
}
