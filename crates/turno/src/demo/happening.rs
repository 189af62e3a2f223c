//! What happens in the demo as a sentence, in English or Spanish.

use core::time::Duration;

use turno_model::{Language, TurnedAway};

use crate::demo::speed::clock;

/// What has happened, with the names of who is in it.
pub(crate) enum Happening<'a> {
    /// A caller stands in line.
    Waits { caller: &'a str, queue: &'a str, position: u32 },
    /// A caller talks to an agent.
    Talks { caller: &'a str, agent: &'a str, queue: &'a str },
    /// An agent holds a caller.
    Holds { agent: &'a str, caller: &'a str },
    /// The longest hold is over.
    CalledBack { agent: &'a str, caller: &'a str },
    /// The target comes near.
    NearTarget { agent: &'a str, caller: &'a str },
    /// The target is passed.
    PassedTarget { agent: &'a str, caller: &'a str },
    /// An agent let an offer ring.
    RangOut { agent: &'a str },
    /// An agent is away, in the words of the state.
    Away { agent: &'a str, state: &'a str },
    /// A caller gave up.
    GaveUp { caller: &'a str, queue: &'a str, waited: Duration },
    /// A caller came to no queue.
    TurnedAway { caller: &'a str, reason: TurnedAway },
    /// turno raises an alarm.
    Alarm { text: &'a str },
    /// So many calls were refused unread.
    Refused { calls: u32 },
}

impl Happening<'_> {
    /// The sentence.
    pub(crate) fn sentence(&self, language: Language) -> String {
        match language {
            Language::English => self.english(),
            Language::Spanish => self.spanish(),
        }
    }

    fn english(&self) -> String {
        match *self {
            Self::Waits { caller, queue, position } => {
                format!("{caller} waits for {queue}, place {position}")
            }
            Self::Talks { caller, agent, queue } => format!("{caller} talks to {agent}, {queue}"),
            Self::Holds { agent, caller } => format!("{agent} holds {caller}"),
            Self::CalledBack { agent, caller } => format!("{agent} is called back to {caller}"),
            Self::NearTarget { agent, caller } => format!("{agent}: {caller} comes near the target"),
            Self::PassedTarget { agent, caller } => format!("{agent}: {caller} has passed the target"),
            Self::RangOut { agent } => format!("{agent} let it ring; the caller goes back to the front"),
            Self::Away { agent, state } => format!("{agent}: {state}"),
            Self::GaveUp { caller, queue, waited } => {
                format!("{caller} gave up {queue} after {}", clock(waited))
            }
            Self::TurnedAway { caller, reason } => {
                format!("{caller} turned away: {}", turned_away(Language::English, reason))
            }
            Self::Alarm { text } => format!("ALARM {text}"),
            Self::Refused { calls } => format!("{calls} calls refused unread: more than there is time for"),
        }
    }

    fn spanish(&self) -> String {
        match *self {
            Self::Waits { caller, queue, position } => {
                format!("{caller} en espera, {queue}, lugar {position}")
            }
            Self::Talks { caller, agent, queue } => format!("{caller} habla con {agent}, {queue}"),
            Self::Holds { agent, caller } => format!("{agent} retiene la llamada de {caller}"),
            Self::CalledBack { agent, caller } => {
                format!("se llama de nuevo a {agent}: {caller} sigue en retención")
            }
            Self::NearTarget { agent, caller } => {
                format!("{agent}: la atención de {caller} se acerca a la meta")
            }
            Self::PassedTarget { agent, caller } => {
                format!("{agent}: la atención de {caller} ha pasado la meta")
            }
            Self::RangOut { agent } => format!("{agent} no contestó; la llamada vuelve al frente de la cola"),
            Self::Away { agent, state } => format!("{agent}: {state}"),
            Self::GaveUp { caller, queue, waited } => {
                format!("{caller} abandonó {queue} después de {}", clock(waited))
            }
            Self::TurnedAway { caller, reason } => {
                format!("{caller} no fue admitido: {}", turned_away(Language::Spanish, reason))
            }
            Self::Alarm { text } => format!("ALARMA {text}"),
            Self::Refused { calls } => {
                format!("{calls} llamadas rechazadas sin leer: no hay tiempo para tantas")
            }
        }
    }
}

const fn turned_away(language: Language, reason: TurnedAway) -> &'static str {
    match reason {
        TurnedAway::Closed => language.say("closed", "cerrado"),
        TurnedAway::Holiday => language.say("a holiday", "feriado"),
        TurnedAway::HungUpInMenu => language.say("hung up in the menu", "colgó en el menú"),
        TurnedAway::Overload => language.say("no room", "sin capacidad"),
        TurnedAway::Emergency => language.say("the emergency announcement", "anuncio de emergencia"),
        TurnedAway::Listed => language.say("on a list of callers", "consta en una lista"),
        TurnedAway::NotPossible => language.say("not possible", "no fue posible"),
    }
}
