//! Small plans for tests: one queue, one agent, loopback addresses.

use core::time::Duration;
use std::net::SocketAddr;
use std::path::PathBuf;

use turno_ground::Transport;
use turno_model::plan::{AgentPlan, MediaPlan, Plan, QueuePlan, SipPlan, TracePlan, TrunkPlan};
use turno_model::{Rule, SeatId, SkillId, sample};

/// Any free port.
pub(crate) fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// A site without a number, with this SIP address.
pub(crate) fn small_plan(at: SocketAddr) -> Plan {
    Plan {
        sip: SipPlan {
            listen: vec![(Transport::Udp, at), (Transport::Tcp, at)],
            contact_as_given: true,
            ..sample::sip()
        },
        media: MediaPlan { music: music(), ..sample::media() },
        skills: vec!["passports".to_owned()],
        queues: vec![queue()],
        agents: vec![agent()],
        seats: vec![sample::seat("1001")],
        trace: Some(TracePlan { bytes: 1 << 20, messages: 1_000 }),
        ..sample::plan()
    }
}

/// The same, for tests that bind nothing.
pub(crate) fn one_queue() -> Plan {
    small_plan(loopback())
}

/// A trunk that calls from loopback.
pub(crate) fn loopback_trunk() -> TrunkPlan {
    sample::trunk("carrier")
}

fn agent() -> AgentPlan {
    AgentPlan {
        name: "ana".to_owned(),
        display: "Ana".to_owned(),
        own_seat: Some(SeatId(0)),
        auto_login: true,
        ..sample::agent("1001", &[(0, 1)])
    }
}

fn queue() -> QueuePlan {
    QueuePlan {
        display: "Passports".to_owned(),
        rule: Rule::EadMia,
        handling_warning: Duration::from_secs(25),
        wait_target: Duration::from_secs(17),
        length_max: 100,
        answer_on_entry: true,
        ..sample::queue("passports", SkillId(0))
    }
}

/// A WAV file with a tenth of a second of silence, one for each test process.
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
    // Tests of one process share the file: it is written under another name and renamed, so it is always complete.
    let beside = path.with_extension(format!("{:?}", std::thread::current().id()));
    std::fs::write(&beside, wav).expect("the temporary folder takes a file");
    std::fs::rename(&beside, &path).expect("a rename in one folder");
    path
}
