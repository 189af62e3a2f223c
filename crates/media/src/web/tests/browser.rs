//! A browser for tests: it checks, shakes hands, speaks and hears, all from one address.

use std::net::SocketAddr;
use std::time::Instant;

use turno_ground::Moment;
use turno_media_plan::{
    Codec, Direction, DtlsRole, Fingerprint, IceCredentials, MediaCommand, MediaEvent, Shown, StreamId,
    WebState, WebTerms,
};

use crate::packet::Header;
use crate::report::Compound;
use crate::srtp::Srtp;
use crate::stage_tests::{Stage, encoding};
use crate::web::dtls::Handshake;
use crate::web::identity::Identity;
use crate::web::stun::check;

pub(crate) struct Browser {
    pub(crate) at: SocketAddr,
    /// Turno's.
    pub(crate) credentials: IceCredentials,
    pub(crate) heard: Vec<(Header, Vec<u8>)>,
    pub(crate) reports_heard: usize,
    identity: Identity,
    handshake: Option<Handshake>,
    srtp: Option<Srtp>,
    answers: usize,
    checks: u8,
    epoch: (Instant, Moment),
}

pub(crate) fn credentials(ufrag: &str) -> IceCredentials {
    IceCredentials { ufrag: ufrag.to_owned(), password: format!("the password of {ufrag}") }
}

pub(crate) fn terms(stream: StreamId, fingerprint: Fingerprint) -> WebTerms {
    let ours = credentials(&format!("ours-{}", stream.0));
    WebTerms { ours, fingerprint, role: DtlsRole::Server, kept: None, shows: Shown::First, was_begun: false }
}

/// A stage that serves browsers.
pub(crate) fn web_stage() -> Stage {
    let mut stage = Stage::new(None);
    opens(&mut stage);
    stage
}

pub(crate) fn opens(stage: &mut Stage) {
    let identity = Identity::generate().expect("a certificate");
    stage.exchange.serve_browsers(identity, (instant(), stage.now));
}

#[expect(
    clippy::disallowed_methods,
    reason = "an instant can't be made otherwise; the test's time goes on from it"
)]
fn instant() -> Instant {
    Instant::now()
}

/// Answers as the engine does, once the journal has the state; returns the last one.
pub(crate) fn engine(stage: &mut Stage) -> Option<WebState> {
    let mut last = None;
    for event in core::mem::take(&mut stage.sent.events) {
        if let MediaEvent::Secured { stream, state } = event {
            let (packets, reports) = (state.packets, state.reports);
            stage.tell(MediaCommand::Kept { stream, packets, reports });
            last = Some(*state);
        } else {
            stage.sent.events.push(event);
        }
    }
    last
}

impl Browser {
    /// One that has joined: it has keys, and turno's journal has them too.
    pub(crate) fn joins(stage: &mut Stage, stream: StreamId, at: &str) -> Self {
        let mut browser = Self::comes(stage, stream, at);
        browser.shakes(stage);
        assert!(browser.has_keys() && engine(stage).is_some(), "{:?}", stage.sent.events);
        browser
    }

    /// One that has agreed and checked.
    pub(crate) fn comes(stage: &mut Stage, stream: StreamId, at: &str) -> Self {
        let mut browser = Self::comes_later(stage, stream, at);
        assert!(browser.checks(stage, true));
        browser
    }

    /// One that has agreed.
    pub(crate) fn comes_later(stage: &mut Stage, stream: StreamId, at: &str) -> Self {
        let browser = Self::new(stream, at);
        stage.open(stream);
        let terms = Box::new(terms(stream, browser.fingerprint()));
        stage.tell(MediaCommand::Secure { stream, terms });
        stage.agree(stream, encoding(Codec::Pcma), Direction::SendRecv);
        browser
    }

    /// One that waits for our handshake.
    pub(crate) fn passive(stage: &mut Stage, stream: StreamId, at: &str) -> Self {
        let mut browser = Self::new(stream, at);
        stage.open(stream);
        let terms = WebTerms { role: DtlsRole::Client, ..terms(stream, browser.fingerprint()) };
        let ours = stage.exchange.web.identity.as_ref().expect("it is open").fingerprint();
        browser.handshake = Handshake::new(&browser.identity, (DtlsRole::Server, Shown::First), ours);
        stage.tell(MediaCommand::Secure { stream, terms: Box::new(terms) });
        stage.agree(stream, encoding(Codec::Pcma), Direction::SendRecv);
        browser
    }

    pub(crate) fn new(stream: StreamId, at: &str) -> Self {
        Self {
            at: at.parse().expect("an address"),
            credentials: credentials(&format!("ours-{}", stream.0)),
            heard: Vec::new(),
            reports_heard: 0,
            identity: Identity::generate().expect("a certificate"),
            handshake: None,
            srtp: None,
            answers: 0,
            checks: 0,
            epoch: (instant(), Moment::from_secs(1_700_000_000)),
        }
    }

    /// One that shows another's certificate.
    pub(crate) fn thief(of: &Self) -> Self {
        let credentials = of.credentials.clone();
        let identity = Identity::stolen_from(&of.identity);
        Self { identity, credentials, ..Self::new(StreamId(0), &of.at.to_string()) }
    }

    /// The same time on both clocks.
    pub(crate) const fn same(&self) -> (Instant, Moment) {
        self.epoch
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.identity.fingerprint()
    }

    pub(crate) fn has_keys(&self) -> bool {
        self.srtp.is_some()
    }

    /// Sends a check; returns whether it was answered.
    pub(crate) fn checks(&mut self, stage: &mut Stage, nominates: bool) -> bool {
        self.checks = self.checks.wrapping_add(1);
        let username = format!("{}:theirs", self.credentials.ufrag);
        let mut message = check(&username, &self.credentials.password, nominates, self.checks);
        let length = message.len();
        let before = self.answers;
        stage.exchange.handle_web(self.at, &mut message, stage.now, &mut stage.sent);
        let answered = |(_, _, to, packet): &(_, _, SocketAddr, Vec<u8>)| {
            *to == self.at && packet.first() == Some(&1) && packet.len() <= length
        };
        self.answers += stage.sent.rtcp.iter().filter(|it| answered(it)).count();
        stage.sent.rtcp.retain(|it| !answered(it));
        self.answers > before
    }

    /// Goes through the handshake as far as it goes.
    pub(crate) fn shakes(&mut self, stage: &mut Stage) {
        self.shakes_for(stage, usize::MAX);
    }

    /// Begins another handshake, as a browser does that is told of another certificate.
    pub(crate) fn shakes_anew(&mut self, stage: &mut Stage, expected: Fingerprint) {
        let now = self.epoch.0 + stage.now.since(self.epoch.1);
        let role = (DtlsRole::Client, Shown::First);
        let mut handshake = Handshake::new(&self.identity, role, expected).expect("a handshake");
        handshake.begin(now);
        (self.handshake, self.srtp) = (Some(handshake), None);
        self.shakes(stage);
    }

    /// Repeats what was not answered.
    pub(crate) fn repeats(&mut self, stage: &mut Stage) {
        let now = self.epoch.0 + stage.now.since(self.epoch.1);
        if let Some(handshake) = &mut self.handshake {
            handshake.handle_time(now);
        }
        self.shakes(stage);
    }

    /// The same for at most so many datagrams, both ways; those that would follow are lost.
    pub(crate) fn shakes_for(&mut self, stage: &mut Stage, mut most: usize) {
        let now = self.epoch.0 + stage.now.since(self.epoch.1);
        if self.handshake.is_none() {
            let ours = stage.exchange.web.identity.as_ref().expect("it is open").fingerprint();
            let mut handshake =
                Handshake::new(&self.identity, (DtlsRole::Client, Shown::First), ours).expect("a handshake");
            handshake.begin(now);
            self.handshake = Some(handshake);
        }
        for _ in 0..20 {
            let handshake = self.handshake.as_mut().expect("it has begun");
            while let Some(packet) = handshake.write() {
                if most == 0 {
                    continue;
                }
                most -= 1;
                stage.exchange.handle_web(self.at, &mut packet.to_vec(), stage.now, &mut stage.sent);
            }
            let all = core::mem::take(&mut stage.sent.rtcp);
            let mut came = false;
            for (_, _, to, packet) in all.into_iter().filter(|(_, _, to, _)| *to == self.at) {
                assert_eq!(to, self.at);
                if matches!(packet[0], 20..=63) && most > 0 {
                    came = true;
                    most -= 1;
                    if let Ok(Some(keys)) = handshake.read(&packet, now) {
                        self.srtp = Some(Srtp::new(&keys));
                    }
                }
            }
            if !came {
                return;
            }
        }
    }

    /// A packet of voice as it goes over the wire.
    pub(crate) fn sealed(&mut self, packet: &[u8]) -> Vec<u8> {
        let mut packet = packet.to_vec();
        assert!(self.srtp.as_mut().expect("it has keys").seal_rtp(&mut packet));
        packet
    }

    /// Sends a packet of voice; returns whether it was accepted.
    pub(crate) fn say(&mut self, stage: &mut Stage, packet: &[u8]) -> bool {
        let mut packet = self.sealed(packet);
        stage.exchange.handle_web(self.at, &mut packet, stage.now, &mut stage.sent)
    }

    /// Sends a report; returns whether it was accepted.
    pub(crate) fn reports(&mut self, stage: &mut Stage) -> bool {
        let mut packet =
            Compound { ssrc: 8, sent: None, heard: None, last: None, bye: false }.bytes(stage.now);
        assert!(self.srtp.as_mut().expect("it has keys").seal_rtcp(&mut packet));
        stage.exchange.handle_web(self.at, &mut packet, stage.now, &mut stage.sent)
    }

    /// Takes what was sent to it. A packet that it can't open fails the test.
    pub(crate) fn hears(&mut self, stage: &mut Stage) {
        let at = self.at;
        let (mine, rest): (Vec<_>, Vec<_>) =
            core::mem::take(&mut stage.sent.rtp).into_iter().partition(|(_, _, to, _)| *to == at);
        stage.sent.rtp = rest;
        for (now, _, _, mut packet) in mine {
            let srtp = self.srtp.as_mut().expect("nothing is sent to a browser without keys");
            let length =
                srtp.open_rtp(&mut packet, now).expect("a right tag, and a number that was not used before");
            let (header, payload) = Header::read(&packet[..length]).expect("RTP");
            self.heard.push((header, packet[payload].to_vec()));
        }
        for (_, _, to, mut packet) in core::mem::take(&mut stage.sent.rtcp) {
            if to == at && packet[0] >= 128 {
                let srtp = self.srtp.as_mut().expect("nothing is sent to a browser without keys");
                srtp.open_rtcp(&mut packet).expect("a report with a right tag");
                self.reports_heard += 1;
            }
        }
    }
}
