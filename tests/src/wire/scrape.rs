//! One reading of /metrics.

use core::fmt;
use core::time::Duration;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// How long a page may take.
const PAGE_SPAN: Duration = Duration::from_secs(5);

/// The content of /metrics at one moment.
#[derive(Clone, Default)]
pub struct Scrape(Vec<(String, f64)>);

impl Scrape {
    /// Reads the page; `None` if there is no answer or its status is not 200.
    pub fn read(from: SocketAddr) -> Option<Self> {
        let page = page(from, "/metrics")?;
        page.starts_with("HTTP/1.1 200").then(|| Self::parse(&page))
    }

    /// The sum of all series of `name` that have each of `labels`, such as `outcome="answered"`.
    pub fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let is_asked = |series: &str| {
            let (family, rest) = series.split_once('{').unwrap_or((series, ""));
            family == name && labels.iter().all(|label| rest.contains(label))
        };
        self.0.iter().filter(|(series, _)| is_asked(series)).map(|(_, value)| value).sum()
    }

    /// Whether there is a series of `name` with this label.
    pub fn has(&self, name: &str, label: &str) -> bool {
        self.0.iter().any(|(series, _)| series.starts_with(name) && series.contains(label))
    }

    /// How many contacts of `queue` ended with `outcome`.
    pub fn contacts(&self, queue: &str, outcome: &str) -> f64 {
        let labels = [format!("queue=\"{queue}\""), format!("outcome=\"{outcome}\"")];
        self.sum("turno_contacts_total", &[&labels[0], &labels[1]])
    }

    /// How many offers ended with `outcome`.
    pub fn offers(&self, outcome: &str) -> f64 {
        self.sum("turno_offers_total", &[&format!("outcome=\"{outcome}\"")])
    }

    fn parse(page: &str) -> Self {
        let series = page.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let (name, value) = line.rsplit_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        });
        Self(series.collect())
    }
}

/// A page with its head and body; `None` if there is no answer.
pub(crate) fn page(from: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect_timeout(&from, PAGE_SPAN).ok()?;
    stream.set_read_timeout(Some(PAGE_SPAN)).ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {from}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut page = String::new();
    stream.read_to_string(&mut page).ok()?;
    Some(page)
}

/// The part that is useful when a test fails: no zeros and no histograms.
impl fmt::Debug for Scrape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = self.0.iter().filter(|(series, value)| *value != 0.0 && !series.contains("_seconds"));
        told.try_for_each(|(series, value)| writeln!(f, "{series} {value}"))
    }
}
