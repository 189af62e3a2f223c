//! DTMF by telephone-event between a caller and an agent whose phone uses another payload type than turno.

use turno_media_plan::{Codec, Encoding};
use turno_phone::Sound;
use turno_tests::wire::{Running, Server, Sipp, Softphone, Talker, is_missing};

use crate::offers::names_keys;

/// Media port of the agent's voice. SIPp must have another one, because it ends at once if its port is taken.
const AGENT_RTP: u16 = 24_000;

/// An agent played by SIPp. Its answer has `payload` as telephone-event, and it logs the payload type of turno's offer.
fn agent_who_names(server: &Server, payload: &str) -> Running {
    let named = names_keys(payload);
    let mut changes: Vec<(&str, &str)> = named.iter().map(|(old, new)| (&**old, &**new)).collect();
    let place = format!("m=audio {AGENT_RTP} ");
    changes.push(("m=audio [media_port] ", &place));
    changes.push((
        "<log message=\"offer [$caller]\"/>",
        "<ereg regexp=\"rtpmap:[0-9]+ telephone-event\" search_in=\"body\" check_it=\"true\" assign_to=\"keys\"/>\n      \
         <log message=\"offer [$caller] with [$keys]\"/>",
    ));
    Sipp::changed(server, "agent_uas", &changes, (server.peer(2), 5080))
        .with(&["-aa", "-mp", "20320"])
        .start()
}

/// The payload type of telephone-event in turno's offer.
fn offered(agent: &Running) -> u8 {
    let log = agent.log();
    let number = log.iter().find_map(|line| line.split_once("rtpmap:")?.1.split(' ').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("no telephone-event was offered: {log:?}"))
}

#[test]
fn a_key_reaches_an_agents_phone_by_the_number_that_the_phone_named_and_comes_back_by_ours() {
    // RFC 3264, 5.1 and 6.1: a payload type belongs to the receiver. Wound: 101 offered, 96 or 100 answered, 101 sent.
    if is_missing(&["sipp"]) {
        return;
    }
    for payload in [96, 100] {
        let mut server = Server::lab();
        Sipp::register(&server, 1, 1, 5080);
        let agent = agent_who_names(&server, &payload.to_string());
        let mut line = Softphone::line(&server);
        let call = line.calls("0991234567", "7000");
        line.is_answered(call);
        let ours = offered(&agent);
        assert_ne!(ours, payload, "the two numbers are to differ");
        let at_agent = Encoding {
            heard: Encoding::new(Codec::Pcma, Codec::Pcma.payload_type(), Some(payload)).heard,
            ..Encoding::new(Codec::Pcma, Codec::Pcma.payload_type(), Some(ours))
        };
        // This talker accepts only the payload types that its phone has named.
        let ana = Talker::new((server.peer(2), AGENT_RTP).into(), None, Sound::Tone(1_000), at_agent);
        let citizen = line.speaks(Sound::Tone(440));
        ana.hears("the citizen", |heard| heard.dominant(&[440, 1_000]) == Some(440));
        citizen.hears("the agent", |heard| heard.dominant(&[440, 1_000]) == Some(1_000));
        citizen.presses('1');
        citizen.presses('#');
        let heard = ana.hears("both keys", |heard| heard.digits.len() >= 2);
        assert_eq!((heard.digits.as_str(), heard.refused), ("1#", 0), "at the agent, as {payload}");
        ana.presses('5');
        let heard = citizen.hears("the agent's key", |heard| !heard.digits.is_empty());
        assert_eq!((heard.digits.as_str(), heard.refused), ("5", 0), "at the citizen");
        // Voice goes on after the keys.
        Talker::all_hear_more([&ana, &citizen], 20);
        line.hangs_up(call);
        line.is_in_order();
        server.wait_until("the contact is booked as answered", |now| now.contacts("lab", "answered") == 1.0);
        drop(agent);
        server.stop();
    }
}
