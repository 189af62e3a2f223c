//! How a leg begins: a port, a stream, and what it may agree to.

use std::net::{IpAddr, SocketAddr};

use smallvec::SmallVec;
use turno_media_plan::sdp::Negotiation;
use turno_media_plan::{Codec, KeyMint, MediaCommand, SrtpPolicy, StreamId};

use crate::call::CallId;
use crate::leg::{HoldState, Leg, LegState};
use crate::media_settings::MediaSettings;
use crate::ports::NoPort;
use crate::sound::Sound;
use crate::switchboard::Switchboard;

impl Switchboard {
    /// Speaks other codecs from now on, and shows another address; the ports stay as they are.
    pub fn configure(&mut self, settings: MediaSettings) {
        let ports = self.settings.ports;
        self.settings = MediaSettings { ports, ..settings };
    }

    /// Has the keys of SRTP minted from here on. To be said before the first call that may be encrypted.
    pub fn mint_keys(&mut self, mint: KeyMint) {
        self.mint = mint;
    }

    /// A leg with a port and a stream of its own; `first` are the codecs to put first.
    pub(crate) fn open_leg(
        &mut self,
        call: CallId,
        (local, srtp): (IpAddr, SrtpPolicy),
        state: LegState,
        first: &[Codec],
    ) -> Result<Leg, NoPort> {
        let port = self.ports.take()?;
        self.rung += usize::from(state != LegState::Incoming);
        let stream = StreamId(self.next_stream);
        self.next_stream += 1;
        let bind = self.settings.bind_for(local);
        self.command(MediaCommand::Open { stream, local: SocketAddr::new(bind, port) });
        let shown = self.settings.shown_for(bind, local);
        let mut codecs: SmallVec<[Codec; 4]> = SmallVec::from_slice(first);
        codecs.extend(self.settings.codecs.iter().copied().filter(|codec| !first.contains(codec)));
        let mut negotiation = Negotiation::new(SocketAddr::new(shown, port), stream.0, &codecs);
        if srtp != SrtpPolicy::Never {
            negotiation = negotiation.with_srtp(srtp, self.mint.fork());
        }
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
        })
    }
}
