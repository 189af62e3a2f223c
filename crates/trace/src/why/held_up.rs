//! What holds a waiting contact up: what those do who may take it, and who is served meanwhile.

use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::{AgentId, AgentState, AuxReason, ContactId, Decision, Fact, QueueId, QueueState, Rule};

use crate::why::answer::Kind;
use crate::why::room_then::{ContactThen, need};
use crate::why::tale::{Meanwhile, Tale};

impl Tale<'_> {
    /// Why nobody takes a contact that has just entered this queue.
    pub(crate) fn hold_up(&self, queue: QueueId) -> Option<String> {
        let language = self.language();
        let contact = self.room.contacts.get(&self.contact)?;
        if self.room.queue_state(queue) == QueueState::Paused {
            let text = language.say(
                "The line was paused by a supervisor: nobody was served in it.",
                "La supervisión tenía la fila en pausa: no se atendía a nadie.",
            );
            return Some(text.to_owned());
        }
        if contact.kept.is_some() {
            return None;
        }
        Some(self.crew_words(contact) + &self.beyond_words(contact, queue))
    }

    /// Who is free and may not take the contact yet, by their level.
    fn beyond_words(&self, contact: &ContactThen, queue: QueueId) -> String {
        let language = self.language();
        let is_beyond = |agent: &AgentId| {
            self.room.state(*agent) == AgentState::Available
                && self.room.level(*agent, queue).is_some()
                && !self.room.may_take(*agent, contact)
        };
        match self.telling.all_agents().filter(is_beyond).count() {
            0 => String::new(),
            1 => language
                .say(
                    " One person was free, of a level to which the call could not go yet.",
                    " Había 1 persona libre, de un nivel al que la llamada aún no podía pasar.",
                )
                .to_owned(),
            many => say!(
                language,
                " {many} people were free, of a level to which the call could not go yet.",
                " Había {many} personas libres, de un nivel al que la llamada aún no podía pasar."
            ),
        }
    }

    /// What those were doing who may take a contact.
    fn crew_words(&self, contact: &ContactThen) -> String {
        let language = self.language();
        let crew = self.room.crew(contact);
        let staffed: Vec<AgentId> =
            crew.iter().copied().filter(|agent| self.room.state(*agent).is_staffed()).collect();
        if staffed.is_empty() {
            let text = language.say(
                "Nobody who serves this line was logged in at that moment.",
                "En ese momento no había nadie conectado para atender esta fila.",
            );
            return text.to_owned();
        }
        let mut doing: BTreeMap<Doing, usize> = BTreeMap::new();
        for agent in &staffed {
            *doing.entry(Doing::of(self.room.state(*agent))).or_default() += 1;
        }
        let free = doing.remove(&Doing::Free).unwrap_or(0);
        let words: Vec<String> = doing.iter().map(|(doing, many)| self.doing_words(*doing, *many)).collect();
        let (all, list) = (staffed.len(), self.telling.list(&words));
        if free > 0 {
            let (were, estaban) =
                if free == 1 { ("was", "estaba libre") } else { ("were", "estaban libres") };
            return say!(
                language,
                "Of the {all} people who serve this line, {free} {were} free, and still the call was not offered: the reason is not recorded.",
                "De las {all} personas que atienden esta fila, {free} {estaban}, y aun así no se pasó la llamada: no quedó registrado el motivo."
            );
        }
        if all == 1 {
            return say!(
                language,
                "Nobody was free at that moment: of the one person who served this line, {list}.",
                "En ese momento no había nadie libre: de la única persona que atendía esta fila, {list}."
            );
        }
        say!(
            language,
            "Nobody was free at that moment: of the {all} people who served this line, {list}.",
            "En ese momento no había nadie libre: de las {all} personas que atendían esta fila, {list}."
        )
    }

    fn doing_words(&self, doing: Doing, many: usize) -> String {
        let language = self.language();
        let one = many == 1;
        let words = |english: [&str; 2], spanish: [&str; 2]| {
            let at = usize::from(!one);
            say!(language, "{many} {}", "{many} {}", language.say(english[at], spanish[at]))
        };
        match doing {
            Doing::Talking => words(
                ["was talking to another person", "were talking to other people"],
                ["hablaba con otra persona", "hablaban con otras personas"],
            ),
            Doing::Ringing => words(
                ["was being offered another call", "were being offered other calls"],
                ["recibía otra llamada", "recibían otras llamadas"],
            ),
            Doing::Acw => words(
                ["was completing the work after a call", "were completing the work after a call"],
                [
                    "completaba el trabajo posterior a una llamada",
                    "completaban el trabajo posterior a una llamada",
                ],
            ),
            Doing::OtherCall => words(
                ["was on another call of their own", "were on other calls of their own"],
                ["estaba en otra llamada propia", "estaban en otras llamadas propias"],
            ),
            Doing::Aux(reason) => {
                let reason = self.telling.aux_reason(reason);
                let (was, estaba) = if one { ("was", "estaba") } else { ("were", "estaban") };
                say!(language, "{many} {was} away ({reason})", "{many} {estaba} en pausa ({reason})")
            }
            Doing::Free => words(["was free", "were free"], ["estaba libre", "estaban libres"]),
        }
    }

    /// Says what held the contact up, if that was not said yet: it was not offered in the moment of its entry.
    pub(crate) fn tell_hold_up(&mut self) {
        let Some((since, text)) =
            self.wait.as_mut().and_then(|wait| Some((wait.since, wait.held_up.take()?)))
        else {
            return;
        };
        self.say(Kind::HeldUp, since, text);
    }

    /// A fact of others while the contact waits. The room has not heard it yet.
    pub(crate) fn meanwhile(&mut self, at: Moment, fact: &Fact) {
        if self.wait.as_ref().is_some_and(|wait| wait.since < at) {
            self.tell_hold_up();
        }
        let Some(own) = self.room.contacts.get(&self.contact) else { return };
        let Some(wait) = &mut self.wait else { return };
        if let Fact::Offered { contact, agent, decision, .. } = fact {
            if self.room.may_take(*agent, own) {
                let other = self.room.contacts.get(contact);
                count(&mut wait.meanwhile, (*contact, other), (self.contact, own), decision);
            }
        } else if let Fact::AgentChanged { agent, from, to } = fact
            && self.room.may_take(*agent, own)
        {
            match (from, to) {
                (_, AgentState::LoggedOut) => wait.meanwhile.left += 1,
                (AgentState::Aux(_), _) => {}
                (_, AgentState::Aux(AuxReason::Planned(_))) => wait.meanwhile.paused += 1,
                _ => {}
            }
        }
    }

    /// Who was served meanwhile, when a wait ends.
    pub(crate) fn tell_meanwhile(&mut self, at: Moment) {
        let Some(wait) = &mut self.wait else { return };
        let seen = core::mem::take(&mut wait.meanwhile);
        let language = self.language();
        let mut words: Vec<(usize, &str)> = Vec::new();
        let mut people = |many: usize, one: [&'static str; 2], more: [&'static str; 2]| {
            if many > 0 {
                let said = if many == 1 { one } else { more };
                words.push((many, language.say(said[0], said[1])));
            }
        };
        people(
            seen.earlier,
            ["which had come earlier", "que llegó antes"],
            ["which had come earlier", "que llegaron antes"],
        );
        people(
            seen.prior,
            ["with a higher priority", "con mayor prioridad"],
            ["with a higher priority", "con mayor prioridad"],
        );
        people(
            seen.called_back,
            [
                "whose person is called back in the own place",
                "de alguien que conservaba su lugar para que le llamaran",
            ],
            [
                "whose people are called back in their own place",
                "de personas que conservaban su lugar para que les llamaran",
            ],
        );
        people(
            seen.given,
            ["that was meant for one agent", "que correspondía a un agente determinado"],
            ["that were meant for one agent", "que correspondían a un agente determinado"],
        );
        people(
            seen.elsewhere,
            [
                "of another line, which had come earlier or had a higher priority",
                "de otra fila, que llegó antes o tenía mayor prioridad",
            ],
            [
                "of other lines, which had come earlier or had a higher priority",
                "de otras filas, que llegaron antes o tenían mayor prioridad",
            ],
        );
        people(
            seen.behind,
            ["which had come later", "que llegó después"],
            ["which had come later", "que llegaron después"],
        );
        if !words.is_empty() {
            let text = self.passed_words(&words);
            self.say(Kind::HeldUp, at, text);
        }
        if seen.left + seen.paused > 0 {
            let text = self.gone_words(seen);
            self.say(Kind::HeldUp, at, text);
        }
    }

    /// How many calls passed, and why.
    fn passed_words(&self, words: &[(usize, &str)]) -> String {
        let language = self.language();
        let many: usize = words.iter().map(|(many, _)| many).sum();
        let calls = if many == 1 {
            language.say("1 other call", "1 llamada más").to_owned()
        } else {
            say!(language, "{many} other calls", "{many} llamadas más")
        };
        let kinds = if let [(_, kind)] = words {
            format!(", {kind}")
        } else {
            let kinds: Vec<String> = words.iter().map(|(many, kind)| format!("{many} {kind}")).collect();
            format!(": {}", self.telling.list(&kinds))
        };
        let verb = if many == 1 { "pasó" } else { "pasaron" };
        let was = if many == 1 { "was" } else { "were" };
        say!(
            language,
            "In that time {calls} {was} passed to those who serve the line{kinds}.",
            "Entretanto se {verb} {calls} a quienes atienden la fila{kinds}."
        )
    }

    fn gone_words(&self, seen: Meanwhile) -> String {
        let language = self.language();
        let mut words = Vec::new();
        let mut people = |many: usize, one: [&str; 2], more: [&str; 2]| {
            if many > 0 {
                let said = if many == 1 { one } else { more };
                let said = language.say(said[0], said[1]);
                words.push(format!("{many} {said}"));
            }
        };
        people(
            seen.paused,
            ["person who serves the line went on a break", "persona que atiende la fila salió a una pausa"],
            [
                "people who serve the line went on a break",
                "personas que atienden la fila salieron a una pausa",
            ],
        );
        people(
            seen.left,
            ["person who serves the line logged out", "persona que atiende la fila cerró su sesión"],
            ["people who serve the line logged out", "personas que atienden la fila cerraron su sesión"],
        );
        let list = self.telling.list(&words);
        say!(language, "Meanwhile {list}.", "Mientras tanto, {list}.")
    }
}

/// What an agent does, for those who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Doing {
    Talking,
    Ringing,
    Acw,
    OtherCall,
    Aux(AuxReason),
    Free,
}

impl Doing {
    const fn of(state: AgentState) -> Self {
        match state {
            AgentState::Talking | AgentState::Holding => Self::Talking,
            AgentState::Ringing => Self::Ringing,
            AgentState::Acw => Self::Acw,
            AgentState::OtherCall => Self::OtherCall,
            AgentState::Aux(reason) => Self::Aux(reason),
            AgentState::Available | AgentState::LoggedOut => Self::Free,
        }
    }
}

/// Counts a contact that is before another one of this priority.
pub(crate) fn count_ahead(kinds: &mut Meanwhile, other: &ContactThen, priority: u8) {
    if other.is_called_back {
        kinds.called_back += 1;
    } else if other.priority > priority {
        kinds.prior += 1;
    } else {
        kinds.earlier += 1;
    }
}

/// Counts a contact that was offered while this one waited.
fn count(
    kinds: &mut Meanwhile,
    (id, other): (ContactId, Option<&ContactThen>),
    (own_id, own): (ContactId, &ContactThen),
    decision: &Decision,
) {
    let is_given = matches!(decision.rule, Rule::Pulled | Rule::Direct | Rule::LastAgent);
    match other {
        Some(other) if !is_given && other.queue == own.queue && need(id, other) < need(own_id, own) => {
            count_ahead(kinds, other, own.priority);
        }
        _ if is_given => kinds.given += 1,
        Some(other) if need(id, other) < need(own_id, own) => kinds.elsewhere += 1,
        Some(_) => kinds.behind += 1,
        // It came before the facts that are kept, so it came earlier.
        None => kinds.earlier += 1,
    }
}
