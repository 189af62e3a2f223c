//! Why an agent did not get a contact, or gets nothing: from facts.

use turno_ground::Moment;
use turno_model::{AgentId, Candidate, ContactId, Decision, Fact, OfferOutcome, PassedOver, Rule, WhyNot};

use crate::why::answer::{Kind, Said, Why};
use crate::why::reason_words::{clause, kept_words};
use crate::why::room_then::{At, RoomThen, need};
use crate::why::telling::{Telling, capital};

/// Most sentences about one contact: an agent who comes and goes while it waits all day.
const SENTENCES_MAX: usize = 400;

/// Why an agent did not get a contact, over the whole of its wait; with `at`, at that moment alone. `facts` are as for
/// [`super::why`]. `None`: none of them is the contact's.
pub fn why_not(
    (agent, contact): (AgentId, ContactId),
    at: Option<Moment>,
    facts: &[(Moment, Fact)],
    telling: Telling<'_>,
) -> Option<Why> {
    let last = facts.iter().rposition(|(_, fact)| fact.contact() == Some(contact))?;
    let room = RoomThen::before(facts, telling);
    let mut asking = Asking { agent, contact, telling, room, said: Vec::new(), before: None };
    let mut step = None;
    let until = if at.is_some() { facts.len() } else { last + 1 };
    for (now, fact) in facts.iter().take(until) {
        if at.is_some_and(|at| *now > at) {
            break;
        }
        if let Some(before) = step.filter(|before| before != now && at.is_none()) {
            asking.looks(before);
        }
        step = Some(*now);
        if at.is_none() {
            asking.hears(*now, fact);
        }
        asking.room.hear(*now, fact);
    }
    if let Some(at) = at {
        asking.looks_at(at);
    } else if asking.said.is_empty() {
        let at = facts.get(last).map_or_else(Moment::default, |(at, _)| *at);
        let text = say!(
            telling.language,
            "The call never waited in a line, so it was offered to nobody.",
            "La llamada nunca esperó en una fila, así que no se pasó a nadie."
        );
        asking.say(Kind::Reason, at, text);
    }
    Some(Why { contact: Some(contact.0), language: telling.language, sentences: asking.said })
}

struct Asking<'p> {
    agent: AgentId,
    contact: ContactId,
    telling: Telling<'p>,
    room: RoomThen<'p>,
    said: Vec<Said>,
    /// The reasons that were told last.
    before: Option<Vec<WhyNot>>,
}

impl Asking<'_> {
    fn say(&mut self, kind: Kind, at: Moment, text: String) {
        if self.said.len() < SENTENCES_MAX {
            self.said.push(Said { at: at.as_micros(), kind, text, more: Vec::new() });
        }
    }

    fn when(&self, at: Moment) -> String {
        let is_first = self.said.is_empty();
        capital(&if is_first { self.telling.date_and_time(at) } else { self.telling.time(at) })
    }

    /// What stands against the offer after a step in which the contact waits, if it is something new.
    fn looks(&mut self, at: Moment) {
        let waits = self.room.contacts.get(&self.contact).is_some_and(|contact| contact.at == At::Line);
        if !waits {
            return;
        }
        let reasons = self.room.why_not(self.agent, self.contact);
        if self.before.as_ref() == Some(&reasons) {
            return;
        }
        // A skill that is lacking stays so; what the agent does meanwhile says nothing more.
        let is_lacking = |reasons: &[WhyNot]| reasons.iter().any(|it| matches!(it, WhyNot::NoSkill(_)));
        let goes_on = is_lacking(&reasons) && self.before.as_ref().is_some_and(|before| is_lacking(before));
        if !goes_on {
            self.tells(at, &reasons);
        }
        self.before = Some(reasons);
    }

    fn looks_at(&mut self, at: Moment) {
        let reasons = self.room.why_not(self.agent, self.contact);
        self.tells(at, &reasons);
    }

    fn tells(&mut self, at: Moment, reasons: &[WhyNot]) {
        let (when, language) = (self.when(at), self.telling.language);
        if reasons.is_empty() {
            let agent = self.telling.agent(self.agent);
            let text = say!(
                language,
                "{when}: nothing that is recorded spoke against {agent}. Whether a voice channel was free is not recorded.",
                "{when}: nada de lo registrado impedía que le tocara a {agent}. No queda registro de si había un canal de voz libre."
            );
            self.say(Kind::Unknown, at, text);
            return;
        }
        let mut words: Vec<String> = reasons
            .iter()
            .map(|reason| clause(*reason, (self.agent, at), &self.room, self.telling))
            .collect();
        let kept = self.room.contacts.get(&self.contact).and_then(|contact| contact.kept);
        if let (Some((_, why, _)), Some(said)) = (kept, words.last_mut())
            && reasons.iter().any(|it| matches!(it, WhyNot::KeptFor(_)))
            && matches!(reasons.last(), Some(WhyNot::KeptFor(_)))
        {
            *said = format!("{said}, {}", kept_words(why, self.telling));
        }
        let list = words.join(language.say("; besides, ", "; además, "));
        self.say(Kind::Reason, at, format!("{when}: {list}."));
    }

    /// A fact of the contact or of the agent. The room has not heard it yet.
    fn hears(&mut self, at: Moment, fact: &Fact) {
        let Fact::Offered { contact, agent, decision, .. } = fact else {
            if let Fact::OfferSettled { contact, agent, outcome, .. } = fact
                && (*contact, *agent) == (self.contact, self.agent)
            {
                self.settles(at, *outcome);
            }
            return;
        };
        if (*contact, *agent) == (self.contact, self.agent) {
            let (when, agent) = (self.when(at), self.telling.agent(self.agent));
            let text = say!(
                self.telling.language,
                "{when} the call was offered to {agent}.",
                "{when} la llamada sí se pasó a {agent}."
            );
            self.say(Kind::Offered, at, text);
        } else if *contact == self.contact {
            self.goes_to_other(at, decision);
        } else if *agent == self.agent {
            self.takes_other(at, *contact, decision);
        }
    }

    fn settles(&mut self, at: Moment, outcome: OfferOutcome) {
        let (language, agent) = (self.telling.language, self.telling.agent(self.agent));
        let text = match outcome {
            OfferOutcome::Accepted => say!(language, "{agent} answered it.", "{agent} la contestó."),
            OfferOutcome::Refused => say!(language, "{agent} refused it.", "{agent} la rechazó."),
            OfferOutcome::NoAnswer => say!(language, "{agent} did not answer it.", "{agent} no la contestó."),
            OfferOutcome::Unreachable | OfferOutcome::Incompatible => say!(
                language,
                "The telephone of {agent} did not take it.",
                "El teléfono de {agent} no la recibió."
            ),
            OfferOutcome::CallerLeft => {
                say!(language, "The caller hung up meanwhile.", "La persona colgó entretanto.")
            }
            OfferOutcome::Withdrawn => say!(language, "It was taken back.", "Se retiró."),
        };
        self.say(Kind::Settled, at, text);
    }

    /// The contact goes to another agent: why that one.
    fn goes_to_other(&mut self, at: Moment, decision: &Decision) {
        let (language, telling) = (self.telling.language, self.telling);
        let (when, own, winner) = (self.when(at), telling.agent(self.agent), telling.agent(decision.winner));
        let mine = decision.passed_over.iter().find(|(who, _)| *who == Candidate::Agent(self.agent));
        let why = match (mine, decision.rule) {
            (_, Rule::Pulled) => say!(
                language,
                "a supervisor had given it to {winner}",
                "la supervisión se la había asignado a {winner}"
            ),
            (_, Rule::Direct) => say!(
                language,
                "the caller had dialled the own number of {winner}",
                "la persona había marcado el número directo de {winner}"
            ),
            (Some((_, why)), _) => self.compared(at, decision, *why),
            (None, _) => {
                let reasons = self.room.why_not(self.agent, self.contact);
                let words: Vec<String> =
                    reasons.iter().map(|it| clause(*it, (self.agent, at), &self.room, telling)).collect();
                if words.is_empty() {
                    say!(
                        language,
                        "{winner} had just become free and took the call that came first",
                        "{winner} acababa de quedar libre y tomó la llamada que iba primero"
                    )
                } else {
                    telling.list(&words)
                }
            }
        };
        let text = say!(
            language,
            "{when} the call went to {winner} and not to {own}: {why}.",
            "{when} la llamada pasó a {winner} y no a {own}: {why}."
        );
        self.say(Kind::Offered, at, text);
    }

    /// The agent and the one who was chosen, compared by the rule.
    fn compared(&self, at: Moment, decision: &Decision, why: PassedOver) -> String {
        let (language, telling) = (self.telling.language, self.telling);
        let (own, winner) = (telling.agent(self.agent), telling.agent(decision.winner));
        let level = |agent| self.room.level(agent, decision.queue);
        match why {
            PassedOver::LessIdle => self.less_idle(at, decision),
            PassedOver::WorseLevel => match (level(decision.winner), level(self.agent)) {
                (Some(winners), Some(mine)) => say!(
                    language,
                    "{winner} has level {winners} for this matter, and {own} level {mine} (1 is the best)",
                    "{winner} tiene nivel {winners} para este trámite, y {own}, nivel {mine} (1 es el mejor)"
                ),
                (None, _) | (_, None) => say!(
                    language,
                    "{winner} has a better level for this matter",
                    "{winner} tiene mejor nivel para este trámite"
                ),
            },
            PassedOver::MoreOccupied => say!(
                language,
                "{own} had spent more of the working time with calls than {winner}",
                "{own} había pasado más tiempo en atención que {winner}"
            ),
            PassedOver::TriedBefore => say!(
                language,
                "{own} had been offered this call before",
                "a {own} ya se le había pasado esta llamada antes"
            ),
            PassedOver::MoreInHand => say!(
                language,
                "{own} had more matters at hand than {winner}",
                "{own} tenía más asuntos a cargo que {winner}"
            ),
            PassedOver::KeptForCalls => say!(
                language,
                "few agents were free for callers, so {own} was kept for them, and {winner} was not free for callers anyway",
                "quedaban pocos agentes libres para llamadas, así que {own} quedó en reserva, y {winner} de todos modos no podía tomar llamadas"
            ),
            PassedOver::NotLastAgent => say!(
                language,
                "{winner} had served this person last, and {own} had not",
                "{winner} fue quien atendió a esta persona la última vez, y no {own}"
            ),
            PassedOver::NoSkill
            | PassedOver::Occupied
            | PassedOver::NotReady
            | PassedOver::CoolingDown
            | PassedOver::Unreachable
            | PassedOver::BeyondLevel
            | PassedOver::LowerPriority
            | PassedOver::ShorterWait
            | PassedOver::LaterDeadline => {
                let reasons = self.room.why_not(self.agent, self.contact);
                let words = reasons.iter().map(|it| clause(*it, (self.agent, at), &self.room, telling));
                telling.list(&words.collect::<Vec<_>>())
            }
        }
    }

    /// How long each of the two had been free.
    fn less_idle(&self, at: Moment, decision: &Decision) -> String {
        let (language, telling) = (self.telling.language, self.telling);
        let (own, winner) = (telling.agent(self.agent), telling.agent(decision.winner));
        let idle = telling.span(decision.idle);
        let mine = self.room.in_state_for(self.agent, at).filter(|mine| *mine <= decision.idle);
        match mine.map(|mine| telling.span(mine)) {
            Some(mine) => say!(
                language,
                "{winner} had been free for {idle}, and {own} for {mine}",
                "{winner} llevaba libre {idle}, y {own}, {mine}"
            ),
            None => say!(
                language,
                "{winner} had been free longer ({idle})",
                "{winner} llevaba libre más tiempo ({idle})"
            ),
        }
    }

    /// The agent was free and got another contact.
    fn takes_other(&mut self, at: Moment, other: ContactId, decision: &Decision) {
        let Some(own) = self.room.contacts.get(&self.contact).filter(|own| own.at == At::Line) else {
            return;
        };
        if !self.room.may_take(self.agent, own) {
            return;
        }
        let (language, telling) = (self.telling.language, self.telling);
        let found = self.room.contacts.get(&other);
        let is_before = found.is_none_or(|found| need(other, found) < need(self.contact, own));
        let is_prior = found.is_some_and(|found| found.priority > own.priority);
        let why = match decision.rule {
            Rule::Pulled => {
                language.say("a supervisor had given it to them", "la supervisión se la había asignado")
            }
            Rule::Direct => {
                language.say("its caller had dialled their own number", "esa persona marcó su número directo")
            }
            Rule::LastAgent => language
                .say("they had served that caller last", "fue quien atendió a esa persona la última vez"),
            Rule::UcdMia | Rule::EadMia | Rule::UcdLoa | Rule::EadLoa | Rule::GreatestNeed if is_prior => {
                language.say("it had a higher priority", "tenía mayor prioridad")
            }
            Rule::UcdMia | Rule::EadMia | Rule::UcdLoa | Rule::EadLoa | Rule::GreatestNeed if is_before => {
                language.say("it had waited longer", "llevaba más tiempo esperando")
            }
            Rule::UcdMia | Rule::EadMia | Rule::UcdLoa | Rule::EadLoa | Rule::GreatestNeed => {
                language.say("it came first", "iba primero")
            }
        };
        let queue = telling.queue(decision.queue);
        let (when, agent) = (self.when(at), telling.agent(self.agent));
        let text = say!(
            language,
            "{when} {agent} was free, and was offered another call, of {queue}: {why}.",
            "{when} {agent} estaba libre, y se le pasó otra llamada, de {queue}: {why}."
        );
        self.say(Kind::Reason, at, text);
    }
}
