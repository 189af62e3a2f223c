//! One turno hands its sockets to the next over the control socket, so that what comes meanwhile waits in them.
//!
//! The next one asks when it has read its plan and its sounds. The old one finishes what it has taken in, closes its
//! journal and gives it up, and sends the sockets of SIP and pages; talks go on in it until the next one has taken up
//! their calls and asks for their ports as well. Nothing that arrives in between is lost: it stands in the sockets.
#![expect(clippy::disallowed_types, reason = "the lock below is between the control socket and the end")]

mod descriptors;

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use core::time::Duration;

use turno_ground::Transport;
use turno_media::PortPair;
use turno_trace::{Ask, Numbers, What};

use crate::hand_over::descriptors::{Named, receive, send};
use crate::refusal::StartRefused;
use crate::service::Service;
use crate::voices::Voices;

/// How long either turno may take for its next word.
const FINISH_SPAN_MAX: Duration = Duration::from_secs(20);

/// The word by which the next turno asks for the ports of voices.
const VOICES: &[u8; 7] = b"voices\n";

/// What a port of voices is for, and the one behind it.
const VOICE_PORTS: [&str; 2] = ["rtp", "rtcp"];

/// What a socket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// SIP.
    Sip(Transport),
    /// Pages.
    Pages,
}

/// What came from the last turno, and where more can be asked of it.
#[derive(Debug, Default)]
pub(crate) struct Inherited {
    sockets: Vec<Named>,
    from: Option<UnixStream>,
}

/// What is left to the next turno, and who it is; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Estate(Arc<Mutex<Will>>);

#[derive(Debug, Default)]
struct Will {
    sockets: Vec<Named>,
    heir: Option<Heir>,
    keeps_calls: bool,
}

#[derive(Debug)]
struct Heir {
    stream: UnixStream,
    process: u32,
}

impl Use {
    fn word(self) -> String {
        match self {
            Self::Sip(transport) => transport.via_name().to_owned(),
            Self::Pages => "pages".to_owned(),
        }
    }
}

impl Inherited {
    /// The socket for this address, if it was handed over.
    pub(crate) fn take(&mut self, purpose: Use, address: SocketAddr) -> Option<OwnedFd> {
        let word = purpose.word();
        let place = self.sockets.iter().position(|(what, bound, _)| *what == word && *bound == address)?;
        Some(self.sockets.swap_remove(place).2)
    }

    /// How many have not been taken.
    pub(crate) const fn len(&self) -> usize {
        self.sockets.len()
    }

    /// The ports of talks. When this returns, the old turno carries no voice any more: ask last.
    pub(crate) fn voices(self) -> Vec<PortPair> {
        let Some(mut from) = self.from else { return Vec::new() };
        let asked = from.write_all(VOICES).map_err(|error| error.to_string());
        match asked.and_then(|()| receive(&from)) {
            Ok(sockets) => pairs(sockets),
            Err(why) => {
                tracing::error!(
                    "the last turno's voices did not change hands, their ports are bound anew: {why}"
                );
                Vec::new()
            }
        }
    }
}

fn pairs(sockets: Vec<Named>) -> Vec<PortPair> {
    let mut sockets = sockets.into_iter();
    let pair = || {
        let ((_, local, rtp), (_, _, rtcp)) = (sockets.next()?, sockets.next()?);
        Some(PortPair { local, rtp, rtcp })
    };
    std::iter::from_fn(pair).collect()
}

impl Estate {
    /// Nothing to leave.
    pub(crate) fn new(keeps_calls: bool) -> Self {
        Self(Arc::new(Mutex::new(Will { keeps_calls, ..Will::default() })))
    }

    /// Keeps a second descriptor of a socket for the next turno.
    pub(crate) fn add(&self, purpose: Use, address: SocketAddr, socket: BorrowedFd<'_>) {
        if let Ok(copy) = socket.try_clone_to_owned() {
            self.held().sockets.push((purpose.word(), address, copy));
        }
    }

    /// Notes who goes on.
    ///
    /// # Errors
    /// Why nobody can, in one line.
    pub(crate) fn leave_to(
        &self,
        stream: UnixStream,
        process: u32,
    ) -> Result<(), (UnixStream, &'static str)> {
        let mut will = self.held();
        if !will.keeps_calls {
            return Err((
                stream,
                "it keeps no journal, so a hand-over would lose its calls; start it with --state",
            ));
        }
        if will.heir.is_some() {
            return Err((stream, "another one is taking over already"));
        }
        will.heir = Some(Heir { stream, process });
        Ok(())
    }

    /// Whether somebody goes on.
    pub(crate) fn has_heir(&self) -> bool {
        self.held().heir.is_some()
    }

    /// Hands everything over, if somebody waits for it. The last thing that this turno does.
    pub(crate) fn hand_over(&self, service: &Service, voices: &Voices) {
        let mut will = self.held();
        let Some(mut heir) = will.heir.take() else { return };
        service.goes_on_as(heir.process);
        let sockets = core::mem::take(&mut will.sockets);
        match heir.take_over(sockets, voices) {
            Ok((sockets, talks)) => {
                tracing::info!(process = heir.process, sockets, talks, "handed over");
            }
            Err(error) => tracing::error!(%error, "the next turno did not take everything over"),
        }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Will> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heir {
    /// How many sockets, and pairs of ports of voices.
    fn take_over(&mut self, sockets: Vec<Named>, voices: &Voices) -> io::Result<(usize, usize)> {
        self.stream.set_nonblocking(false)?;
        self.stream.set_write_timeout(Some(FINISH_SPAN_MAX))?;
        self.stream.set_read_timeout(Some(FINISH_SPAN_MAX))?;
        send(&self.stream, &sockets)?;
        let count = sockets.len();
        drop(sockets);
        let mut word = [0; VOICES.len()];
        self.stream.read_exact(&mut word)?;
        let ports = voices.give_up().into_iter().flat_map(|pair| {
            let [rtp, rtcp] = VOICE_PORTS.map(str::to_owned);
            [(rtp, pair.local, pair.rtp), (rtcp, pair.local, pair.rtcp)]
        });
        let ports: Vec<Named> = ports.collect();
        send(&self.stream, &ports)?;
        Ok((count, ports.len() / VOICE_PORTS.len()))
    }
}

/// Asks the turno that answers at `control` for its sockets; `None` where nobody answers. When it returns, the old one
/// has given its journal up, and carries voices until [`Inherited::voices`] asks for them.
///
/// # Errors
/// [`StartRefused::Control`] where it will not.
pub(crate) fn take_over(control: &Path) -> Result<Option<Inherited>, StartRefused> {
    let Ok(mut stream) = UnixStream::connect(control) else { return Ok(None) };
    let failed = |why: String| StartRefused::Control {
        path: control.to_owned(),
        why: format!("the running turno does not hand over: {why}"),
    };
    let ask = Ask {
        what: What::HandOver { process: std::process::id() },
        follow: false,
        numbers: Numbers::default(),
    };
    let asked = stream
        .set_read_timeout(Some(FINISH_SPAN_MAX))
        .and_then(|()| stream.write_all((ask.json() + "\n").as_bytes()));
    asked.map_err(|error| failed(error.to_string()))?;
    let sockets = receive(&stream).map_err(failed)?;
    Ok(Some(Inherited { sockets, from: Some(stream) }))
}
