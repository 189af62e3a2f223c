//! Errors of turno's start, each in one line that says what to do.

use core::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use turno_media::MediaRefused;

use crate::net::tls::TlsRefused;

/// A refused start. Nothing is left running.
#[derive(Debug)]
pub enum StartRefused {
    /// An address could not be bound.
    Address {
        /// Its purpose, such as `SIP over UDP`.
        purpose: &'static str,
        /// The address.
        address: SocketAddr,
        /// The system's error.
        error: io::Error,
    },
    /// The plan has a transport that this version does not support.
    Transport {
        /// Its name, as in a Via header.
        name: &'static str,
        /// Its address.
        address: SocketAddr,
    },
    /// Other programs have most of the media ports.
    Ports {
        /// The range of the plan, first and last.
        range: (u16, u16),
        /// How many of its pairs are taken.
        taken: usize,
    },
    /// This process has too few descriptors for even one call.
    Descriptors {
        /// Its limit.
        limit: usize,
        /// What the plan may need.
        needed: usize,
        /// The limit that is enough for one call.
        least: usize,
    },
    /// The media plane did not start: a prompt, the music or a port.
    Media(MediaRefused),
    /// The key file of `[recording]` can't be used.
    RecordingKey(turno_recording::key::KeyFault),
    /// The certificates can't be used.
    Tls(TlsRefused),
    /// The control socket could not be created.
    Control {
        /// Its path.
        path: PathBuf,
        /// The reason, and what to do.
        why: String,
    },
    /// The running turno does not hand over.
    HandOver {
        /// Its control socket.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// The journal's folder can't be used.
    State {
        /// The folder.
        path: PathBuf,
        /// The reason, and what to do.
        why: String,
    },
    /// The journal can't be written beside that of the running turno.
    Journal {
        /// The part that can't be written.
        what: &'static str,
        /// The system's error.
        error: io::Error,
    },
    /// The system refuses a thread for a service.
    Thread {
        /// The thread's name.
        name: &'static str,
        /// The system's error.
        error: io::Error,
    },
    /// The system refused something else, such as a descriptor.
    System {
        /// What was refused.
        what: &'static str,
        /// The system's error.
        error: io::Error,
    },
}

impl fmt::Display for StartRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address { purpose, address, error } => {
                write!(f, "cannot listen on {address} for {purpose}: {}", remedy(error, *address))
            }
            Self::Transport { name, address } => write!(
                f,
                "cannot listen on {address}: {name} is not served by this version; \
                 use UDP, TCP or TLS in the plan's listen addresses"
            ),
            Self::Descriptors { limit, needed, least } => write!(
                f,
                "this process may have {limit} descriptors, and one call needs {least} with all around it; set \
                 LimitNOFILE={needed} in the unit, or `ulimit -n {needed}`, for all that the plan may need"
            ),
            Self::Ports { range: (first, last), taken } => write!(
                f,
                "cannot use the RTP ports {first} to {last}: other programs have {taken} pairs of them, more than \
                 half (see them with: ss -lunp); choose another range as media.ports in the plan"
            ),
            Self::Tls(line) => write!(f, "TLS cannot start: {line}"),
            Self::RecordingKey(why) => write!(f, "the key file of [recording] can't be used: {why}"),
            Self::Media(line) => write!(f, "the voices cannot start: {line}"),
            Self::Control { path, why } => {
                write!(f, "cannot make the control socket {}: {why}", path.display())
            }
            Self::HandOver { path, why } => {
                write!(f, "the turno that answers at {} does not hand over: {why}", path.display())
            }
            Self::State { path, why } => write!(f, "cannot keep the journal in {}: {why}", path.display()),
            Self::Journal { what, error } => write!(
                f,
                "cannot write {what}: {error}; make room on its disk (df shows it), or mount that for writing"
            ),
            Self::Thread { name, error } => write!(
                f,
                "the system refused the thread {name}: {error}; check the limits of this user (ulimit -u, TasksMax of \
                 the unit) and free memory"
            ),
            Self::System { what, error } => write!(
                f,
                "the system refused {what}: {error}; check the limits of this user (ulimit -a) and free memory"
            ),
        }
    }
}

impl std::error::Error for StartRefused {}

fn remedy(error: &io::Error, address: SocketAddr) -> String {
    let port = address.port();
    if error.kind() == io::ErrorKind::AddrInUse {
        format!(
            "the port is in use; stop the program that holds it (see it with: ss -lnp 'sport = :{port}') \
             or choose another port in the plan"
        )
    } else if error.kind() == io::ErrorKind::AddrNotAvailable {
        format!("this machine has no address {}; choose one that `ip address` shows", address.ip())
    } else if error.kind() == io::ErrorKind::PermissionDenied {
        "not permitted; ports below 1024 need CAP_NET_BIND_SERVICE, or choose a higher port".to_owned()
    } else {
        format!("{error}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_whose_port_is_taken_reads_which_and_how_to_find_the_holder() {
        let refused = StartRefused::Address {
            purpose: "SIP over UDP",
            address: SocketAddr::from(([127, 0, 0, 1], 5060)),
            error: io::Error::from(io::ErrorKind::AddrInUse),
        };
        let line = refused.to_string();
        assert!(line.contains("127.0.0.1:5060") && line.contains("in use") && line.contains("ss -lnp"));
        assert!(!line.contains('\n'));
    }

    #[test]
    fn an_address_of_another_machine_is_named_as_such() {
        let refused = StartRefused::Address {
            purpose: "metrics",
            address: SocketAddr::from(([192, 0, 2, 1], 8080)),
            error: io::Error::from(io::ErrorKind::AddrNotAvailable),
        };
        assert!(refused.to_string().contains("no address 192.0.2.1"));
    }
}
