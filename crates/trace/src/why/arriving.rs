//! How a contact came, and what it heard and chose before any queue.

use turno_ground::Moment;
use turno_model::{
    CallerKnown, Channel, DiversionReason, Emergency, Fact, Language, ListEffect, MenuChange, MenuStep,
    TrunkId, TurnedAway, VoicemailChange,
};

use crate::safe;
use crate::why::answer::Kind;
use crate::why::tale::Tale;
use crate::why::telling::capital;

impl Tale<'_> {
    /// A fact from before any queue.
    pub(crate) fn arrives(&mut self, at: Moment, fact: &Fact) {
        if let Fact::ContactArrived { channel, dialled, trunk, .. } = fact {
            self.came(at, *channel, dialled, *trunk);
        } else if self.has_chosen && matches!(fact, Fact::MenuChosen { .. }) {
            // The step in the menu has told it.
        } else if let Fact::MenuChosen { digit: Some(digit), .. } = fact {
            let when = capital(&self.when(at));
            let digit = safe::line(&digit.to_string());
            let text = say!(
                self.language(),
                "{when} you chose {digit} in the menu.",
                "{when} usted marcó {digit} en el menú."
            );
            self.say(Kind::Menu, at, text);
        } else if let Fact::MenuChosen { digit: None, .. } = fact {
            let when = capital(&self.when(at));
            let text = say!(
                self.language(),
                "{when} the menu ended without a choice, and the call took the way that is meant for that.",
                "{when} el menú terminó sin que usted eligiera, y la llamada siguió por el camino previsto para ese caso."
            );
            self.say(Kind::Menu, at, text);
        } else if let Fact::Menu(step) = fact {
            self.steps_in_menu(at, step);
        } else if let Fact::TurnedAway { reason, .. } = fact {
            self.turned_away(at, *reason);
        } else if let Fact::CallerKnown(_, known) = fact {
            self.known(at, known);
        } else if let Fact::Emergency(Emergency::Heard { .. }) = fact {
            let text = say!(
                self.language(),
                "You heard the emergency announcement.",
                "Usted escuchó el anuncio de emergencia."
            );
            self.say(Kind::Menu, at, text);
        } else if let Fact::Voicemail(voicemail) = fact
            && let VoicemailChange::Left { length, .. } = voicemail.change
        {
            let length = self.telling.span(length);
            let text = say!(
                self.language(),
                "It is a message of {length}, which takes the place in line of the caller who left it.",
                "Es un mensaje de {length}, que ocupa en la fila el lugar de quien lo dejó."
            );
            self.say(Kind::Arrived, at, text);
        }
    }

    fn came(&mut self, at: Moment, channel: Channel, dialled: &str, trunk: Option<TrunkId>) {
        self.is_message = channel == Channel::Voicemail;
        let (when, dialled, language) = (self.when(at), safe::line(dialled), self.language());
        let by = trunk.map_or_else(String::new, |trunk| {
            let trunk = self.telling.trunk(trunk);
            say!(language, ", by the trunk {trunk}", ", por la troncal {trunk}")
        });
        let text = match channel {
            Channel::Voice => say!(
                language,
                "Your call came in {when} on the number {dialled}{by}.",
                "Su llamada llegó {when} al número {dialled}{by}."
            ),
            Channel::Callback => say!(
                language,
                "The call back to you was entered {when}.",
                "La devolución de su llamada se registró {when}."
            ),
            Channel::Voicemail => {
                say!(language, "The message was entered {when}.", "El mensaje se registró {when}.")
            }
            Channel::Chat | Channel::WhatsApp | Channel::Email => say!(
                language,
                "Your message came in {when} to {dialled}.",
                "Su mensaje llegó {when} a {dialled}."
            ),
        };
        self.say(Kind::Arrived, at, text);
    }

    fn steps_in_menu(&mut self, at: Moment, step: &MenuStep) {
        let (language, menu) = (self.language(), safe::line(&step.menu));
        let key = |key: char| safe::line(&key.to_string());
        let text = match &step.change {
            MenuChange::Entered(None) => {
                say!(language, "You heard the menu '{menu}'.", "Usted escuchó el menú «{menu}».")
            }
            MenuChange::Entered(Some(digit)) => {
                let digit = key(*digit);
                say!(
                    language,
                    "You pressed {digit} and came to the menu '{menu}'.",
                    "Usted marcó {digit} y pasó al menú «{menu}»."
                )
            }
            MenuChange::Read { key: digit, .. } => {
                let digit = key(*digit);
                say!(
                    language,
                    "You pressed {digit} and heard information.",
                    "Usted marcó {digit} y escuchó una información."
                )
            }
            MenuChange::Wrong(digit) => {
                let digit = key(*digit);
                say!(
                    language,
                    "You pressed {digit}, which is not in the menu, so it was played again.",
                    "Usted marcó {digit}, que no está en el menú, y el menú se repitió."
                )
            }
            MenuChange::Repeated => say!(
                language,
                "You pressed nothing, so the menu was played again.",
                "Usted no marcó nada, y el menú se repitió."
            ),
            MenuChange::Chosen(_)
            | MenuChange::Person
            | MenuChange::NoKey
            | MenuChange::WrongKeys(_)
            | MenuChange::NoSound { .. }
            | MenuChange::TooLong => self.leaves_menu(at, step),
            MenuChange::Card { .. } | MenuChange::Sent { .. } | MenuChange::Contained { .. } => {
                of_card(&step.change, language)
            }
            MenuChange::Language(chosen) => {
                let chosen = match chosen {
                    turno_model::Language::English => language.say("English", "inglés"),
                    turno_model::Language::Spanish => language.say("Spanish", "español"),
                };
                say!(language, "You chose {chosen}.", "Usted eligió {chosen}.")
            }
        };
        self.say(Kind::Menu, at, text);
    }

    /// How a caller left the menus.
    fn leaves_menu(&mut self, at: Moment, step: &MenuStep) -> String {
        self.has_chosen = true;
        let (language, menu) = (self.language(), safe::line(&step.menu));
        match &step.change {
            MenuChange::Chosen(digit) => {
                let (when, digit) = (capital(&self.when(at)), safe::line(&digit.to_string()));
                say!(
                    language,
                    "{when} you pressed {digit} in the menu '{menu}'.",
                    "{when} usted marcó {digit} en el menú «{menu}»."
                )
            }
            MenuChange::Person => {
                let when = capital(&self.when(at));
                say!(language, "{when} you asked for a person.", "{when} usted pidió hablar con una persona.")
            }
            MenuChange::NoKey => say!(
                language,
                "You pressed nothing in the menu '{menu}', so the call took the way that is meant for that.",
                "Usted no marcó nada en el menú «{menu}», y la llamada siguió por el camino previsto para ese caso."
            ),
            MenuChange::WrongKeys(_) => say!(
                language,
                "The keys that you pressed are not in the menu '{menu}', so the call took the way that is meant for that.",
                "Las teclas que usted marcó no están en el menú «{menu}», y la llamada siguió por el camino previsto para ese caso."
            ),
            MenuChange::TooLong => say!(
                language,
                "You had been in the menus for as long as is allowed, so the call was led on.",
                "Usted llegó al tiempo máximo en los menús, y la llamada siguió adelante."
            ),
            MenuChange::NoSound { .. } => say!(
                language,
                "The requirements could not be read out, so the call was led to a person.",
                "No se pudieron leer los requisitos, y la llamada pasó a una persona."
            ),
            MenuChange::Entered(_)
            | MenuChange::Read { .. }
            | MenuChange::Wrong(_)
            | MenuChange::Repeated
            | MenuChange::Card { .. }
            | MenuChange::Sent { .. }
            | MenuChange::Contained { .. }
            | MenuChange::Language(_) => String::new(),
        }
    }

    fn turned_away(&mut self, at: Moment, reason: TurnedAway) {
        let when = capital(&self.when(at));
        let language = self.language();
        let why = match reason {
            TurnedAway::Closed => language.say(
                "the call was outside the opening hours: it heard the announcement, and entered no line.",
                "la llamada estaba fuera del horario de atención: se le informó y no entró en ninguna fila.",
            ),
            TurnedAway::Holiday => language.say(
                "the call came on a holiday: it heard the announcement, and entered no line.",
                "la llamada cayó en feriado: se le informó y no entró en ninguna fila.",
            ),
            TurnedAway::HungUpInMenu => language.say(
                "the call was hung up in the menu, before it entered a line.",
                "la llamada se colgó en el menú, antes de entrar en una fila.",
            ),
            TurnedAway::Overload => language.say(
                "there was no room for one more call, and it was not taken.",
                "no había capacidad para una llamada más, y no se la recibió.",
            ),
            TurnedAway::Emergency => language.say(
                "the emergency announcement ended the call.",
                "el anuncio de emergencia puso fin a la llamada.",
            ),
            TurnedAway::Listed => language.say(
                "the number is on a list of callers who are not served, and the call was ended.",
                "el número consta en una lista de números que no se atienden, y la llamada terminó.",
            ),
            TurnedAway::NotPossible => language.say(
                "the call could not be taken: the number does not exist here, or the telephones had no common form of voice.",
                "no se pudo recibir la llamada: el número no existe aquí, o los teléfonos no tenían una forma de voz en común.",
            ),
        };
        self.say(Kind::Ended, at, say!(language, "{when} {why}", "{when} {why}"));
    }

    /// The contact is reserved for an agent no more, unless this is the offer to that agent.
    pub(crate) fn tell_let_go(&mut self, fact: &Fact) {
        let Some((at, agent)) = self.let_go.take() else { return };
        if matches!(fact, Fact::Offered { agent: to, .. } if *to == agent) {
            return;
        }
        let (when, agent) = (capital(&self.when(at)), self.telling.agent(agent));
        let text = say!(
            self.language(),
            "{when} the call was no longer reserved for {agent}: everybody who serves the line could take it.",
            "{when} la llamada dejó de estar reservada para {agent}: ya la podía tomar cualquiera que atiende la fila."
        );
        self.say(Kind::Caller, at, text);
    }

    fn known(&mut self, at: Moment, known: &CallerKnown) {
        let language = self.language();
        let is_reserved = matches!(
            known,
            CallerKnown::KeptFor { .. } | CallerKnown::PulledTo { .. } | CallerKnown::DirectFor { .. }
        );
        if let Some(wait) = self.wait.as_mut().filter(|_| is_reserved) {
            wait.held_up = None;
        }
        let text = match known {
            CallerKnown::Claims { .. } => return,
            CallerKnown::Diverted { why, .. } => {
                let why = diverted(*why, language);
                say!(language, "The call was diverted to us{why}.", "La llamada vino desviada{why}.")
            }
            CallerKnown::ServedBy { agent } => {
                let agent = self.telling.agent(*agent);
                say!(
                    language,
                    "{agent} had served this number last, so the call goes to {agent} if {agent} is free.",
                    "{agent} fue quien atendió por última vez a este número; por eso, si está libre, le corresponde."
                )
            }
            CallerKnown::Listed { effect: ListEffect::Prefer(priority), .. } => say!(
                language,
                "The number is on a list with priority {priority}.",
                "El número consta en una lista con prioridad {priority}."
            ),
            CallerKnown::Listed { effect: ListEffect::Refuse, .. } => say!(
                language,
                "The number is on a list of callers who are not served.",
                "El número consta en una lista de números que no se atienden."
            ),
            CallerKnown::KeptFor { agent, span } => {
                let (agent, span) = (self.telling.agent(*agent), self.telling.span(*span));
                say!(
                    language,
                    "{agent}, who had served you last, was busy; so the call waited for {agent} alone, for {span} at most.",
                    "{agent}, quien le atendió la última vez, estaba con otra persona; por eso su llamada se le reservó hasta por {span}."
                )
            }
            CallerKnown::PulledTo { agent, span } => {
                let (agent, span) = (self.telling.agent(*agent), self.telling.span(*span));
                say!(
                    language,
                    "A supervisor gave the call to {agent}, for {span} at most.",
                    "La supervisión asignó su llamada a {agent}, hasta por {span}."
                )
            }
            CallerKnown::DirectFor { agent, span } => {
                let (agent, span) = (self.telling.agent(*agent), self.telling.span(*span));
                say!(
                    language,
                    "You had dialled the own number of {agent}, so the call waited for {agent} alone, for {span} at most.",
                    "Usted marcó el número directo de {agent}; por eso su llamada se le reservó hasta por {span}."
                )
            }
            CallerKnown::KeptNoMore { agent }
            | CallerKnown::PulledNoMore { agent }
            | CallerKnown::DirectNoMore { agent } => {
                self.let_go = Some((at, *agent));
                return;
            }
        };
        self.say(Kind::Caller, at, text);
    }
}

fn diverted(why: DiversionReason, language: turno_model::Language) -> &'static str {
    match why {
        DiversionReason::UserBusy => {
            language.say(", since the number was busy", ", porque el número estaba ocupado")
        }
        DiversionReason::NoAnswer => language.say(", since nobody answered", ", porque nadie contestó"),
        DiversionReason::Unavailable | DiversionReason::OutOfService => {
            language.say(", since the number could not be reached", ", porque el número no tenía línea")
        }
        DiversionReason::Unknown
        | DiversionReason::Unconditional
        | DiversionReason::TimeOfDay
        | DiversionReason::DoNotDisturb
        | DiversionReason::Deflection
        | DiversionReason::FollowMe
        | DiversionReason::Away => "",
    }
}

/// What a caller did with a procedure's card; nothing for other steps.
fn of_card(change: &MenuChange, language: Language) -> String {
    match change {
        MenuChange::Card { procedure, .. } => {
            let procedure = safe::line(procedure);
            say!(
                language,
                "You heard the requirements of '{procedure}'.",
                "Usted escuchó los requisitos de «{procedure}»."
            )
        }
        MenuChange::Sent { procedure, .. } => {
            let procedure = safe::line(procedure);
            say!(
                language,
                "You asked for the requirements of '{procedure}' by WhatsApp.",
                "Usted pidió los requisitos de «{procedure}» por WhatsApp."
            )
        }
        MenuChange::Contained { .. } => say!(
            language,
            "You hung up after hearing them, without asking for a person.",
            "Usted colgó después de escucharlos, sin pedir una persona."
        ),
        MenuChange::Entered(_)
        | MenuChange::Read { .. }
        | MenuChange::Wrong(_)
        | MenuChange::Repeated
        | MenuChange::WrongKeys(_)
        | MenuChange::NoSound { .. }
        | MenuChange::TooLong
        | MenuChange::Language(_)
        | MenuChange::Chosen(_)
        | MenuChange::Person
        | MenuChange::NoKey => String::new(),
    }
}
