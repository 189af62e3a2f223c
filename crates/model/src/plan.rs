//! A valid configuration: what the engine works by. Only `config` makes one, from TOML.

use core::time::Duration;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use turno_ground::{Secret, Transport};

use crate::decision::Rule;
use crate::encryption::{SrtpPlan, TlsPlan};
use crate::fence::FencePlan;
use crate::hours::Hours;
use crate::id::{AgentId, HoursId, MenuId, PromptName, QueueId, SkillId};

pub use crate::addressing::{IdentityHeader, NumberFrom, NumberSource, TrunkAddressing};
pub use crate::keeping::{Durability, JournalPlan, OnStop};

/// Everything that a site has decided.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The site's name, for people.
    pub site: String,
    /// Signalling.
    pub sip: SipPlan,
    /// Where /metrics and /health are served.
    pub http: SocketAddr,
    /// Voices.
    pub media: MediaPlan,
    /// Skills by name.
    pub skills: Vec<String>,
    /// Queues.
    pub queues: Vec<QueuePlan>,
    /// Agents, one a seat.
    pub agents: Vec<AgentPlan>,
    /// AUX reasons.
    pub aux_reasons: Vec<AuxReasonPlan>,
    /// Trunks.
    pub trunks: Vec<TrunkPlan>,
    /// Dialled numbers.
    pub numbers: Vec<NumberPlan>,
    /// Menus.
    pub menus: Vec<MenuPlan>,
    /// Opening hours.
    pub hours: Vec<Hours>,
    /// Every prompt that is named anywhere, with its file; the index is the media plane's `PromptId`.
    pub prompts: Vec<PromptPlan>,
    /// Codes that an agent dials.
    pub feature_codes: FeatureCodes,
    /// Numbers that agents may dial outside.
    pub dial_out: DialOut,
    /// What is done about storms and strangers.
    pub fence: FencePlan,
    /// What is asked of agents, whichever queue.
    pub room: RoomPlan,
    /// What is kept for `turno trace`; `None`: nothing.
    pub trace: Option<TracePlan>,
    /// What is kept on disk.
    pub journal: JournalPlan,
    /// Whether a number that its caller withheld is written to the journal for the operator; nobody else ever gets it.
    pub keep_withheld: bool,
}

/// How many of the messages that passed are kept, so that a contact can be traced afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TracePlan {
    /// Bytes of all kept messages together.
    pub bytes: usize,
    /// Messages.
    pub messages: usize,
}

/// Which digest algorithm is offered (RFC 8760).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// What every phone knows.
    Md5,
    /// Stronger, where the phone knows it.
    Sha256,
}

/// Signalling.
#[derive(Clone, Debug)]
pub struct SipPlan {
    /// Where turno listens.
    pub listen: Vec<(Transport, SocketAddr)>,
    /// What Via, Contact and SDP say instead of the listening address, where NAT or several interfaces ask for it.
    pub advertised: Option<IpAddr>,
    /// The domain of the seats' addresses of record, and the digest realm.
    pub domain: String,
    /// Digest algorithms in the order of the challenges.
    pub digest: Vec<DigestAlgorithm>,
    /// Shortest, longest and default registration.
    pub expires: (Duration, Duration, Duration),
    /// Registered contacts a seat may have.
    pub contacts_per_seat_max: u32,
    /// Use a Contact as given, even where the packet came from elsewhere.
    pub contact_as_given: bool,
    /// Answer datagrams at the port they came from, even where their Via does not ask for it.
    pub force_rport: bool,
    /// How often each registered contact is asked by OPTIONS; `None`: registration alone makes a seat reachable.
    pub options_interval: Option<Duration>,
    /// Unanswered OPTIONS in a row that make a contact unreachable.
    pub options_misses_max: u32,
    /// RFC 4028: what is asked for, and the least that is accepted.
    pub session_expires: Duration,
    /// RFC 4028: the least that is accepted.
    pub min_se: Duration,
    /// Requests a second from one address that is neither a trunk nor a registered seat; `None`: no limit.
    pub requests_per_source_max: Option<u32>,
    /// Certificates; `None`: no TLS.
    pub tls: Option<TlsPlan>,
}

/// Voices.
#[derive(Clone, Debug)]
pub struct MediaPlan {
    /// Where RTP is bound.
    pub bind: IpAddr,
    /// The same for the other family, where turno listens on both.
    pub bind_other: Option<IpAddr>,
    /// What SDP says, where that differs.
    pub advertised: Option<IpAddr>,
    /// The same for the other family.
    pub advertised_other: Option<IpAddr>,
    /// RTP ports, first (even) and last.
    pub ports: (u16, u16),
    /// How long a peer that should send may be silent.
    pub inactivity: Option<Duration>,
    /// Codec names in order of preference: `PCMA`, `PCMU`, `G722`.
    pub codecs: Vec<String>,
    /// Hold music.
    pub music: PathBuf,
}

/// What happens to a contact that can't or shouldn't wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Treatment {
    /// Play this prompt, then end.
    PromptAndEnd(PromptName),
    /// Go on waiting.
    Wait,
}

/// How after-call work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AcwPlan {
    /// By itself after this span; zero: there is none.
    Timed(Duration),
    /// When the agent says so.
    Manual,
}

/// A queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePlan {
    /// The name in the configuration, metrics and reports.
    pub name: String,
    /// What agents' phones show.
    pub display: String,
    /// The skill that an agent needs.
    pub skill: SkillId,
    /// How an agent is chosen when several are available.
    pub rule: Rule,
    /// 0 is normal, higher is served first.
    pub priority: u8,
    /// How long an offer rings.
    pub ring: Duration,
    /// How long an agent is in AUX after a missed or refused offer.
    pub rona_cool_down: Duration,
    /// Longest hold before the agent is recalled.
    pub hold_max: Duration,
    /// After-call work.
    pub acw: AcwPlan,
    /// The handling target: talk and hold.
    pub handling_target: Duration,
    /// How long before the target the warning is given.
    pub handling_warning: Duration,
    /// The wait target, the `y` of a service level.
    pub wait_target: Duration,
    /// A caller who leaves sooner is a short abandon.
    pub short_abandon: Duration,
    /// Most contacts that may wait.
    pub length_max: u32,
    /// When `length_max` is reached.
    pub when_full: Treatment,
    /// Longest wait.
    pub wait_max: Option<Duration>,
    /// When `wait_max` has passed.
    pub when_waited: Treatment,
    /// When nobody with the skill is logged in.
    pub when_nobody: Treatment,
    /// Answer the caller on entry; otherwise music is early media and the answer is the agent's.
    pub answer_on_entry: bool,
    /// Prompts played once on entering, before the music; cut when an agent answers.
    pub greeting: Vec<PromptName>,
}

/// An agent and the seat that belongs to them.
#[derive(Clone, Debug)]
pub struct AgentPlan {
    /// The name in the configuration and metrics.
    pub name: String,
    /// The person's name, for people.
    pub display: String,
    /// The user part of the seat's address of record, and its digest username.
    pub extension: String,
    /// The seat's password.
    pub password: Secret,
    /// Skills with levels, 1 (best) to 16.
    pub skills: Vec<(SkillId, u8)>,
    /// Log in and be available as soon as the seat registers.
    pub auto_login: bool,
    /// Gone from the site, and here only because what is written of the past names the place.
    pub is_retired: bool,
    /// Whether the seat's voices are encrypted.
    pub srtp: SrtpPlan,
}

/// A reason for not being ready.
#[derive(Clone, Debug)]
pub struct AuxReasonPlan {
    /// The name in the configuration and metrics.
    pub name: String,
    /// The digit dialled after the AUX code, 0 to 9.
    pub digit: u8,
}

/// How a trunk is known.
#[derive(Clone, Debug)]
pub enum TrunkTrust {
    /// By source address: (network, prefix length in bits).
    Addresses(Vec<(IpAddr, u8)>),
    /// By digest credentials that the carrier sends to us.
    Digest {
        /// The username.
        username: String,
        /// The password.
        password: Secret,
    },
    /// By our own registration with the carrier.
    Registration {
        /// The username.
        username: String,
        /// The password.
        password: Secret,
        /// How long each registration lasts.
        expires: Duration,
    },
}

/// A trunk to a carrier.
#[derive(Clone, Debug)]
pub struct TrunkPlan {
    /// The name in the configuration and metrics.
    pub name: String,
    /// The carrier's host name or address; `None` for a trunk that only receives.
    pub host: Option<String>,
    /// Port; `None`: DNS SRV, then the transport's default.
    pub port: Option<u16>,
    /// How SIP travels to it.
    pub transport: Transport,
    /// How it is known.
    pub trust: TrunkTrust,
    /// How often it is asked by OPTIONS; `None`: not watched.
    pub options_interval: Option<Duration>,
    /// The country code without `+`, put before national numbers, such as `593`.
    pub country_code: Option<String>,
    /// The prefix of national numbers that the country code replaces, such as `0`.
    pub national_prefix: Option<String>,
    /// Whether its voices are encrypted.
    pub srtp: SrtpPlan,
    /// The name that its certificate must have; `None`: its host.
    pub certificate_name: Option<String>,
    /// Whether it must show a certificate where it connects to us; then its calls come over TLS alone.
    pub client_certificate: bool,
    /// How this carrier writes who calls whom.
    pub addressing: TrunkAddressing,
}

/// Where a dialled number leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// To a menu.
    Menu(MenuId),
    /// Straight to a queue.
    Queue(QueueId),
}

/// A dialled number.
#[derive(Clone, Debug)]
pub struct NumberPlan {
    /// Digits as they come in the Request-URI's user part; compared after separators and a leading `+` are dropped.
    pub number: String,
    /// Where it leads.
    pub entry: Entry,
    /// When it is open; `None`: always.
    pub hours: Option<HoursId>,
    /// Played outside the hours, then the call ends.
    pub closed: Option<PromptName>,
    /// Played on holidays, then the call ends; `None`: as closed.
    pub holiday: Option<PromptName>,
}

/// A one-level menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuPlan {
    /// The name in the configuration.
    pub name: String,
    /// Played first; any listed key cuts it.
    pub prompts: Vec<PromptName>,
    /// Silence after the prompts before the default is taken.
    pub wait: Duration,
    /// Keys and where they lead.
    pub choices: Vec<(char, QueueId)>,
    /// On silence or another key.
    pub otherwise: QueueId,
}

/// A prompt and its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptPlan {
    /// The name in the configuration, such as `es/welcome`.
    pub name: String,
    /// The WAV file.
    pub file: PathBuf,
}

/// Codes that an agent dials from the phone.
#[derive(Clone, Debug)]
pub struct FeatureCodes {
    /// Log in (and be ready).
    pub log_in: String,
    /// Log out.
    pub log_out: String,
    /// Ready.
    pub ready: String,
    /// AUX, followed by the reason's digit.
    pub aux: String,
    /// End after-call work.
    pub end_acw: String,
    /// Wrap-up, followed by the code.
    pub wrap_up: String,
    /// Spoken confirmations in the order of the fields above, then the refusal; `None`: a tone.
    pub prompts: [Option<PromptName>; 7],
}

/// Numbers that agents may dial outside.
#[derive(Clone, Debug, Default)]
pub struct DialOut {
    /// Patterns: digits, `X` for any digit, a last `.` for any more digits. Empty: nothing.
    pub allow: Vec<String>,
    /// Patterns of the same kind that must not be dialled all the same: of all that fit, the one with the most digits
    /// before its first `X` or `.` decides, and a tie is a refusal.
    pub deny: Vec<String>,
    /// The trunk to use, by place in `Plan::trunks`; `None`: nothing can be dialled.
    pub trunk: Option<crate::id::TrunkId>,
}

/// What is asked of agents, whichever queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomPlan {
    /// Avaya's switch: time in ACW counts as idle for most-idle.
    pub acw_considered_idle: bool,
    /// Avaya's switch: time in AUX counts as idle for most-idle.
    pub aux_considered_idle: bool,
}

impl Plan {
    /// The agent whose seat has this extension.
    pub fn agent_by_extension(&self, extension: &str) -> Option<AgentId> {
        self.agents
            .iter()
            .position(|agent| agent.extension == extension)
            .and_then(|at| u32::try_from(at).ok())
            .map(AgentId)
    }

    /// What one dialled number is.
    pub fn number(&self, dialled: &str) -> Option<&NumberPlan> {
        let bare = bare_number(dialled);
        self.numbers.iter().find(|number| bare_number(&number.number) == bare)
    }
}

/// A number without separators and the leading `+`.
pub fn bare_number(number: &str) -> String {
    number.chars().filter(|c| !matches!(c, '-' | '.' | ' ' | '(' | ')' | '+')).collect()
}
