//! A network device cuts connections while people talk and wait: no voice and no place in line is lost.

use core::time::Duration;

use turno_phone::{CallId, PhoneEvent, Sound};
use turno_tests::wire::{Cut, Cutter, LineNews, Redial, Server, Softphone, Talker};

/// Requests to a phone use the connection that it has opened, as behind a NAT (RFC 5626, 5.3).
const BY_ITS_CONNECTION: (&str, &str) = ("contact_as_given = true", "contact_as_given = false");
/// Packets of one second.
const A_SECOND: u64 = 50;
/// Cuts of one connection within one talk.
const CUTS: u32 = 3;
/// Longest gap in a voice, also on a loaded machine, where packets are late; lost packets are counted separately.
const GAP_MAX: Duration = Duration::from_millis(500);

/// The call that rings or has rung at the agent, and its caller.
fn incoming(agent: &mut Softphone) -> (CallId, String) {
    let event = agent.waits_for("a call", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, caller, .. } = event else { unreachable!("it was chosen so") };
    (call, caller)
}

/// Checks that these talkers hear every packet once and in time while `something` happens, and for a second after.
fn hear_everything(talkers: &[&Talker], something: impl FnOnce()) {
    talkers.iter().for_each(|talker| talker.listens_anew());
    Talker::all_hear_more(talkers.iter().copied(), A_SECOND);
    something();
    Talker::all_hear_more(talkers.iter().copied(), A_SECOND);
    for talker in talkers {
        let heard = talker.heard();
        println!("{} packets, the longest gap {:?}", heard.received, heard.longest_gap);
        assert_eq!((heard.lost(), heard.late, heard.refused), (0, 0, 0), "of {} packets", heard.received);
        assert!(heard.longest_gap < GAP_MAX, "a gap of {:?} in a voice", heard.longest_gap);
    }
}

#[test]
fn a_talk_loses_no_packet_when_the_agents_connection_is_cut_and_her_goodbye_is_answered() {
    // RFC 3261, 12 and 18: a dialog needs no lasting connection. Wound: a firewall drops one, and the talk ends.
    for how in [Cut::Fin, Cut::Reset] {
        let mut server = Server::lab_with(&[BY_ITS_CONNECTION]);
        let cutter = Cutter::new(server.peer(2), server.sip());
        let mut agent = Softphone::agent_by(&server, "a001", &cutter);
        assert_eq!(agent.line_news(), LineNews::Opened);
        let mut line = Softphone::line(&server);
        server
            .wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
        let call = line.calls("0991234567", "7000");
        line.is_answered(call);
        let (at_agent, _) = incoming(&mut agent);
        agent.is_answered(at_agent);
        let (ana, citizen) = (agent.speaks(Sound::Tone(1_000)), line.speaks(Sound::Tone(440)));
        ana.hears("the citizen", |heard| heard.dominant(&[440, 1_000]) == Some(440));
        citizen.hears("the agent", |heard| heard.dominant(&[440, 1_000]) == Some(1_000));
        for _ in 0..CUTS {
            hear_everything(&[&ana, &citizen], || {
                assert_eq!(cutter.cuts(how), 1, "one phone, one connection");
                assert_eq!((agent.line_news(), agent.line_news()), (LineNews::Cut, LineNews::Opened));
                agent.waits_for("the registration again", |event| *event == PhoneEvent::Registered);
            });
        }
        assert_eq!(server.scrape().sum("turno_agents", &["state=\"talking\""]), 1.0, "the talk goes on");
        agent.hangs_up(at_agent);
        agent.has_its_answers();
        line.is_hung_up_on();
        agent.is_in_order();
        line.is_in_order();
        let now = server.wait_until("all is over and booked", |now| {
            now.sum("turno_sip_dialogs", &[]) == 0.0 && now.sum("turno_contacts_total", &[]) == 1.0
        });
        assert_eq!((now.contacts("lab", "answered"), now.sum("turno_contacts_total", &[])), (1.0, 1.0));
        assert_eq!(agent.has_line_news(), None, "turno needed no connection of its own");
        server.stop();
    }
}

#[test]
fn a_caller_in_line_whose_connection_is_cut_keeps_the_place_and_is_answered_where_the_via_says() {
    // RFC 3261, 18.2.2: a response whose connection is gone goes to the sent-by port. Wound: the response was lost.
    for how in [Cut::Fin, Cut::Reset] {
        let mut server = Server::lab();
        let cutter = Cutter::new(server.peer(3), server.sip());
        let mut line = Softphone::line_by(&server, &cutter, Redial::Never);
        assert_eq!(line.line_news(), LineNews::Opened);
        let first = line.calls("0991111111", "7000");
        line.waits_for("the music", |event| matches!(event, PhoneEvent::Ringing { status: 183, .. }));
        let mut other = Softphone::line(&server);
        let second = other.calls("0992222222", "7000");
        other.waits_for("the music", |event| matches!(event, PhoneEvent::Ringing { status: 183, .. }));
        let citizen = line.listens_early(0);
        hear_everything(&[&citizen], || {
            assert_eq!(cutter.cuts(how), 1, "one phone, one connection");
            assert_eq!(line.line_news(), LineNews::Cut);
        });
        let now = server.scrape();
        assert_eq!(now.sum("turno_queue_depth", &["queue=\"lab\""]), 2.0, "both wait on");
        let mut agent = Softphone::agent(&server, "a001");
        line.is_answered(first);
        assert_eq!(line.line_news(), LineNews::Accepted, "turno came to the port of the Via");
        assert_eq!(incoming(&mut agent).1, "0991111111", "who came first is first");
        other.is_at_peace();
        line.hangs_up(first);
        line.has_its_answers();
        agent.is_hung_up_on();
        other.is_answered(second);
        other.hangs_up(second);
        agent.is_hung_up_on();
        for phone in [&mut line, &mut other, &mut agent] {
            phone.is_in_order();
        }
        let now = server.wait_until("all is over and booked", |now| {
            now.sum("turno_sip_dialogs", &[]) == 0.0 && now.sum("turno_contacts_total", &[]) == 2.0
        });
        assert_eq!((now.contacts("lab", "answered"), now.sum("turno_contacts_total", &[])), (2.0, 2.0));
        server.stop();
    }
}
