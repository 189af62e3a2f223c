//! The lab's plan, until the configuration is read from its file.

use core::time::Duration;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use turno_ground::{Secret, Transport};
use turno_model::plan::{
    AcwPlan, AgentPlan, DialOut, DigestAlgorithm, Entry, FeatureCodes, MediaPlan, NumberPlan, Plan,
    QueuePlan, RoomPlan, SipPlan, Treatment, TrunkPlan, TrunkTrust,
};
use turno_model::{QueueId, Rule, SkillId};

#[expect(clippy::too_many_lines, reason = "goes when the file is read")]
pub(crate) fn lab() -> Plan {
    let secs = Duration::from_secs;
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let sip = SocketAddr::new(here, 5060);
    let number = |number: &str, queue| NumberPlan {
        number: number.to_owned(),
        entry: Entry::Queue(QueueId(queue)),
        hours: None,
        closed: None,
        holiday: None,
    };
    Plan {
        site: "lab".to_owned(),
        sip: SipPlan {
            listen: vec![(Transport::Udp, sip), (Transport::Tcp, sip)],
            advertised: None,
            domain: "127.0.0.1".to_owned(),
            digest: vec![DigestAlgorithm::Md5, DigestAlgorithm::Sha256],
            expires: (secs(60), secs(3600), secs(3600)),
            contacts_per_seat_max: 4,
            contact_as_given: true,
            options_interval: None,
            options_misses_max: 3,
            session_expires: secs(1800),
            min_se: secs(90),
            requests_per_source_max: None,
        },
        http: SocketAddr::new(here, 8080),
        media: MediaPlan {
            bind: here,
            advertised: None,
            ports: (20_000, 59_998),
            inactivity: None,
            codecs: vec!["PCMA".to_owned(), "PCMU".to_owned(), "G722".to_owned()],
            music: PathBuf::new(),
        },
        skills: vec!["lab".to_owned(), "hold".to_owned()],
        queues: vec![queue("lab", 0, false), queue("hold", 1, true)],
        agents: (1..=200)
            .map(|n| AgentPlan {
                name: format!("a{n:03}"),
                display: format!("Agent {n}"),
                extension: format!("a{n:03}"),
                password: Secret::new("lab"),
                skills: vec![(SkillId(0), 1)],
                auto_login: true,
            })
            .collect(),
        aux_reasons: vec![],
        trunks: vec![TrunkPlan {
            name: "lab".to_owned(),
            host: None,
            port: None,
            transport: Transport::Udp,
            trust: TrunkTrust::Addresses(vec![(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8)]),
            options_interval: None,
            country_code: None,
            national_prefix: None,
        }],
        numbers: vec![number("7000", 0), number("7001", 1)],
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
        room: RoomPlan { acw_considered_idle: false, aux_considered_idle: false },
    }
}

fn queue(name: &str, skill: u32, answer_on_entry: bool) -> QueuePlan {
    let secs = Duration::from_secs;
    QueuePlan {
        name: name.to_owned(),
        display: name.to_owned(),
        skill: SkillId(skill),
        rule: Rule::EadMia,
        priority: 0,
        ring: secs(15),
        rona_cool_down: secs(30),
        hold_max: secs(120),
        acw: AcwPlan::Timed(Duration::ZERO),
        handling_target: secs(180),
        handling_warning: secs(30),
        wait_target: secs(20),
        short_abandon: secs(5),
        length_max: 100_000,
        when_full: Treatment::Wait,
        wait_max: None,
        when_waited: Treatment::Wait,
        when_nobody: Treatment::Wait,
        answer_on_entry,
        greeting: vec![],
    }
}
