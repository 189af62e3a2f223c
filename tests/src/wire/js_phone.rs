//! A browser's phone without a browser: JsSIP in node, over SIP over WebSocket.
#![expect(clippy::disallowed_methods, reason = "a test on real sockets measures real time")]

use core::time::Duration;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Instant;

use crate::wire::missing::is_missing;

/// Where `make packages` puts packages of npm.
pub(crate) const PACKAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/node");

/// How long a test waits for a line of the phone.
const PATIENCE: Duration = Duration::from_secs(40);

/// How a phone shows who it is.
#[derive(Clone, Copy, Debug)]
pub enum Shows<'a> {
    /// The cookie of a page's session.
    Cookie(&'a str),
    /// The password of its seat.
    Password(&'a str),
    /// Nothing.
    Nothing,
}

/// A running phone; it vanishes without a word when dropped, as a closed page does.
#[derive(Debug)]
pub struct JsPhone {
    child: Child,
    orders: ChildStdin,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl JsPhone {
    /// Whether JsSIP is there; if not, the reason is written.
    pub fn is_there() -> bool {
        if is_missing(&["node"]) {
            return false;
        }
        let all = ["jssip", "sip.js", "ws"];
        let missing = all.iter().find(|name| !Path::new(PACKAGES).join("node_modules").join(name).is_dir());
        if let Some(missing) = missing {
            eprintln!("{missing} is not installed (make packages): its tests are left out");
        }
        missing.is_none()
    }

    /// A phone that registers as this seat with the API at `to`. Pages of one browser have the same `instance`.
    pub fn start(to: SocketAddr, seat: &str, shows: Shows<'_>, instance: &str) -> Self {
        Self::with(include_str!("jssip_phone.mjs"), to, seat, shows, &[("INSTANCE", instance)])
    }

    /// The same for another program with these settings.
    pub fn with(
        program: &str,
        to: SocketAddr,
        seat: &str,
        shows: Shows<'_>,
        settings: &[(&str, &str)],
    ) -> Self {
        // Node looks for packages beside the program.
        let mut command = Command::new("node");
        command.arg("--input-type=module").arg("--eval").arg(program).current_dir(PACKAGES);
        command.env("URL_OF_SIP", format!("ws://{to}/sip")).env("URI", format!("sip:{seat}@turno"));
        match shows {
            Shows::Cookie(cookie) => command.env("COOKIE", cookie).env("ORIGIN", format!("http://{to}")),
            Shows::Password(password) => command.env("PASSWORD", password),
            Shows::Nothing => &mut command,
        };
        command.envs(settings.iter().copied());
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn();
        let mut child = child.expect("node runs");
        let (tell, lines) = channel();
        let output = BufReader::new(child.stdout.take().expect("piped"));
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).take_while(|line| tell.send(line.clone()).is_ok()).count()
        });
        let orders = child.stdin.take().expect("piped");
        Self { child, orders, lines, seen: Vec::new() }
    }

    /// Gives it an order.
    pub fn does(&mut self, order: &str) {
        writeln!(self.orders, "{order}").expect("the phone runs");
    }

    /// Waits for a line that begins with these words, and returns the rest of it.
    pub fn says(&mut self, words: &str) -> String {
        self.says_within(words, PATIENCE)
    }

    /// The same, within `span`.
    pub fn says_within(&mut self, words: &str, span: Duration) -> String {
        let until = Instant::now() + span;
        loop {
            let line = match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("the phone never said {words:?} within {span:?}: {:#?}", self.seen)
                }
            };
            self.seen.push(line.clone());
            assert!(!line.starts_with("error"), "{line}\n{:#?}", self.seen);
            if let Some(rest) = line.strip_prefix(words) {
                return rest.trim().to_owned();
            }
        }
    }

    /// Whether a line that begins so has come.
    pub fn has_said(&mut self, words: &str) -> bool {
        self.seen.extend(self.lines.try_iter());
        self.seen.iter().any(|line| line.starts_with(words))
    }

    /// Forgets what it said.
    pub fn listens_anew(&mut self) {
        while self.lines.try_recv().is_ok() {}
        self.seen.clear();
    }
}

impl Drop for JsPhone {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
