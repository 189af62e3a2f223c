//! Why a command is refused: the reasons as a type, and their sentences in each language.

use core::fmt;
use std::net::IpAddr;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::agent_state::{AgentState, IllegalMove};
use crate::language::Language;

/// Why a command is refused. A refused command changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The asker may not ask for this.
    NotForAsker,
    /// The engine's thread does not answer.
    NoAnswer,
    /// The plan has no such agent, or no longer has it.
    NoSuchAgent,
    /// The plan has no such AUX reason.
    NoSuchReason,
    /// The plan has no such queue.
    NoSuchQueue,
    /// Not possible in the agent's present state.
    NotNow(AgentState),
    /// The agent has had no contact to give a wrap-up code to.
    NothingToWrapUp,
    /// A voice contact needs a call.
    NeedsCall,
    /// turno is ending or draining.
    Ending,
    /// No contact without a call is offered to the agent.
    NoOffer,
    /// The agent has no such contact without a call.
    NotInHand,
    /// There is no such contact without a call.
    NoSuchContact,
    /// The plan has no such seat, or no longer has it.
    NoSuchSeat,
    /// Another agent sits at the seat.
    SeatTaken {
        /// The other agent's extension.
        by: CompactString,
    },
    /// The agent has a contact or a call.
    AgentBusy,
    /// The agent sits at no seat.
    SitsNowhere,
    /// No agent talks to this contact in a call.
    NobodyTalks,
    /// The observer already observes a talk.
    AlreadyObserving,
    /// The observer has a call, or an offer.
    ObserverIsBusy,
    /// The talk has the maximum number of observers.
    TooManyObservers,
    /// The observer has no phone that is registered and answers.
    ObserverHasNoPhone,
    /// There is no media port for one more leg.
    NoPort,
    /// The agent observes no talk.
    NotObserving,
    /// The plan has no `[recording]`.
    NoRecorder,
    /// The agent has no talk of a queue.
    NoTalk,
    /// Talks of this queue are never recorded.
    NeverRecorded,
    /// The agent's talk is not recorded.
    NotRecorded,
    /// The talk has as many members as it may.
    BridgeFull,
    /// The span of the ban is too short or too long.
    BanSpan,
    /// The address belongs to a trunk.
    TrunkAddress {
        /// The address.
        address: IpAddr,
        /// The trunk's name.
        trunk: CompactString,
    },
    /// The address is in `never_ban`.
    NeverBanned(IpAddr),
    /// The address is not banned.
    NotBanned {
        /// The address, or its network.
        source: CompactString,
    },
    /// The agent may not observe: the plan does not say `supervises`.
    NotSupervisor,
    /// The contact is being transferred.
    PassedOn,
    /// The contact does not wait in line: it is unknown, is offered, or talks.
    NotWaiting,
    /// The queue is closed.
    QueueClosed,
    /// The plan names no such prompt.
    NoSuchPrompt,
    /// The plan has wrap-up codes, and this is none of them.
    NoSuchCode,
    /// The queue asks for a wrap-up code first.
    NeedsCode,
    /// The after-call work was made longer already.
    AlreadyExtended,
    /// An expert is in the talk, or is rung for it.
    AlreadyHelped,
    /// No expert for this queue is free.
    NoExpert,
    /// It is not the time of this break.
    NoBreakNow,
    /// All turns of this break are taken until its hours end.
    NoTurnLeft,
    /// The agent consults somebody already.
    AlreadyConsulting,
    /// Who is to be consulted is busy, has no phone that answers, or is not known.
    NobodyToConsult,
    /// The agent consults nobody.
    NotConsulting,
    /// Who is consulted has not answered.
    NotAnswered,
    /// The plan has no such list of callers.
    NoSuchList,
    /// This is no number of a caller.
    NoNumber,
    /// A number stands on a list for too short or too long a span.
    ListSpan,
    /// The lists have as many numbers as they may.
    ListsFull,
    /// No command put this number on this list.
    NotListed,
    /// The contact was not given to an agent.
    NotPulled,
    /// The level of a skill is not from 1 to 16.
    SkillLevel,
    /// The skill is not changed for a span of this length.
    SkillSpan,
    /// No command changed this skill.
    SkillAsPlanned,
    /// The agent may not speak to a queue: the plan does not say `supervises`.
    MayNotSpeak,
    /// Another agent speaks to the queue, or is rung for that.
    SpokenTo {
        /// The other agent's extension.
        by: CompactString,
    },
    /// As many agents as may speak to queues at once.
    TooManySpeak,
    /// The agent has no phone that is registered and answers.
    NoPhone,
    /// Nothing rings at the agent's phone.
    NothingRings,
    /// The phone takes no order for this: a hand at the phone must do it.
    AtThePhone,
}

impl Refusal {
    /// The reason in words, one line without a full stop.
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::English => self.english(),
            Language::Spanish => self.spanish(),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each refusal")]
    fn english(&self) -> String {
        match self {
            Self::NotForAsker => "this may not be asked for in this way".to_owned(),
            Self::NoAnswer => "the engine does not answer; try again".to_owned(),
            Self::NoSuchAgent => "the plan has no such agent".to_owned(),
            Self::NoSuchReason => "the plan has no such reason for not being ready".to_owned(),
            Self::NoSuchQueue => "the plan has no such queue".to_owned(),
            Self::NotNow(state) => {
                format!("this is not possible while the agent is {}", state.words(Language::English))
            }
            Self::NothingToWrapUp => "there is no contact to give a wrap-up code".to_owned(),
            Self::NeedsCall => "a voice contact needs a call".to_owned(),
            Self::Ending => "turno is about to end and takes nothing new".to_owned(),
            Self::NoOffer => "no contact without a call is offered to the agent".to_owned(),
            Self::NotInHand => "the agent has no such contact without a call in hand".to_owned(),
            Self::NoSuchContact => "there is no such contact without a call".to_owned(),
            Self::NoSuchSeat => "the plan has no such seat".to_owned(),
            Self::SeatTaken { by } => format!("agent {by} sits there"),
            Self::AgentBusy => "the agent has a contact or a call".to_owned(),
            Self::SitsNowhere => "the agent sits at no seat".to_owned(),
            Self::NobodyTalks => "no agent talks with this contact".to_owned(),
            Self::AlreadyObserving => "this agent observes a talk already; stop that first".to_owned(),
            Self::ObserverIsBusy => "the observer has a call or an offer".to_owned(),
            Self::TooManyObservers => "this talk has as many observers as it may".to_owned(),
            Self::ObserverHasNoPhone => "no phone of the observer is registered and answers".to_owned(),
            Self::NoPort => "there is no media port for one more call".to_owned(),
            Self::NotObserving => "this agent observes no talk".to_owned(),
            Self::NoRecorder => "the plan records nothing: it has no [recording]".to_owned(),
            Self::NoTalk => "the agent talks with no contact of a queue".to_owned(),
            Self::NeverRecorded => "talks of this queue are never recorded".to_owned(),
            Self::NotRecorded => "the agent's talk is not recorded".to_owned(),
            Self::BridgeFull => "this talk has as many members as it may".to_owned(),
            Self::BanSpan => "a ban lasts from a second to a year".to_owned(),
            Self::TrunkAddress { address, trunk } => {
                format!("{address} belongs to trunk `{trunk}`, which is never shut out; change the plan")
            }
            Self::NeverBanned(address) => format!("{address} stands in `never_ban` of [fence]"),
            Self::NotBanned { source } => format!("{source} is not banned"),
            Self::NotSupervisor => {
                "this agent may not observe: the plan does not say `supervises`".to_owned()
            }
            Self::PassedOn => "the contact is being transferred".to_owned(),
            Self::NotWaiting => "this contact does not wait in line now".to_owned(),
            Self::QueueClosed => "the queue is closed".to_owned(),
            Self::NoSuchPrompt => "the plan names no such prompt".to_owned(),
            Self::NoSuchCode => "the plan has no such wrap-up code".to_owned(),
            Self::NeedsCode => "the contact needs a wrap-up code first".to_owned(),
            Self::AlreadyExtended => "this after-call work was made longer already".to_owned(),
            Self::AlreadyHelped => "help is there already, or on its way".to_owned(),
            Self::NoExpert => "no expert for this queue is free".to_owned(),
            Self::NoBreakNow => "it is not the time of this break".to_owned(),
            Self::NoTurnLeft => "no turn of this break is left".to_owned(),
            Self::AlreadyConsulting => "this agent consults somebody already".to_owned(),
            Self::NobodyToConsult => "nobody of that name or number is free to be consulted".to_owned(),
            Self::NotConsulting => "this agent consults nobody".to_owned(),
            Self::NotAnswered => "who is consulted has not answered yet".to_owned(),
            Self::NoSuchList => "the plan has no such list of callers".to_owned(),
            Self::NoNumber => "this is no number: 3 to 20 digits".to_owned(),
            Self::ListSpan => "a number stands on a list from a minute to ten years".to_owned(),
            Self::ListsFull => "the lists of callers are full: remove numbers first".to_owned(),
            Self::NotListed => "no command put this number on this list".to_owned(),
            Self::NotPulled => "this contact was not given to an agent".to_owned(),
            Self::SkillLevel => "the level of a skill is from 1 to 16".to_owned(),
            Self::SkillSpan => "a skill is changed for a minute to a year".to_owned(),
            Self::SkillAsPlanned => "this skill is as the plan says".to_owned(),
            Self::MayNotSpeak => {
                "this agent may not speak to a queue: the plan does not say `supervises`".to_owned()
            }
            Self::SpokenTo { by } => format!("agent {by} speaks to this queue"),
            Self::TooManySpeak => "as many agents as may speak to queues already".to_owned(),
            Self::NoPhone => "no phone of the agent is registered and answers".to_owned(),
            Self::NothingRings => "nothing rings at the agent's phone".to_owned(),
            Self::AtThePhone => "the phone can't be told to; do it at the phone".to_owned(),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each refusal")]
    fn spanish(&self) -> String {
        match self {
            Self::NotForAsker => "esto no se puede pedir por esta vía".to_owned(),
            Self::NoAnswer => "el motor no responde; inténtelo de nuevo".to_owned(),
            Self::NoSuchAgent => "el plan no tiene ese agente".to_owned(),
            Self::NoSuchReason => "el plan no tiene ese motivo de pausa".to_owned(),
            Self::NoSuchQueue => "el plan no tiene esa cola".to_owned(),
            Self::NotNow(state) => {
                format!("no es posible mientras el agente está {}", state.words(Language::Spanish))
            }
            Self::NothingToWrapUp => "no hay contacto al que dar un código de cierre".to_owned(),
            Self::NeedsCall => "un contacto de voz necesita una llamada".to_owned(),
            Self::Ending => "turno está por terminar y no admite nada nuevo".to_owned(),
            Self::NoOffer => "no se ofrece al agente ningún contacto sin llamada".to_owned(),
            Self::NotInHand => "el agente no atiende ese contacto sin llamada".to_owned(),
            Self::NoSuchContact => "no existe ese contacto sin llamada".to_owned(),
            Self::NoSuchSeat => "el plan no tiene ese puesto".to_owned(),
            Self::SeatTaken { by } => format!("ese puesto lo ocupa el agente {by}"),
            Self::AgentBusy => "el agente tiene un contacto o una llamada".to_owned(),
            Self::SitsNowhere => "el agente no ocupa ningún puesto".to_owned(),
            Self::NobodyTalks => "ningún agente habla con ese contacto".to_owned(),
            Self::AlreadyObserving => {
                "este agente ya observa una conversación; termine esa primero".to_owned()
            }
            Self::ObserverIsBusy => "el observador tiene una llamada o una oferta".to_owned(),
            Self::TooManyObservers => {
                "esta conversación ya tiene todos los observadores que admite".to_owned()
            }
            Self::ObserverHasNoPhone => {
                "ningún teléfono del observador está registrado y responde".to_owned()
            }
            Self::NoPort => "no hay puerto de voz para una llamada más".to_owned(),
            Self::NotObserving => "este agente no observa ninguna conversación".to_owned(),
            Self::NoRecorder => "el plan no graba nada: no tiene [recording]".to_owned(),
            Self::NoTalk => "el agente no habla con ningún contacto de una cola".to_owned(),
            Self::NeverRecorded => "las conversaciones de esta cola nunca se graban".to_owned(),
            Self::NotRecorded => "la conversación del agente no se graba".to_owned(),
            Self::BridgeFull => "esta conversación ya tiene todos los participantes que admite".to_owned(),
            Self::BanSpan => "un bloqueo dura entre un segundo y un año".to_owned(),
            Self::TrunkAddress { address, trunk } => {
                format!("{address} pertenece a la troncal `{trunk}`, que nunca se bloquea; cambie el plan")
            }
            Self::NeverBanned(address) => format!("{address} consta en `never_ban` de [fence]"),
            Self::NotBanned { source } => format!("{source} no está bloqueado"),
            Self::NotSupervisor => "este agente no puede observar: el plan no dice `supervises`".to_owned(),
            Self::PassedOn => "el contacto se está transfiriendo".to_owned(),
            Self::NotWaiting => "ese contacto no espera en la cola en este momento".to_owned(),
            Self::QueueClosed => "la cola está cerrada".to_owned(),
            Self::NoSuchPrompt => "el plan no nombra ese mensaje".to_owned(),
            Self::NoSuchCode => "el plan no tiene ese código de cierre".to_owned(),
            Self::NeedsCode => "el contacto necesita antes un código de cierre".to_owned(),
            Self::AlreadyExtended => "este trabajo posterior ya se prolongó una vez".to_owned(),
            Self::AlreadyHelped => "la ayuda ya está presente o en camino".to_owned(),
            Self::NoExpert => "no hay ningún experto libre para esta cola".to_owned(),
            Self::NoBreakNow => "no es la hora de esta pausa".to_owned(),
            Self::NoTurnLeft => "ya no quedan turnos para esta pausa".to_owned(),
            Self::AlreadyConsulting => "este agente ya consulta a alguien".to_owned(),
            Self::NobodyToConsult => "nadie con ese nombre o número está libre para la consulta".to_owned(),
            Self::NotConsulting => "este agente no consulta a nadie".to_owned(),
            Self::NotAnswered => "la persona consultada todavía no contesta".to_owned(),
            Self::NoSuchList => "el plan no tiene esa lista".to_owned(),
            Self::NoNumber => "esto no es un número: de 3 a 20 dígitos".to_owned(),
            Self::ListSpan => "un número consta en una lista entre un minuto y diez años".to_owned(),
            Self::ListsFull => "las listas están llenas: quite números primero".to_owned(),
            Self::NotListed => "ninguna orden puso ese número en esa lista".to_owned(),
            Self::NotPulled => "ese contacto no se dio a ningún agente".to_owned(),
            Self::SkillLevel => "el nivel de una destreza va de 1 a 16".to_owned(),
            Self::SkillSpan => "una destreza se cambia por un minuto a un año".to_owned(),
            Self::SkillAsPlanned => "esa destreza está como dice el plan".to_owned(),
            Self::MayNotSpeak => {
                "este agente no puede hablar a una cola: el plan no dice `supervises`".to_owned()
            }
            Self::SpokenTo { by } => format!("el agente {by} está hablando a esa cola"),
            Self::TooManySpeak => "ya hablan a colas todos los agentes que pueden a la vez".to_owned(),
            Self::NoPhone => "ningún teléfono del agente está registrado y responde".to_owned(),
            Self::NothingRings => "en el teléfono del agente no timbra nada".to_owned(),
            Self::AtThePhone => "el teléfono no admite esa orden; hágalo en el teléfono".to_owned(),
        }
    }
}

impl From<IllegalMove> for Refusal {
    fn from(illegal: IllegalMove) -> Self {
        Self::NotNow(illegal.state)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Language::English))
    }
}

impl core::error::Error for Refusal {}
