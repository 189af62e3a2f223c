//! The words for the outcomes of facts in the tables. They stay the same for ever.

use turno_model::{
    AgentState, CallbackOffer, CallbackRefusal, ContactOutcome, EndedBy, OfferOutcome, RecordedWhy,
    RecordingOutcome, Rule, TurnedAway,
};

pub(crate) const fn outcome(outcome: ContactOutcome) -> &'static str {
    match outcome {
        ContactOutcome::Answered => "answered",
        ContactOutcome::Abandoned => "abandoned",
        ContactOutcome::Outflowed => "outflowed",
        ContactOutcome::Dequeued => "dequeued",
    }
}

pub(crate) const fn turned_away(reason: TurnedAway) -> &'static str {
    match reason {
        TurnedAway::Closed => "closed",
        TurnedAway::Holiday => "holiday",
        TurnedAway::HungUpInMenu => "hung_up_in_menu",
        TurnedAway::Overload => "overload",
        TurnedAway::NotPossible => "not_possible",
        TurnedAway::Emergency => "emergency",
        TurnedAway::Listed => "listed",
    }
}

pub(crate) const fn ended_by(by: EndedBy) -> &'static str {
    match by {
        EndedBy::Caller => "caller",
        EndedBy::Agent => "agent",
        EndedBy::Transfer => "transfer",
        EndedBy::System => "system",
    }
}

pub(crate) const fn offer(outcome: OfferOutcome) -> &'static str {
    match outcome {
        OfferOutcome::Accepted => "accepted",
        OfferOutcome::Refused => "refused",
        OfferOutcome::NoAnswer => "no_answer",
        OfferOutcome::Unreachable => "unreachable",
        OfferOutcome::CallerLeft => "caller_left",
        OfferOutcome::Withdrawn => "withdrawn",
        OfferOutcome::Incompatible => "incompatible",
    }
}

pub(crate) const fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::UcdMia => "ucd_mia",
        Rule::EadMia => "ead_mia",
        Rule::UcdLoa => "ucd_loa",
        Rule::EadLoa => "ead_loa",
        Rule::GreatestNeed => "greatest_need",
        Rule::LastAgent => "last_agent",
        Rule::Pulled => "pulled",
        Rule::Direct => "direct",
    }
}

pub(crate) const fn state(state: AgentState) -> &'static str {
    match state {
        AgentState::LoggedOut => "logged_out",
        AgentState::Available => "available",
        AgentState::Ringing => "ringing",
        AgentState::Talking => "talking",
        AgentState::Holding => "holding",
        AgentState::Acw => "acw",
        AgentState::Aux(_) => "aux",
        AgentState::OtherCall => "other_call",
    }
}

pub(crate) const fn callback_offer(why: CallbackOffer) -> &'static str {
    match why {
        CallbackOffer::Waited => "waited",
        CallbackOffer::LongWait => "long_wait",
        CallbackOffer::Full => "full",
        CallbackOffer::Key => "key",
    }
}

pub(crate) const fn callback_refusal(why: CallbackRefusal) -> &'static str {
    match why {
        CallbackRefusal::NoNumber => "no_number",
        CallbackRefusal::NotAllowed => "not_allowed",
        CallbackRefusal::Waits => "waits",
    }
}

pub(crate) const fn recorded_why(why: RecordedWhy) -> &'static str {
    match why {
        RecordedWhy::Queue => "queue",
        RecordedWhy::Chance => "chance",
        RecordedWhy::Agent => "agent",
        RecordedWhy::Demand(_) => "demand",
    }
}

pub(crate) const fn recording(outcome: &RecordingOutcome) -> &'static str {
    match outcome {
        RecordingOutcome::Kept(_) => "kept",
        RecordingOutcome::Lost(loss) => loss.word(),
    }
}
