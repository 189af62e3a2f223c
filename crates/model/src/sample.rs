//! A small valid plan and its parts, for tests: each test changes what it is about and leaves the rest.
//!
//! With the feature `sample` alone, so that no program carries it.

use core::time::Duration;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use turno_ground::Secret;

use crate::decision::Rule;
use crate::encryption::SrtpPlan;
use crate::fence::FencePlan;
use crate::id::SkillId;
use crate::language::Language;
use crate::observing::Observing;
use crate::plan::{
    AcwPlan, AgentPlan, AnnouncementPlan, AuxReasonPlan, CODE_PROMPTS, CallbackFirst, CallbackPlan, DialOut,
    DigestAlgorithm, EmergencyPlan, ExportsPlan, FeatureCodes, HistoryPlan, JournalPlan, KnowledgePlan,
    MediaPlan, PhonesPlan, Plan, QueuePlan, QueueRecording, ReportsPlan, RoomPlan, SeatPlan, SipPlan,
    Treatment, TrunkPlan, TrunkTrust, WrittenPlan,
};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A site on the loopback with one AUX reason, `lunch`, and without queues, agents, seats, trunks and numbers.
pub fn plan() -> Plan {
    Plan {
        site: "test".to_owned(),
        language: None,
        sip: sip(),
        http: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        media: media(),
        skills: vec![],
        queues: vec![],
        agents: vec![],
        seats: vec![],
        aux_reasons: vec![AuxReasonPlan {
            name: "lunch".to_owned(),
            digit: 1,
            turns: None,
            is_interruptible: false,
        }],
        wrap_up_codes: vec![],
        dependencies: vec![],
        trunks: vec![],
        numbers: vec![],
        menus: vec![],
        hours: vec![],
        prompts: vec![],
        feature_codes: feature_codes(),
        dial_out: DialOut::default(),
        room: RoomPlan::default(),
        fence: FencePlan::default(),
        trace: None,
        journal: JournalPlan::default(),
        history: HistoryPlan::default(),
        knowledge: KnowledgePlan::default(),
        written: WrittenPlan::default(),
        exports: ExportsPlan::default(),
        reports: ReportsPlan::default(),
        api: None,
        browser: None,
        chat: None,
        webhooks: Vec::new(),
        mail: None,
        whatsapp: None,
        oidc: None,
        recording: None,
        keep_withheld: false,
        voices: vec![],
        emergency: EmergencyPlan::default(),
        caller_lists: vec![],
        phones: PhonesPlan::default(),
    }
}

/// Signalling in the domain `turno.test` with MD5 digest; nothing is listened at, no phone is asked by OPTIONS.
pub fn sip() -> SipPlan {
    SipPlan {
        listen: vec![],
        advertised: None,
        domain: "turno.test".to_owned(),
        digest: vec![DigestAlgorithm::Md5],
        expires: (secs(60), secs(3600), secs(300)),
        contacts_per_seat_max: 4,
        contact_as_given: false,
        force_rport: false,
        options_interval: None,
        options_misses_max: 3,
        subscriptions_max: 1_000,
        session_expires: secs(1800),
        min_se: secs(90),
        requests_per_source_max: None,
        tls: None,
    }
}

/// PCMA on the ports 20000 to 20100 of the loopback, music from a file that is not there.
pub fn media() -> MediaPlan {
    MediaPlan {
        bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
        bind_other: None,
        advertised: None,
        advertised_other: None,
        ports: (20_000, 20_100),
        inactivity: None,
        codecs: vec!["PCMA".to_owned()],
        music: PathBuf::from("hold.wav"),
    }
}

/// `*10` to `*19`, `*21` to `*26`.
pub fn feature_codes() -> FeatureCodes {
    FeatureCodes {
        log_in: "*11".to_owned(),
        log_out: "*12".to_owned(),
        ready: "*13".to_owned(),
        aux: "*14".to_owned(),
        end_acw: "*15".to_owned(),
        wrap_up: "*16".to_owned(),
        listen: "*21".to_owned(),
        whisper: "*22".to_owned(),
        barge: "*23".to_owned(),
        take_over: "*24".to_owned(),
        extend_acw: "*25".to_owned(),
        record: "*17".to_owned(),
        pause_recording: "*18".to_owned(),
        resume_recording: "*19".to_owned(),
        sit: "*10".to_owned(),
        survey: "*26".to_owned(),
        to_front: "*27".to_owned(),
        speak: "*29".to_owned(),
        prompts: [None; CODE_PROMPTS],
        turn_language: Language::English,
        turn_recordings: Vec::new(),
    }
}

/// Place and wait are told at once and every minute, in English.
pub fn announcements() -> AnnouncementPlan {
    AnnouncementPlan {
        language: Language::English,
        first: Duration::ZERO,
        every: Duration::from_secs(60),
        only_changes: false,
        tells_place: true,
        tells_wait: true,
        comfort: vec![],
        recordings: vec![],
    }
}

/// Offered after a minute or by the key 1; three dials with pauses of five minutes; nothing is spoken.
pub fn callback() -> CallbackPlan {
    CallbackPlan {
        key: '1',
        after: Some(secs(60)),
        told_over: None,
        when_full: false,
        times: false,
        number_keyed: true,
        allow: vec![],
        tries: 3,
        pause: secs(300),
        ring: secs(30),
        until: secs(24 * 3_600),
        first: CallbackFirst::Agent,
        ahead: secs(15),
        leaves_machines: false,
        language: Language::English,
        recordings: vec![],
        prompts: vec![],
    }
}

/// A queue for a skill: rings 15 s, cool-down 30 s, hold 120 s, ACW 20 s, handling target 180 s, wait target 20 s; who can't be
/// served waits.
pub fn queue(name: &str, skill: SkillId) -> QueuePlan {
    QueuePlan {
        name: name.to_owned(),
        display: name.to_owned(),
        skill,
        rule: Rule::UcdMia,
        priority: 0,
        ring: secs(15),
        rona_cool_down: secs(30),
        hold_max: secs(120),
        acw: AcwPlan::Timed(secs(20)),
        handling_target: secs(180),
        handling_warning: secs(30),
        handling_marks: vec![],
        wrap_up_required: false,
        help_as: Observing::Whisper,
        wait_target: secs(20),
        short_abandon: secs(5),
        length_max: 200,
        when_full: Treatment::Wait,
        wait_max: None,
        when_waited: Treatment::Wait,
        when_nobody: Treatment::Wait,
        last_agent: None,
        transfer_keeps_wait: true,
        last_agent_wait: Duration::ZERO,
        level_max: None,
        steps: vec![],
        answer_on_entry: false,
        greeting: vec![],
        announcements: None,
        callback: None,
        survey: None,
        voicemail: None,
        recording: QueueRecording::Never,
        recording_class: "standard".to_owned(),
        recording_notice: None,
    }
}

/// An agent with these skills and levels, without a seat, who logs in by a command.
pub fn agent(extension: &str, skills: &[(u32, u8)]) -> AgentPlan {
    AgentPlan {
        name: extension.to_owned(),
        display: format!("Agent {extension}"),
        extension: extension.to_owned(),
        own_seat: None,
        skills: skills.iter().map(|&(skill, level)| (SkillId(skill), level)).collect(),
        auto_login: false,
        supervises: false,
        helps: false,
        is_recorded: false,
        outside: None,
        pin: None,
        is_retired: false,
    }
}

/// A seat with the password `secret`.
pub fn seat(extension: &str) -> SeatPlan {
    SeatPlan {
        extension: extension.to_owned(),
        display: format!("Seat {extension}"),
        password: Secret::new("secret"),
        srtp: SrtpPlan::default(),
        is_retired: false,
    }
}

/// A trunk that calls in from the loopback and is not called.
pub fn trunk(name: &str) -> TrunkPlan {
    TrunkPlan::new(name, TrunkTrust::Addresses(vec![(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8)]))
}
