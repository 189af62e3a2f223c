//! An agent signs in at a phone that is nobody's, on real sockets: prompts that are heard and keys by telephone-event.

use turno_phone::{PhoneEvent, Sound};
use turno_tests::wire::{Server, Softphone};

const SEATS: &str = "[[seat_range]]\nfrom = \"a001\"";
const HOT_DESK: &str = "[[seat]]\nextension = \"2050\"\npassword = \"lab\"\n\n\
     [[agent]]\nname = \"3001\"\nphone = \"none\"\npin = \"4711\"\nskills = { lab = 1 }\n\n\
     [[seat_range]]\nfrom = \"a001\"";
const CODES: &str = "[queue_defaults]";
const SPOKEN: &str = "[feature_codes.prompts]\nsit_extension = \"en/sit/extension\"\nsit_pin = \"en/sit/pin\"\n\
     log_in = \"en/logged_in\"\n\n[queue_defaults]";

#[test]
fn an_agent_keys_in_extension_and_pin_and_the_next_call_rings_there() {
    let mut server = Server::lab_with(&[(SEATS, HOT_DESK), (CODES, SPOKEN)]);
    let mut desk = Softphone::agent(&server, "2050");
    let sign_in = desk.calls("2050", "*10");
    desk.is_answered(sign_in);
    let person = desk.speaks(Sound::Tone(440));
    person.hears("the question for the extension", |heard| heard.received > 50);
    for key in "3001#".chars() {
        person.presses(key);
    }
    person.hears("the question for the PIN", |heard| heard.received > 150);
    for key in "4711#".chars() {
        person.presses(key);
    }
    server.wait_until("the agent sits there", |now| {
        now.sum("turno_pins_total", &["outcome=\"sat_down\""]) == 1.0
    });
    desk.waits_for(
        "the end of the confirmation",
        |event| matches!(event, PhoneEvent::Ended { call, .. } if *call == sign_in),
    );
    let mut line = Softphone::line(&server);
    let citizen = line.calls("0991234567", "7000");
    line.is_answered(citizen);
    let event = desk.waits_for("the caller", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, .. } = event else { unreachable!("it was chosen so") };
    desk.is_answered(call);
    line.hangs_up(citizen);
    let now = server.wait_until("the contact is over", |now| now.contacts("lab", "answered") == 1.0);
    assert_eq!(now.sum("turno_pins_total", &[]), 1.0);
    drop((person, desk, line));
    server.stop();
}
