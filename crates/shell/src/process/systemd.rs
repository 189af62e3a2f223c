//! Notifications to systemd: ready, watchdog, stopping, new main process; without systemd nothing is sent.

use std::ffi::OsString;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::Arc;

use core::time::Duration;

use tokio::runtime::Handle;

use crate::clock::Clock;
use crate::engine_thread::watchdog::Watchdog;

/// Watchdog notifications in one watchdog span of systemd.
const TOLD_A_SPAN: u32 = 3;

/// How long the end may take after a drain.
const END_SPAN_MAX: Duration = Duration::from_secs(10);

/// The notification socket of systemd; cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Systemd(Option<Arc<Way>>);

#[derive(Debug)]
struct Way {
    socket: UnixDatagram,
    systemd: SocketAddr,
}

impl Systemd {
    /// The socket that `NOTIFY_SOCKET` names, if systemd has set it.
    pub(crate) fn of_environment() -> Self {
        let way = std::env::var_os("NOTIFY_SOCKET").and_then(way_to);
        Self(way.map(Arc::new))
    }

    /// Reports that turno serves calls.
    pub(crate) fn is_ready(&self, site: &str) {
        self.tell(&format!("READY=1\nSTATUS=serves {}", one_line(site)));
    }

    /// Reports a drain that waits at most `span` for the last calls; without it systemd kills turno earlier.
    pub(crate) fn takes_as_long_as(&self, span: Duration) {
        let micros = (span + END_SPAN_MAX).as_micros();
        self.tell(&format!("STOPPING=1\nSTATUS=takes no new calls\nEXTEND_TIMEOUT_USEC={micros}"));
    }

    /// Reports that turno stops.
    pub(crate) fn is_stopping(&self) {
        self.tell("STOPPING=1\nSTATUS=stops");
    }

    /// Reports the successor as the main process.
    pub(crate) fn goes_on_as(&self, process: u32) {
        self.tell(&format!("MAINPID={process}"));
    }

    /// Sends watchdog notifications for as long as the engine's thread makes progress.
    pub(crate) fn watch(&self, runtime: &Handle, watchdog: Watchdog, clock: Clock) {
        let ours = std::env::var("WATCHDOG_PID").ok().is_none_or(|pid| pid == std::process::id().to_string());
        let micros = std::env::var("WATCHDOG_USEC").ok().and_then(|micros| micros.parse().ok());
        let Some(span) = micros.map(Duration::from_micros).filter(|span| ours && !span.is_zero()) else {
            return;
        };
        if self.0.is_none() {
            return;
        }
        let told = self.clone();
        runtime.spawn(async move {
            let mut ticks = tokio::time::interval(span / TOLD_A_SPAN);
            loop {
                ticks.tick().await;
                if watchdog.is_alive(clock.now()) {
                    told.tell("WATCHDOG=1");
                }
            }
        });
    }

    fn tell(&self, text: &str) {
        if let Some(way) = &self.0
            && let Err(error) = way.socket.send_to_addr(text.as_bytes(), &way.systemd)
        {
            tracing::debug!(%error, "systemd does not listen");
        }
    }
}

fn way_to(name: OsString) -> Option<Way> {
    let systemd = match name.as_bytes() {
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name).ok()?,
        [b'/', ..] => SocketAddr::from_pathname(&name).ok()?,
        _ => return None,
    };
    let socket = UnixDatagram::unbound().ok()?;
    // A slow systemd must not delay the start of the engine.
    socket.set_nonblocking(true).ok()?;
    Some(Way { socket, systemd })
}

fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systemd_hears_that_turno_is_ready_and_no_site_name_can_say_more() {
        let path = std::env::temp_dir().join(format!("turno-notify-{}", std::process::id()));
        let heard_by = UnixDatagram::bind(&path).expect("a free name");
        let systemd = Systemd(way_to(path.clone().into_os_string()).map(Arc::new));
        systemd.is_ready("Quito\nMAINPID=1");
        systemd.goes_on_as(77);
        systemd.is_stopping();
        systemd.takes_as_long_as(Duration::from_secs(50));
        let mut heard = Vec::new();
        for _ in 0..4 {
            let mut bytes = [0; 200];
            let length = heard_by.recv(&mut bytes).expect("a message");
            heard.push(String::from_utf8_lossy(&bytes[..length]).into_owned());
        }
        assert_eq!(heard[0], "READY=1\nSTATUS=serves Quito MAINPID=1");
        assert_eq!(heard[1], "MAINPID=77");
        assert!(heard[2].starts_with("STOPPING=1"), "{}", heard[2]);
        assert!(heard[3].ends_with("\nEXTEND_TIMEOUT_USEC=60000000"), "{}", heard[3]);
        std::fs::remove_file(path).expect("ours");
    }

    #[test]
    fn without_systemd_nothing_is_told() {
        Systemd::default().is_ready("Quito");
        assert!(way_to("nonsense".into()).is_none());
    }
}
