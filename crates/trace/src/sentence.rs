//! A fact of a contact as a sentence.

use core::time::Duration;

use turno_model::{
    AgentCall, AgentCallOutcome, AgentId, Channel, ContactOutcome, Decision, Emergency, EndedBy, Fact,
    Language, MediaReport, OfferOutcome, TransferKind, TurnedAway, WaitTold,
};

use crate::called_back::callback;
use crate::entry::Tone;
use crate::handled::handled;
use crate::known::known;
use crate::menu_steps::menu_step;
use crate::names::{Names, span};
use crate::passed::passing;
use crate::phoned::phone;
use crate::reasons::{States, choice, passed_over};
use crate::recorded::recording;
use crate::safe;
use crate::stepped::stepped;
use crate::supervision::supervision;
use crate::surveyed::survey;
use crate::voicemailed::voicemail;

/// A sentence and what explains it.
pub(crate) type Sentence = (Tone, String, Vec<String>);

/// What `fact` says of its contact; nothing where the ladder shows it anyway.
pub(crate) fn sentence(fact: &Fact, names: Names<'_>, states: &States) -> Option<Sentence> {
    let toned = |(tone, text): (Tone, String)| Some((tone, text, Vec::new()));
    let plain = |text: String| toned((Tone::Plain, text));
    let language = names.language;
    match fact {
        Fact::ContactArrived { .. }
        | Fact::MenuChosen { .. }
        | Fact::TurnedAway { .. }
        | Fact::Queued { .. } => arrival(fact, names),
        Fact::Reprioritised { priority, position, .. } => plain(say!(
            language,
            "gets priority {priority}: place {position}",
            "recibe la prioridad {priority}: lugar {position}"
        )),
        Fact::WaitTold(WaitTold { position, within, .. }) => plain(wait_told(*position, *within, language)),
        Fact::Offered { decision, .. } => Some(offered(decision, names, states)),
        Fact::OfferSettled { agent, outcome, rang, .. } => {
            let (tone, words) = settled_words(*outcome, language);
            let (agent, rang) = (names.agent(*agent), span(*rang));
            let text = say!(language, "{agent} {words} after {rang}", "{agent} {words} después de {rang}");
            Some((tone, text, Vec::new()))
        }
        Fact::Connected { .. }
        | Fact::Held { .. }
        | Fact::Resumed { .. }
        | Fact::HoldRecalled { .. }
        | Fact::TargetWarned { .. }
        | Fact::TargetBreached { .. } => talk(fact, names),
        Fact::Transferred { .. }
        | Fact::Disconnected { .. }
        | Fact::ContactEnded { .. }
        | Fact::WrapUp { .. }
        | Fact::MediaReported(_) => afterwards(fact, names),
        Fact::OwnCallDialled { agent, what, .. } => plain(own_call_begun(*agent, *what, names)),
        Fact::OwnCallSettled { outcome, .. } => toned(own_call_words(*outcome, language)),
        Fact::ObservingBegan { .. }
        | Fact::ObservingEnded { .. }
        | Fact::TakenOver { .. }
        | Fact::LiveSpeech(_)
        | Fact::Commanded(_) => plain(supervision(fact, names)?),
        Fact::Handling(handled) => toned(self::handled(handled, names)),
        Fact::Callback(_, change) => Some(callback(change, names)),
        Fact::Survey(survey) => plain(self::survey(survey.change, names)),
        Fact::Voicemail(voicemail) => Some(self::voicemail(voicemail.change, names)),
        Fact::CallerKnown(_, known) => Some(self::known(known, names)),
        Fact::Passing(passing) => Some(self::passing(passing, names)),
        Fact::Recording { recording, change, .. } => Some(self::recording(*recording, change, names)),
        Fact::Stepped(step) => Some(stepped(step, names)),
        Fact::Phone(step) => toned(phone(step, names)?),
        Fact::Menu(step) => menu_step(step, names),
        Fact::Emergency(emergency) => plain(hears_emergency(emergency, language)?),
        Fact::Started
        | Fact::LegOpened { .. }
        | Fact::QueueTurned { .. }
        | Fact::Break(_)
        | Fact::CallerList(_)
        | Fact::SkillChanged(_)
        | Fact::AgentChanged { .. }
        | Fact::AgentAsked { .. }
        | Fact::TakesBeside { .. }
        | Fact::Seated { .. }
        | Fact::PinEntered(_)
        | Fact::Registered { .. }
        | Fact::TrunkChanged { .. }
        | Fact::CallsRefused { .. }
        | Fact::TrunkTold { .. }
        | Fact::NumberWithheld { .. }
        | Fact::Alarm { .. } => None,
    }
}

fn offered(decision: &Decision, names: Names<'_>, states: &States) -> Sentence {
    let language = names.language;
    let (agent, choice) = (names.agent(decision.winner), choice(decision, language));
    let text = say!(language, "offered to {agent} by {choice}", "ofrecida a {agent} por {choice}");
    (Tone::Decision, text, passed_over(decision, names, states))
}

/// A caller hears the emergency announcement.
fn hears_emergency(emergency: &Emergency, language: Language) -> Option<String> {
    match emergency {
        Emergency::Heard { .. } => Some(
            language.say("hears the emergency announcement", "escucha el anuncio de emergencia").to_owned(),
        ),
        Emergency::On { .. } | Emergency::Off { .. } => None,
    }
}

/// What a waiting caller may be told.
fn wait_told(position: u32, within: Option<Duration>, language: Language) -> String {
    match within.map(span) {
        Some(within) => say!(
            language,
            "expected wait: place {position}, four of five are answered within {within}",
            "espera prevista: lugar {position}, cuatro de cada cinco se atienden dentro de {within}"
        ),
        None => say!(
            language,
            "expected wait: place {position}, nobody works for the queue",
            "espera prevista: lugar {position}, nadie atiende la cola"
        ),
    }
}

/// How a contact comes, and where to.
fn arrival(fact: &Fact, names: Names<'_>) -> Option<Sentence> {
    let language = names.language;
    let (tone, text) = if let Fact::ContactArrived { channel, dialled, trunk, .. } = fact {
        let by = trunk.map_or_else(String::new, |trunk| {
            say!(language, " by trunk {}", " por la troncal {}", names.trunk(trunk))
        });
        (Tone::Plain, format!("{} {}{by}", channel_words(*channel, language), safe::line(dialled)))
    } else if let Fact::MenuChosen { digit, .. } = fact {
        let text = match digit.map(|digit| safe::line(&digit.to_string())) {
            Some(digit) => say!(language, "chooses {digit} in the menu", "marca {digit} en el menú"),
            None => say!(
                language,
                "chooses nothing in the menu: the default is taken",
                "no marca nada en el menú: sigue la opción por omisión"
            ),
        };
        (Tone::Plain, text)
    } else if let Fact::TurnedAway { reason, .. } = fact {
        let why = turned_away_words(*reason, language);
        (Tone::Bad, say!(language, "turned away: {why}", "no admitida: {why}"))
    } else if let Fact::Queued { queue, priority, position, .. } = fact {
        let priority = if *priority > 0 {
            say!(language, ", priority {priority}", ", prioridad {priority}")
        } else {
            String::new()
        };
        let queue = names.queue(*queue);
        let text = say!(
            language,
            "waits for {queue} at place {position}{priority}",
            "en espera en {queue}, lugar {position}{priority}"
        );
        (Tone::Plain, text)
    } else {
        return None;
    };
    Some((tone, text, Vec::new()))
}

/// What becomes of a talk while it lasts.
fn talk(fact: &Fact, names: Names<'_>) -> Option<Sentence> {
    let language = names.language;
    let (tone, text) = if let Fact::Connected { agent, waited, .. } = fact {
        let (agent, waited) = (names.agent(*agent), span(*waited));
        let text = say!(
            language,
            "talks to {agent} after {waited} of waiting",
            "habla con {agent} después de {waited} en espera"
        );
        (Tone::Good, text)
    } else if let Fact::Held { agent, .. } = fact {
        let agent = names.agent(*agent);
        (Tone::Plain, say!(language, "{agent} puts the caller on hold", "{agent} retiene la llamada"))
    } else if let Fact::Resumed { agent, .. } = fact {
        let agent = names.agent(*agent);
        (Tone::Plain, say!(language, "{agent} takes the caller back", "{agent} retoma la llamada"))
    } else if let Fact::HoldRecalled { agent, .. } = fact {
        let agent = names.agent(*agent);
        let text = say!(
            language,
            "held for too long: {agent} is called back",
            "retenida demasiado tiempo: se llama de nuevo a {agent}"
        );
        (Tone::Plain, text)
    } else if let Fact::TargetWarned { agent, .. } = fact {
        let agent = names.agent(*agent);
        let text = say!(
            language,
            "the handling target comes near: {agent} hears a tone",
            "se acerca la meta de atención: {agent} oye un tono"
        );
        (Tone::Plain, text)
    } else if let Fact::TargetBreached { agent, .. } = fact {
        let agent = names.agent(*agent);
        let text = say!(
            language,
            "the handling target is passed: {agent} hears a tone",
            "se pasó la meta de atención: {agent} oye un tono"
        );
        (Tone::Bad, text)
    } else {
        return None;
    };
    Some((tone, text, Vec::new()))
}

fn own_call_begun(agent: AgentId, what: AgentCall, names: Names<'_>) -> String {
    let language = names.language;
    let whom = match what {
        AgentCall::FeatureCode => say!(language, "a feature code", "un código"),
        AgentCall::Colleague(colleague) => names.agent(colleague),
        AgentCall::Outside => say!(language, "an outside number", "un número externo"),
        AgentCall::FreeSeat(seat) => {
            say!(language, "seat {}, where nobody sits", "el puesto {}, que nadie ocupa", names.seat(seat))
        }
    };
    let agent = names.agent(agent);
    match what {
        AgentCall::Colleague(_) => say!(language, "{agent} dials {whom}", "{agent} llama a {whom}"),
        AgentCall::FeatureCode | AgentCall::Outside | AgentCall::FreeSeat(_) => {
            say!(language, "{agent} dials {whom}", "{agent} marca {whom}")
        }
    }
}

/// What came of a call of an agent's own.
pub(crate) fn own_call_words(outcome: AgentCallOutcome, language: Language) -> (Tone, String) {
    match outcome {
        AgentCallOutcome::Done => (Tone::Good, say!(language, "done", "hecho")),
        AgentCallOutcome::NotPossible => {
            (Tone::Bad, say!(language, "not possible now", "no es posible en este momento"))
        }
        AgentCallOutcome::Answered => (Tone::Good, say!(language, "answered", "contestada")),
        AgentCallOutcome::Refused(403) => {
            (Tone::Bad, say!(language, "refused: not allowed (403)", "rechazada: no permitida (403)"))
        }
        AgentCallOutcome::Refused(486) => {
            (Tone::Bad, say!(language, "refused: busy (486)", "rechazada: ocupado (486)"))
        }
        AgentCallOutcome::Refused(status) => {
            (Tone::Bad, say!(language, "refused ({status})", "rechazada ({status})"))
        }
        AgentCallOutcome::Ended => (Tone::Plain, say!(language, "ended", "terminada")),
    }
}

/// The end of a contact, and what comes after it.
fn afterwards(fact: &Fact, names: Names<'_>) -> Option<Sentence> {
    let language = names.language;
    let (tone, text) = if let Fact::Transferred { agent, kind, to, .. } = fact {
        let how = match kind {
            TransferKind::Blind => language.say("without asking", "sin consultar"),
            TransferKind::Attended => language.say("after a consultation", "tras una consulta"),
        };
        let (agent, to) = (names.agent(*agent), safe::line(to));
        let text = say!(
            language,
            "{agent} passes the caller on to {to}, {how}",
            "{agent} transfiere la llamada a {to}, {how}"
        );
        (Tone::Plain, text)
    } else if let Fact::Disconnected { agent, talked, held, .. } = fact {
        let held = if held.is_zero() {
            String::new()
        } else {
            say!(language, ", {} on hold", ", {} en retención", span(*held))
        };
        let (agent, talked) = (names.agent(*agent), span(*talked));
        let text = say!(
            language,
            "with {agent}: {talked} talking{held}",
            "con {agent}: {talked} de conversación{held}"
        );
        (Tone::Figures, text)
    } else if let Fact::ContactEnded { queue, outcome, by, waited, .. } = fact {
        let (tone, words) = match (outcome, by) {
            // Nothing was heard of the caller any more: nobody hung up.
            (ContactOutcome::Abandoned, EndedBy::System) => (Tone::Bad, language.say("lost", "perdida")),
            _ => outcome_words(*outcome, language),
        };
        let (waited, queue, by) = (span(*waited), names.queue(*queue), ended_words(*by, language));
        let text = say!(
            language,
            "ended: {words}, {by}; {queue}, {waited} of waiting",
            "terminada: {words}, {by}; {queue}, {waited} en espera"
        );
        (tone, text)
    } else if let Fact::WrapUp { agent, code, .. } = fact {
        let (agent, code) = (names.agent(*agent), safe::line(code));
        (Tone::Plain, say!(language, "{agent} gives it the code {code}", "{agent} le da el código {code}"))
    } else if let Fact::MediaReported(MediaReport { of_caller, received, lost, jitter, .. }) = fact {
        let whose = if *of_caller {
            language.say("the caller", "quien llama")
        } else {
            language.say("the other side", "la otra parte")
        };
        let jitter = jitter.as_micros();
        let text = say!(
            language,
            "media from {whose}: {received} packets, {lost} lost, jitter {}.{} ms",
            "voz de {whose}: {received} paquetes, {lost} perdidos, fluctuación {}.{} ms",
            jitter / 1_000,
            jitter % 1_000 / 100
        );
        (if *lost > 0 { Tone::Bad } else { Tone::Figures }, text)
    } else {
        return None;
    };
    Some((tone, text, Vec::new()))
}

const fn channel_words(channel: Channel, language: Language) -> &'static str {
    match channel {
        Channel::Voice => language.say("calls", "llama a"),
        Channel::Chat => language.say("opens a chat with", "abre un chat con"),
        Channel::WhatsApp => language.say("writes by WhatsApp to", "escribe por WhatsApp a"),
        Channel::Email => language.say("writes to", "escribe a"),
        Channel::Callback => language.say("is called back from", "recibe la llamada de"),
        Channel::Voicemail => language.say("has left a message for", "dejó un mensaje para"),
    }
}

/// Why nobody was asked to serve the contact.
pub(crate) const fn turned_away_words(reason: TurnedAway, language: Language) -> &'static str {
    match reason {
        TurnedAway::Closed => language.say("closed", "cerrado"),
        TurnedAway::Holiday => language.say("a holiday", "feriado"),
        TurnedAway::HungUpInMenu => language.say("hung up in the menu", "colgó en el menú"),
        TurnedAway::Overload => language.say("no room", "sin capacidad"),
        TurnedAway::Emergency => language.say("the emergency announcement", "anuncio de emergencia"),
        TurnedAway::Listed => language.say("on a list of callers", "consta en una lista"),
        TurnedAway::NotPossible => {
            language.say("no such number, or no common codec", "no existe el número, o no hay códec común")
        }
    }
}

/// How a contact ended.
pub(crate) const fn outcome_words(outcome: ContactOutcome, language: Language) -> (Tone, &'static str) {
    match outcome {
        ContactOutcome::Answered => (Tone::Good, language.say("answered", "contestada")),
        ContactOutcome::Abandoned => (Tone::Bad, language.say("gave up", "abandonada")),
        ContactOutcome::Outflowed => (Tone::Bad, language.say("sent away", "desbordada")),
        ContactOutcome::Dequeued => (Tone::Plain, language.say("served elsewhere", "derivada")),
    }
}

const fn ended_words(by: EndedBy, language: Language) -> &'static str {
    match by {
        EndedBy::Caller => language.say("by the caller", "por quien llama"),
        EndedBy::Agent => language.say("by the agent", "por el agente"),
        EndedBy::Transfer => language.say("by a transfer", "por una transferencia"),
        EndedBy::System => language.say("by turno", "por turno"),
    }
}

const fn settled_words(outcome: OfferOutcome, language: Language) -> (Tone, &'static str) {
    let (tone, english, spanish) = match outcome {
        OfferOutcome::Accepted => (Tone::Good, "answers", "contesta"),
        OfferOutcome::Refused => (Tone::Bad, "refuses", "rechaza"),
        OfferOutcome::NoAnswer => {
            (Tone::Bad, "does not answer: taken back", "no contesta: la oferta se retira")
        }
        OfferOutcome::Unreachable => {
            (Tone::Bad, "can't be reached: taken back", "está sin línea: la oferta se retira")
        }
        OfferOutcome::Incompatible => (
            Tone::Bad,
            "has a phone that can't take the call: taken back",
            "tiene un teléfono que no puede recibir la llamada: la oferta se retira",
        ),
        OfferOutcome::CallerLeft => (
            Tone::Plain,
            "rings no more, the caller has left: taken back",
            "deja de timbrar porque quien llama colgó: la oferta se retira",
        ),
        OfferOutcome::Withdrawn => {
            (Tone::Plain, "rings no more: taken back", "deja de timbrar: la oferta se retira")
        }
    };
    (tone, language.say(english, spanish))
}
