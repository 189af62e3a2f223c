//! Offers: to whom, by which rule, why to this agent, and what came of it.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentId, AgentState, Candidate, Decision, Fact, OfferOutcome, PassedOver, Rule};

use crate::why::answer::Kind;
use crate::why::tale::Tale;
use crate::why::telling::capital;

/// Why others did not get the contact, in the order in which it is told.
type Groups = Vec<(PassedOver, Vec<AgentId>)>;

impl Tale<'_> {
    /// A fact of an offer. The room has not heard it yet.
    pub(crate) fn is_offered(&mut self, at: Moment, fact: &Fact) {
        if let Fact::Offered { decision, .. } = fact {
            self.offered(at, decision);
        } else if let Fact::OfferSettled { agent, outcome, rang, .. } = fact {
            self.settled(at, *agent, *outcome, *rang);
        }
    }

    fn offered(&mut self, at: Moment, decision: &Decision) {
        if self.wait.as_ref().is_some_and(|wait| wait.since == at) {
            // It did not wait: nothing held it up.
            if let Some(wait) = &mut self.wait {
                wait.held_up = None;
            }
        } else {
            self.tell_hold_up();
        }
        self.tell_meanwhile(at);
        let agent = self.telling.agent(decision.winner);
        let (language, why) = (self.language(), self.rule_words(decision));
        let when = if decision.waited.as_secs() == 0 {
            language.say("Without a wait", "Sin espera,").to_owned()
        } else {
            let (when, waited) = (capital(&self.when(at)), self.telling.span(decision.waited));
            say!(language, "{when}, after {waited} in line,", "{when}, después de {waited} en la fila,")
        };
        let text = say!(
            language,
            "{when} the call was offered to {agent}: {why}.",
            "{when} la llamada se pasó a {agent}: {why}."
        );
        let more = self.others_words(at, decision);
        self.say_more(Kind::Offered, at, text, more);
    }

    /// The rule, and what spoke for the winner.
    fn rule_words(&self, decision: &Decision) -> String {
        let language = self.language();
        let (idle, waited) = (self.telling.span(decision.idle), self.telling.span(decision.waited));
        let is_alone = !has_rivals(decision);
        match decision.rule {
            Rule::GreatestNeed => return self.need_words(decision, &waited),
            Rule::LastAgent => {
                return say!(
                    language,
                    "they were free, and had served you last",
                    "estaba libre y fue quien le atendió la última vez"
                );
            }
            Rule::Pulled => {
                return say!(
                    language,
                    "a supervisor had given the call to them",
                    "la supervisión le había asignado la llamada"
                );
            }
            Rule::Direct => {
                return say!(language, "you had dialled their own number", "usted marcó su número directo");
            }
            Rule::UcdMia | Rule::EadMia | Rule::UcdLoa | Rule::EadLoa if is_alone => {
                return say!(
                    language,
                    "nobody else who may take it was free",
                    "no había nadie más libre que pudiera tomarla"
                );
            }
            Rule::UcdMia | Rule::EadMia | Rule::UcdLoa | Rule::EadLoa => {}
        }
        let is_by_level = !decision.passed_over.iter().any(|(_, why)| is_equal(*why));
        match decision.rule {
            Rule::EadMia | Rule::EadLoa if is_by_level => say!(
                language,
                "of those who were free, the one with the best level for this matter",
                "de quienes estaban libres, era quien tenía mejor nivel para este trámite"
            ),
            Rule::EadMia => say!(
                language,
                "of those who were free, the one with the best level for this matter, and among equals the one who had been free longest ({idle})",
                "de quienes estaban libres, era quien tenía mejor nivel para este trámite y, en igualdad, quien llevaba más tiempo libre ({idle})"
            ),
            Rule::UcdLoa => say!(
                language,
                "of those who were free, the one who had been occupied least so far",
                "de quienes estaban libres, era quien había estado menos tiempo en atención"
            ),
            Rule::EadLoa => say!(
                language,
                "of those who were free, the one with the best level for this matter, and among equals the one who had been occupied least",
                "de quienes estaban libres, era quien tenía mejor nivel para este trámite y, en igualdad, quien había estado menos tiempo en atención"
            ),
            Rule::UcdMia | Rule::GreatestNeed | Rule::LastAgent | Rule::Pulled | Rule::Direct => say!(
                language,
                "of those who were free, the one who had been free longest ({idle})",
                "de quienes estaban libres, era quien llevaba más tiempo libre ({idle})"
            ),
        }
    }

    fn need_words(&self, decision: &Decision, waited: &str) -> String {
        let language = self.language();
        let others = contacts(decision).filter(|(_, why)| *why != PassedOver::BeyondLevel);
        let why = |wanted: PassedOver| contacts(decision).any(|(_, why)| why == wanted);
        if others.count() == 0 {
            return say!(
                language,
                "they became free, and no other call was waiting for them",
                "quedó libre y no había otra llamada en espera que le correspondiera"
            );
        }
        match (why(PassedOver::LowerPriority), why(PassedOver::ShorterWait)) {
            (true, false) => say!(
                language,
                "they became free, and of all calls that they may take yours had the highest priority",
                "quedó libre y, de todas las llamadas que podía tomar, la suya tenía la prioridad más alta"
            ),
            (true, true) => say!(
                language,
                "they became free, and of all calls that they may take yours came first, by its priority and its wait of {waited}",
                "quedó libre y, de todas las llamadas que podía tomar, la suya iba primero por su prioridad y por su espera de {waited}"
            ),
            (false, _) if why(PassedOver::LaterDeadline) => say!(
                language,
                "they became free, and of all contacts that they may take yours was due first, after a wait of {waited}",
                "quedó libre y, de todos los contactos que podía tomar, el suyo era el primero en vencer, tras una espera de {waited}"
            ),
            (false, _) => say!(
                language,
                "they became free, and of all calls that they may take yours had waited longest ({waited})",
                "quedó libre y, de todas las llamadas que podía tomar, la suya era la que más tiempo llevaba esperando ({waited})"
            ),
        }
    }

    /// Who else might have got it, and why they did not; what else they might have got.
    fn others_words(&self, at: Moment, decision: &Decision) -> Vec<String> {
        let language = self.language();
        let mut groups: Groups = Vec::new();
        for &(candidate, why) in &decision.passed_over {
            let Candidate::Agent(agent) = candidate else { continue };
            match groups.iter_mut().find(|(known, _)| *known == why) {
                Some((_, all)) => all.push(agent),
                None => groups.push((why, vec![agent])),
            }
        }
        let mut more: Vec<String> =
            groups.iter().flat_map(|(why, agents)| self.group_words(at, decision, *why, agents)).collect();
        let beyond = contacts(decision).filter(|(_, why)| *why == PassedOver::BeyondLevel).count();
        if beyond > 0 {
            more.push(say!(
                language,
                "Calls that had waited longer, but may not come to this level yet: in {beyond} lines",
                "Llamadas que esperaban desde antes, pero que aún no podían pasar a este nivel: en {beyond} filas"
            ));
        }
        let others = usize::try_from(decision.others).unwrap_or(usize::MAX);
        if decision.rule == Rule::GreatestNeed {
            let calls =
                contacts(decision).filter(|(_, why)| *why != PassedOver::BeyondLevel).count() + others;
            if calls > 0 {
                more.push(say!(
                    language,
                    "Calls that went on waiting for the same people: {calls}",
                    "Llamadas que siguieron en espera de las mismas personas: {calls}"
                ));
            }
        } else if others > 0 {
            more.push(say!(language, "Others, not named: {others}", "Otras personas, sin nombrar: {others}"));
        }
        more
    }

    /// One or more lines for those who were passed over for the same reason.
    fn group_words(
        &self,
        at: Moment,
        decision: &Decision,
        why: PassedOver,
        agents: &[AgentId],
    ) -> Vec<String> {
        let language = self.language();
        if matches!(why, PassedOver::Occupied | PassedOver::NotReady) {
            return self.busy_words(agents);
        }
        let who = if why == PassedOver::LessIdle {
            let named: Vec<String> =
                agents.iter().take(8).map(|agent| self.with_idle(at, decision, *agent)).collect();
            self.telling.list(&named)
        } else {
            self.telling.agents(agents)
        };
        let is = match why {
            PassedOver::LessIdle => language.say("free for a shorter time", "libres desde hace menos tiempo"),
            PassedOver::WorseLevel => language
                .say("free, with a worse level for this matter", "libres, con peor nivel para este trámite"),
            PassedOver::MoreOccupied => {
                language.say("free, and more occupied so far", "libres, con más tiempo en atención")
            }
            PassedOver::NoSkill => language.say("not for this matter", "no atienden este trámite"),
            PassedOver::CoolingDown => language.say(
                "in a pause after a call that was not answered",
                "en pausa tras una llamada no contestada",
            ),
            PassedOver::Unreachable => language.say("telephone without a line", "teléfono sin línea"),
            PassedOver::TriedBefore => {
                language.say("free, but had this call before", "libres, pero ya habían tenido esta llamada")
            }
            PassedOver::MoreInHand => language.say("with more at hand", "con más asuntos a cargo"),
            PassedOver::KeptForCalls => {
                language.say("kept free for callers", "libres, en reserva para llamadas")
            }
            PassedOver::BeyondLevel => language
                .say("free, but of a level not allowed yet", "libres, pero de un nivel aún no permitido"),
            PassedOver::NotLastAgent => language.say(
                "free too, but had not served you last",
                "también libres, pero no le atendieron la última vez",
            ),
            PassedOver::Occupied
            | PassedOver::NotReady
            | PassedOver::LowerPriority
            | PassedOver::ShorterWait
            | PassedOver::LaterDeadline => return Vec::new(),
        };
        vec![format!("{}: {who}", capital(is))]
    }

    /// An agent with the time for which they had been free, where that does not speak against the rule's own clock.
    fn with_idle(&self, at: Moment, decision: &Decision, agent: AgentId) -> String {
        let name = self.telling.agent(agent);
        match self.room.in_state_for(agent, at).filter(|idle| *idle <= decision.idle) {
            Some(idle) => format!("{name} ({})", self.telling.span(idle)),
            None => name,
        }
    }

    fn busy_words(&self, agents: &[AgentId]) -> Vec<String> {
        let mut groups: Vec<(AgentState, Vec<AgentId>)> = Vec::new();
        for agent in agents {
            let state = self.room.state(*agent);
            match groups.iter_mut().find(|(known, _)| *known == state) {
                Some((_, all)) => all.push(*agent),
                None => groups.push((state, vec![*agent])),
            }
        }
        let line = |(state, agents): &(AgentState, Vec<AgentId>)| {
            format!("{}: {}", capital(&self.state_words(*state)), self.telling.agents(agents))
        };
        groups.iter().map(line).collect()
    }

    /// What somebody is doing, as the head of a list.
    fn state_words(&self, state: AgentState) -> String {
        let language = self.language();
        let words = match state {
            AgentState::Talking => language.say("talking", "hablando"),
            AgentState::Holding => language.say("with a caller on hold", "con otra persona en espera"),
            AgentState::Ringing => language.say("being offered another call", "recibiendo otra llamada"),
            AgentState::Acw => language.say("work after a call", "trabajo posterior a una llamada"),
            AgentState::OtherCall => language.say("on a call of their own", "en una llamada propia"),
            AgentState::LoggedOut => language.say("logged out", "sin conectarse"),
            AgentState::Available => language.say("free", "libres"),
            AgentState::Aux(reason) => {
                let reason = self.telling.aux_reason(reason);
                return say!(language, "away ({reason})", "en pausa ({reason})");
            }
        };
        words.to_owned()
    }

    fn settled(&mut self, at: Moment, agent: AgentId, outcome: OfferOutcome, rang: Duration) {
        let (language, agent) = (self.language(), self.telling.agent(agent));
        let rang = self.telling.span(rang);
        let text = match outcome {
            OfferOutcome::Accepted => return,
            OfferOutcome::Refused => say!(
                language,
                "{agent} refused the call after {rang}, and it went back to its place in line.",
                "{agent} rechazó la llamada después de {rang}, y la llamada volvió a su lugar en la fila."
            ),
            OfferOutcome::NoAnswer => say!(
                language,
                "{agent} did not answer in {rang}. The call went back to its place in line, and {agent} was set aside for a while.",
                "{agent} no contestó en {rang}. La llamada volvió a su lugar en la fila, y {agent} pasó a pausa por un momento."
            ),
            OfferOutcome::Unreachable => say!(
                language,
                "The telephone of {agent} could not be reached, and the call went back to its place in line.",
                "No se pudo llegar al teléfono de {agent}, y la llamada volvió a su lugar en la fila."
            ),
            OfferOutcome::Incompatible => say!(
                language,
                "The telephone of {agent} could not take the call, which went back to its place in line.",
                "El teléfono de {agent} no pudo recibir la llamada, que volvió a su lugar en la fila."
            ),
            OfferOutcome::CallerLeft => say!(
                language,
                "The caller hung up while it rang for {rang} at the telephone of {agent}.",
                "La persona colgó mientras timbraba, desde hacía {rang}, el teléfono de {agent}."
            ),
            OfferOutcome::Withdrawn => say!(
                language,
                "The call was taken back from {agent} after {rang}, through no choice of the caller.",
                "La llamada se retiró de {agent} después de {rang}, sin que la persona lo pidiera."
            ),
        };
        self.say(Kind::Settled, at, text);
    }
}

/// The contacts that were compared.
fn contacts(decision: &Decision) -> impl Iterator<Item = (turno_model::ContactId, PassedOver)> {
    decision.passed_over.iter().filter_map(|&(candidate, why)| match candidate {
        Candidate::Contact(contact, _) => Some((contact, why)),
        Candidate::Agent(_) => None,
    })
}

/// Whether the candidate had as good a level as the winner.
const fn is_equal(why: PassedOver) -> bool {
    matches!(why, PassedOver::LessIdle | PassedOver::MoreOccupied | PassedOver::TriedBefore)
}

/// Whether another agent was free for the contact too.
fn has_rivals(decision: &Decision) -> bool {
    let is_rival = |why: PassedOver| {
        matches!(
            why,
            PassedOver::LessIdle
                | PassedOver::WorseLevel
                | PassedOver::MoreOccupied
                | PassedOver::TriedBefore
                | PassedOver::MoreInHand
                | PassedOver::NotLastAgent
                | PassedOver::KeptForCalls
        )
    };
    decision.passed_over.iter().any(|(_, why)| is_rival(*why))
}
