//! The one owner of all state: one input in, all its consequences out.
//!
//! [`Engine::handle`] takes bytes, media events, commands and the time; [`Engine::poll_output`] gives back facts,
//! messages to send and media commands, in the order in which the shell must carry them out: a [`Output::Record`]
//! stands ahead of what it allows.
//!
//! Where to read on: `engine` has the loop that runs a step. Its parts own their fields: `gate` admits messages and
//! peers, `seats` has the phones, `seating` who sits where, `trunks` the carriers, `calls` one record for each call,
//! `contacts` the contact of each call, `recordings` what is recorded, `outbox` the outputs. Between them, `on_sip` handles SIP events, `arrival` and
//! `queueing` new callers, `agent_call` an agent who dials, `on_call` events of legs, `alone` contacts without a call, `calling_back` people who are called back, `leaving_message` and `hearing_message` voicemail, `surveying` questions after a talk,
//! and `carry_out` turns the distributor's decisions into calls; it is the only file that does.

mod admission_control;
mod agent_call;
mod agent_calls;
mod agents_line;
mod alone;
mod announced;
mod announcing;
mod arrival;
mod call_purpose;
mod callback_dialogue;
mod callback_stage;
mod callbacks;
mod caller;
mod caller_lists;
mod calling_back;
mod calls;
mod carrier;
mod carry_out;
mod consult_keys;
mod consult_seen;
mod consult_stage;
mod consultations;
mod consulting;
mod contacts;
mod dependencies;
mod desk_stage;
mod desks;
mod dial_over;
mod dial_rules;
mod dialled;
mod dialled_ahead;
mod directory;
mod durable;
mod elsewhere;
mod emergency;
mod ending;
mod engine;
mod gate;
mod giving_back;
mod half_hours;
mod heard_in_line;
mod hearing_message;
mod held_lines;
mod helping;
mod holding_lines;
mod identify_peer;
mod input;
mod known_callers;
mod lamps;
mod last_agents;
mod leaving_message;
mod legs;
mod lending;
mod line_stage;
mod listing;
mod live_speech;
mod means;
mod menu_visit;
mod menus;
mod message_left;
mod messages;
mod nat;
mod observers;
mod observing;
mod occupation;
mod on_call;
mod on_command;
mod on_sip;
mod outbox;
mod output;
mod outside_phones;
mod parts;
mod peer;
mod phone_kind;
mod phoning;
mod ports;
mod ports_seen;
mod prompts;
mod queueing;
mod recording;
mod recording_order;
mod recordings;
mod recover;
mod replan;
mod seating;
mod seats;
mod sending;
mod service;
mod shortage;
mod sitting;
mod sitting_down;
mod skill_changes;
mod skilling;
mod speaking;
mod speech;
mod speeches;
mod srtp_policy;
mod supervising;
mod survey_stage;
mod surveying;
mod switching_emergency;
mod taking_over;
mod taping;
mod targets;
mod transfer;
mod trunks;
mod user;
mod voicemail_stage;
mod voicemails;
mod watching;
mod way_in;
mod whole;

pub use caller_lists::{ListedBy, ListedSeen};
pub use engine::{Engine, SipCounters};
pub use gate::overload::{Load, OverloadSeen};
pub use gate::priority::{Class, classify};
pub use gate::rate_limit::{BanSeen, Dropped, RateLimitSeen, Why};
pub use gate::srtp_rejections::{SrtpRejection, SrtpRejectionSeen};
pub use input::Input;
pub use output::{Output, Reply};
pub use ports_seen::PortsSeen;
pub use recording_order::{MessageSheet, RecordedSound, RecordingEvent, RecordingOrder, RecordingSheet};
pub use recover::Recovered;
pub use replan::aligned;
pub use skill_changes::{SkillBy, SkillSeen};
