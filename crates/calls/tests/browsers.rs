//! Browsers as legs: what the media plane is told, what is kept, and what goes on after a restart.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use bytes::Bytes;
use turno_calls::{CallEvent, CallForm, Gone, MediaSettings, Ringing, Switchboard, Target, WebAddress};
use turno_ground::{Changeset, Flow, Moment, Rng, Transport};
use turno_media_plan::{
    Codec, Fingerprint, Hash, Insecure, KeyMint, MediaCommand, MediaEvent, Protection, Shown, SrtpPolicy,
    StreamId, Suite, WebState, WebTerms,
};
use turno_sip::{OutInvite, SessionId, Stack, StackSettings};

const NOW: Moment = Moment::from_secs(1_700_000_000);
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 10));
const PAGE: SessionId = SessionId::of_number(1_001);
const PORT: u16 = 19_998;

fn print(byte: u8) -> Fingerprint {
    Fingerprint::new(Hash::Sha256, &[byte; 32]).expect("a digest")
}

fn settings(has_browsers: bool) -> MediaSettings {
    let advertised = [Some(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9))), None];
    let web = WebAddress { port: PORT, bind: HERE, bind_other: None, advertised };
    MediaSettings {
        bind: HERE,
        bind_other: None,
        advertised: [None, None],
        ports: (22_000, 22_100),
        codecs: vec![Codec::Pcma],
        opus: false,
        web: has_browsers.then_some(web),
    }
}

fn offer() -> Bytes {
    Bytes::from(format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
         m=audio 9 UDP/TLS/RTP/SAVPF 8\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\n\
         a=ice-pwd:abcdefghijklmnopqrstuv\r\na=fingerprint:{}\r\na=setup:actpass\r\na=mid:0\r\na=rtcp-mux\r\n",
        print(1)
    ))
}

struct Desk {
    stack: Stack,
    board: Switchboard,
}

impl Desk {
    fn new(has_browsers: bool) -> Self {
        let mut board = Switchboard::new(settings(has_browsers), 7, 500);
        board.mint_keys(KeyMint::new([7; 32]));
        board.show_certificates([print(9), print(10)]);
        Self { stack: Stack::new(StackSettings::default(), Rng::new(7)), board }
    }

    fn asked(&mut self) -> Vec<MediaCommand> {
        core::iter::from_fn(|| self.board.poll_media()).collect()
    }

    /// A page whose call was answered, and its stream.
    fn answered() -> (Self, StreamId) {
        let mut desk = Self::new(true);
        let call = desk.board.incoming(PAGE, Some(offer()), HERE, SrtpPolicy::Never).expect("there is room");
        desk.board.answer(&mut desk.stack, call, NOW).expect("it is acceptable");
        let asked = desk.asked();
        let [
            MediaCommand::OpenWeb { stream, local },
            MediaCommand::Secure { terms, .. },
            MediaCommand::Agree { srtp, .. },
        ] = &asked[..]
        else {
            panic!("{asked:?}")
        };
        assert_eq!((*local, srtp), (SocketAddr::new(HERE, PORT), &None));
        assert_eq!((&terms.fingerprint, &terms.kept), (&print(1), &None));
        (desk, *stream)
    }
}

fn state() -> Box<WebState> {
    let mut mint = KeyMint::new([3; 32]);
    let suite = Suite::AeadAes128Gcm;
    Box::new(WebState {
        fingerprint: print(1),
        keys: Protection { ours: mint.mint(suite), theirs: mint.mint(suite), their_mki_bytes: 0 },
        remote: SocketAddr::from(([198, 51, 100, 7], 50_000)),
        ssrc: 5,
        packets: 2_048,
        reports: 64,
        heard: None,
        timestamp: 1,
        stamped_at: NOW,
    })
}

#[test]
fn what_a_browser_may_send_is_in_the_journal_before_it_may_and_goes_on_after_a_restart() {
    let (mut desk, stream) = Desk::answered();
    assert_eq!(desk.board.ports_in_use(), 0, "browsers take no port of their own");
    let mut first = Changeset::default();
    desk.board.write_down(&mut first, |form| form as u8);
    desk.board.handle_media(&mut desk.stack, MediaEvent::Secured { stream, state: state() }, NOW);
    assert_eq!(desk.asked(), [MediaCommand::Kept { stream, packets: 2_048, reports: 64 }]);
    let mut changes = Changeset::default();
    desk.board.write_down(&mut changes, |form| form as u8);
    let (first, changes) = (first.take(), changes.take());
    let legs: Vec<_> = changes.iter().filter(|row| row.table == CallForm::Leg as u8).collect();
    assert_eq!(legs.len(), 1, "the step that allows the numbers writes them down");
    let calls = first.iter().filter(|row| row.table == CallForm::Call as u8).map(|row| (CallForm::Call, row));
    let forms = calls.chain(legs.into_iter().map(|row| (CallForm::Leg, row)));
    let mut again = Switchboard::recover(settings(true), 8, 900, forms).expect("it can be read");
    let asked: Vec<_> = core::iter::from_fn(|| again.poll_media()).collect();
    let [
        MediaCommand::OpenWeb { local, .. },
        MediaCommand::Secure { terms, .. },
        MediaCommand::Agree { .. },
        ..,
    ] = &asked[..]
    else {
        panic!("{asked:?}")
    };
    assert_eq!(*local, SocketAddr::new(HERE, PORT));
    let WebTerms { kept, fingerprint, .. } = &**terms;
    assert_eq!((kept, fingerprint), (&Some(state()), &print(1)));
    assert_eq!((again.ports_in_use(), again.ports_free()), (0, 50), "and no port of a phone is lost");
}

#[test]
fn a_handshake_that_a_restart_cuts_off_is_begun_anew_with_the_other_certificate() {
    let (mut desk, stream) = Desk::answered();
    let mut changes = Changeset::default();
    desk.board.write_down(&mut changes, |form| form as u8);
    let rows = changes.take();
    let form = |table| if table == CallForm::Leg as u8 { CallForm::Leg } else { CallForm::Call };
    let forms = rows.iter().map(|row| (form(row.table), row));
    desk.board = Switchboard::recover(settings(true), 8, 900, forms).expect("it can be read");
    desk.board.show_certificates([print(9), print(10)]);
    let secured = |asked: Vec<MediaCommand>| {
        asked
            .into_iter()
            .find_map(|it| if let MediaCommand::Secure { terms, .. } = it { Some(terms) } else { None })
    };
    let terms = secured(desk.asked()).expect("what was agreed");
    assert!(terms.was_begun && terms.kept.is_none() && terms.shows == Shown::First);
    for shows in [Shown::Other, Shown::First] {
        // Killed again, it is the first one's turn.
        desk.board.handle_media(&mut desk.stack, MediaEvent::CutOff { stream }, NOW);
        let terms = secured(desk.asked()).expect("before the page can have our offer");
        assert_eq!((terms.shows, terms.was_begun, &terms.fingerprint), (shows, false, &print(1)));
    }
}

#[test]
fn a_browser_whose_certificate_is_wrong_is_hung_up_and_its_port_blames_nobody() {
    let (mut desk, stream) = Desk::answered();
    let why = Insecure::WrongFingerprint;
    desk.board.handle_media(&mut desk.stack, MediaEvent::Insecure { stream, why }, NOW);
    let told: Vec<_> = core::iter::from_fn(|| desk.board.poll_event()).collect();
    assert!(told.iter().any(|it| matches!(it, CallEvent::ALegGone { gone: Gone::NoVoice, .. })), "{told:?}");
    assert_eq!(desk.asked(), [MediaCommand::Close { stream }]);
    assert_eq!(desk.board.ports_free(), 50);
}

#[test]
fn a_phone_behind_a_websocket_is_rung_as_a_browser_where_there_are_browsers() {
    for (has_browsers, transport, is_web) in [
        (true, Transport::Wss, true),
        (true, Transport::Ws, true),
        (true, Transport::Udp, false),
        (false, Transport::Wss, false),
    ] {
        let mut desk = Desk::new(has_browsers);
        let at = |host, port| SocketAddr::from(([192, 0, 2, host], port));
        let flow = Flow { transport, local: at(10, 8_443), remote: at(20, 50_000) };
        let invite = OutInvite {
            uri: "sip:page@abcdef.invalid;transport=ws".to_owned(),
            flow,
            from: "<sip:turno@192.0.2.10>".to_owned(),
            to: "<sip:agent@192.0.2.20>".to_owned(),
            contact_user: "turno".to_owned(),
            route: Vec::new(),
            headers: Default::default(),
            sdp: None,
            credentials: None,
        };
        let call = desk.board.incoming(PAGE, Some(offer()), HERE, SrtpPolicy::Never).expect("there is room");
        desk.asked();
        let targets = vec![Target::new(invite, SrtpPolicy::Offered)];
        desk.board.ring(&mut desk.stack, call, Ringing::Offer, targets, NOW).expect("there is room");
        let opened = desk.asked();
        let is_open = matches!(opened[..], [MediaCommand::OpenWeb { .. }]);
        assert_eq!(is_open, is_web, "{has_browsers} {transport:?}: {opened:?}");
        // Wound: browsers that were rung counted as if they had one of the ports that are kept for phones.
        let rung = usize::from(!is_web);
        assert_eq!(desk.board.rung(), rung, "{has_browsers} {transport:?}");
        let mut changes = Changeset::default();
        desk.board.write_down(&mut changes, |form| form as u8);
        let rows = changes.take();
        let form = |table| if table == CallForm::Leg as u8 { CallForm::Leg } else { CallForm::Call };
        let forms = rows.iter().map(|row| (form(row.table), row));
        let again = Switchboard::recover(settings(has_browsers), 8, 900, forms).expect("it can be read");
        assert_eq!(again.rung(), rung, "after a kill: {has_browsers} {transport:?}");
        desk.board.stop_ringing(&mut desk.stack, call, NOW);
        assert_eq!(desk.board.rung(), 0, "{has_browsers} {transport:?}");
    }
}

#[test]
fn a_browser_is_refused_where_the_plan_has_none() {
    let mut desk = Desk::new(false);
    let call = desk.board.incoming(PAGE, Some(offer()), HERE, SrtpPolicy::Never).expect("there is a port");
    assert!(desk.board.answer(&mut desk.stack, call, NOW).is_err());
}
