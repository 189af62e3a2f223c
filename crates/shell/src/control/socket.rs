//! The control socket for `turno trace` and other commands, open only to the user that turno runs as and to root.
//!
//! If its file or folder is removed while turno runs, it is made again within seconds.
#![expect(clippy::disallowed_types, reason = "the lock below is between who listens and the end")]

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use core::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::control::api::ControlApi;
use crate::control::talk::talk;
use crate::rate::Ration;
use crate::refusal::StartRefused;

/// Connections at one time.
const TALKS_MAX: usize = 16;

/// Interval of the check that the socket's file is still there.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// Longest path of a socket, in bytes (`sun_path` without the final zero).
const PATH_BYTES_MAX: usize = 107;

/// Pause after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Where the control socket is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Control {
    /// There is no control socket.
    #[default]
    Nowhere,
    /// At the first of the [`usual_places`] that is free; if none is free, turno serves without a control socket.
    Usual,
    /// At this path, or turno does not start.
    At(PathBuf),
}

/// A bound control socket.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) socket_file: SocketFile,
    pub(crate) listener: Listening,
}

/// The file of a control socket; dropping this removes it.
#[derive(Debug)]
pub(crate) struct SocketFile {
    pub(crate) path: PathBuf,
    file: OurFile,
}

/// Device and inode of the socket's file, so that turno removes only its own; all clones share the newest value.
#[derive(Clone, Debug)]
struct OurFile(Arc<Mutex<(u64, u64)>>);

/// A listening socket and the path where its file belongs.
#[derive(Debug)]
pub(crate) struct Listening {
    socket: UnixListener,
    path: PathBuf,
    file: OurFile,
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if self.file.stands_at(&self.path) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl OurFile {
    fn stands_at(&self, path: &Path) -> bool {
        let ours = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::fs::symlink_metadata(path).is_ok_and(|it| (it.dev(), it.ino()) == ours)
    }
}

/// Usual paths of a control socket: in the user's runtime folder, in the service's, and in the user's folder under the
/// temporary folder.
pub fn usual_places() -> Vec<PathBuf> {
    let user = rustix::process::geteuid().as_raw();
    let own = std::env::var_os("XDG_RUNTIME_DIR").map(|folder| PathBuf::from(folder).join("turno"));
    let service = std::env::var_os("RUNTIME_DIRECTORY").map(PathBuf::from);
    let temporary = std::env::temp_dir().join(format!("turno-{user}"));
    let folders = own.into_iter().chain(service).chain([PathBuf::from("/run/turno"), temporary]);
    folders.map(|folder| folder.join("control")).collect()
}

/// Makes the socket that `control` asks for. `Usual` never fails, because calls are more important than tracing.
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

/// Whether the folder exists or can be made, and only this user can write to it.
fn is_private(folder: &Path) -> bool {
    let _ = std::fs::DirBuilder::new().mode(0o700).create(folder);
    let user = rustix::process::geteuid().as_raw();
    std::fs::symlink_metadata(folder)
        .is_ok_and(|it| it.is_dir() && it.uid() == user && it.permissions().mode() & 0o022 == 0)
}

fn bind_at(path: &Path) -> Result<Bound, StartRefused> {
    if std::fs::symlink_metadata(path).is_ok_and(|there| !there.file_type().is_socket()) {
        return wait_for_place(path);
    }
    look_at_place(path).map_err(|why| StartRefused::Control { path: path.to_owned(), why })?;
    bind_beside(path)?.take_place()
}

/// A socket without a file, because another file is at its path. The path is checked again every second; turno serves
/// meanwhile, because calls are more important than the control socket.
fn wait_for_place(path: &Path) -> Result<Bound, StartRefused> {
    // `socket_file` is dropped here, which removes the file.
    let Coming { path, socket_file: _, listener } = bind_beside(path)?;
    let file = OurFile(Arc::default());
    let listener = Listening { socket: listener, path: path.clone(), file: file.clone() };
    Ok(Bound { socket_file: SocketFile { path, file }, listener })
}

/// Fails if another turno answers at the path, or if a file that is not a socket is there.
fn look_at_place(path: &Path) -> Result<(), String> {
    let Ok(there) = std::fs::symlink_metadata(path) else { return Ok(()) };
    if !there.file_type().is_socket() {
        return Err("a file that is no socket is there; take it away, or choose another path with --control"
            .to_owned());
    }
    match UnixStream::connect(path) {
        Ok(_) => {
            Err("another turno answers there; stop it, or choose another path with --control".to_owned())
        }
        // Left behind by a turno that was killed.
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
        Err(error) => Err(format!("{error}; choose another path with --control")),
    }
}

/// A control socket that is ready beside its path, while another turno may still use the path.
#[derive(Debug)]
pub(crate) struct Coming {
    path: PathBuf,
    /// The file beside the path.
    socket_file: SocketFile,
    listener: UnixListener,
}

/// Makes the socket beside its path, with its permissions set, so that the path never shows an unready or open socket.
///
/// # Errors
/// [`StartRefused::Control`].
pub(crate) fn bind_beside(path: &Path) -> Result<Coming, StartRefused> {
    beside(path).map_err(|why| StartRefused::Control { path: path.to_owned(), why })
}

fn beside(path: &Path) -> Result<Coming, String> {
    let beside = path.with_file_name(format!(".{}", std::process::id()));
    let longest = path.as_os_str().as_bytes().len().max(beside.as_os_str().as_bytes().len());
    if longest > PATH_BYTES_MAX {
        return Err(format!(
            "the path is too long for a socket by {} bytes; choose a shorter one with --control",
            longest - PATH_BYTES_MAX
        ));
    }
    let why = |error: io::Error| remedy(path, &error);
    let _ = std::fs::remove_file(&beside);
    let listener = UnixListener::bind(&beside).map_err(why)?;
    let made = std::fs::set_permissions(&beside, std::fs::Permissions::from_mode(0o600))
        .and_then(|()| listener.set_nonblocking(true))
        .and_then(|()| std::fs::symlink_metadata(&beside));
    match made {
        Ok(it) => {
            let file = OurFile(Arc::new(Mutex::new((it.dev(), it.ino()))));
            Ok(Coming { path: path.to_owned(), socket_file: SocketFile { path: beside, file }, listener })
        }
        Err(error) => {
            let _ = std::fs::remove_file(&beside);
            Err(why(error))
        }
    }
}

impl Coming {
    /// Renames the socket to its path; new clients reach this one and no longer the one before.
    ///
    /// # Errors
    /// [`StartRefused::Control`].
    pub(crate) fn take_place(self) -> Result<Bound, StartRefused> {
        let Self { path, mut socket_file, listener } = self;
        std::fs::rename(&socket_file.path, &path)
            .map_err(|error| StartRefused::Control { path: path.clone(), why: remedy(&path, &error) })?;
        socket_file.path.clone_from(&path);
        let listener = Listening { socket: listener, path, file: socket_file.file.clone() };
        Ok(Bound { socket_file, listener })
    }
}

/// The error in words, and what to do about it.
fn remedy(path: &Path, error: &io::Error) -> String {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let shown = folder.display();
    if error.kind() == io::ErrorKind::NotFound {
        format!(
            "its folder {shown} is not there; make it with: mkdir -p -m 700 {shown}, or choose another path with --control"
        )
    } else if error.kind() == io::ErrorKind::NotADirectory {
        format!("{shown} is no folder; choose another path with --control")
    } else if error.kind() == io::ErrorKind::PermissionDenied {
        let user = rustix::process::geteuid().as_raw();
        let owner =
            std::fs::metadata(folder).map_or_else(|_| "another".to_owned(), |it| it.uid().to_string());
        format!(
            "turno runs as user {user} and may not write in its folder {shown}, which belongs to user {owner}; \
             give it to that user, or choose another path with --control"
        )
    } else {
        format!("{error}; choose another path with --control")
    }
}

impl Listening {
    /// Makes the socket again, after its file was removed or replaced.
    fn again(&self) -> Result<UnixListener, String> {
        if let Some(folder) = self.path.parent().filter(|it| !it.as_os_str().is_empty() && !it.exists()) {
            let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.map_err(|error| format!("its folder can't be made: {error}"))?;
        }
        look_at_place(&self.path)?;
        let Coming { mut socket_file, listener, .. } = beside(&self.path)?;
        std::fs::rename(&socket_file.path, &self.path).map_err(|error| remedy(&self.path, &error))?;
        let file = *socket_file.file.0.lock().unwrap_or_else(PoisonError::into_inner);
        *self.file.0.lock().unwrap_or_else(PoisonError::into_inner) = file;
        // The file was renamed, so dropping `socket_file` must not remove it.
        socket_file.path.clear();
        Ok(listener)
    }
}

/// Accepts connections until the runtime ends.
pub(crate) async fn serve(listening: Listening, answering: Arc<ControlApi>) {
    let listening = Arc::new(listening);
    let from_std = |socket: io::Result<UnixListener>| socket.and_then(tokio::net::UnixListener::from_std);
    let mut listener = match from_std(listening.socket.try_clone()) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "turno trace is not answered");
            return;
        }
    };
    let places = Arc::new(Semaphore::new(TALKS_MAX));
    let mut looked_at = answering.clock.now();
    let mut told = String::new();
    loop {
        match timeout(LOOK_INTERVAL, listener.accept()).await {
            Err(_) => {}
            Ok(Ok((stream, _))) => {
                // Taken here and not by the task: tasks start in any order, and a later client would be told that it is full.
                let place = Arc::clone(&places).try_acquire_owned();
                let answering = Arc::clone(&answering);
                tokio::spawn(async move {
                    talk(stream, &answering, place.is_ok()).await;
                    drop(place);
                });
            }
            Ok(Err(error)) => {
                static LINES: Ration = Ration::new();
                if let Some(held_back) = LINES.admit(answering.clock.now()) {
                    tracing::warn!(%error, held_back, "a question of turno trace could not be accepted");
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
        if answering.clock.now().since(looked_at) < LOOK_INTERVAL {
            continue;
        }
        looked_at = answering.clock.now();
        if let Some(again) = look(&listening, &mut told).await.and_then(|socket| from_std(Ok(socket)).ok()) {
            listener = again;
        }
    }
}

/// Makes the socket again if its file is gone or replaced; logs each new error once.
async fn look(listening: &Arc<Listening>, told: &mut String) -> Option<UnixListener> {
    if listening.file.stands_at(&listening.path) {
        told.clear();
        return None;
    }
    let making = Arc::clone(listening);
    // It may block while it connects to the socket that is there.
    let made = tokio::task::spawn_blocking(move || making.again()).await.ok()?;
    let path = listening.path.display();
    match made {
        Ok(socket) => {
            tracing::warn!(control = %path, "the control socket was removed or replaced while turno runs; it was made again");
            told.clear();
            Some(socket)
        }
        Err(why) => {
            if *told != why {
                tracing::error!(
                    control = %path,
                    "the control socket is not in its place, so turno trace and turno reload can't ask this turno; it is \
                     tried again every second: {why}"
                );
                *told = why;
            }
            None
        }
    }
}

#[cfg(test)]
#[path = "socket_tests.rs"]
mod tests;
