//! The types of a contact centre: plan, commands, facts and states.
//!
//! An [`AgentId`] is an index into [`Plan::agents`], a [`QueueId`] one into [`Plan::queues`], and so on. Everything
//! that happens is a [`Fact`]; every figure is derived from facts alone.

pub mod agent_call;
mod agent_phone;
pub mod agent_state;
mod breaks;
mod callback;
mod caller_known;
mod caller_list;
mod channel;
pub mod command;
pub mod decision;
mod emergency;
pub mod encryption;
pub mod fact;
pub mod fence;
pub mod hand_over;
mod handling;
pub mod hours;
pub mod id;
mod id_map;
mod language;
mod live_speech;
mod media_report;
mod menu_step;
mod observing;
mod passing;
pub mod plan;
pub mod plan_index;
pub mod position;
mod queue_state;
pub mod record;
mod recording;
#[cfg(feature = "sample")]
pub mod sample;
mod sitting_down;
mod skill_changed;
mod skill_order;
pub mod speech;
mod step_taken;
mod survey;
mod voicemail;
mod wait_told;
mod why_not;

pub use agent_call::{AgentCall, AgentCallOutcome};
pub use agent_phone::{PhoneChange, PhoneStep};
pub use agent_state::{AgentEvent, AgentState, AuxReason, IllegalMove};
pub use breaks::{BreakChange, BreakStep};
pub use callback::{CallbackChange, CallbackFailure, CallbackOffer, CallbackRefusal};
pub use caller_known::{CallerKnown, DiversionReason};
pub use caller_list::{CallerListed, ListChange, ListEffect};
pub use channel::{Channel, Channels};
pub use command::answer::Done;
pub use command::asker::Asker;
pub use command::commanded::Commanded;
pub use command::refusal::Refusal;
pub use command::{Act, Command, Listing, Newcomer, Spoken, WAITED_BEFORE_MAX, Why};
pub use decision::{Candidate, Decision, PassedOver, Rule};
pub use emergency::{AfterEmergency, Emergency};
pub use fact::{
    ANONYMOUS, ContactOutcome, EndedBy, Fact, OfferOutcome, Party, TransferKind, TurnedAway, WITHHELD,
};
pub use fence::FencePlan;
pub use handling::{Handled, HandlingChange};
pub use hours::{Hours, OpenState};
pub use id::{
    AgentId, ContactId, HoursId, MenuId, OfferId, PromptName, QueueId, RecordingId, SeatId, SkillId, TrunkId,
};
pub use id_map::IdMap;
pub use language::Language;
pub use live_speech::{LiveSpeech, SpeechChange};
pub use media_report::MediaReport;
pub use menu_step::{MenuChange, MenuStep};
pub use observing::Observing;
pub use passing::{ConsultEnd, Consulted, Passing, PassingChange};
pub use plan::Plan;
pub use plan_index::{PlanIndex, Renumbering};
pub use position::{Gap, NoPosition, Position};
pub use queue_state::QueueState;
pub use record::{Row, RowKey, Step, Table};
pub use recording::{PausedBy, RecordedWhy, RecordingChange, RecordingLoss, RecordingOutcome};
pub use sitting_down::{PinEntered, PinOutcome};
pub use skill_changed::{SkillChange, SkillChanged};
pub use skill_order::{SkillOrder, SkillTo};
pub use step_taken::{StepDid, StepTaken, StepWhy};
pub use survey::{Survey, SurveyChange, SurveyEnd};
pub use voicemail::{
    MessageDiscarded, MessageEnd, Voicemail, VoicemailChange, VoicemailRefusal, VoicemailWhy,
};
pub use wait_told::WaitTold;
pub use why_not::{Elsewhere, WhyNot};
