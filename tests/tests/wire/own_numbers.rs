//! An agent's own number on real sockets: its caller waits for the busy owner while another agent is free.

use turno_phone::{PhoneEvent, Sound};
use turno_tests::wire::{Server, Softphone};

/// Tones of the agents and of the caller, in hertz.
const ANA: u16 = 1_000;
const BRUNO: u16 = 700;
const CITIZEN: u16 = 440;

const OWN: &str =
    "[[number]]\nnumber = \"022345601\"\nqueue = \"lab\"\nagent = \"a001\"\n\n[[number]]\nnumber = \"7000\"";

fn rings_and_answers(agent: &mut Softphone) {
    let event = agent.waits_for("a call", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, .. } = event else { unreachable!("it was chosen so") };
    agent.is_answered(call);
}

#[test]
fn who_dials_an_own_number_talks_to_its_owner_though_another_agent_is_free() {
    let mut server = Server::lab_with(&[("[[number]]\nnumber = \"7000\"", OWN)]);
    let mut ana = Softphone::agent(&server, "a001");
    server.wait_until("Ana is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let mut line = Softphone::line(&server);
    let busy = line.calls("0995555555", "7000");
    line.is_answered(busy);
    rings_and_answers(&mut ana);
    let first = ana.speaks(Sound::Tone(ANA));
    let mut bruno = Softphone::agent(&server, "a002");
    server.wait_until("Bruno is free", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);

    let own = line.calls("0991234567", "022345601");
    server.wait_until("the caller waits for Ana", |now| {
        now.sum("turno_callers_known_total", &["what=\"direct\""]) == 1.0
            && now.sum("turno_queue_depth", &["queue=\"lab\""]) == 1.0
    });
    drop(first);
    line.hangs_up(busy);
    line.is_answered(own);
    rings_and_answers(&mut ana);
    let voice = ana.speaks(Sound::Tone(ANA));
    let media =
        line.waits_for("media", |event| matches!(event, PhoneEvent::Media { call, .. } if *call == own));
    let PhoneEvent::Media { local_rtp, remote_rtp, encoding, .. } = media else {
        unreachable!("it was chosen so")
    };
    let citizen = turno_tests::wire::Talker::new(local_rtp, Some(remote_rtp), Sound::Tone(CITIZEN), encoding);
    citizen.hears("Ana", |heard| heard.dominant(&[ANA, BRUNO, CITIZEN]) == Some(ANA));
    assert!(bruno.has_seen(|event| matches!(event, PhoneEvent::Incoming { .. })).is_none(), "Bruno was rung");
    server.wait_until("it is counted", |now| now.sum("turno_offers_direct_total", &[]) == 1.0);
    drop((voice, citizen));
    line.hangs_up(own);
    line.is_in_order();
    ana.is_in_order();
    server.stop();
}
