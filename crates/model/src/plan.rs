//! The plan: a valid configuration. Only `config` makes one, from TOML.

use std::net::SocketAddr;

use crate::fence::FencePlan;
use crate::hours::Hours;
use crate::id::{AgentId, QueueId, SeatId};
use crate::language::Language;

mod addressing;
mod agent;
mod api;
mod browser;
mod callback;
mod caller_list;
mod chat;
mod dependency;
mod dialling;
mod editing;
mod emergency;
mod exports;
mod history;
mod journal;
mod knowledge;
mod mail;
mod menu;
mod network;
mod number;
mod oidc;
mod phones;
mod queue;
mod recording;
mod reports;
mod room;
mod seat;
mod step;
mod survey;
mod trunk;
mod voice;
mod voicemail;
mod webhook;
mod whatsapp;
mod wrap_up;
mod written;

pub use addressing::{IdentityHeader, NumberFrom, NumberSource, TrunkAddressing};
pub use agent::{AgentPlan, AuxReasonPlan, BreakTurns};
pub use api::ApiPlan;
pub use browser::BrowserPlan;
pub use callback::{CallbackFirst, CallbackPlan, CallbackPrompt};
pub use caller_list::{CALLER_LISTS_MAX, CallerListPlan, LISTED_PATTERNS_MAX};
pub use chat::ChatPlan;
pub use dependency::DependencyPlan;
pub use dialling::{CODE_PROMPTS, DialOut, FeatureCodes};
pub use emergency::EmergencyPlan;
pub use exports::ExportsPlan;
pub use history::{HistoryPlan, HistoryStore};
pub use journal::{Durability, JournalPlan, OnStop};
pub use knowledge::KnowledgePlan;
pub use mail::{MailAlias, MailBegin, MailEncryption, MailKind, MailPlan, MailServer};
pub use menu::{CardPlan, MenuChoice, MenuPlan};
pub use network::{DigestAlgorithm, MediaPlan, SipPlan, TracePlan};
pub use number::{Entry, NumberPlan, PromptPlan, bare_number};
pub use oidc::OidcPlan;
pub use phones::{OutsidePhone, PhoneLine, PhonesPlan};
pub use queue::{AcwPlan, AnnouncementPlan, QueuePlan, Treatment};
pub use recording::{QueueRecording, RecordingPlan, RetentionClass, SoundForm};
pub use reports::{
    Activity, ReportBy, ReportEvery, ReportFormat, ReportOf, ReportSpan, ReportsPlan, ScheduledReport, Shift,
    Tariff,
};
pub use room::{AnswerWithin, AtOnce, RoomPlan};
pub use seat::SeatPlan;
pub use step::{STEPS_MAX, StepAction, StepPlan, StepWhen};
pub use survey::{SURVEY_QUESTIONS_MAX, SurveyPlan, SurveyPrompt};
pub use trunk::{TrunkPlan, TrunkTrust};
pub use voice::{Voice, spoken_part};
pub use voicemail::{VoicemailPlan, VoicemailPrompt};
pub use webhook::{WEBHOOKS_MAX, WebhookPlan};
pub use whatsapp::WhatsAppPlan;
pub use wrap_up::WrapUpCodePlan;
pub use written::{BotPlan, WrittenPlan};

/// The whole configuration of a site.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The site's name, for people.
    pub site: String,
    /// The language of the reports and views for its people; `None`: that of who reads them.
    pub language: Option<Language>,
    /// Signalling.
    pub sip: SipPlan,
    /// Where /metrics and /health are served.
    pub http: SocketAddr,
    /// Media.
    pub media: MediaPlan,
    /// Skills by name.
    pub skills: Vec<String>,
    /// Queues.
    pub queues: Vec<QueuePlan>,
    /// Agents.
    pub agents: Vec<AgentPlan>,
    /// Seats: agents' own ones, and free ones.
    pub seats: Vec<SeatPlan>,
    /// AUX reasons.
    pub aux_reasons: Vec<AuxReasonPlan>,
    /// Wrap-up codes; if there are none, agents may give any.
    pub wrap_up_codes: Vec<WrapUpCodePlan>,
    /// Lines outside to which agents pass callers on.
    pub dependencies: Vec<DependencyPlan>,
    /// Trunks.
    pub trunks: Vec<TrunkPlan>,
    /// Dialled numbers.
    pub numbers: Vec<NumberPlan>,
    /// Menus.
    pub menus: Vec<MenuPlan>,
    /// The emergency announcement.
    pub emergency: EmergencyPlan,
    /// Lists of callers' numbers.
    pub caller_lists: Vec<CallerListPlan>,
    /// Opening hours.
    pub hours: Vec<Hours>,
    /// The languages that callers may choose in menus.
    pub voices: Vec<Voice>,
    /// Every prompt of the plan, with its file; the index is the media plane's `PromptId`.
    pub prompts: Vec<PromptPlan>,
    /// Feature codes.
    pub feature_codes: FeatureCodes,
    /// The numbers that agents may dial outside.
    pub dial_out: DialOut,
    /// Rate limits and bans.
    pub fence: FencePlan,
    /// Rules for agents in all queues.
    pub room: RoomPlan,
    /// How many messages are kept for `turno trace`; `None`: none.
    pub trace: Option<TracePlan>,
    /// The journal.
    pub journal: JournalPlan,
    /// The history.
    pub history: HistoryPlan,
    /// Where the procedures are.
    pub knowledge: KnowledgePlan,
    /// The written channels.
    pub written: WrittenPlan,
    /// What is exported while turno runs.
    pub exports: ExportsPlan,
    /// Reports.
    pub reports: ReportsPlan,
    /// The HTTP API; `None`: it is not served.
    pub api: Option<ApiPlan>,
    /// Browser phones; `None`: there are none.
    pub browser: Option<BrowserPlan>,
    /// The web chat; `None`: there is none.
    pub chat: Option<ChatPlan>,
    /// Programs that are sent facts.
    pub webhooks: Vec<WebhookPlan>,
    /// The mailbox; `None`: there is none.
    pub mail: Option<MailPlan>,
    /// The number on WhatsApp; `None`: nobody can write there.
    pub whatsapp: Option<WhatsAppPlan>,
    /// Sign-in by OpenID Connect; `None`: users have passwords alone.
    pub oidc: Option<OidcPlan>,
    /// Recording; `None`: nothing is recorded.
    pub recording: Option<RecordingPlan>,
    /// Whether withheld numbers are written to the journal for the operator. Nobody else ever gets them.
    pub keep_withheld: bool,
    /// Agents on an ordinary telephone.
    pub phones: PhonesPlan,
}

impl Plan {
    /// The agent with this extension.
    pub fn agent_by_extension(&self, extension: &str) -> Option<AgentId> {
        self.agents
            .iter()
            .position(|agent| agent.extension == extension)
            .and_then(|at| u32::try_from(at).ok())
            .map(AgentId)
    }

    /// The seat with this extension.
    pub fn seat_by_extension(&self, extension: &str) -> Option<SeatId> {
        self.seats
            .iter()
            .position(|seat| seat.extension == extension)
            .and_then(|at| u32::try_from(at).ok())
            .map(SeatId)
    }

    /// The seat that belongs to an agent.
    pub fn own_seat(&self, agent: AgentId) -> Option<&SeatPlan> {
        self.seats.get(self.agents.get(agent.index())?.own_seat?.index())
    }

    /// Whether any queue tells its callers their place or how long they will wait, or has a step that depends on it.
    pub fn tells_waits(&self) -> bool {
        let tells = |it: &AnnouncementPlan| it.tells_place || it.tells_wait;
        let judges = |it: &CallbackPlan| it.told_over.is_some();
        let steps =
            |queue: &QueuePlan| queue.steps.iter().any(|step| matches!(step.when, StepWhen::ToldOver(_)));
        self.queues.iter().any(|queue| {
            queue.announcements.as_ref().is_some_and(tells)
                || queue.callback.as_ref().is_some_and(judges)
                || steps(queue)
        })
    }

    /// Whether callers come to a queue: any queue but one that a written channel has, and no number and no menu.
    pub fn has_callers(&self, queue: QueueId) -> bool {
        let name = &self.queues[queue.index()].name;
        let WrittenPlan { chat, whatsapp, email, .. } = &self.written;
        let is_written = [chat, whatsapp, email].into_iter().flatten().any(|it| it == name);
        let mut numbers = self.numbers.iter();
        !is_written
            || numbers.any(|number| number.entry.queue() == Some(queue))
            || self.menus.iter().any(|menu| menu.queues().any(|it| it == queue))
    }

    /// Whether any queue dials people before an agent has them.
    pub fn dials_ahead(&self) -> bool {
        let dials = |it: &CallbackPlan| it.first == CallbackFirst::Citizen;
        self.queues.iter().any(|queue| queue.callback.as_ref().is_some_and(dials))
    }

    /// The dependency with this extension, or with this number as it is dialled.
    pub fn dependency(&self, dialled: &str) -> Option<&DependencyPlan> {
        let is_it = |it: &&DependencyPlan| it.extension == dialled || bare_number(&it.number) == dialled;
        self.dependencies.iter().find(is_it)
    }

    /// The plan of a wrap-up code.
    pub fn wrap_up_code(&self, code: &str) -> Option<&WrapUpCodePlan> {
        self.wrap_up_codes.iter().find(|known| known.code == code)
    }

    /// Whether agents may give this wrap-up code.
    pub fn takes_code(&self, code: &str) -> bool {
        self.wrap_up_codes.is_empty() || self.wrap_up_code(code).is_some()
    }

    /// How agents take turns for an AUX reason; `None`: they don't.
    pub fn turns(&self, reason: u8) -> Option<&BreakTurns> {
        self.aux_reasons.get(usize::from(reason))?.turns.as_ref()
    }

    /// Whether agents take turns for any AUX reason.
    pub fn has_turns(&self) -> bool {
        self.aux_reasons.iter().any(|reason| reason.turns.is_some())
    }

    /// The plan of a dialled number.
    pub fn number(&self, dialled: &str) -> Option<&NumberPlan> {
        let bare = bare_number(dialled);
        self.numbers.iter().find(|number| bare_number(&number.number) == bare)
    }
}
