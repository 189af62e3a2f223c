//! A page's session at the HTTP API: users are added by `turno user`, and sign in as pages do.

use core::time::Duration;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};

use crate::wire::server::{Server, turno};

/// The password of every user of a test.
const PASSWORD: &str = "four quiet mountain llamas";

/// The port of the API in a test's plan.
pub const API_PORT: u16 = 8081;

/// Somebody who has signed in on a page.
#[derive(Clone, Debug)]
pub struct Page {
    to: SocketAddr,
    /// The cookie of the session, with its name.
    pub cookie: String,
    csrf: String,
}

impl Page {
    /// An agent's page: the user is added and signs in.
    pub fn of_agent(server: &Server, name: &str, extension: &str) -> Self {
        let folder = server.folder();
        let mut add = Command::new(turno())
            .args(["user", "add", name, "--role", "agent", "--agent", extension, "--plan"])
            .arg(folder.join("plan"))
            .arg("--state")
            .arg(folder.join("state"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("turno runs");
        add.stdin.take().expect("piped").write_all(PASSWORD.as_bytes()).expect("it reads");
        assert!(add.wait().expect("it ends").success());
        Self::signs_in(server, name)
    }

    /// A user who is there already signs in.
    pub fn signs_in(server: &Server, name: &str) -> Self {
        let to = SocketAddr::new(server.http().ip(), API_PORT);
        let mut page = Self { to, cookie: String::new(), csrf: String::new() };
        let body = format!("{{\"name\": \"{name}\", \"password\": \"{PASSWORD}\"}}");
        let signed = page.asks("POST /api/v1/session", &body);
        assert!(signed.starts_with("HTTP/1.1 200"), "{signed}");
        let cookie = signed.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
        page.cookie = cookie.split(';').next().expect("its value").to_owned();
        let csrf = signed.split("\"csrf\":\"").nth(1).and_then(|rest| rest.split('"').next());
        csrf.expect("csrf").clone_into(&mut page.csrf);
        page
    }

    /// The whole answer to a request.
    pub fn asks(&self, line: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.to).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
        let head = format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\nCookie: {}\r\n\
             x-csrf-token: {}\r\nContent-Length: {}\r\n\r\n{body}",
            self.to,
            self.cookie,
            self.csrf,
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    /// Where the API is.
    pub const fn at(&self) -> SocketAddr {
        self.to
    }
}
