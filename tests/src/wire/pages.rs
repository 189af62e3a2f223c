//! Phones in pages of one Chromium: JsSIP's signalling, the browser's own voice, a tone for each page.

use core::time::Duration;
use std::net::SocketAddr;
use std::path::Path;

use crate::wire::js_phone::{JsPhone, PACKAGES, Shows};
use crate::wire::missing::is_missing;
use crate::wire::page::API_PORT;
use crate::wire::server::Server;

/// How long a page may take to load and register.
const BEGIN_SPAN: Duration = Duration::from_secs(180);

/// How far from its tone a spectrum's loudest line may be, in hertz.
const NEAR: u64 = 30;

/// Pages of one Chromium, a phone in each.
#[derive(Debug)]
pub struct Pages(JsPhone);

/// What a page has heard, as a line of JSON.
#[derive(Debug)]
pub struct PageHeard(pub String);

impl Pages {
    /// Pages with these seats and tones (`a001:600,a002:1000`) that are registered. `None`, and the reason is written, if something
    /// is not installed.
    pub fn open(server: &Server, seats: &str, answers: bool) -> Option<Self> {
        if is_missing(&["node", "chromium"]) || !JsPhone::is_there() {
            return None;
        }
        if !Path::new(PACKAGES).join("node_modules/playwright-core").is_dir() {
            eprintln!("playwright-core is not installed (make packages): its test is left out");
            return None;
        }
        let to = SocketAddr::new(server.http().ip(), API_PORT);
        let answers = if answers { "yes" } else { "no" };
        let settings = [("SEATS", seats), ("DOMAIN", "turno"), ("ANSWERS", answers)];
        let mut phone =
            JsPhone::with(include_str!("pages.mjs"), to, "pages", Shows::Password("lab"), &settings);
        for seat in seats.split(',').filter_map(|seat| seat.split(':').next()) {
            phone.says_within(&words(seat, "registered"), BEGIN_SPAN);
        }
        Some(Self(phone))
    }

    /// Gives an order.
    pub fn does(&mut self, order: &str) {
        self.0.does(order);
    }

    /// Waits until this happens at a seat's page.
    pub fn says(&mut self, seat: &str, what: &str) {
        self.0.says(&words(seat, what));
    }

    /// Whether this has happened since [`Self::listens_anew`].
    pub fn has_said(&mut self, seat: &str, what: &str) -> bool {
        self.0.has_said(&words(seat, what))
    }

    /// Forgets what has happened.
    pub fn listens_anew(&mut self) {
        self.0.listens_anew();
    }

    /// What a page has heard in its last talk.
    pub fn heard(&mut self, seat: &str) -> PageHeard {
        self.0.does(&format!("heard {seat}"));
        PageHeard(self.0.says(&format!("{{\"seat\":\"{seat}\",\"heard\":")))
    }
}

impl PageHeard {
    /// The number of this name, without what stands behind its point.
    ///
    /// # Panics
    /// If there is none.
    pub fn number(&self, name: &str) -> u64 {
        let line = &self.0;
        let behind =
            line.split(&format!("\"{name}\":")).nth(1).unwrap_or_else(|| panic!("no {name}: {line}"));
        let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or_else(|_| panic!("{name} is no number: {line}"))
    }

    /// Whether the loudest tone is this one, in hertz.
    pub fn is_near(&self, hertz: u64) -> bool {
        self.number("hertz").abs_diff(hertz) < NEAR
    }

    /// Whether it hears and says this codec.
    pub fn speaks(&self, codec: &str) -> bool {
        self.0.contains(&format!("\"hears\":\"audio/{codec}\",\"says\":\"audio/{codec}\""))
    }

    /// How many sources it has heard.
    pub fn sources(&self) -> usize {
        let all = self.0.split("\"sources\":[").nth(1).and_then(|it| it.split(']').next());
        all.map_or(0, |all| all.split(',').count())
    }
}

/// The begin of a line that says this of a seat.
fn words(seat: &str, what: &str) -> String {
    format!("{{\"seat\":\"{seat}\",\"is\":\"{what}\"")
}
