//! Why an agent gets nothing at a moment: what the agent does, and what waits that might come.

use turno_ground::Moment;
use turno_model::{AgentId, Fact, QueueId, QueueState};

use crate::why::answer::{Kind, Said, Why};
use crate::why::reason_words::clause;
use crate::why::room_then::{At, RoomThen, need};
use crate::why::telling::{Telling, capital};

/// Why an agent gets nothing at a moment. `facts` are as for [`super::why`], up to that moment or beyond it.
pub fn why_idle(agent: AgentId, at: Moment, facts: &[(Moment, Fact)], telling: Telling<'_>) -> Why {
    let mut room = RoomThen::before(facts, telling);
    for (now, fact) in facts.iter().take_while(|(now, _)| *now <= at) {
        room.hear(*now, fact);
    }
    let mut asking = Asking { agent, telling, room, said: Vec::new() };
    asking.idles(at);
    Why { contact: None, language: telling.language, sentences: asking.said }
}

struct Asking<'p> {
    agent: AgentId,
    telling: Telling<'p>,
    room: RoomThen<'p>,
    said: Vec<Said>,
}

impl Asking<'_> {
    fn say(&mut self, kind: Kind, at: Moment, text: String) {
        self.said.push(Said { at: at.as_micros(), kind, text, more: Vec::new() });
    }

    /// Why the agent gets nothing.
    fn idles(&mut self, at: Moment) {
        let (language, telling) = (self.telling.language, self.telling);
        let (when, agent) = (capital(&telling.date_and_time(at)), telling.agent(self.agent));
        if self.room.agent(self.agent).is_none() {
            let text = say!(
                language,
                "What {agent} did is not known: no change of their state is recorded.",
                "No se sabe qué hacía {agent}: no hay registro de ningún cambio de su estado."
            );
            return self.say(Kind::Unknown, at, text);
        }
        if let Some(reason) = self.room.why_not_free(self.agent, None) {
            let text = clause(reason, (self.agent, at), &self.room, telling);
            self.say(Kind::Reason, at, format!("{when}: {text}."));
        } else {
            let idle = self.room.in_state_for(self.agent, at).map(|idle| telling.span(idle));
            let idle =
                idle.map_or_else(String::new, |idle| say!(language, " for {idle}", " desde hace {idle}"));
            let text =
                say!(language, "{when}: {agent} was free{idle}.", "{when}: {agent} estaba libre{idle}.");
            self.say(Kind::Reason, at, text);
        }
        self.waits_for(at);
    }

    /// What waits in the queues of the agent, and in the others.
    fn waits_for(&mut self, at: Moment) {
        let (language, telling) = (self.telling.language, self.telling);
        let agent = telling.agent(self.agent);
        let (mut serves, mut waiting) = (Vec::new(), Vec::new());
        for queue in telling.all_queues() {
            let level = self.room.level(self.agent, queue);
            serves.extend(level.map(|level| {
                let queue = telling.queue(queue);
                say!(language, "{queue} (level {level})", "{queue} (nivel {level})")
            }));
            waiting.extend(self.line_words(at, queue, level.is_some()));
        }
        let text = if serves.is_empty() {
            say!(language, "{agent} serves no line.", "{agent} no atiende ninguna fila.")
        } else {
            let list = telling.list(&serves);
            say!(language, "{agent} serves {list}.", "{agent} atiende {list}.")
        };
        self.say(Kind::Reason, at, text);
        if waiting.is_empty() {
            let text = language.say("Nobody was waiting in any line.", "No esperaba nadie en ninguna fila.");
            self.say(Kind::Reason, at, text.to_owned());
        }
        for text in waiting {
            self.say(Kind::Reason, at, text);
        }
    }

    /// Who waits in a queue, and why the agent does not get them.
    fn line_words(&self, at: Moment, queue: QueueId, serves: bool) -> Option<String> {
        let (language, telling) = (self.telling.language, self.telling);
        let in_line =
            self.room.contacts.iter().filter(|(_, it)| it.at == At::Line && it.queue == Some(queue));
        let mut in_line: Vec<_> = in_line.collect();
        in_line.sort_by_key(|(id, it)| need(**id, it));
        let (first, _) = in_line.first()?;
        let (many, name) = (in_line.len(), telling.queue(queue));
        let agent = telling.agent(self.agent);
        let (waited, esperaban) =
            (language.say("waited", ""), if many == 1 { "esperaba" } else { "esperaban" });
        if self.room.why_not_free(self.agent, None).is_some() {
            // What the agent did is told already.
            return serves
                .then(|| say!(language, "{many} {waited} in {name}.", "En {name} {esperaban} {many}."));
        }
        let why = if !serves {
            say!(language, "{agent} does not serve that line", "{agent} no atiende esa fila")
        } else if self.room.queue_state(queue) == QueueState::Paused {
            say!(language, "that line was paused", "esa fila estaba en pausa")
        } else {
            let reasons = self.room.why_not(self.agent, **first);
            let words = reasons.iter().map(|it| clause(*it, (self.agent, at), &self.room, telling));
            let words: Vec<String> = words.collect();
            if words.is_empty() {
                say!(
                    language,
                    "nothing that is recorded speaks against the first of them",
                    "nada de lo registrado impide que le toque la primera"
                )
            } else {
                telling.list(&words)
            }
        };
        Some(say!(language, "{many} {waited} in {name}: {why}.", "En {name} {esperaban} {many}: {why}."))
    }
}
