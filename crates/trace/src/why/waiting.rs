//! Waits in line: the place and who was before, what held the contact up, what was foretold, and steps.

use turno_ground::Moment;
use turno_model::{Fact, QueueId, WaitTold};

use crate::why::answer::Kind;
use crate::why::held_up::count_ahead;
use crate::why::tale::{Meanwhile, Tale, Wait};
use crate::why::telling::capital;

impl Tale<'_> {
    /// A fact of the wait. The room has heard it already.
    pub(crate) fn waits(&mut self, at: Moment, fact: &Fact) {
        if let Fact::Queued { queue, priority, position, .. } = fact {
            self.enters(at, *queue, *priority, *position);
        } else if let Fact::WaitTold(told) = fact {
            self.foretold(at, told);
        } else if let Fact::Reprioritised { priority, position, .. } = fact {
            self.tell_hold_up();
            let (when, place) = (capital(&self.when(at)), self.telling.ordinal(*position));
            let text = say!(
                self.language(),
                "{when} the call was given priority {priority}, and was {place}.",
                "{when} la llamada recibió la prioridad {priority} y quedó {place}."
            );
            self.say(Kind::Queued, at, text);
        } else if let Fact::Stepped(step) = fact {
            self.steps(at, step);
        }
    }

    fn enters(&mut self, at: Moment, queue: QueueId, priority: u8, position: u32) {
        self.tell_hold_up();
        self.tell_meanwhile(at);
        let (when, name) = (capital(&self.when(at)), self.telling.queue(queue));
        let (language, place) = (self.language(), self.telling.ordinal(position));
        let priority = if priority > 0 {
            say!(language, ", with priority {priority}", ", con prioridad {priority}")
        } else {
            String::new()
        };
        let ahead = self.ahead_words(position.saturating_sub(1));
        let text = say!(
            language,
            "{when} the call entered the line of {name}{priority}, {place}: {ahead}.",
            "{when} la llamada entró en la fila de {name}{priority}, {place}: {ahead}."
        );
        self.say(Kind::Queued, at, text);
        let held_up = self.hold_up(queue);
        self.wait =
            Some(Wait { since: at, held_up, meanwhile: Meanwhile::default(), told: None, last_told: None });
    }

    /// Who is before the contact in line, and why.
    fn ahead_words(&self, many: u32) -> String {
        let language = self.language();
        if many == 0 {
            return language.say("nobody was before it", "no había nadie delante").to_owned();
        }
        let own = self.room.contacts.get(&self.contact);
        let ahead = self.room.ahead_of(self.contact);
        let mut kinds = Meanwhile::default();
        for other in ahead.iter().filter_map(|other| self.room.contacts.get(other)) {
            count_ahead(&mut kinds, other, own.map_or(0, |own| own.priority));
        }
        let people = if many == 1 {
            language.say("1 person was before it", "delante había 1 persona").to_owned()
        } else {
            say!(language, "{many} people were before it", "delante había {many} personas")
        };
        if ahead.len() != usize::try_from(many).unwrap_or(usize::MAX) {
            // Some of them came before the facts that are kept.
            return people;
        }
        let why = self.ahead_kinds(kinds, many == 1);
        format!("{people}, {why}")
    }

    fn ahead_kinds(&self, kinds: Meanwhile, is_one: bool) -> String {
        let language = self.language();
        let all = [
            (kinds.earlier, "came earlier", "llegó antes", "llegaron antes"),
            (kinds.prior, "had a higher priority", "tenía mayor prioridad", "tenían mayor prioridad"),
            (
                kinds.called_back,
                "kept the place for a call back",
                "conservaba su lugar para recibir una llamada",
                "conservaban su lugar para recibir una llamada",
            ),
        ];
        let some: Vec<_> = all.into_iter().filter(|(many, ..)| *many > 0).collect();
        if let [(many, english, one, more)] = some.as_slice() {
            let spanish = if *many == 1 { one } else { more };
            return match (language, is_one) {
                (turno_model::Language::English, true) => format!("who {english}"),
                (turno_model::Language::English, false) => format!("who all {english}"),
                (turno_model::Language::Spanish, _) => format!("que {spanish}"),
            };
        }
        let words: Vec<String> = some
            .into_iter()
            .map(|(many, english, one, more)| {
                let spanish = if many == 1 { one } else { more };
                say!(language, "{many} {english}", "{many} {spanish}")
            })
            .collect();
        let list = self.telling.list(&words);
        say!(language, "of whom {list}", "de las cuales {list}")
    }

    fn foretold(&mut self, at: Moment, told: &WaitTold) {
        self.tell_hold_up();
        // As it is said: in whole seconds.
        let said = (told.position, told.within.map(|within| self.telling.span(within)));
        if self.wait.as_mut().is_some_and(|wait| wait.last_told.replace(said.clone()) == Some(said)) {
            return;
        }
        let (language, place) = (self.language(), self.telling.ordinal(told.position));
        let text = match told.within.map(|within| self.telling.span(within)) {
            Some(within) if told.waited.is_zero() => say!(
                language,
                "A wait of up to {within} was expected: four of five people are answered within it.",
                "Se preveía una espera de hasta {within}: así ocurre con cuatro de cada cinco personas."
            ),
            Some(within) => {
                let when = capital(&self.when(at));
                say!(
                    language,
                    "{when} the call was {place}, and a further wait of up to {within} was expected.",
                    "{when} la llamada estaba {place}, y se preveía una espera de hasta {within} más."
                )
            }
            None => say!(
                language,
                "No wait could be foretold, since nobody worked for the line.",
                "No se podía prever la espera, porque nadie atendía la fila."
            ),
        };
        if let (Some(wait), Some(within)) = (&mut self.wait, told.within) {
            wait.told.get_or_insert((at, within));
        }
        self.say(Kind::Told, at, text);
    }

    /// Whether what was foretold first was kept, now that the contact is answered.
    pub(crate) fn promise_words(&self, answered: Moment) -> Option<String> {
        let (at, within) = self.wait.as_ref()?.told?;
        let (real, language) = (answered.since(at), self.language());
        let (said, took) = (self.telling.span(within), self.telling.span(real));
        Some(if real <= within {
            say!(
                language,
                "That is within the wait of up to {said} that was expected.",
                "Eso está dentro de la espera de hasta {said} que se preveía."
            )
        } else {
            say!(
                language,
                "That is longer than expected: it was to be {said} at most, and was {took}.",
                "Eso es más de lo previsto: debían ser {said} como máximo, y fueron {took}."
            )
        })
    }
}
