//! A simulated media plane: it has no audio and records every command.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use turno_ground::Moment;
use turno_media_plan::{
    Answerer, Audio, BridgeId, Direction, Encoding, MediaCommand, MediaEvent, Member, Role, StreamFailure,
    StreamId, StreamReport, Tone, Want, hears,
};

use crate::web_voice::WebVoices;

/// How long each prompt lasts.
pub const PROMPT_SPAN: Duration = Duration::from_secs(3);
/// How long a tone lasts.
pub const TONE_SPAN: Duration = Duration::from_millis(300);

/// How long a message lasts.
pub const MESSAGE_SPAN: Duration = Duration::from_secs(8);

/// The state of one open stream.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Our RTP address.
    pub local: SocketAddr,
    /// Where the peer listens, once agreed.
    pub remote: Option<SocketAddr>,
    /// Codec and payload types, once agreed.
    pub encoding: Option<Encoding>,
    /// Which way audio may flow.
    pub direction: Direction,
    /// The first member of its bridge that it hears.
    pub joined: Option<StreamId>,
    /// What is played to the peer.
    pub playing: Option<Audio>,
    /// Tones mixed in for this peer only.
    pub mixed: Vec<Tone>,
    /// The number of the latest `Play`.
    turn: u64,
}

/// By each local port: the partner's port, the peer's address, and the direction.
pub(crate) type Voices = BTreeMap<SocketAddr, (Option<SocketAddr>, Option<SocketAddr>, Direction)>;

/// The open streams and the history of commands.
#[derive(Debug, Default)]
pub struct Recorder {
    streams: BTreeMap<StreamId, Stream>,
    bridges: BTreeMap<BridgeId, Vec<Member>>,
    history: Vec<(Moment, MediaCommand)>,
    due: BTreeMap<(Moment, u64), (StreamId, u64)>,
    closed: Vec<StreamId>,
    refused: Vec<MediaEvent>,
    /// Streams that could not be opened.
    failed: BTreeSet<StreamId>,
    turns: u64,
    /// Ports bound in advance: their streams can be opened even when ports or descriptors run out.
    reserved: BTreeSet<SocketAddr>,
    /// Streams whose peers others hear live.
    speaking: BTreeSet<StreamId>,
    /// Streams at which it will be clear who has answered.
    judged: BTreeMap<StreamId, (Moment, Answerer)>,
    /// Who answers next when somebody is dialled, and how long it takes until that is clear; `None`: it never is.
    pub answerer: Option<(Answerer, Duration)>,
    /// How many of the next ports another program has taken.
    pub ports_taken: u32,
    /// Until when nothing can be opened, because there are no descriptors.
    pub no_room_until: Option<Moment>,
    /// Whether no history is kept: for long days.
    forgets: bool,
    /// The voice of browsers.
    pub(crate) web: WebVoices,
}

impl Recorder {
    /// A recorder without a history: for long days.
    pub fn forgetful() -> Self {
        Self { forgets: true, ..Self::default() }
    }

    /// The one of the next process: everything is forgotten, and the same people answer.
    #[must_use]
    pub fn renewed(&self, now: Moment) -> Self {
        let web = self.web.renewed(now);
        Self { forgets: self.forgets, answerer: self.answerer, web, ..Self::default() }
    }

    fn is_there(&self, member: &Member) -> bool {
        matches!(member.role, Role::Record | Role::Announce(_))
            || self.streams.contains_key(&member.stream)
            || self.failed.contains(&member.stream)
    }

    /// Executes a command of the engine.
    pub fn obey(&mut self, command: MediaCommand, now: Moment) {
        if !self.forgets {
            self.history.push((now, command.clone()));
        }
        match command {
            MediaCommand::Open { stream, local } => self.open(stream, local, now),
            MediaCommand::OpenWeb { stream, local } => {
                self.web.opens(stream);
                self.stands(stream, local);
            }
            MediaCommand::Secure { stream, terms } => {
                let remote = self.web.secures(stream, &terms, now);
                self.change(stream, |it| it.remote = remote);
            }
            MediaCommand::Kept { stream, packets, .. } => self.web.kept(stream, packets, now),
            MediaCommand::Reserve { local } => {
                let port = local.port();
                let reserved = MediaEvent::Reserved { port };
                let is_bound = self.reserved.contains(&local);
                let failure = if is_bound { None } else { self.why_not(now) };
                let failed = failure.map(|failure| MediaEvent::NotReserved { port, failure });
                if failed.is_none() {
                    self.reserved.insert(local);
                }
                self.refused.push(failed.unwrap_or(reserved));
            }
            MediaCommand::Agree { stream, remote, encoding, direction, .. } => {
                // A browser's SDP does not tell where it is.
                let is_web = self.web.has(stream);
                self.change(stream, |it| {
                    it.remote = if is_web { it.remote } else { Some(remote) };
                    it.encoding = Some(encoding);
                    it.direction = direction;
                });
            }
            MediaCommand::Bridge { bridge, members } => {
                let gone = members.iter().find(|member| !self.is_there(member));
                assert!(gone.is_none(), "{bridge:?} has {gone:?}, which is not there");
                self.seat(bridge, members);
            }
            MediaCommand::Play { stream, audio } => self.play(stream, audio, now),
            MediaCommand::Hush { stream } => self.change(stream, |it| it.playing = None),
            MediaCommand::Mix { stream, tone } => self.change(stream, |it| it.mixed.push(tone)),
            MediaCommand::SendDigit { .. } => {}
            MediaCommand::Judge { stream, is_on } => {
                self.judged.remove(&stream);
                if is_on && let Some((who, after)) = self.answerer {
                    self.judged.insert(stream, (now + after, who));
                }
            }
            MediaCommand::Speak { stream, is_on: true } => {
                // One whose port could not be opened is about to be ended.
                let is_known = self.streams.contains_key(&stream) || self.failed.contains(&stream);
                assert!(is_known, "{stream:?} speaks and is not there");
                self.speaking.insert(stream);
            }
            MediaCommand::Speak { stream, is_on: false } => {
                self.speaking.remove(&stream);
            }
            MediaCommand::Close { stream } => {
                self.judged.remove(&stream);
                self.speaking.remove(&stream);
                self.leave(stream);
                self.web.closes(stream, now);
                if self.streams.remove(&stream).is_some() {
                    self.closed.push(stream);
                }
            }
        }
    }

    /// The next event for the engine at `now`.
    pub fn due(&mut self, now: Moment) -> Option<MediaEvent> {
        if let Some(event) = self.refused.pop() {
            return Some(event);
        }
        if let Some(stream) = self.closed.pop() {
            return Some(MediaEvent::Closed { stream, report: StreamReport::default() });
        }
        if let Some(event) = self.web.due(now) {
            return Some(event);
        }
        let is_clear = |(_, (at, _)): &(&StreamId, &(Moment, Answerer))| *at <= now;
        if let Some((&stream, &(_, who))) = self.judged.iter().find(is_clear) {
            self.judged.remove(&stream);
            return Some(MediaEvent::Judged { stream, who });
        }
        while let Some(entry) = self.due.first_entry().filter(|entry| entry.key().0 <= now) {
            let (stream, turn) = entry.remove();
            let Some(it) = self.streams.get_mut(&stream).filter(|it| it.turn == turn) else { continue };
            if it.playing.take().is_some() {
                return Some(MediaEvent::PlayedOut { stream });
            }
        }
        None
    }

    /// When [`Self::due`] has an event.
    pub fn next(&self, now: Moment) -> Option<Moment> {
        let waits = self.closed.is_empty() && self.refused.is_empty();
        let judged = self.judged.values().map(|(at, _)| *at).min();
        if waits {
            self.due.keys().next().map(|&(at, _)| at).into_iter().chain(judged).chain(self.web.next()).min()
        } else {
            Some(now)
        }
    }

    /// The stream whose peer listens at `rtp`.
    pub fn towards(&self, rtp: SocketAddr) -> Option<(StreamId, &Stream)> {
        // The newest: an older one may be about to close.
        self.streams.iter().rev().find(|(_, it)| it.remote == Some(rtp)).map(|(&id, it)| (id, it))
    }

    /// The stream whose peer listens at `rtp`, unless several have it: a copy of an INVITE that comes late begins a second
    /// contact of the same caller, and nothing tells whose is whose.
    pub(crate) fn only_towards(&self, rtp: SocketAddr) -> Option<&Stream> {
        let mut there = self.streams.values().filter(|it| it.remote == Some(rtp));
        there.next().filter(|_| there.next().is_none())
    }

    /// The media paths: for each open stream's port its partner's port, its peer's address and the direction.
    pub(crate) fn voices(&self) -> Voices {
        // Browsers share a port of ours, so theirs stands for it.
        let local = |stream: StreamId| {
            let it = self.streams.get(&stream)?;
            if self.web.has(stream) { it.remote } else { Some(it.local) }
        };
        self.streams
            .iter()
            .filter_map(|(id, it)| Some((local(*id)?, (it.joined.and_then(local), it.remote, it.direction))))
            .collect()
    }

    /// Whether a port of ours is taken or is about to be refused.
    pub(crate) fn is_short_of_ports(&self) -> bool {
        self.ports_taken > 0 || self.no_room_until.is_some() || !self.refused.is_empty()
    }

    /// The members of a bridge.
    pub fn members(&self, bridge: BridgeId) -> &[Member] {
        self.bridges.get(&bridge).map_or(&[], Vec::as_slice)
    }

    /// Whether the peer of `listener` hears the peer of `speaker`, by the last members of their bridge.
    pub fn hears(&self, listener: StreamId, speaker: StreamId) -> bool {
        let in_bridge = |members: &Vec<Member>| {
            let role = |stream| members.iter().find(|member| member.stream == stream).map(|it| &it.role);
            role(listener).zip(role(speaker)).is_some_and(|(listener, speaker)| hears(listener, speaker))
        };
        let is_played_to = self.streams.get(&listener).is_none_or(|it| it.playing.is_some());
        listener != speaker && !is_played_to && self.bridges.values().any(in_bridge)
    }

    /// The members of each bridge.
    pub(crate) fn bridges(&self) -> impl Iterator<Item = &Vec<Member>> {
        self.bridges.values()
    }

    /// Where the peer of a stream listens, once agreed.
    pub(crate) fn remote_of(&self, stream: StreamId) -> Option<SocketAddr> {
        self.streams.get(&stream)?.remote
    }

    /// The streams whose peers others hear live.
    pub fn speaking(&self) -> &BTreeSet<StreamId> {
        &self.speaking
    }

    /// Who hears whom live.
    pub fn listeners(&self) -> impl Iterator<Item = (StreamId, StreamId)> {
        self.streams.iter().filter_map(|(listener, it)| match it.playing {
            Some(Audio::Live(speaker)) => Some((*listener, speaker)),
            Some(_) | None => None,
        })
    }

    /// What is played to the peer of a stream.
    pub(crate) fn playing_to(&self, stream: StreamId) -> Option<&Audio> {
        self.streams.get(&stream)?.playing.as_ref()
    }

    /// How many streams are open.
    pub fn open_streams(&self) -> usize {
        self.streams.len()
    }

    /// All commands, with their moments.
    pub fn history(&self) -> &[(Moment, MediaCommand)] {
        &self.history
    }

    /// Why the next port can't be opened, if it can't.
    fn why_not(&mut self, now: Moment) -> Option<StreamFailure> {
        if self.no_room_until.is_some_and(|until| now < until) {
            return Some(StreamFailure::NoRoom(Want::Descriptors));
        }
        let is_taken = self.ports_taken > 0;
        self.ports_taken -= u32::from(is_taken);
        is_taken.then_some(StreamFailure::PortRefused)
    }

    fn open(&mut self, stream: StreamId, local: SocketAddr, now: Moment) {
        assert!(local.port().is_multiple_of(2), "RTP takes the even port: {local}");
        let taken = self.streams.values().any(|it| it.local == local);
        assert!(!taken, "{local} was opened twice");
        let is_bound = self.reserved.remove(&local);
        if let Some(failure) = if is_bound { None } else { self.why_not(now) } {
            self.refused.push(MediaEvent::Failed { stream, failure });
            self.failed.insert(stream);
            return;
        }
        self.stands(stream, local);
    }

    /// A browser is at another address from now on.
    pub(crate) fn roams(&mut self, from: IpAddr, to: IpAddr) {
        for (stream, place) in self.web.move_to(from, to) {
            self.change(stream, |it| it.remote = Some(place));
        }
    }

    fn stands(&mut self, stream: StreamId, local: SocketAddr) {
        let new = Stream {
            local,
            remote: None,
            encoding: None,
            direction: Direction::Inactive,
            joined: None,
            playing: None,
            mixed: Vec::new(),
            turn: 0,
        };
        assert!(self.streams.insert(stream, new).is_none(), "{stream:?} was opened twice");
    }

    fn play(&mut self, stream: StreamId, audio: Audio, now: Moment) {
        let span = match &audio {
            Audio::Music | Audio::Ringback | Audio::Silence | Audio::Live(_) => None,
            Audio::Sound(_) => Some(MESSAGE_SPAN),
            Audio::Prompts(prompts) => u32::try_from(prompts.len()).ok().map(|many| PROMPT_SPAN * many),
            Audio::Tone(_) => Some(TONE_SPAN),
        };
        self.turns += 1;
        let turn = self.turns;
        self.change(stream, |it| {
            it.playing = Some(audio);
            it.turn = turn;
        });
        if let Some(span) = span {
            self.due.insert((now + span, turn), (stream, turn));
        }
    }

    fn seat(&mut self, bridge: BridgeId, members: Vec<Member>) {
        let before = self.bridges.remove(&bridge).unwrap_or_default();
        for member in &members {
            if before.iter().all(|known| known.stream != member.stream) {
                self.leave(member.stream);
                self.change(member.stream, |it| it.playing = None);
            }
        }
        for member in before.iter().chain(&members) {
            let joined = members
                .iter()
                .find(|other| other.stream != member.stream && hears(&member.role, &other.role));
            let joined = joined.map(|other| other.stream);
            self.change(member.stream, |it| it.joined = joined);
        }
        for member in before.iter().filter(|gone| members.iter().all(|it| it.stream != gone.stream)) {
            self.change(member.stream, |it| it.joined = None);
        }
        if !members.is_empty() {
            self.bridges.insert(bridge, members);
        }
    }

    fn leave(&mut self, stream: StreamId) {
        let is_in = |members: &Vec<Member>| members.iter().any(|member| member.stream == stream);
        let found = self.bridges.iter().find(|(_, members)| is_in(members)).map(|(id, _)| *id);
        if let Some(bridge) = found {
            let mut members = self.bridges.get(&bridge).cloned().unwrap_or_default();
            members.retain(|member| member.stream != stream);
            // A bridge without voices is none, as in the media plane.
            if members.iter().all(|member| matches!(member.role, Role::Record | Role::Announce(_))) {
                members.clear();
            }
            self.seat(bridge, members);
        }
    }

    fn change(&mut self, stream: StreamId, change: impl FnOnce(&mut Stream)) {
        if let Some(it) = self.streams.get_mut(&stream) {
            change(it);
        }
    }
}
