//! One turno hands its sockets to the next over the control socket, so that what comes meanwhile waits in them.
//!
//! The next one asks when it has read its plan; the old one finishes what it has taken in, closes its journal and gives
//! it up, and sends the descriptors last. Nothing that arrives in between is lost: it stands in the sockets' buffers.
#![expect(clippy::disallowed_types, reason = "the lock below is between the control socket and the end")]

use std::io::{self, IoSlice, IoSliceMut, Write};
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use core::time::Duration;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use serde_json::{Value, json};
use turno_ground::Transport;
use turno_trace::{Ask, Numbers, What};

use crate::refusal::StartRefused;
use crate::service::Service;

/// Sockets that may be handed over; a plan has a handful.
const SOCKETS_MAX: usize = 64;

/// Bytes that name them.
const NAMES_BYTES_MAX: usize = 8_192;

/// How long the old turno may take to finish.
const FINISH_SPAN_MAX: Duration = Duration::from_secs(20);

/// What a socket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// SIP.
    Sip(Transport),
    /// Pages.
    Pages,
}

/// Sockets that came from the last turno.
#[derive(Debug, Default)]
pub(crate) struct Inherited(Vec<(String, SocketAddr, OwnedFd)>);

/// What is left to the next turno, and who it is; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Estate(Arc<Mutex<Will>>);

#[derive(Debug, Default)]
struct Will {
    sockets: Vec<(String, SocketAddr, OwnedFd)>,
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
        let place = self.0.iter().position(|(what, bound, _)| *what == word && *bound == address)?;
        Some(self.0.swap_remove(place).2)
    }

    /// How many have not been taken.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }
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
    pub(crate) fn hand_over(&self, service: &Service) {
        let mut will = self.held();
        let Some(heir) = will.heir.take() else { return };
        service.goes_on_as(heir.process);
        match send(&heir.stream, &will.sockets) {
            Ok(()) => tracing::info!(process = heir.process, sockets = will.sockets.len(), "handed over"),
            Err(error) => tracing::error!(%error, "the next turno did not take the sockets"),
        }
        will.sockets.clear();
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Will> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn send(stream: &UnixStream, sockets: &[(String, SocketAddr, OwnedFd)]) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_write_timeout(Some(FINISH_SPAN_MAX))?;
    let sockets = &sockets[..sockets.len().min(SOCKETS_MAX)];
    let names: Vec<Value> = sockets.iter().map(|(what, address, _)| json!([what, address])).collect();
    let line = json!({ "sockets": names }).to_string();
    let descriptors: Vec<BorrowedFd<'_>> = sockets.iter().map(|(_, _, socket)| socket.as_fd()).collect();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(SOCKETS_MAX))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    ancillary.push(SendAncillaryMessage::ScmRights(&descriptors));
    sendmsg(stream, &[IoSlice::new(line.as_bytes())], &mut ancillary, SendFlags::empty())?;
    Ok(())
}

/// Asks the turno that answers at `control` for its sockets; `None` where nobody answers. When it returns, the old one
/// has given its journal up.
///
/// # Errors
/// [`StartRefused::Control`] where it will not.
pub(crate) fn take_over(control: &Path) -> Result<Option<Inherited>, StartRefused> {
    let Ok(mut stream) = UnixStream::connect(control) else { return Ok(None) };
    let refused = |why: String| StartRefused::Control { path: control.to_owned(), why };
    let failed = |error: io::Error| refused(format!("the running turno does not hand over: {error}"));
    let ask = Ask {
        what: What::HandOver { process: std::process::id() },
        follow: false,
        numbers: Numbers::default(),
    };
    stream.set_read_timeout(Some(FINISH_SPAN_MAX)).map_err(failed)?;
    stream.write_all((ask.json() + "\n").as_bytes()).map_err(failed)?;
    let mut names = vec![0; NAMES_BYTES_MAX];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(SOCKETS_MAX))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let received =
        recvmsg(&stream, &mut [IoSliceMut::new(&mut names)], &mut ancillary, RecvFlags::CMSG_CLOEXEC)
            .map_err(|error| failed(error.into()))?;
    let sockets = ancillary.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(sockets) => Some(sockets),
        RecvAncillaryMessage::ScmCredentials(_) | _ => None,
    });
    let sockets: Vec<OwnedFd> = sockets.flatten().collect();
    let line = String::from_utf8_lossy(&names[..received.bytes]);
    let told: Value = serde_json::from_str(&line).unwrap_or_default();
    let told = told.get("sockets").and_then(Value::as_array).cloned();
    let told =
        told.ok_or_else(|| refused(format!("the running turno does not hand over: {}", line.trim())))?;
    let named = told.into_iter().zip(sockets).filter_map(|(name, socket)| {
        let (what, address) = (name.get(0)?.as_str()?.to_owned(), name.get(1)?.as_str()?.parse().ok()?);
        Some((what, address, socket))
    });
    Ok(Some(Inherited(named.collect())))
}
