//! Tests of guests in a call: the commands to the media plane, and the end of a guest.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use bytes::Bytes;
use turno_calls::{
    CallEvent, CallForm, CallId, CannotJoin, Gone, GuestRole, MediaSettings, Ringing, Side, Switchboard,
    Target,
};
use turno_ground::{Changeset, Flow, Moment, Rng, Transport};
use turno_media_plan::{
    Announcement, Audience, Audio, BridgeId, Codec, Manner, MediaCommand, MediaEvent, Member, Party,
    PromptId, Role, SrtpPolicy, StreamId,
};
use turno_sip::{HangUp, Message, OutInvite, SessionEvent, SessionId, Stack, StackSettings};

const NOW: Moment = Moment::from_secs(1_700_000_000);
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 10));
const CALLER: SessionId = SessionId::of_number(1_001);
const SUPERVISOR: SessionId = SessionId::of_number(1_002);

/// A switchboard, and its commands to the media plane.
struct Desk {
    stack: Stack,
    board: Switchboard,
    asked: Vec<MediaCommand>,
}

fn settings() -> MediaSettings {
    MediaSettings {
        bind: HERE,
        bind_other: None,
        advertised: [None, None],
        ports: (22_000, 22_100),
        codecs: vec![Codec::Pcma],
        opus: false,
        web: None,
    }
}

fn sdp(direction: &str) -> Bytes {
    let lines = ["v=0", "o=- 1 1 IN IP4 192.0.2.77", "s=-", "c=IN IP4 192.0.2.77", "t=0 0"];
    let media = format!("m=audio 4000 RTP/AVP 8\r\na={direction}\r\n");
    Bytes::from(format!("{}\r\n{media}", lines.join("\r\n")))
}

fn success() -> Box<Message> {
    let lines = [
        "SIP/2.0 200 OK",
        "Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1",
        "From: <sip:1@192.0.2.10>;tag=1",
        "To: <sip:2@192.0.2.20>;tag=2",
        "Call-ID: 1",
        "CSeq: 1 INVITE",
        "Contact: <sip:2@192.0.2.20>",
        "Content-Length: 0",
    ];
    let text = Bytes::from(format!("{}\r\n\r\n", lines.join("\r\n")));
    Box::new(Message::scan(&text).expect("it is well formed"))
}

fn agents_phone() -> Target {
    let at = |host, port| SocketAddr::from(([192, 0, 2, host], port));
    let flow = Flow { transport: Transport::Udp, local: at(10, 5_060), remote: at(20, 5_060) };
    let invite = OutInvite {
        uri: "sip:agent@192.0.2.20".to_owned(),
        flow,
        from: "<sip:turno@192.0.2.10>".to_owned(),
        to: "<sip:agent@192.0.2.20>".to_owned(),
        contact_user: "turno".to_owned(),
        route: Vec::new(),
        headers: Default::default(),
        sdp: None,
        credentials: None,
    };
    Target::new(invite, SrtpPolicy::Never)
}

impl Desk {
    fn new() -> Self {
        let stack = Stack::new(StackSettings::default(), Rng::new(7));
        Self { stack, board: Switchboard::new(settings(), 7, 500), asked: Vec::new() }
    }

    fn comes_in(&mut self, session: SessionId) -> CallId {
        let offer = Some(sdp("sendrecv"));
        self.board.incoming(session, offer, HERE, SrtpPolicy::Never).expect("there are ports")
    }

    /// A caller who talks to an agent: the call, and the agent's leg.
    fn talk(&mut self) -> (CallId, SessionId) {
        let call = self.comes_in(CALLER);
        let agent = self.rings(call, Ringing::Offer);
        self.says(agent, SessionEvent::Accepted { sdp: Some(sdp("sendrecv")), message: success() });
        (call, agent)
    }

    fn rings(&mut self, call: CallId, ringing: Ringing) -> SessionId {
        let target = agents_phone();
        self.board.ring(&mut self.stack, call, ringing, vec![target], NOW).expect("there are ports");
        self.board.ringing(call)[0]
    }

    /// Our own call, and the leg that rings.
    fn calls_out(&mut self) -> (CallId, SessionId) {
        let out = self.board.call_out(&mut self.stack, vec![agents_phone()], NOW).expect("there are ports");
        (out, self.board.ringing(out)[0])
    }

    fn says(&mut self, session: SessionId, event: SessionEvent) {
        self.board.handle_session(&mut self.stack, session, event, NOW);
    }

    fn admits(&mut self, call: CallId, role: GuestRole) -> Result<(), CannotJoin> {
        let own = self.comes_in(SUPERVISOR);
        self.board.admit(&mut self.stack, own, (call, Side::B), role, NOW)
    }

    /// The commands to the media plane since the last call.
    fn asked(&mut self) -> &[MediaCommand] {
        self.asked = core::iter::from_fn(|| self.board.poll_media()).collect();
        &self.asked
    }

    /// The roles in a call's bridge, from the last command.
    fn roles(&mut self, call: CallId) -> Vec<Role> {
        let of_it = |command: &MediaCommand| {
            let MediaCommand::Bridge { bridge, members } = command else { return None };
            (*bridge == BridgeId(call.0)).then(|| members.clone())
        };
        let members = self.asked().iter().rev().find_map(of_it);
        members.expect("it was told").into_iter().map(|member| member.role).collect()
    }

    fn told(&mut self) -> Vec<CallEvent> {
        core::iter::from_fn(|| self.board.poll_event()).collect()
    }

    fn plays(&mut self, stream: StreamId) -> Vec<Option<Audio>> {
        let of_it = |command: &MediaCommand| {
            if let MediaCommand::Play { stream: it, audio } = command
                && *it == stream
            {
                return Some(Some(audio.clone()));
            }
            (*command == MediaCommand::Hush { stream }).then_some(None)
        };
        self.asked().iter().filter_map(of_it).collect()
    }
}

const CITIZEN: Role = Role::Talk(Party::Caller);
const AGENT: Role = Role::Talk(Party::Agent);
const OTHER: Role = Role::Talk(Party::Other);

/// Ids of the first two streams: the caller's and the agent's.
const CALLERS: StreamId = StreamId(500);

#[test]
fn a_supervisor_comes_into_a_talk_changes_roles_and_leaves() {
    let mut desk = Desk::new();
    let (call, agent) = desk.talk();
    assert_eq!(desk.roles(call), [CITIZEN, OTHER], "nobody has said who the agent is");
    desk.told();
    desk.admits(call, GuestRole::Listen).expect("there is room");
    assert_eq!(desk.roles(call), [CITIZEN, AGENT, Role::Listen]);
    assert_eq!(desk.board.calls().count(), 1, "the supervisor's own call has ended");
    assert_eq!(desk.board.place_of(SUPERVISOR), None, "a guest is on neither side");
    assert_eq!(desk.board.place_of(agent), Some((call, Side::B)));
    for (role, in_bridge) in [(GuestRole::Whisper, Role::Whisper), (GuestRole::Talk, OTHER)] {
        assert!(desk.board.change_role(SUPERVISOR, role));
        assert_eq!(desk.roles(call), [CITIZEN, AGENT, in_bridge]);
    }
    assert!(!desk.board.change_role(agent, GuestRole::Listen), "the agent is no guest");
    let body = Bytes::from_static(b"Signal=5\r\n");
    desk.says(SUPERVISOR, SessionEvent::Info { content_type: "application/dtmf-relay".to_owned(), body });
    assert_eq!(desk.told(), [CallEvent::GuestDigit { call, session: SUPERVISOR, digit: '5' }]);
    let by = turno_sip::EndedBy::Peer;
    desk.says(SUPERVISOR, SessionEvent::Ended { by, reason: None });
    assert_eq!(desk.told(), [CallEvent::GuestGone { call, session: SUPERVISOR, gone: Gone::HungUp }]);
    assert_eq!(desk.roles(call), [CITIZEN, AGENT]);
    assert!(desk.board.has_b_leg(call));
}

#[test]
fn nobody_gets_the_whispers_of_an_agent_who_has_gone() {
    // Wound: after a transfer the supervisor still whispers, to the citizen's new party.
    let mut desk = Desk::new();
    let (call, _) = desk.talk();
    desk.admits(call, GuestRole::Whisper).expect("there is room");
    desk.board.release_b_leg(&mut desk.stack, call, NOW);
    assert_eq!(desk.roles(call), [CITIZEN, Role::Whisper]);
    let next = desk.rings(call, Ringing::Transfer);
    desk.says(next, SessionEvent::Accepted { sdp: Some(sdp("sendrecv")), message: success() });
    assert_eq!(desk.roles(call), [CITIZEN, OTHER, Role::Whisper]);
    desk.board.agent_is_at(call, Side::B);
    assert_eq!(desk.roles(call), [CITIZEN, AGENT, Role::Whisper]);
}

#[test]
fn a_guest_outlives_a_crash_with_the_role_and_whoever_is_recorded_still_is() {
    let mut desk = Desk::new();
    let (call, _) = desk.talk();
    desk.admits(call, GuestRole::Whisper).expect("there is room");
    let recorder = desk.board.record(call).expect("there is room");
    let said = Announcement {
        audio: Audio::Prompts(vec![PromptId(0)]),
        to: Audience::Everybody,
        manner: Manner::OverTalk,
    };
    let announcer = desk.board.announce(call, said.clone()).expect("there is room");
    let before = desk.roles(call);
    assert_eq!(before, [CITIZEN, AGENT, Role::Whisper, Role::Record, Role::Announce(said)]);
    let mut changes = Changeset::default();
    desk.board.write_down(&mut changes, |form| match form {
        CallForm::Call => 0,
        CallForm::Leg => 1,
    });
    let lines = changes.take();
    let lines = lines.iter().filter(|line| line.form.is_some());
    let forms = lines.map(|line| (if line.table == 0 { CallForm::Call } else { CallForm::Leg }, line));
    desk.board = Switchboard::recover(settings(), 7, 0, forms).expect("they are our own");
    assert_eq!(desk.board.is_whole(|_| true), Ok(()));
    assert_eq!(desk.roles(call), before);
    assert_eq!(desk.board.guests(call).collect::<Vec<_>>(), [(SUPERVISOR, GuestRole::Whisper)]);
    assert_eq!(desk.board.record(call), Some(recorder), "under the same name");
    desk.board.handle_media(&mut desk.stack, MediaEvent::PlayedOut { stream: announcer }, NOW);
    assert_eq!(desk.told(), [CallEvent::Announced { call, announcer }]);
    assert_eq!(desk.roles(call), [CITIZEN, AGENT, Role::Whisper, Role::Record]);
    desk.board.stop_recording(call);
    assert_eq!(desk.roles(call), [CITIZEN, AGENT, Role::Whisper]);
    let Some(MediaCommand::Bridge { members, .. }) = desk.asked.last() else { panic!("{:?}", desk.asked) };
    assert!(members.iter().all(|Member { stream, .. }| *stream != recorder));
    let next = desk.comes_in(SessionId::of_number(1_003));
    let named = [recorder, announcer];
    let stream_of = |command: &MediaCommand| {
        if let MediaCommand::Open { stream, .. } = command { Some(*stream) } else { None }
    };
    let opened = desk.asked().iter().find_map(stream_of);
    assert!(
        opened.is_some_and(|stream| !named.contains(&stream)),
        "a name is used once: {opened:?} {next:?}"
    );
}

#[test]
fn a_caller_on_hold_hears_the_supervisor_who_talks_rather_than_music() {
    let mut desk = Desk::new();
    let (call, agent) = desk.talk();
    desk.says(agent, SessionEvent::Offered { sdp: Some(sdp("sendonly")) });
    assert_eq!(desk.plays(CALLERS).last(), Some(&Some(Audio::Music)));
    desk.admits(call, GuestRole::Listen).expect("there is room");
    assert_eq!(desk.plays(CALLERS), [], "who listens changes nothing");
    desk.board.change_role(SUPERVISOR, GuestRole::Talk);
    assert_eq!(desk.plays(CALLERS), [None]);
    desk.says(SUPERVISOR, SessionEvent::Offered { sdp: Some(sdp("sendonly")) });
    assert_eq!(desk.plays(CALLERS), [Some(Audio::Music)], "the supervisor holds as well");
    desk.says(SUPERVISOR, SessionEvent::Offered { sdp: Some(sdp("sendrecv")) });
    assert_eq!(desk.plays(CALLERS), [None]);
    assert!(desk.board.dismiss(&mut desk.stack, SUPERVISOR, HangUp::default(), NOW));
    assert_eq!(desk.plays(CALLERS), [Some(Audio::Music)]);
    desk.says(agent, SessionEvent::Offered { sdp: Some(sdp("sendrecv")) });
    assert_eq!(desk.plays(CALLERS), [None]);
    assert!(!desk.board.dismiss(&mut desk.stack, SUPERVISOR, HangUp::default(), NOW), "nobody is there");
}

#[test]
fn the_end_of_a_call_is_the_end_of_its_guests() {
    let mut desk = Desk::new();
    let (call, _) = desk.talk();
    desk.admits(call, GuestRole::Listen).expect("there is room");
    desk.says(CALLER, SessionEvent::Ended { by: turno_sip::EndedBy::Peer, reason: None });
    assert_eq!(desk.board.is_whole(|_| true), Ok(()));
    let closed = desk.asked().iter().filter(|command| matches!(command, MediaCommand::Close { .. }));
    assert_eq!(closed.count(), 3);
    assert!(desk.board.is_empty());
}

#[test]
fn only_who_talks_with_nobody_comes_in_and_only_while_there_is_room() {
    let mut desk = Desk::new();
    let (call, _) = desk.talk();
    let other = desk.comes_in(SUPERVISOR);
    desk.rings(other, Ringing::Direct);
    let to = (call, Side::B);
    let admitted =
        |desk: &mut Desk, guest| desk.board.admit(&mut desk.stack, guest, to, GuestRole::Listen, NOW);
    assert_eq!(admitted(&mut desk, other), Err(CannotJoin::Talks));
    assert_eq!(admitted(&mut desk, call), Err(CannotJoin::NoCall));
    for number in 0..6 {
        let guest = desk.comes_in(SessionId::of_number(2_000 + number));
        assert_eq!(admitted(&mut desk, guest), Ok(()));
    }
    let guest = desk.comes_in(SessionId::of_number(2_007));
    assert_eq!(admitted(&mut desk, guest), Err(CannotJoin::Full));
    assert_eq!(desk.board.record(call), None);
    assert_eq!(desk.board.calls().count(), 3, "who was not let in has a call still");
}

#[test]
fn a_supervisor_whom_we_rang_is_the_near_leg_and_comes_in() {
    let mut desk = Desk::new();
    let (call, _) = desk.talk();
    let (out, session) = desk.calls_out();
    assert_eq!((desk.board.a_leg(out), desk.board.ringing(out)), (None, &[session][..]));
    let early =
        |desk: &mut Desk| desk.board.admit(&mut desk.stack, out, (call, Side::B), GuestRole::Listen, NOW);
    assert_eq!(early(&mut desk), Err(CannotJoin::Talks), "nobody has answered");
    desk.told();
    desk.says(session, SessionEvent::Accepted { sdp: Some(sdp("sendrecv")), message: success() });
    assert_eq!(desk.told(), [CallEvent::Answered { call: out, ringing: Ringing::Out }]);
    assert_eq!((desk.board.a_leg(out), desk.board.has_b_leg(out)), (Some(session), false));
    assert_eq!(desk.board.is_whole(|_| true), Ok(()));
    assert_eq!(early(&mut desk), Ok(()));
    assert_eq!(desk.roles(call), [CITIZEN, AGENT, Role::Listen]);
    assert_eq!(desk.board.calls().count(), 1);
}

#[test]
fn a_supervisor_who_does_not_answer_leaves_nothing_behind() {
    let mut desk = Desk::new();
    let (out, session) = desk.calls_out();
    desk.says(session, SessionEvent::Refused { status: 486, message: Some(success()) });
    let ringing = Ringing::Out;
    assert_eq!(desk.told(), [CallEvent::RingFailed { call: out, ringing, status: 486 }]);
    desk.board.hang_up(&mut desk.stack, out, HangUp { status: 487, reason: None }, NOW);
    assert!(desk.board.is_empty());
    // The phone rings, and its session is lost.
    let (out, session) = desk.calls_out();
    desk.says(session, SessionEvent::Ended { by: turno_sip::EndedBy::PeerLost, reason: None });
    assert_eq!(desk.told(), [CallEvent::RingFailed { call: out, ringing, status: 408 }]);
    // The phone rings without end.
    let (out, _) = desk.calls_out();
    let late = desk.board.next_deadline().expect("no phone rings for ever");
    desk.board.handle_deadlines(&mut desk.stack, late);
    assert_eq!(desk.told(), [CallEvent::RingFailed { call: out, ringing, status: 480 }]);
}
