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

/// The same trunk at a port from which a softphone's RTP port follows.
const AT_PHONE: &str = "host = \"127.0.0.1\"\nport = 55094\naddresses = [\"127.0.0.0/8\"]\n\
     options_interval = \"none\"\n\n[dial_out]\nallow = [\"09.\"]\ntrunk = \"lab\"\n\n";
const AHEAD: &str = "name = \"lab\"\nanswer_on_entry = true\ncallback = true\ncallback_language = \"en\"\n\
     callback_first = \"citizen\"";
/// Tones of the citizen's and the agent's phone, in hertz.
const CITIZEN: u16 = 440;
const AGENT: u16 = 1_000;
const HEARABLE: [u16; 4] = [300, CITIZEN, 620, AGENT];

/// Ana talks to the first caller; the second one asks to be called back and hangs up. Returns the first call.
fn asks_for_a_callback(
    server: &mut Server,
    ana: &mut Softphone,
    line: &mut Softphone,
) -> turno_phone::CallId {
    let first = line.calls("0991234567", "7000");
    line.is_answered(first);
    let before = line.speaks(Sound::Tone(300));
    let event = ana.waits_for("the first caller", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, .. } = event else { unreachable!("it was chosen so") };
    ana.is_answered(call);
    drop(ana.speaks(Sound::Silence));
    let second = line.calls("0987654321", "7000");
    line.is_answered(second);
    let caller = line.speaks(Sound::Silence);
    caller.presses('1');
    server.wait_until("the key is heard", |now| {
        now.sum("turno_callbacks_offered_total", &["why=\"key\""]) == 1.0
    });
    caller.presses('1');
    server.wait_until("it is promised", |now| now.sum("turno_callbacks_asked_total", &[]) == 1.0);
    line.waits_for(
        "the end of the goodbye",
        |event| matches!(event, PhoneEvent::Ended { call, .. } if *call == second),
    );
    drop((caller, before));
    first
}

#[test]
fn a_citizen_who_is_dialled_ahead_hears_a_greeting_and_then_the_agent() {
    // A steady tone is no voice, so nobody listens for a machine here.
    let ahead = format!("{AHEAD}\ncallback_machine = \"off\"");
    let mut server = Server::lab_with(&[(TRUNK, AT_PHONE), (QUEUE, &ahead)]);
    let mut person = Softphone::outside(&server, "called", 55_094);
    let mut ana = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    let first = asks_for_a_callback(&mut server, &mut ana, &mut line);
    line.hangs_up(first);
    person.waits_for("the callback", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let citizen = person.speaks(Sound::Tone(CITIZEN));
    let event = ana.waits_for("the citizen", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, .. } = event else { unreachable!("it was chosen so") };
    ana.is_answered(call);
    let agent = ana.speaks(Sound::Tone(AGENT));
    citizen.hears("the agent", |heard| heard.dominant(&HEARABLE) == Some(AGENT));
    agent.hears("the citizen", |heard| heard.dominant(&HEARABLE) == Some(CITIZEN));
    let told = server.wait_until("the citizen is reached", |now| {
        now.sum("turno_callbacks_ended_total", &["outcome=\"reached\""]) == 1.0
    });
    assert_eq!(told.sum("turno_callbacks_picked_up_total", &[]), 1.0);
    ana.hangs_up(call);
    person.is_hung_up_on();
    drop((citizen, agent));
    server.wait_until("both are booked as answered", |now| now.contacts("lab", "answered") == 2.0);
    server.stop();
}

#[test]
fn a_machine_that_answers_is_heard_and_left_and_no_agent_is_rung() {
    let mut server = Server::lab_with(&[(TRUNK, AT_PHONE), (QUEUE, AHEAD)]);
    let mut machine = Softphone::outside(&server, "called", 55_094);
    let mut ana = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    let first = asks_for_a_callback(&mut server, &mut ana, &mut line);
    line.hangs_up(first);
    machine.waits_for("the callback", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let greeting = machine.speaks(Sound::Babble(3));
    greeting.hears("our greeting", |heard| heard.received >= 50);
    let told = server.wait_until("it is known as a machine", |now| {
        now.sum("turno_callback_dials_failed_total", &["why=\"machine\""]) == 1.0
    });
    machine.is_hung_up_on();
    assert_eq!(told.sum("turno_callbacks_picked_up_total", &[]), 1.0);
    assert_eq!(told.sum("turno_agents", &["state=\"available\""]), 1.0);
    let is_rung = |event: &PhoneEvent| matches!(event, PhoneEvent::Incoming { .. });
    assert_eq!(ana.has_seen(is_rung), None, "Ana is not disturbed");
    drop(greeting);
    server.stop();
}
