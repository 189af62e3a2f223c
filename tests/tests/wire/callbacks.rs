//! A caller who hangs up and is called back over the trunk: keys by telephone-event, the citizen played by SIPp.

use turno_phone::{PhoneEvent, Sound};
use turno_tests::wire::{Server, Sipp, Softphone, is_missing};

const TRUNK: &str = "addresses = [\"127.0.0.0/8\"]\noptions_interval = \"none\"\n";
const CALLED: &str = "host = \"127.0.0.1\"\nport = 5094\naddresses = [\"127.0.0.0/8\"]\n\
     options_interval = \"none\"\n\n[dial_out]\nallow = [\"09.\"]\ntrunk = \"lab\"\n\n";
const QUEUE: &str = "name = \"lab\"\nanswer_on_entry = false";
const CALLS_BACK: &str =
    "name = \"lab\"\nanswer_on_entry = true\ncallback = true\ncallback_language = \"en\"";

#[test]
fn a_caller_presses_the_key_hangs_up_and_is_called_back_when_the_agent_is_free() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab_with(&[(TRUNK, CALLED), (QUEUE, CALLS_BACK)]);
    let person = Sipp::new(&server, "agent_uas", server.sip().ip(), 5094).with(&["-aa", "-m", "1"]).start();
    let mut ana = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    let first = line.calls("0991234567", "7000");
    line.is_answered(first);
    let before = line.speaks(Sound::Tone(440));
    let event = ana.waits_for("the first caller", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, .. } = event else { unreachable!("it was chosen so") };
    ana.is_answered(call);

    let second = line.calls("0987654321", "7000");
    line.is_answered(second);
    let citizen = line.speaks(Sound::Tone(440));
    citizen.presses('1');
    server.wait_until("the key is heard", |now| {
        now.sum("turno_callbacks_offered_total", &["why=\"key\""]) == 1.0
    });
    citizen.presses('1');
    server.wait_until("it is promised", |now| now.sum("turno_callbacks_asked_total", &[]) == 1.0);
    line.waits_for(
        "the end of the goodbye",
        |event| matches!(event, PhoneEvent::Ended { call, .. } if *call == second),
    );
    drop((citizen, before));

    line.hangs_up(first);
    let event = ana.waits_for("the callback", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, display, .. } = event else { unreachable!("it was chosen so") };
    assert!(display.contains("CALLBACK"), "{display}");
    ana.is_answered(call);
    server.wait_until("the citizen is reached", |now| {
        now.sum("turno_callbacks_ended_total", &["outcome=\"reached\""]) == 1.0
    });
    ana.hangs_up(call);
    person.succeed();
    let booked =
        server.wait_until("both are booked as answered", |now| now.contacts("lab", "answered") == 2.0);
    assert_eq!(booked.contacts("lab", "abandoned"), 0.0);
    drop(ana);
    server.stop();
}
