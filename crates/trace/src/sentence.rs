//! A fact of a contact as a sentence.

use turno_model::{
    AgentCall, AgentCallOutcome, AgentId, Asker, Channel, ContactOutcome, EndedBy, Fact, Observing,
    OfferOutcome, TransferKind, TurnedAway,
};

use crate::entry::Tone;
use crate::names::{Names, span};
use crate::reasons::{States, choice, passed_over};
use crate::safe;

/// A sentence and what explains it.
pub(crate) type Sentence = (Tone, String, Vec<String>);

/// What `fact` says of its contact; nothing where the ladder shows it anyway.
pub(crate) fn sentence(fact: &Fact, names: Names<'_>, states: &States) -> Option<Sentence> {
    let plain = |text: String| Some((Tone::Plain, text, Vec::new()));
    match fact {
        Fact::ContactArrived { channel, dialled, trunk, .. } => {
            let by = trunk.map_or_else(String::new, |trunk| format!(" by trunk {}", names.trunk(trunk)));
            plain(format!("{} {}{by}", channel_words(*channel), safe::line(dialled)))
        }
        Fact::MenuChosen { digit: Some(digit), .. } => {
            plain(format!("chooses {} in the menu", safe::line(&digit.to_string())))
        }
        Fact::MenuChosen { digit: None, .. } => {
            plain("chooses nothing in the menu: the default is taken".to_owned())
        }
        Fact::TurnedAway { reason, .. } => {
            Some((Tone::Bad, format!("turned away: {}", turned_away_words(*reason)), Vec::new()))
        }
        Fact::Queued { queue, priority, position, .. } => {
            let priority = if *priority > 0 { format!(", priority {priority}") } else { String::new() };
            plain(format!("waits for {} at place {position}{priority}", names.queue(*queue)))
        }
        Fact::Offered { agent, decision, .. } => {
            let text = format!("offered to {} by {}", names.agent(*agent), choice(decision));
            Some((Tone::Decision, text, passed_over(decision, names, states)))
        }
        Fact::OfferSettled { agent, outcome, rang, .. } => {
            let (tone, words) = settled_words(*outcome);
            Some((tone, format!("{} {words} after {}", names.agent(*agent), span(*rang)), Vec::new()))
        }
        Fact::Connected { agent, waited, .. } => Some((
            Tone::Good,
            format!("talks to {} after {} of waiting", names.agent(*agent), span(*waited)),
            Vec::new(),
        )),
        Fact::Held { agent, .. } => plain(format!("{} puts the caller on hold", names.agent(*agent))),
        Fact::Resumed { agent, .. } => plain(format!("{} takes the caller back", names.agent(*agent))),
        Fact::HoldRecalled { agent, .. } => {
            plain(format!("held for too long: {} is called back", names.agent(*agent)))
        }
        Fact::TargetWarned { agent, .. } => {
            plain(format!("the handling target comes near: {} hears a tone", names.agent(*agent)))
        }
        Fact::TargetBreached { agent, .. } => Some((
            Tone::Bad,
            format!("the handling target is passed: {} hears a tone", names.agent(*agent)),
            Vec::new(),
        )),
        Fact::Transferred { .. }
        | Fact::Disconnected { .. }
        | Fact::ContactEnded { .. }
        | Fact::WrapUp { .. }
        | Fact::MediaReported { .. } => afterwards(fact, names),
        Fact::OwnCallDialled { agent, what, .. } => plain(own_call_begun(*agent, *what, names)),
        Fact::OwnCallSettled { outcome, .. } => {
            let (tone, words) = own_call_words(*outcome);
            Some((tone, words, Vec::new()))
        }
        Fact::ObservingBegan { .. } | Fact::ObservingEnded { .. } => observing(fact, names),
        Fact::Started
        | Fact::LegOpened { .. }
        | Fact::AgentChanged { .. }
        | Fact::AgentAsked { .. }
        | Fact::TakesBeside { .. }
        | Fact::Seated { .. }
        | Fact::Registered { .. }
        | Fact::TrunkChanged { .. }
        | Fact::CallsRefused { .. }
        | Fact::TrunkTold { .. }
        | Fact::NumberWithheld { .. }
        | Fact::Alarm { .. } => None,
    }
}

fn own_call_begun(agent: AgentId, what: AgentCall, names: Names<'_>) -> String {
    let whom = match what {
        AgentCall::FeatureCode => "a feature code".to_owned(),
        AgentCall::Colleague(colleague) => names.agent(colleague),
        AgentCall::Outside => "an outside number".to_owned(),
        AgentCall::FreeSeat(seat) => format!("seat {}, where nobody sits", names.seat(seat)),
    };
    format!("{} dials {whom}", names.agent(agent))
}

/// A supervisor comes into the talk, or leaves it.
fn observing(fact: &Fact, names: Names<'_>) -> Option<Sentence> {
    let text = if let Fact::ObservingBegan { observer, how, by, .. } = fact {
        let does = match how {
            Observing::Listen => "listens, and is heard by nobody",
            Observing::Whisper => "listens, and is heard by the agent alone",
            Observing::Barge => "joins the talk",
        };
        let by = match by {
            Asker::Phone(agent) if agent == observer => String::new(),
            Asker::Phone(agent) => format!(", as {} asked", names.agent(*agent)),
            Asker::Control => ", as was asked over the control socket".to_owned(),
            Asker::Shell => ", as turno asked".to_owned(),
        };
        format!("{} {does}{by}", names.agent(*observer))
    } else if let Fact::ObservingEnded { observer, .. } = fact {
        format!("{} observes no more", names.agent(*observer))
    } else {
        return None;
    };
    Some((Tone::Plain, text, Vec::new()))
}

/// What came of a call of an agent's own.
pub(crate) fn own_call_words(outcome: AgentCallOutcome) -> (Tone, String) {
    match outcome {
        AgentCallOutcome::Done => (Tone::Good, "done".to_owned()),
        AgentCallOutcome::NotPossible => (Tone::Bad, "not possible now".to_owned()),
        AgentCallOutcome::Answered => (Tone::Good, "answered".to_owned()),
        AgentCallOutcome::Refused(403) => (Tone::Bad, "refused: not allowed (403)".to_owned()),
        AgentCallOutcome::Refused(486) => (Tone::Bad, "refused: busy (486)".to_owned()),
        AgentCallOutcome::Refused(status) => (Tone::Bad, format!("refused ({status})")),
        AgentCallOutcome::Ended => (Tone::Plain, "ended".to_owned()),
    }
}

/// The end of a contact, and what comes after it.
fn afterwards(fact: &Fact, names: Names<'_>) -> Option<Sentence> {
    let (tone, text) = if let Fact::Transferred { agent, kind, to, .. } = fact {
        let how = match kind {
            TransferKind::Blind => "without asking",
            TransferKind::Attended => "after a consultation",
        };
        (Tone::Plain, format!("{} passes the caller on to {}, {how}", names.agent(*agent), safe::line(to)))
    } else if let Fact::Disconnected { agent, talked, held, .. } = fact {
        let held = if held.is_zero() { String::new() } else { format!(", {} on hold", span(*held)) };
        (Tone::Figures, format!("with {}: {} talking{held}", names.agent(*agent), span(*talked)))
    } else if let Fact::ContactEnded { queue, outcome, by, waited, .. } = fact {
        let (tone, words) = match (outcome, by) {
            // Nothing was heard of the caller any more: nobody hung up.
            (ContactOutcome::Abandoned, EndedBy::System) => (Tone::Bad, "lost"),
            _ => outcome_words(*outcome),
        };
        let waited = span(*waited);
        (tone, format!("ended: {words}, {}; {}, {waited} of waiting", ended_words(*by), names.queue(*queue)))
    } else if let Fact::WrapUp { agent, code, .. } = fact {
        (Tone::Plain, format!("{} gives it the code {}", names.agent(*agent), safe::line(code)))
    } else if let Fact::MediaReported { of_caller, received, lost, jitter, .. } = fact {
        let whose = if *of_caller { "the caller" } else { "the other side" };
        let jitter = jitter.as_micros();
        let text = format!(
            "media from {whose}: {received} packets, {lost} lost, jitter {}.{} ms",
            jitter / 1_000,
            jitter % 1_000 / 100
        );
        (if *lost > 0 { Tone::Bad } else { Tone::Figures }, text)
    } else {
        return None;
    };
    Some((tone, text, Vec::new()))
}

const fn channel_words(channel: Channel) -> &'static str {
    match channel {
        Channel::Voice => "calls",
        Channel::Chat => "opens a chat with",
        Channel::WhatsApp => "writes by WhatsApp to",
        Channel::Email => "writes to",
        Channel::Callback => "is called back from",
    }
}

/// Why nobody was asked to serve the contact.
pub(crate) const fn turned_away_words(reason: TurnedAway) -> &'static str {
    match reason {
        TurnedAway::Closed => "closed",
        TurnedAway::Holiday => "a holiday",
        TurnedAway::HungUpInMenu => "hung up in the menu",
        TurnedAway::Overload => "no room",
        TurnedAway::NotPossible => "no such number, or no common codec",
    }
}

/// How a contact ended.
pub(crate) const fn outcome_words(outcome: ContactOutcome) -> (Tone, &'static str) {
    match outcome {
        ContactOutcome::Answered => (Tone::Good, "answered"),
        ContactOutcome::Abandoned => (Tone::Bad, "gave up"),
        ContactOutcome::Outflowed => (Tone::Bad, "sent away"),
        ContactOutcome::Dequeued => (Tone::Plain, "served elsewhere"),
    }
}

const fn ended_words(by: EndedBy) -> &'static str {
    match by {
        EndedBy::Caller => "by the caller",
        EndedBy::Agent => "by the agent",
        EndedBy::Transfer => "by a transfer",
        EndedBy::System => "by turno",
    }
}

const fn settled_words(outcome: OfferOutcome) -> (Tone, &'static str) {
    match outcome {
        OfferOutcome::Accepted => (Tone::Good, "answers"),
        OfferOutcome::Refused => (Tone::Bad, "refuses"),
        OfferOutcome::NoAnswer => (Tone::Bad, "does not answer: taken back"),
        OfferOutcome::Unreachable => (Tone::Bad, "can't be reached: taken back"),
        OfferOutcome::Incompatible => (Tone::Bad, "has a phone that can't take the call: taken back"),
        OfferOutcome::CallerLeft => (Tone::Plain, "rings no more, the caller has left: taken back"),
        OfferOutcome::Withdrawn => (Tone::Plain, "rings no more: taken back"),
    }
}
