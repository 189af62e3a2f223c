//! The control socket: where `turno trace` asks, open to the user that turno runs as and to nobody else.

use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use core::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use turno_trace::{ASK_BYTES_MAX, Answer, Ask, HAND_OVER_PROTOCOL, What};

use crate::answering::{Answering, give};
use crate::hand_over::admitted::Successor;
use crate::hand_over::running;
use crate::rate::Ration;
use crate::refusal::StartRefused;

/// Conversations at one time.
const TALKS_MAX: usize = 16;

/// How long a question may take to arrive.
const QUESTION_SPAN_MAX: Duration = Duration::from_secs(5);

/// After the system refused an accept, how long before the next.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

const OTHER_PROTOCOL: &str = "this turno hands over by another protocol: the successor is of too different a version; \
                              stop this one and start the other";

const OTHER_USER: &str = "the successor runs as another user than this turno, so the next one could not read its \
                          journal; start it as the same user";

/// Where the control socket is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Control {
    /// There is none.
    #[default]
    Nowhere,
    /// At the first of the [`usual_places`] that is free; where none is, turno serves without.
    Usual,
    /// Here, or turno does not start.
    At(PathBuf),
}

/// A bound control socket.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) door: Door,
    pub(crate) listener: UnixListener,
}

/// The file of a control socket: it goes when this goes.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) path: PathBuf,
    /// Device and number of the file, so that only our own is removed.
    file: (u64, u64),
}

impl Drop for Door {
    fn drop(&mut self) {
        if std::fs::symlink_metadata(&self.path).is_ok_and(|it| (it.dev(), it.ino()) == self.file) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Where a control socket usually is: the user's own folder, the service's, or one of the user's in the folder of
/// temporary files.
pub fn usual_places() -> Vec<PathBuf> {
    let user = rustix::process::geteuid().as_raw();
    let own = std::env::var_os("XDG_RUNTIME_DIR").map(|folder| PathBuf::from(folder).join("turno"));
    let service = std::env::var_os("RUNTIME_DIRECTORY").map(PathBuf::from);
    let temporary = std::env::temp_dir().join(format!("turno-{user}"));
    let folders = own.into_iter().chain(service).chain([PathBuf::from("/run/turno"), temporary]);
    folders.map(|folder| folder.join("control")).collect()
}

/// Makes the socket that is asked for. `Usual` never refuses: calls matter more than their tracing.
///
/// # Errors
/// [`StartRefused::Control`].
pub(crate) fn bind(control: &Control) -> Result<Option<Bound>, StartRefused> {
    match control {
        Control::Nowhere => Ok(None),
        Control::At(path) => bind_at(path).map(Some),
        Control::Usual => {
            let mut last = None;
            for path in usual_places() {
                if path.parent().is_some_and(is_private) {
                    match bind_at(&path) {
                        Ok(bound) => return Ok(Some(bound)),
                        Err(refused) => last = Some(refused),
                    }
                }
            }
            if let Some(refused) = last {
                tracing::warn!("turno trace can't ask this turno: {refused}");
            }
            Ok(None)
        }
    }
}

/// Whether the folder is there, or can be made, and is ours alone to write to.
fn is_private(folder: &Path) -> bool {
    let _ = std::fs::DirBuilder::new().mode(0o700).create(folder);
    let user = rustix::process::geteuid().as_raw();
    std::fs::symlink_metadata(folder)
        .is_ok_and(|it| it.is_dir() && it.uid() == user && it.permissions().mode() & 0o022 == 0)
}

fn bind_at(path: &Path) -> Result<Bound, StartRefused> {
    let refused = |why: String| StartRefused::Control { path: path.to_owned(), why };
    if let Ok(there) = std::fs::symlink_metadata(path) {
        if !there.file_type().is_socket() {
            return Err(refused(
                "a file that is no socket is there; choose another path with --control".to_owned(),
            ));
        }
        match UnixStream::connect(path) {
            Ok(_) => {
                return Err(refused(
                    "another turno answers there; stop it, or choose another path with --control".to_owned(),
                ));
            }
            // Left behind by one that was killed.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
            Err(error) => return Err(refused(format!("{error}; choose another path with --control"))),
        }
    }
    bind_beside(path)?.take_place()
}

/// A control socket that is ready, beside its place, which another turno has so far.
#[derive(Debug)]
pub(crate) struct Coming {
    path: PathBuf,
    /// The file beside; it goes when this goes.
    door: Door,
    listener: UnixListener,
}

/// Makes one.
///
/// # Errors
/// [`StartRefused::Control`].
pub(crate) fn bind_beside(path: &Path) -> Result<Coming, StartRefused> {
    let why = |error: io::Error| StartRefused::Control {
        path: path.to_owned(),
        why: format!("{error}; choose another path with --control"),
    };
    let beside = path.with_extension(format!("{}", std::process::id()));
    let _ = std::fs::remove_file(&beside);
    let listener = UnixListener::bind(&beside).map_err(why)?;
    let made = std::fs::set_permissions(&beside, std::fs::Permissions::from_mode(0o600))
        .and_then(|()| listener.set_nonblocking(true))
        .and_then(|()| std::fs::symlink_metadata(&beside));
    match made {
        Ok(it) => {
            let door = Door { path: beside, file: (it.dev(), it.ino()) };
            Ok(Coming { path: path.to_owned(), door, listener })
        }
        Err(error) => {
            let _ = std::fs::remove_file(&beside);
            Err(why(error))
        }
    }
}

impl Coming {
    /// Whoever looks from now on finds this one, closed to others; the one before is not asked any more.
    ///
    /// # Errors
    /// [`StartRefused::Control`].
    pub(crate) fn take_place(self) -> Result<Bound, StartRefused> {
        let Self { path, mut door, listener } = self;
        std::fs::rename(&door.path, &path).map_err(|error| StartRefused::Control {
            path: path.clone(),
            why: format!("{error}; choose another path with --control"),
        })?;
        door.path = path;
        Ok(Bound { door, listener })
    }
}

/// Answers until the runtime ends.
pub(crate) async fn serve(listener: UnixListener, answering: Arc<Answering>) {
    let listener = match tokio::net::UnixListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "turno trace is not answered");
            return;
        }
    };
    let places = Arc::new(Semaphore::new(TALKS_MAX));
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let (answering, places) = (Arc::clone(&answering), Arc::clone(&places));
                tokio::spawn(async move {
                    let place = places.try_acquire();
                    talk(stream, &answering, place.is_ok()).await;
                });
            }
            Err(error) => {
                static LINES: Ration = Ration::new();
                if let Some(held_back) = LINES.admit(answering.clock.now()) {
                    tracing::warn!(%error, held_back, "a question of turno trace could not be accepted");
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// One question and its answer.
async fn talk(stream: tokio::net::UnixStream, answering: &Answering, has_place: bool) {
    let user = rustix::process::geteuid().as_raw();
    // The file's mode says the same; this holds where a file system does not keep modes.
    let peer = stream.peer_cred().map_or(u32::MAX, |peer| peer.uid());
    let is_ours = peer == user || peer == 0;
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    let limit = u64::try_from(ASK_BYTES_MAX).unwrap_or(u64::MAX);
    let mut reader = BufReader::new(read.take(limit));
    let came = timeout(QUESTION_SPAN_MAX, reader.read_line(&mut line)).await;
    let refusal = match (is_ours, has_place, came) {
        (false, _, _) => "only the user that turno runs as may ask",
        (true, false, _) => "too many are asking; try again",
        (true, true, Ok(Ok(_))) => match Ask::from_json(&line) {
            Some(Ask { what: What::TakeOver { process, protocol, folder }, .. }) => {
                if protocol == HAND_OVER_PROTOCOL && user == peer {
                    let successor = Successor { process, folder: folder.map(PathBuf::from) };
                    return hand_over(reader.into_inner().into_inner(), write, successor, answering);
                }
                if user == peer { OTHER_PROTOCOL } else { OTHER_USER }
            }
            Some(Ask { what: What::HandOver { .. }, .. }) => OTHER_PROTOCOL,
            Some(ask) => return answering.answer(&ask, &mut write).await,
            None => "this turno does not understand the question: is it of another version?",
        },
        (true, true, Ok(Err(_)) | Err(_)) => return,
    };
    give(&mut write, &Answer::Refused(refusal.to_owned())).await;
}

/// A successor has its hand-over on a thread of its own.
fn hand_over(read: OwnedReadHalf, write: OwnedWriteHalf, successor: Successor, answering: &Answering) {
    if let Ok(stream) =
        read.reunite(write).map_err(io::Error::other).and_then(tokio::net::UnixStream::into_std)
    {
        running::begin(&answering.hand_overs, stream, &successor);
    }
}

#[cfg(test)]
#[path = "control_tests.rs"]
mod tests;
