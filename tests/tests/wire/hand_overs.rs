//! Hand-overs at bad moments: a full disk, more calls than capacity, a drain, two signals in a row.

use core::time::Duration;

use turno_phone::{CallId, PhoneEvent, Sound};
use turno_tests::wire::{Program, Running, Server, Sipp, Softphone, Talker, is_missing};

/// Packets of one second.
const A_SECOND: u64 = 50;
/// Longest gap in a voice: after a second of silence people ask whether the other is still there.
const GAP_MAX: Duration = Duration::from_secs(1);
/// How long a reload with its hand-over may take.
const RELOAD_SPAN: Duration = Duration::from_secs(90);
/// The disk is filled this much later in each round: from before the successor prepares until after it serves.
const FILL_STEP: Duration = Duration::from_millis(60);
/// Rounds.
const FILLS: u32 = 8;
/// Spans between two SIGHUPs.
const HANGUP_SPANS: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(30), Duration::from_millis(120), Duration::from_millis(400)];
/// Calls that find no free media port, at 20 a second.
const CROWD: u32 = 100;

/// A talk and two callers in line.
struct People {
    agent: Softphone,
    line: Softphone,
    talk: CallId,
    waiting: [CallId; 2],
    /// Media of the agent, of the caller who talks, and of the first caller in line.
    ears: [Talker; 3],
}

fn people(server: &mut Server) -> People {
    let mut agent = Softphone::agent(server, "a001");
    let mut line = Softphone::line(server);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let talk = line.calls("0991111111", "7000");
    line.is_answered(talk);
    let (ana, citizen) = (agent.speaks(Sound::Tone(1_000)), line.speaks(Sound::Tone(440)));
    let ears = [ana, citizen, line.listens_early(1)];
    let waiting = ["0992222222", "0993333333"].map(|caller| {
        let call = line.calls(caller, "7000");
        line.waits_for("the music", |event| *event == PhoneEvent::Ringing { call, status: 183 });
        call
    });
    Talker::all_hear_more(&ears, A_SECOND);
    ears.iter().for_each(Talker::listens_anew);
    People { agent, line, talk, waiting, ears }
}

impl People {
    /// Checks that both voices and the music go on, without a long gap since the last check.
    fn talk_on(&self, server: &mut Server, what: &str) {
        Talker::all_hear_more(&self.ears, A_SECOND);
        for (ear, whose) in self.ears.iter().zip(["agent", "citizen", "in line"]) {
            let heard = ear.heard();
            let (received, gap) = (heard.received, heard.longest_gap);
            println!("{what}, {whose}: {received} packets, {} missing, longest gap {gap:?}", heard.lost());
            assert!(gap < GAP_MAX, "{what}: {whose} heard nothing for {gap:?}");
            ear.listens_anew();
        }
        let now = server.scrape();
        assert_eq!(now.sum("turno_agents", &["state=\"talking\""]), 1.0, "{what}: {now:?}");
        assert_eq!(now.sum("turno_queue_depth", &["queue=\"lab\""]), 2.0, "{what}: {now:?}");
    }

    /// Ends the talk and checks that the callers in line are served in their order. Returns the last one's call.
    fn are_served_in_order(&mut self) -> CallId {
        self.line.is_at_peace();
        self.agent.is_at_peace();
        let mut talk = self.talk;
        for next in self.waiting {
            self.line.hangs_up(talk);
            self.agent.is_hung_up_on();
            // The next answer must belong to the next caller in line.
            let answered =
                self.line.waits_for("an answer", |event| matches!(event, PhoneEvent::Answered { .. }));
            assert!(matches!(answered, PhoneEvent::Answered { call, .. } if call == next), "{answered:?}");
            talk = next;
        }
        talk
    }

    fn end_well(mut self, server: &mut Server) {
        let last = self.are_served_in_order();
        self.line.hangs_up(last);
        self.agent.is_hung_up_on();
        self.line.is_in_order();
        self.agent.is_in_order();
        let now = server.wait_until("all is over and booked", |now| {
            now.sum("turno_sip_dialogs", &[]) == 0.0 && now.contacts("lab", "answered") >= 3.0
        });
        assert_eq!(now.contacts("lab", "answered"), 3.0, "{now:?}");
    }
}

/// Edits the plan so that only a successor can apply it.
fn edits_what_needs_a_successor(server: &Server, round: u32) {
    if round == 0 {
        return server.edit(&[("[http]", "[trace]\nmemory = 8\n\n[http]")]);
    }
    server.edit(&[(&format!("memory = {}\n", 7 + round), &format!("memory = {}\n", 8 + round))]);
}

/// Whether a reload ended with a successor. Its exit code must be right: 0 with a successor, 4 with the old turno.
fn ended_truly(server: &mut Server, before: u32, mut reload: Program, said: &str) -> bool {
    let status = reload.wait(RELOAD_SPAN).unwrap_or_else(|| panic!("it does not end:\n{}", reload.tail()));
    let said = server.folder().read(said);
    let is_followed = match status.code() {
        Some(0) => said.contains("the successor serves, as process"),
        Some(4) => false,
        code => panic!("a reload ended with {code:?}:\n{said}"),
    };
    if is_followed {
        server.followed_by_successor();
    } else {
        assert!(said.contains("goes on"), "{status}:\n{said}");
    }
    assert_eq!(server.only_turno() != before, is_followed, "{said}");
    is_followed
}

#[test]
fn a_disk_that_fills_at_any_moment_of_a_hand_over_takes_nobodys_call_and_the_exit_code_is_true() {
    // Wound: the disk is full when the successor begins to write; the reload says success, and nobody runs.
    let Some(mut server) = Server::lab_on_own_disk(&[("[http]", "[journal]\nsegment = 1\n\n[http]")]) else {
        return;
    };
    let people = people(&mut server);
    let (mut followed, mut refused) = (0, 0);
    for round in 0..FILLS {
        edits_what_needs_a_successor(&server, round);
        let said = format!("reload-{round}.txt");
        let before = server.only_turno();
        // In the first round the disk is full before the successor starts.
        let reload = if round == 0 {
            server.fills_disk();
            server.begins_to_reload(&said)
        } else {
            let mut reload = server.begins_to_reload(&said);
            let _ = reload.wait(FILL_STEP * round);
            server.fills_disk();
            reload
        };
        let is_followed = ended_truly(&mut server, before, reload, &said);
        println!("{round}: {}", server.folder().read(&said));
        followed += u32::from(is_followed);
        refused += u32::from(!is_followed);
        people.talk_on(&mut server, if is_followed { "followed" } else { "not followed" });
        server.makes_room();
        server.wait_until("the journal is kept", |now| now.sum("turno_journal_kept", &[]) == 1.0);
    }
    println!("{followed} followed, {refused} not");
    people.end_well(&mut server);
    server.stop();
}

#[test]
fn a_hand_over_in_a_crowd_that_is_turned_away_leaves_no_caller_without_an_answer() {
    // Wound: a new version starts in the busiest minute, and callers of that second get no answer.
    if is_missing(&["sipp"]) {
        return;
    }
    // Ports for a talk, for two callers in line, and one that is reserved for an agent's phone.
    let mut server = Server::lab_kept_with(&[("ports = [22000, 31999]", "ports = [22000, 22009]")]);
    let mut people = people(&mut server);
    let fourth = people.line.calls("0994444444", "7001");
    people.line.is_answered(fourth);
    server
        .wait_until("the last port is taken", |now| now.sum("turno_queue_depth", &["queue=\"hold\""]) == 1.0);
    let crowd = CROWD.to_string();
    let refused = |callers: &Running| callers.log().iter().filter(|line| line.contains("refused")).count();
    for round in 0..2 {
        edits_what_needs_a_successor(&server, round);
        let said = format!("reload-{round}.txt");
        let before = server.only_turno();
        let callers = Sipp::callers(&server, "caller_rush", "7000", CROWD);
        let mut callers = callers.with(&["-r", "20", "-d", "100", "-l", &crowd]).start();
        server.wait_until("the crowd has begun", |_| refused(&callers) > 0);
        let reload = server.begins_to_reload(&said);
        assert!(callers.runs_for(Duration::ZERO), "the crowd is there when the hand-over begins");
        assert!(ended_truly(&mut server, before, reload, &said), "{}", server.folder().read(&said));
        people.talk_on(&mut server, "in a crowd");
        callers.ends();
        assert_eq!(refused(&callers), CROWD as usize, "everybody heard 503");
    }
    people.talk_on(&mut server, "after the crowd");
    people.line.hangs_up(fourth);
    people.line.waits_for("its end", |event| matches!(event, PhoneEvent::Ended { by_us: true, .. }));
    people.end_well(&mut server);
    server.stop();
}

#[test]
fn a_turno_that_drains_hands_nothing_over_and_says_so() {
    // Wound: a reload during a drain reports success, and a turno that was asked to end goes on as another process.
    let mut server = Server::lab_kept_with(&[("[http]", "[journal]\non_stop = \"drain\"\n\n[http]")]);
    let mut people = people(&mut server);
    server.ask_to_stop();
    server.said("no new calls, until the last one has ended");
    edits_what_needs_a_successor(&server, 0);
    let (code, said) = server.reload();
    assert!(code == Some(4) && said.contains("asked to stop"), "{code:?} {said}");
    let (code, said) = server.is_not_taken_over();
    assert!(code == Some(4) && said.contains("asked to stop"), "{code:?} {said}");
    server.only_turno();
    people.talk_on(&mut server, "in a drain");
    let last = people.are_served_in_order();
    assert!(!server.has_ended(Duration::ZERO), "the last one talks");
    people.line.hangs_up(last);
    people.agent.is_hung_up_on();
    server.ends();
}

#[test]
fn two_signals_one_after_the_other_leave_one_turno_and_every_call() {
    // Wound: a script sends SIGHUP twice, two successors start, and the second finds no turno to take over from.
    let mut server = Server::lab_kept_with(&[]);
    let people = people(&mut server);
    for (round, span) in HANGUP_SPANS.into_iter().enumerate() {
        edits_what_needs_a_successor(&server, u32::try_from(round).expect("a few"));
        server.signal(1);
        let _ = server.has_ended(span);
        // The turno that serves at that moment gets the signal.
        server.signals_every_turno(1);
        server.is_followed_in_the_end();
        println!("{span:?} between them");
        people.talk_on(&mut server, "two signals");
    }
    people.end_well(&mut server);
    server.stop();
}
