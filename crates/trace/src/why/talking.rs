//! The talk and what came after it: holds, transfers, and the end.

use turno_ground::Moment;
use turno_model::{
    ConsultEnd, Consulted, ContactOutcome, EndedBy, Fact, HandlingChange, Passing, PassingChange,
    TransferKind,
};

use crate::safe;
use crate::why::answer::Kind;
use crate::why::tale::Tale;
use crate::why::telling::capital;

impl Tale<'_> {
    /// A fact of the talk, or after it.
    pub(crate) fn talks(&mut self, at: Moment, fact: &Fact) {
        let language = self.language();
        if let Fact::Connected { agent, waited, .. } = fact {
            self.connected(at, *agent, *waited);
        } else if let Fact::Held { agent, .. } = fact {
            let (when, agent) = (capital(&self.when(at)), self.telling.agent(*agent));
            let text = say!(language, "{when} {agent} put you on hold.", "{when} {agent} le puso en espera.");
            self.say(Kind::Talk, at, text);
        } else if let Fact::Resumed { agent, .. } = fact {
            let (when, agent) = (capital(&self.when(at)), self.telling.agent(*agent));
            let text =
                say!(language, "{when} {agent} came back to you.", "{when} {agent} volvió a atenderle.");
            self.say(Kind::Talk, at, text);
        } else if let Fact::HoldRecalled { agent, .. } = fact {
            let agent = self.telling.agent(*agent);
            let text = say!(
                language,
                "The hold had lasted for too long, so {agent} was called back to it.",
                "Esa espera duró demasiado, y se volvió a llamar a {agent}."
            );
            self.say(Kind::Talk, at, text);
        } else if let Fact::TakenOver { from, to, .. } = fact {
            let (when, from, to) =
                (capital(&self.when(at)), self.telling.agent(*from), self.telling.agent(*to));
            let text = say!(
                language,
                "{when} {to} took the talk over from {from}.",
                "{when} {to} tomó la conversación en lugar de {from}."
            );
            self.say(Kind::Talk, at, text);
        } else if let Fact::Transferred { agent, kind, to, .. } = fact {
            self.transferred(at, *agent, *kind, to);
        } else if let Fact::Disconnected { agent, talked, held, .. } = fact {
            let (agent, talked) = (self.telling.agent(*agent), self.telling.span(*talked));
            let held = if held.is_zero() {
                String::new()
            } else {
                let held = self.telling.span(*held);
                say!(language, ", and {held} more on hold", ", más {held} en espera")
            };
            let text = say!(
                language,
                "The talk with {agent} lasted {talked}{held}.",
                "La conversación con {agent} duró {talked}{held}."
            );
            self.say(Kind::Talk, at, text);
        } else if let Fact::Passing(passing) = fact {
            self.passes(at, passing);
        } else if let Fact::Handling(handled) = fact {
            self.handles(at, handled.agent, handled.change);
        } else if let Fact::Callback(_, change) = fact {
            self.calls_back(at, change);
        } else if let Fact::Voicemail(voicemail) = fact {
            self.leaves_message(at, voicemail.change);
        } else if let Fact::ContactEnded { outcome, by, waited, .. } = fact {
            self.ends(at, *outcome, *by, *waited);
        }
    }

    fn connected(&mut self, at: Moment, agent: turno_model::AgentId, waited: core::time::Duration) {
        let (when, agent) = (capital(&self.when(at)), self.telling.agent(agent));
        let (language, waited) = (self.language(), self.telling.span(waited));
        let promise = self.promise_words(at).map_or_else(String::new, |text| format!(" {text}"));
        let text = say!(
            language,
            "{when} {agent} answered, {waited} after the call had entered this line.{promise}",
            "{when} contestó {agent}, {waited} después de que la llamada entró en esta fila.{promise}"
        );
        self.wait = None;
        self.say(Kind::Talk, at, text);
    }

    fn transferred(&mut self, at: Moment, agent: turno_model::AgentId, kind: TransferKind, to: &str) {
        let (when, agent, to) = (capital(&self.when(at)), self.telling.agent(agent), safe::line(to));
        let language = self.language();
        let named = self.telling.plan.agents.iter().find(|known| known.extension == to);
        let queue = self.telling.plan.queues.iter().find(|known| known.name == to);
        let to = match (named, queue) {
            (Some(agent), _) if !agent.display.is_empty() => safe::line(&agent.display),
            (_, Some(queue)) => safe::line(&queue.display),
            _ => to,
        };
        let how = match kind {
            TransferKind::Blind => language.say("directly", "directamente"),
            TransferKind::Attended => language.say("after talking to them", "después de consultarlo"),
        };
        let text = say!(
            language,
            "{when} {agent} transferred the call to {to}, {how}.",
            "{when} {agent} transfirió la llamada a {to}, {how}."
        );
        self.say(Kind::Transfer, at, text);
    }

    fn passes(&mut self, at: Moment, passing: &Passing) {
        let language = self.language();
        let agent = self.telling.agent(passing.agent);
        let text = match &passing.change {
            PassingChange::Returned => say!(
                language,
                "{agent} gave the call back to the line, in the place of its arrival.",
                "{agent} devolvió la llamada a la fila, en el lugar de su llegada."
            ),
            PassingChange::DependencyRung { dependency } => {
                let to = safe::line(dependency);
                say!(language, "{agent} transferred it to {to}.", "{agent} la transfirió a {to}.")
            }
            PassingChange::DependencyReached { dependency, .. } => {
                let to = safe::line(dependency);
                say!(language, "{to} answered.", "Contestó {to}.")
            }
            PassingChange::DependencyNotReached { dependency, .. } => {
                let to = safe::line(dependency);
                say!(language, "{to} did not answer.", "{to} no contestó.")
            }
            PassingChange::Consults(whom) => {
                let whom = self.whom(whom);
                say!(language, "{agent} asked {whom} about it.", "{agent} consultó a {whom}.")
            }
            PassingChange::ConsultBegan(whom) => {
                let whom = self.whom(whom);
                say!(
                    language,
                    "{agent} and {whom} talked alone, and you heard music.",
                    "{agent} habló a solas con {whom}; usted oyó música."
                )
            }
            PassingChange::Conferenced(whom) => {
                let whom = self.whom(whom);
                say!(
                    language,
                    "You, {agent} and {whom} talked together.",
                    "Usted, {agent} y {whom} hablaron juntos."
                )
            }
            PassingChange::ConsultEnded(whom, end) => {
                let whom = self.whom(whom);
                match end {
                    ConsultEnd::Completed => say!(
                        language,
                        "{agent} left, and you went on with {whom}.",
                        "{agent} se retiró, y usted siguió con {whom}."
                    ),
                    ConsultEnd::Back => {
                        say!(language, "{agent} came back to you.", "{agent} volvió a hablar con usted.")
                    }
                    ConsultEnd::Left => say!(
                        language,
                        "{whom} left, and {agent} went on with you.",
                        "{whom} se retiró, y usted siguió con {agent}."
                    ),
                    ConsultEnd::NotReached { .. } => {
                        say!(language, "{whom} did not answer.", "{whom} no contestó.")
                    }
                    ConsultEnd::TalkOver => return,
                }
            }
        };
        self.say(Kind::Transfer, at, text);
    }

    fn whom(&self, whom: &Consulted) -> String {
        match whom {
            Consulted::Agent(agent) => self.telling.agent(*agent),
            Consulted::Dependency(name) => safe::line(name),
            Consulted::Outside => self.language().say("a number outside", "un número externo").to_owned(),
        }
    }

    fn handles(&mut self, at: Moment, agent: turno_model::AgentId, change: HandlingChange) {
        let (language, agent) = (self.language(), self.telling.agent(agent));
        let text = match change {
            HandlingChange::HelpAsked => say!(language, "{agent} asked for help.", "{agent} pidió ayuda."),
            HandlingChange::HelpCame { expert } => {
                let expert = self.telling.agent(expert);
                say!(language, "{expert} came to help.", "{expert} acudió en su ayuda.")
            }
            HandlingChange::NoHelp => {
                say!(language, "Nobody was free to help.", "No había nadie libre para ayudar.")
            }
            HandlingChange::Marked { .. }
            | HandlingChange::Retargeted { .. }
            | HandlingChange::CodeOwed
            | HandlingChange::Extended { .. }
            | HandlingChange::HelpRings { .. } => return,
        };
        self.say(Kind::Talk, at, text);
    }

    fn ends(&mut self, at: Moment, outcome: ContactOutcome, by: EndedBy, waited: core::time::Duration) {
        self.tell_hold_up();
        self.tell_meanwhile(at);
        let (when, waited) = (capital(&self.when(at)), self.telling.span(waited));
        let language = self.language();
        let text = match (outcome, by) {
            (ContactOutcome::Answered, EndedBy::Caller) if self.wait.is_none() => {
                say!(language, "{when} you hung up.", "{when} usted colgó.")
            }
            (ContactOutcome::Answered, EndedBy::Agent) => {
                say!(language, "{when} the agent hung up.", "{when} colgó quien le atendía.")
            }
            (ContactOutcome::Answered, EndedBy::Transfer) => say!(
                language,
                "{when} the call left this line by the transfer.",
                "{when} la llamada dejó esta fila por la transferencia."
            ),
            (ContactOutcome::Answered, EndedBy::System) => {
                say!(language, "{when} the call was ended.", "{when} la llamada terminó.")
            }
            (ContactOutcome::Answered | ContactOutcome::Abandoned, EndedBy::Caller) => {
                let late = self.late_words(at);
                say!(
                    language,
                    "{when} you hung up, after {waited}, before anybody had answered{late}.",
                    "{when} usted colgó, después de {waited}, antes de que le contestaran{late}."
                )
            }
            (ContactOutcome::Abandoned, EndedBy::System) => say!(
                language,
                "{when} the connection was lost, after {waited} of waiting.",
                "{when} se perdió la comunicación, después de {waited} de espera."
            ),
            (ContactOutcome::Abandoned, EndedBy::Agent | EndedBy::Transfer) => say!(
                language,
                "{when} it ended without an answer, after {waited}.",
                "{when} terminó sin respuesta, después de {waited}."
            ),
            (ContactOutcome::Outflowed, _) => say!(
                language,
                "{when}, after {waited}, the call was ended by the rules of the line, without an answer.",
                "{when}, después de {waited}, la llamada terminó según las reglas de la fila, sin que le contestaran."
            ),
            (ContactOutcome::Dequeued, _) => say!(
                language,
                "{when}, after {waited}, the call left the line to be served elsewhere.",
                "{when}, después de {waited}, la llamada salió de la fila para atenderse en otro lugar."
            ),
        };
        self.say(Kind::Ended, at, text);
    }

    /// Whether the wait that was foretold had passed.
    fn late_words(&self, at: Moment) -> String {
        let language = self.language();
        let Some((told_at, within)) = self.wait.as_ref().and_then(|wait| wait.told) else {
            return String::new();
        };
        let said = self.telling.span(within);
        if at.since(told_at) > within {
            say!(
                language,
                "; the wait of up to {said} that was expected had passed",
                "; ya había pasado la espera de hasta {said} que se preveía"
            )
        } else {
            say!(
                language,
                "; the wait of up to {said} that was expected had not passed yet",
                "; aún no había pasado la espera de hasta {said} que se preveía"
            )
        }
    }
}
