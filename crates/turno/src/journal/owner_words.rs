//! What an image in the journal is of, in words.

use turno_model::Table;

/// Such as `registration`.
pub(crate) const fn words(table: Table) -> &'static str {
    match table {
        Table::Session => "dialog",
        Table::Registration => "registration",
        Table::Call => "call",
        Table::Contact => "contact",
        Table::Agent => "agent",
        Table::Trunk => "trunk",
        Table::Room => "room",
        Table::Engine => "engine",
        Table::Stack => "SIP stack",
        Table::Client => "request sent",
        Table::Server => "request received",
        Table::Leg => "leg",
        Table::Seat => "seat",
        Table::Ban => "ban",
        Table::EngineCall => "purpose of call",
        Table::EngineContact => "call of contact",
        Table::Seating => "seating of agent",
        Table::AgentCalls => "own calls of agent",
        Table::Observer => "observer",
        Table::QueueState => "state of queue",
        Table::Recording => "recording",
        Table::Break => "break of agent",
        Table::Callback => "callback",
        Table::Subscription => "subscription",
        Table::Lamp => "lamp",
        Table::Emergency => "emergency announcement",
        Table::LastAgent => "last agent",
        Table::Voicemail => "caller at voicemail",
        Table::Message => "message",
        Table::Consultation => "consultation",
        Table::HeldLine => "held line",
        Table::SkillChange => "changed skill of an agent",
        Table::CallerList => "number on a list of callers",
    }
}
