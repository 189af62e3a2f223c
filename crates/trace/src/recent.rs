//! The contacts of late, one a row.

use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::plan::bare_number;
use turno_model::{
    ANONYMOUS, AgentCall, AgentCallOutcome, AgentId, ContactId, ContactOutcome, Fact, Language, Plan,
    QueueId, TurnedAway, WITHHELD,
};

use crate::names::{Names, span};
use crate::redaction::{NUMBER_WITHHELD, Numbers, short};
use crate::safe;
use crate::sentence::{outcome_words, own_call_words, turned_away_words};

/// What the facts tell of one contact.
#[derive(Clone, Debug)]
pub struct Recent {
    /// The contact.
    pub contact: ContactId,
    /// When it arrived.
    pub at: Moment,
    from: String,
    queue: Option<QueueId>,
    agent: Option<AgentId>,
    /// All whom it rang at, or who dialled it.
    agents: Vec<AgentId>,
    is_talking: bool,
    is_offered: bool,
    waited: Option<Duration>,
    handled: Duration,
    outcome: Option<ContactOutcome>,
    turned_away: Option<TurnedAway>,
    own: Option<Own>,
}

/// A call that an agent dialled: no contact.
#[derive(Clone, Debug)]
struct Own {
    what: AgentCall,
    dialled: String,
    outcome: Option<AgentCallOutcome>,
    was_answered: bool,
}

/// The same in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The contact's number.
    pub contact: u64,
    /// When it arrived, on the site's wall clock.
    pub clock: String,
    /// Who called.
    pub caller: String,
    /// The last queue.
    pub queue: String,
    /// How it ended, or how far it is.
    pub outcome: String,
    /// The last agent.
    pub agent: String,
    /// How long it waited.
    pub waited: String,
    /// How long agents talked to it or held it.
    pub handling: String,
    /// The language in which it is told.
    #[serde(default, skip_serializing_if = "Language::is_english")]
    pub language: Language,
}

/// The last `most` contacts that arrived in `facts`, and calls that agents dialled, oldest first.
pub fn recent<'a>(facts: impl Iterator<Item = (Moment, &'a Fact)>, most: usize) -> Vec<Recent> {
    let mut found: BTreeMap<ContactId, Recent> = BTreeMap::new();
    let mut order = VecDeque::new();
    for (at, fact) in facts {
        let begun = if let Fact::ContactArrived { contact, from, .. } = fact {
            Some(Recent::new(*contact, at, from.0.to_string()))
        } else if let Fact::OwnCallDialled { call, agent, dialled, what } = fact {
            let own = Own { what: *what, dialled: dialled.0.to_string(), outcome: None, was_answered: false };
            let mut begun = Recent { own: Some(own), ..Recent::new(*call, at, String::new()) };
            begun.is_at(*agent);
            if let AgentCall::Colleague(colleague) = what {
                begun.agents.push(*colleague);
            }
            Some(begun)
        } else {
            None
        };
        if let Some(begun) = begun {
            if order.len() >= most
                && let Some(oldest) = order.pop_front()
            {
                found.remove(&oldest);
            }
            order.push_back(begun.contact);
            found.insert(begun.contact, begun);
        } else if let Some(known) = fact.contact().and_then(|contact| found.get_mut(&contact)) {
            known.hear(fact);
        }
    }
    order.into_iter().filter_map(|contact| found.remove(&contact)).collect()
}

impl Recent {
    const fn new(contact: ContactId, at: Moment, from: String) -> Self {
        Self {
            contact,
            at,
            from,
            queue: None,
            agent: None,
            agents: Vec::new(),
            is_talking: false,
            is_offered: false,
            waited: None,
            handled: Duration::ZERO,
            outcome: None,
            turned_away: None,
            own: None,
        }
    }

    fn hear(&mut self, fact: &Fact) {
        if let Fact::Queued { queue, .. } = fact {
            self.queue = Some(*queue);
            self.is_talking = false;
        } else if let Fact::Offered { agent, .. } = fact {
            self.is_at(*agent);
            self.is_offered = true;
        } else if let Fact::OfferSettled { .. } = fact {
            self.is_offered = false;
        } else if let Fact::Connected { agent, waited, .. } = fact {
            self.is_at(*agent);
            (self.waited, self.is_talking) = (Some(*waited), true);
        } else if let Fact::TakenOver { to, .. } = fact {
            self.is_at(*to);
            self.is_talking = true;
        } else if let Fact::Disconnected { talked, held, .. } = fact {
            self.handled += *talked + *held;
            self.is_talking = false;
        } else if let Fact::ContactEnded { outcome, waited, .. } = fact {
            self.outcome = Some(*outcome);
            self.waited = Some(*waited);
            if *outcome != ContactOutcome::Answered {
                self.agent = None;
            }
        } else if let Fact::TurnedAway { reason, .. } = fact {
            self.turned_away = Some(*reason);
        } else if let (Fact::OwnCallSettled { outcome, .. }, Some(own)) = (fact, &mut self.own) {
            own.was_answered |= *outcome == AgentCallOutcome::Answered;
            own.outcome = Some(*outcome);
        }
    }

    fn is_at(&mut self, agent: AgentId) {
        self.agent = Some(agent);
        if !self.agents.contains(&agent) {
            self.agents.push(agent);
        }
    }

    /// Whether it is a contact, and not a call that an agent dialled.
    pub const fn is_contact(&self) -> bool {
        self.own.is_none()
    }

    /// Whether it rang at this agent, or this agent dialled it.
    pub fn is_of(&self, agent: &str, plan: &Plan) -> bool {
        let mut named = self.agents.iter().filter_map(|agent| plan.agents.get(agent.index()));
        named.any(|named| named.extension == agent || named.name == agent)
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        let is_own_over =
            self.own.as_ref().and_then(|own| own.outcome).is_some_and(|it| it != AgentCallOutcome::Answered);
        self.outcome.is_some() || self.turned_away.is_some() || is_own_over
    }

    /// Whether the caller's number ends with these digits.
    pub fn is_from(&self, number: &str) -> bool {
        let number = bare_number(number);
        let local = number.trim_start_matches('0');
        !local.is_empty() && bare_number(&self.from).ends_with(local)
    }

    /// The same in words, in the language of the plan.
    pub fn row(&self, plan: &Plan, numbers: Numbers) -> Row {
        let names = Names::of(plan);
        let language = names.language;
        if let Some(own) = &self.own {
            return self.own_row(own, names, numbers);
        }
        let state = match (self.outcome, self.turned_away) {
            (Some(outcome), _) => outcome_words(outcome, language).1,
            (None, Some(reason)) => turned_away_words(reason, language),
            (None, None) if self.is_talking => language.say("(talking)", "(hablando)"),
            (None, None) if self.is_offered => language.say("(ringing)", "(timbrando)"),
            (None, None) if self.queue.is_some() => language.say("(waiting)", "(en espera)"),
            (None, None) => language.say("(in the menu)", "(en el menú)"),
        };
        let from = safe::line(&self.from);
        let is_known = !names.is_extension(&from) && from != ANONYMOUS;
        let is_short = numbers == Numbers::Short && is_known;
        Row {
            contact: self.contact.0,
            clock: names.clock(self.at),
            caller: if from == WITHHELD {
                NUMBER_WITHHELD.to_owned()
            } else if is_short {
                short(&from)
            } else {
                from
            },
            queue: self.queue.map_or_else(String::new, |queue| names.queue(queue)),
            outcome: state.to_owned(),
            agent: self.agent.map_or_else(String::new, |agent| names.agent(agent)),
            waited: self.waited.map_or_else(String::new, span),
            handling: if self.handled.is_zero() { String::new() } else { span(self.handled) },
            language,
        }
    }
}

impl Recent {
    /// A row of a call that an agent dialled: where a contact has its queue, it has what was dialled.
    fn own_row(&self, own: &Own, names: Names<'_>, numbers: Numbers) -> Row {
        let language = names.language;
        let dialled = safe::line(&own.dialled);
        let dialled = match own.what {
            AgentCall::FeatureCode => say!(language, "code {dialled}", "código {dialled}"),
            AgentCall::Outside if numbers == Numbers::Short => {
                say!(language, "to {}", "a {}", short(&dialled))
            }
            AgentCall::Colleague(_) | AgentCall::FreeSeat(_) | AgentCall::Outside => {
                say!(language, "to {dialled}", "a {dialled}")
            }
        };
        let outcome = match (own.outcome, own.was_answered) {
            (None, _) => say!(language, "(ringing)", "(timbrando)"),
            (Some(AgentCallOutcome::Answered), _) => say!(language, "(talking)", "(hablando)"),
            (Some(AgentCallOutcome::Ended), true) => say!(language, "answered", "contestada"),
            (Some(AgentCallOutcome::Ended), false) => say!(language, "gave up", "abandonada"),
            (Some(outcome), _) => own_call_words(outcome, language).1,
        };
        Row {
            contact: self.contact.0,
            clock: names.clock(self.at),
            caller: self.agent.map_or_else(String::new, |agent| names.extension(agent)),
            queue: dialled,
            outcome,
            agent: self.agent.map_or_else(String::new, |agent| names.agent(agent)),
            waited: String::new(),
            handling: String::new(),
            language,
        }
    }
}

/// Rows under one another.
pub fn table(rows: &[Row]) -> String {
    let language = rows.first().map_or(Language::English, |row| row.language);
    let titles = match language {
        Language::English => {
            ["contact", "arrived", "caller", "queue", "outcome", "agent", "waited", "handling"]
        }
        Language::Spanish => {
            ["contacto", "llegada", "llama", "cola", "resultado", "agente", "espera", "atención"]
        }
    };
    let cells = |row: &Row| {
        let queue = safe::cut(&row.queue, 24);
        let agent = safe::cut(&row.agent, 24);
        let contact = row.contact.to_string();
        let [clock, caller, outcome] = [&row.clock, &row.caller, &row.outcome].map(Clone::clone);
        [contact, clock, caller, queue, outcome, agent, row.waited.clone(), row.handling.clone()]
    };
    let rows: Vec<[String; 8]> =
        [titles.map(str::to_owned)].into_iter().chain(rows.iter().map(cells)).collect();
    let widths: Vec<usize> = (0..8)
        .map(|place| rows.iter().map(|row| row[place].chars().count()).max().unwrap_or_default())
        .collect();
    let line = |row: &[String; 8]| {
        let cells = row.iter().zip(&widths).enumerate().map(|(place, (cell, &width))| {
            if place > 5 { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}
