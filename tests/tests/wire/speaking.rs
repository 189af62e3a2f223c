//! A supervisor speaks live to two callers who wait, on real sockets: who hears the supervisor, and until when.

use core::time::Duration;

use turno_phone::{CallId, PhoneEvent, Sound};
use turno_tests::wire::{Server, Softphone};

/// Tones of the phones, in hertz: none that the music has (300 to 480), which would be taken for a voice.
const SUPERVISOR: u16 = 800;
const AGENT: u16 = 1_300;
const CITIZEN: u16 = 1_000;
const HEARABLE: [u16; 3] = [SUPERVISOR, AGENT, CITIZEN];
/// Packets of half a second.
const SOME_PACKETS: u64 = 25;
/// How long `turno ctl` and `turno trace` may take.
const ASKING_SPAN: Duration = Duration::from_secs(30);

fn answers(desk: &mut Softphone) -> CallId {
    let event = desk.waits_for("a call", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, .. } = event else { unreachable!("it was chosen so") };
    desk.is_answered(call);
    call
}

#[test]
fn two_callers_hear_the_supervisor_until_an_agent_answers_or_the_speech_ends() {
    let mut server = Server::lab_kept_with(&[]);
    let mut eva = Softphone::agent(&server, "a001");
    let mut ana = Softphone::agent(&server, "a002");
    server.wait_until("both are there", |now| now.sum("turno_agents", &["state=\"available\""]) == 2.0);
    // Nobody has the skill for this queue.
    let mut line = Softphone::line(&server);
    let calls = ["0991234567", "0991234568"].map(|from| {
        let call = line.calls(from, "7001");
        line.is_answered(call);
        call
    });
    let [first, second] = [(); 2].map(|()| line.speaks(Sound::Tone(CITIZEN)));
    server.wait_until("both wait", |now| now.sum("turno_queue_depth", &["queue=\"hold\""]) == 2.0);
    for caller in [&first, &second] {
        let heard = caller.hears("music", |heard| heard.received >= SOME_PACKETS);
        assert_eq!(heard.dominant(&HEARABLE), None);
    }

    server.ctl(&["speak", "hold", "a001", "--why", "a storm"], "spoken").succeed(ASKING_SPAN);
    assert_eq!(server.folder().read("spoken").trim(), "done");
    let speech = answers(&mut eva);
    let at_eva = eva.speaks(Sound::Tone(SUPERVISOR));
    for caller in [&first, &second] {
        caller.hears("the supervisor", |heard| heard.dominant(&HEARABLE) == Some(SUPERVISOR));
    }
    at_eva.listens_anew();
    let heard = at_eva.hears("silence", |heard| heard.received >= SOME_PACKETS);
    assert_eq!(heard.dominant(&HEARABLE), None, "the supervisor hears no caller");
    // The second supervisor is told who speaks.
    let mut refused = server.ctl(&["speak", "hold", "a002"], "refused");
    assert!(refused.wait(ASKING_SPAN).is_some_and(|status| !status.success()));
    assert!(server.folder().read("refused").contains("agent a001 speaks to this queue"));

    server.ctl(&["skill", "a002", "hold", "1", "--for", "1h"], "set").succeed(ASKING_SPAN);
    let talk = answers(&mut ana);
    let at_ana = ana.speaks(Sound::Tone(AGENT));
    first.hears("the agent", |heard| heard.dominant(&HEARABLE) == Some(AGENT));
    first.listens_anew();
    second.listens_anew();
    let heard = first.hears("only the agent", |heard| heard.received >= SOME_PACKETS);
    assert_eq!(heard.dominant(&HEARABLE), Some(AGENT), "the supervisor is gone with the answer");
    let heard = second.hears("the supervisor on", |heard| heard.received >= SOME_PACKETS);
    assert_eq!(heard.dominant(&HEARABLE), Some(SUPERVISOR), "who waits on hears the supervisor");

    eva.hangs_up(speech);
    second.hears("music again", |heard| heard.dominant(&HEARABLE).is_none());
    second.listens_anew();
    let heard = second.hears("music", |heard| heard.received >= SOME_PACKETS);
    assert_eq!(heard.dominant(&HEARABLE), None, "the supervisor is gone with the hang-up");
    let now = server.scrape();
    assert_eq!(now.sum("turno_live_speeches_total", &[]), 1.0);
    assert_eq!(now.sum("turno_live_speech_listeners_total", &[]), 2.0);
    server.trace(&["--last"], "told").succeed(ASKING_SPAN);
    let told = server.folder().read("told");
    assert!(told.contains("who speaks to the queue"), "{told}");

    ana.hangs_up(talk);
    for call in calls {
        line.hangs_up(call);
    }
    drop((at_eva, at_ana, first, second));
    drop((eva, ana, line));
    server.stop();
}
