//! The legs and their media: opening with a port and a stream, SDP agreement, commands, and release.

mod web;

use std::collections::VecDeque;
use std::net::SocketAddr;

use bytes::Bytes;
use smallvec::SmallVec;
use turno_ground::{Change, Changeset, DecodeError, Lookup, RowChange, Tracked};
use turno_media_plan::sdp::{Agreed, Negotiation};
use turno_media_plan::{Codec, Direction, Fingerprint, KeyMint, MediaCommand, SrtpPolicy, StreamId};
use turno_sip::SessionId;

use crate::call::CallId;
use crate::cannot::CannotTalk;
use crate::leg::{HoldState, Leg, LegEnd, LegState, SecondTry};
use crate::media_settings::MediaSettings;
use crate::ports::{NoPort, Ports};
use crate::sound::Sound;
use crate::target::Target;

/// All legs, by session, and the commands to the media plane.
#[derive(Debug)]
pub(crate) struct Legs {
    settings: MediaSettings,
    table: Tracked<SessionId, Leg>,
    streams: Lookup<StreamId, SessionId>,
    /// Closed streams whose final statistics are awaited, with their calls and whether their legs came in.
    closing: Lookup<StreamId, (CallId, bool)>,
    ports: Ports,
    /// Number of legs that we rang and that have a port of their own.
    rung: usize,
    /// Ringing legs that may be rung again with another SDP profile. Not kept over a restart.
    second_tries: Lookup<SessionId, SecondTry>,
    /// Further addresses of ringing legs. Not kept over a restart.
    others: Lookup<SessionId, Vec<Target>>,
    mint: KeyMint,
    /// Of our certificates for browsers: the usual one, and the other.
    certificates: Option<[Fingerprint; 2]>,
    commands: VecDeque<MediaCommand>,
    next_stream: u64,
}

impl Legs {
    pub(crate) fn new(settings: MediaSettings, seed: u64, first_stream: u64) -> Self {
        let ports = Ports::new(settings.ports.0, settings.ports.1);
        Self {
            settings,
            table: Tracked::new(seed),
            streams: Lookup::new(seed),
            closing: Lookup::new(seed),
            ports,
            rung: 0,
            second_tries: Lookup::new(seed),
            others: Lookup::new(seed),
            mint: KeyMint::new([0; 32]),
            certificates: None,
            commands: VecDeque::new(),
            next_stream: first_stream,
        }
    }

    /// Applies new codecs and addresses; the ports stay.
    pub(crate) fn configure(&mut self, settings: MediaSettings) {
        let ports = self.settings.ports;
        self.settings = MediaSettings { ports, ..settings };
    }

    pub(crate) fn mint_keys(&mut self, mint: KeyMint) {
        self.mint = mint;
    }

    /// Opens a leg with its own port and stream. The codecs in `first` are offered first.
    pub(crate) fn open(
        &mut self,
        call: CallId,
        LegEnd { local, srtp, is_web, opus }: LegEnd,
        state: LegState,
        first: &[Codec],
    ) -> Result<Leg, NoPort> {
        let certificate = self.certificates.as_ref().map(|[first, _]| first.clone());
        let web = self.settings.web.as_ref().zip(certificate).filter(|_| is_web);
        let port = if web.is_some() { 0 } else { self.ports.take()? };
        let web = web.map(|(address, certificate)| (address.ends_for(local), certificate));
        self.rung += usize::from(state != LegState::Incoming && port > 0);
        let stream = self.next_stream();
        let mut codecs: SmallVec<[Codec; 4]> = SmallVec::from_slice(first);
        codecs.extend(self.settings.codecs.iter().copied().filter(|codec| !first.contains(codec)));
        let negotiation = if let Some(((bound, shown), certificate)) = web {
            self.command(MediaCommand::OpenWeb { stream, local: bound });
            Negotiation::new(shown, stream.0, &codecs).with_web(certificate, self.mint.fork())
        } else {
            let bind = self.settings.bind_for(local);
            self.command(MediaCommand::Open { stream, local: SocketAddr::new(bind, port) });
            let shown = SocketAddr::new(self.settings.shown_for(bind, local), port);
            let negotiation = Negotiation::new(shown, stream.0, &codecs);
            if srtp == SrtpPolicy::Never {
                negotiation
            } else {
                negotiation.with_srtp(srtp, self.mint.fork())
            }
        };
        let negotiation = negotiation.with_opus(opus);
        Ok(Leg {
            call,
            stream,
            port,
            came_in: state == LegState::Incoming,
            state,
            hold: HoldState::Active,
            negotiation,
            offer: None,
            answer: None,
            sound: Sound::default(),
            confirmation: None,
            web: None,
            is_line: false,
        })
    }

    /// A new stream id, for a leg or for a bridge member without a leg.
    pub(crate) fn next_stream(&mut self) -> StreamId {
        self.next_stream += 1;
        StreamId(self.next_stream - 1)
    }

    /// Marks the stream ids below this one as used.
    pub(crate) fn number_from(&mut self, stream: u64) {
        self.next_stream = self.next_stream.max(stream);
    }

    pub(crate) fn insert(&mut self, session: SessionId, leg: Leg) {
        self.streams.insert(leg.stream, session);
        self.table.insert(session, leg);
    }

    /// Takes out the leg of a session that has ended, so that another session can continue it.
    pub(crate) fn take(&mut self, session: SessionId) -> Option<Leg> {
        self.table.remove(&session)
    }

    /// Puts back a leg that was taken out.
    pub(crate) fn put_back(&mut self, session: SessionId, leg: Leg) {
        self.table.insert(session, leg);
    }

    pub(crate) fn get(&self, session: SessionId) -> Option<&Leg> {
        self.table.get(&session)
    }

    pub(crate) fn get_mut(&mut self, session: SessionId) -> Option<&mut Leg> {
        self.table.get_mut(&session)
    }

    pub(crate) fn contains(&self, session: SessionId) -> bool {
        self.table.contains(&session)
    }

    pub(crate) fn sessions(&self) -> Vec<SessionId> {
        self.table.keys()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty() && self.ports.in_use() == 0
    }

    /// Number of legs that we rang and that have a port of their own, as browsers have none.
    pub(crate) const fn rung(&self) -> usize {
        self.rung
    }

    pub(crate) const fn ports(&self) -> &Ports {
        &self.ports
    }

    pub(crate) const fn ports_mut(&mut self) -> &mut Ports {
        &mut self.ports
    }

    /// The session of a stream.
    pub(crate) fn session_of(&self, stream: StreamId) -> Option<SessionId> {
        self.streams.get(&stream).copied()
    }

    pub(crate) fn stream_of(&self, session: SessionId) -> Option<StreamId> {
        self.table.get(&session).map(|leg| leg.stream)
    }

    /// The call of final statistics, and whether the leg came in; available once.
    pub(crate) fn is_reported(&mut self, stream: StreamId) -> Option<(CallId, bool)> {
        self.closing.remove(&stream)
    }

    /// Notes that a leg may be rung again with another SDP profile, or has been.
    pub(crate) fn note_second_try(&mut self, session: SessionId, second_try: SecondTry) {
        self.second_tries.insert(session, second_try);
    }

    pub(crate) fn take_second_try(&mut self, session: SessionId) -> Option<SecondTry> {
        self.second_tries.remove(&session)
    }

    /// Notes further addresses of a ringing leg.
    pub(crate) fn note_others(&mut self, session: SessionId, others: Vec<Target>) {
        if !others.is_empty() {
            self.others.insert(session, others);
        }
    }

    pub(crate) fn take_others(&mut self, session: SessionId) -> Vec<Target> {
        self.others.remove(&session).unwrap_or_default()
    }

    /// Our answer to the INVITE's offer; negotiated once, then repeated.
    pub(crate) fn agree_to_offer(&mut self, session: SessionId) -> Result<Bytes, CannotTalk> {
        let leg = self.table.get_mut(&session).ok_or(CannotTalk::NoCall)?;
        let Some(offer) = leg.offer.take() else {
            return if leg.has_agreed() { Ok(leg.negotiation.said()) } else { Err(CannotTalk::NoCall) };
        };
        let agreed = leg.negotiation.answer(&offer, Direction::SendRecv, None);
        let (answer, agreed) = agreed.map_err(CannotTalk::Unacceptable)?;
        let stream = leg.stream;
        self.agree(stream, agreed);
        Ok(answer)
    }

    pub(crate) fn agree(&mut self, stream: StreamId, agreed: Agreed) {
        let leg = self.streams.get(&stream).and_then(|session| self.table.get(session));
        if let Some(secure) = leg.and_then(Leg::security) {
            self.command(secure);
        }
        self.command(agreement(stream, agreed));
    }

    /// Counts a leg that came in as one that we rang, since it is no caller's: a supervisor dialled into a talk.
    pub(crate) fn is_no_caller(&mut self, session: SessionId) {
        if let Some(leg) = self.table.get_mut(&session) {
            let came_in = core::mem::replace(&mut leg.came_in, false);
            self.rung += usize::from(came_in && leg.port > 0);
        }
    }

    /// Counts a leg that we rang as one that came in, since its peer is a caller: a person whom we call back.
    pub(crate) fn is_a_caller(&mut self, session: SessionId) {
        if let Some(leg) = self.table.get_mut(&session) {
            self.rung -= usize::from(leg.has_kept_port());
            leg.came_in = true;
        }
    }

    /// Closes a leg's media and removes the leg; `None` if it was removed before.
    pub(crate) fn forget(&mut self, session: SessionId) -> Option<Leg> {
        let stream = self.stream_of(session)?;
        self.note_sound(&MediaCommand::Close { stream });
        let leg = self.table.remove(&session)?;
        self.streams.remove(&leg.stream);
        self.second_tries.remove(&session);
        self.others.remove(&session);
        self.closing.insert(leg.stream, (leg.call, leg.came_in));
        if leg.port > 0 {
            self.ports.give_back(leg.port);
        }
        self.rung -= usize::from(leg.has_kept_port());
        self.command(MediaCommand::Close { stream: leg.stream });
        Some(leg)
    }

    /// Queues a command for the media plane, and notes what the peer hears from it.
    pub(crate) fn command(&mut self, command: MediaCommand) {
        self.note_sound(&command);
        self.commands.push_back(command);
    }

    /// The next command for the media plane, in order.
    pub(crate) fn poll_command(&mut self) -> Option<MediaCommand> {
        if self.ports.is_careful() && self.commands.is_empty() {
            let port = self.ports.wanted()?;
            return Some(MediaCommand::Reserve { local: SocketAddr::new(self.settings.bind, port) });
        }
        self.commands.pop_front()
    }

    /// Notes that playback has ended.
    pub(crate) fn note_silence(&mut self, stream: StreamId) {
        self.with_sound(stream, |sound| sound.playing = None);
    }

    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|session, change| match change {
            Change::Is(leg) => {
                changes.keep(table, session.number(), leg);
                true
            }
            Change::Gone => {
                changes.delete(table, session.number());
                false
            }
        });
    }

    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores a leg from its row; returns its port.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<u16, DecodeError> {
        let session = SessionId::of_number(line.key);
        let leg: Leg = line.read()?;
        self.streams.insert(leg.stream, session);
        self.number_from(leg.stream.0 + 1);
        let port = leg.port;
        self.rung += usize::from(leg.has_kept_port());
        self.table.restore(session, leg);
        Ok(port)
    }

    /// Sends all commands to the media plane again: ports first, then who hears what.
    pub(crate) fn sound_again(&mut self, bridges: Vec<MediaCommand>) {
        let sessions = self.table.keys();
        let mut commands = Vec::new();
        for leg in sessions.iter().filter_map(|session| self.table.get(session)) {
            // A leg has the IP family of its SDP.
            let shown = leg.negotiation.local();
            let stream = leg.stream;
            commands.push(if leg.negotiation.is_web() {
                let bound = self.settings.web.as_ref().map(|address| address.ends_for(shown.ip()).0);
                MediaCommand::OpenWeb { stream, local: bound.unwrap_or(shown) }
            } else {
                let local = SocketAddr::new(self.settings.bind_for(shown.ip()), leg.port);
                MediaCommand::Open { stream, local }
            });
            commands.extend(leg.security_after_a_restart());
            if let Some(agreed) = leg.negotiation.agreed() {
                commands.push(agreement(leg.stream, *agreed));
            }
        }
        commands.extend(bridges);
        for leg in sessions.iter().filter_map(|session| self.table.get(session)) {
            if leg.sound.speaks {
                commands.push(MediaCommand::Speak { stream: leg.stream, is_on: true });
            }
            if let Some(audio) = leg.sound.playing.clone() {
                commands.push(MediaCommand::Play { stream: leg.stream, audio });
            }
        }
        self.commands.extend(commands);
    }

    fn note_sound(&mut self, command: &MediaCommand) {
        match command {
            MediaCommand::Play { stream, audio } => {
                self.with_sound(*stream, |sound| sound.playing = Some(audio.clone()));
            }
            MediaCommand::Hush { stream } => self.note_silence(*stream),
            MediaCommand::Speak { stream, is_on } => {
                self.with_sound(*stream, |sound| sound.speaks = *is_on);
            }
            MediaCommand::Open { .. }
            | MediaCommand::OpenWeb { .. }
            | MediaCommand::Secure { .. }
            | MediaCommand::Kept { .. }
            | MediaCommand::Reserve { .. }
            | MediaCommand::Agree { .. }
            | MediaCommand::Bridge { .. }
            | MediaCommand::Close { .. }
            | MediaCommand::Mix { .. }
            | MediaCommand::Judge { .. }
            | MediaCommand::SendDigit { .. } => {}
        }
    }

    fn with_sound(&mut self, stream: StreamId, change: impl FnOnce(&mut Sound)) {
        let session = self.streams.get(&stream);
        if let Some(leg) = session.and_then(|session| self.table.get_mut(session)) {
            change(&mut leg.sound);
        }
    }
}

fn agreement(stream: StreamId, agreed: Agreed) -> MediaCommand {
    let Agreed { remote, encoding, direction, srtp } = agreed;
    MediaCommand::Agree { stream, remote, encoding, direction, latch: true, srtp: srtp.map(Box::new) }
}
