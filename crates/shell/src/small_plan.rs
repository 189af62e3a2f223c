//! A small plan for tests: one queue, one agent, addresses of the loopback.

use core::time::Duration;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use turno_ground::{Secret, Transport};
use turno_model::encryption::SrtpPlan;
use turno_model::plan::{
    AcwPlan, AgentPlan, AuxReasonPlan, DialOut, DigestAlgorithm, FeatureCodes, JournalPlan, MediaPlan, Plan,
    QueuePlan, RoomPlan, SeatPlan, SipPlan, TracePlan, Treatment, TrunkAddressing, TrunkPlan, TrunkTrust,
};
use turno_model::{Rule, SeatId, SkillId};

/// Any free port.
pub(crate) fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// A site with no number, that listens for SIP at `sip`.
pub(crate) fn small_plan(sip: SocketAddr) -> Plan {
    Plan {
        site: "test".to_owned(),
        sip: SipPlan {
            listen: vec![(Transport::Udp, sip), (Transport::Tcp, sip)],
            advertised: None,
            domain: "turno.test".to_owned(),
            digest: vec![DigestAlgorithm::Md5],
            expires: (Duration::from_secs(60), Duration::from_secs(3600), Duration::from_secs(300)),
            contacts_per_seat_max: 4,
            contact_as_given: true,
            force_rport: false,
            options_interval: None,
            options_misses_max: 3,
            session_expires: Duration::from_secs(1800),
            min_se: Duration::from_secs(90),
            requests_per_source_max: None,
            tls: None,
        },
        http: loopback(),
        media: MediaPlan {
            bind_other: None,
            advertised_other: None,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            advertised: None,
            ports: (20_000, 20_100),
            inactivity: None,
            codecs: vec!["PCMA".to_owned()],
            music: music(),
        },
        skills: vec!["passports".to_owned()],
        queues: vec![queue()],
        agents: vec![agent()],
        seats: vec![seat()],
        aux_reasons: vec![AuxReasonPlan { name: "lunch".to_owned(), digit: 1 }],
        trunks: vec![],
        numbers: vec![],
        menus: vec![],
        hours: vec![],
        prompts: vec![],
        feature_codes: FeatureCodes {
            log_in: "*11".to_owned(),
            log_out: "*12".to_owned(),
            ready: "*13".to_owned(),
            aux: "*14".to_owned(),
            end_acw: "*15".to_owned(),
            wrap_up: "*16".to_owned(),
            prompts: [None; 7],
        },
        dial_out: DialOut::default(),
        room: RoomPlan::default(),
        fence: turno_model::FencePlan::default(),
        trace: Some(TracePlan { bytes: 1 << 20, messages: 1_000 }),
        journal: JournalPlan::default(),
        keep_withheld: false,
    }
}

/// The same, where nothing is bound.
pub(crate) fn one_queue() -> Plan {
    small_plan(loopback())
}

/// A trunk that calls from the loopback.
pub(crate) fn loopback_trunk() -> TrunkPlan {
    TrunkPlan {
        name: "carrier".to_owned(),
        host: None,
        port: None,
        transport: Transport::Udp,
        trust: TrunkTrust::Addresses(vec![(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8)]),
        options_interval: None,
        country_code: None,
        national_prefix: None,
        srtp: SrtpPlan::default(),
        certificate_name: None,
        client_certificate: false,
        addressing: TrunkAddressing::default(),
    }
}

fn agent() -> AgentPlan {
    AgentPlan {
        name: "ana".to_owned(),
        display: "Ana".to_owned(),
        extension: "1001".to_owned(),
        own_seat: Some(SeatId(0)),
        skills: vec![(SkillId(0), 1)],
        auto_login: true,
        is_retired: false,
    }
}

fn seat() -> SeatPlan {
    SeatPlan {
        extension: "1001".to_owned(),
        display: "Ana".to_owned(),
        password: Secret::new("secret"),
        srtp: SrtpPlan::default(),
        is_retired: false,
    }
}

fn queue() -> QueuePlan {
    let secs = Duration::from_secs;
    QueuePlan {
        name: "passports".to_owned(),
        display: "Passports".to_owned(),
        skill: SkillId(0),
        rule: Rule::EadMia,
        priority: 0,
        ring: secs(15),
        rona_cool_down: secs(30),
        hold_max: secs(120),
        acw: AcwPlan::Timed(secs(20)),
        handling_target: secs(180),
        handling_warning: secs(25),
        wait_target: secs(17),
        short_abandon: secs(5),
        length_max: 100,
        when_full: Treatment::Wait,
        wait_max: None,
        when_waited: Treatment::Wait,
        when_nobody: Treatment::Wait,
        answer_on_entry: true,
        greeting: vec![],
    }
}

/// A tenth of a second of silence as a WAV file of its own for each test process.
fn music() -> PathBuf {
    let path = std::env::temp_dir().join(format!("turno-shell-music-{}.wav", std::process::id()));
    let samples: u32 = 800;
    let bytes = samples * 2;
    let mut wav = Vec::new();
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + bytes).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    wav.extend_from_slice(&16u32.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&8_000u32.to_le_bytes());
    wav.extend_from_slice(&16_000u32.to_le_bytes());
    wav.extend_from_slice(&2u16.to_le_bytes());
    wav.extend_from_slice(&16u16.to_le_bytes());
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&bytes.to_le_bytes());
    wav.resize(wav.len() + bytes as usize, 0);
    // Tests of one process share the file: written beside and moved, it is whole at every moment.
    let beside = path.with_extension(format!("{:?}", std::thread::current().id()));
    std::fs::write(&beside, wav).expect("the temporary folder takes a file");
    std::fs::rename(&beside, &path).expect("a rename in one folder");
    path
}
