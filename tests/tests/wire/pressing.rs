//! An agent with a mobile phone behind the carrier, on real sockets: voices by their tones, keys by telephone-event.

use turno_phone::{PhoneEvent, Sound};
use turno_tests::wire::{Server, Softphone};

/// Tone of the agent's telephone, in hertz.
const AGENT: u16 = 1_000;
/// Tone of the caller's.
const CITIZEN: u16 = 440;
/// Packets of three seconds.
const LONG: u64 = 150;

const TRUNK: &str = "addresses = [\"127.0.0.0/8\"]\noptions_interval = \"none\"\n";
const CALLED: &str = "host = \"127.0.0.1\"\nport = 41096\naddresses = [\"127.0.0.0/8\"]\n\
     options_interval = \"none\"\n\n[dial_out]\ntrunk = \"lab\"\n\n[room]\nagents_line = \"7999\"\n\n";
const SEATS: &str = "[[seat_range]]\nfrom = \"a001\"";
const MOBILE: &str = "[[agent]]\nname = \"3001\"\nphone_number = \"0987654321\"\npin = \"471147\"\n\
     skills = { lab = 1 }\n\n[[seat_range]]\nfrom = \"a001\"";
const QUEUE: &str = "name = \"lab\"\nanswer_on_entry = false";
const ANSWERS: &str = "name = \"lab\"\nanswer_on_entry = true";

#[test]
fn a_citizen_hears_music_until_the_agent_has_pressed_one_and_then_the_agent() {
    // Wound: the answering machine of a mobile phone takes a citizen's call.
    let mut server = Server::lab_with(&[(TRUNK, CALLED), (SEATS, MOBILE), (QUEUE, ANSWERS)]);
    let mut mobile = Softphone::outside(&server, "0987654321", 41096);
    let sign_in = mobile.calls("0987654321", "7999");
    mobile.is_answered(sign_in);
    let keys = mobile.speaks(Sound::Silence);
    keys.hears("the question for the PIN", |heard| heard.received > 5);
    for key in "471147#".chars() {
        keys.presses(key);
    }
    server
        .wait_until("the PIN is right", |now| now.sum("turno_pins_total", &["outcome=\"signed_in\""]) == 1.0);
    for key in "*11#".chars() {
        keys.presses(key);
    }
    server.wait_until("the agent is logged in", |now| {
        now.sum("turno_agents", &["state=\"other_call\""]) == 1.0
    });
    mobile.hangs_up(sign_in);
    drop(keys);
    server.wait_until("the agent is ready", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);

    let mut line = Softphone::line(&server);
    let call = line.calls("0991234567", "7000");
    line.is_answered(call);
    let citizen = line.speaks(Sound::Tone(CITIZEN));
    let event = mobile.waits_for("the call", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call: rung, .. } = event else { unreachable!("it was chosen so") };
    mobile.is_answered(rung);
    let agent = mobile.speaks(Sound::Tone(AGENT));
    let asked = agent.hears("what to press", |heard| heard.received > LONG);
    assert_eq!(asked.dominant(&[CITIZEN]), None, "a machine would hear the citizen");
    citizen.listens_anew();
    let waits = citizen.hears("music", |heard| heard.received > LONG);
    assert_eq!(waits.dominant(&[AGENT]), None, "the citizen hears the machine");
    agent.presses('1');
    citizen.hears("the agent", |heard| heard.dominant(&[AGENT]).is_some());
    agent.hears("the citizen", |heard| heard.dominant(&[CITIZEN]).is_some());
    line.hangs_up(call);
    mobile.is_hung_up_on();
    let booked = server.wait_until("the contact is over", |now| now.contacts("lab", "answered") == 1.0);
    for change in ["dialled", "picked_up", "confirmed"] {
        let label = format!("change=\"{change}\"");
        assert_eq!(booked.sum("turno_agent_phones_total", &[&label]), 1.0, "{change}");
    }
    drop((citizen, agent, mobile, line));
    server.stop();
}
