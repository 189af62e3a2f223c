//! What deploy/ promises: every panel of the dashboard shows data, every alert asks for a family that exists.
//!
//! A live `turno demo` takes calls, Debian's Prometheus scrapes it, and every query of the dashboard is run. Where
//! Prometheus is not installed, this prints what it skipped.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use core::time::Duration;

use serde_json::Value;

/// A query that has shown nothing after so many looks never will.
const LOOKS_MAX: usize = 180;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// A child process that ends with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn is_installed(program: &str) -> bool {
    let asked = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

/// A demo of thirty times life's speed, and the address of its pages.
fn demo() -> (Ended, String, Receiver<String>) {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_turno"))
        .args(["demo", "--plain", "--speed", "30", "--calls-per-hour", "360"])
        .current_dir(top())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("turno starts");
    let lines = BufReader::new(demo.stdout.take().expect("a pipe")).lines();
    let demo = Ended(demo);
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let pages = loop {
        let line = receiver.recv_timeout(Duration::from_secs(60)).expect("the demo says where it listens");
        let before = line.split_once("/metrics").and_then(|(before, _)| before.rsplit_once("http://"));
        if let Some((_, address)) = before {
            break address.to_owned();
        }
    };
    (demo, pages, receiver)
}

/// The body of a page.
fn page(address: &str, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned())
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn dashboard() -> Value {
    let text =
        std::fs::read_to_string(top().join("deploy/grafana/dashboards/turno.json")).expect("the dashboard");
    serde_json::from_str(&text).expect("JSON")
}

/// Every panel's title and query, with Grafana's variables filled in.
fn queries() -> Vec<(String, String)> {
    let fill = |query: &str| {
        query.replace("$instance", ".*").replace("$__range", "10m").replace("$__rate_interval", "10s")
    };
    let dashboard = dashboard();
    let panels = dashboard["panels"].as_array().expect("panels");
    panels
        .iter()
        .flat_map(|panel| {
            let title = panel["title"].as_str().unwrap_or_default().to_owned();
            let targets = panel["targets"].as_array().cloned().unwrap_or_default();
            targets
                .into_iter()
                .map(move |target| (title.clone(), target["expr"].as_str().unwrap_or("").to_owned()))
        })
        .map(|(title, query)| (title, fill(&query)))
        .collect()
}

/// Whether a query gives at least one series with a number in it.
fn gives_data(prometheus: &str, query: &str) -> bool {
    let path = format!("/api/v1/query?query={}", encoded(query));
    let Some(answer) = page(prometheus, &path).and_then(|body| serde_json::from_str::<Value>(&body).ok())
    else {
        return false;
    };
    assert_ne!(answer["status"], "error", "{query}: {}", answer["error"]);
    let series = answer["data"]["result"].as_array().cloned().unwrap_or_default();
    series.iter().any(|one| one["value"][1].as_str().is_some_and(|value| value != "NaN"))
}

/// Debian's Prometheus, scraping `pages` twice a second.
fn prometheus(pages: &str) -> (Ended, String) {
    let folder = std::env::temp_dir().join(format!("turno-deploy-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let shipped =
        std::fs::read_to_string(top().join("deploy/prometheus/prometheus.yml")).expect("the sample");
    assert!(shipped.contains("127.0.0.1:8080") && shipped.contains("scrape_interval: 5s"));
    let config = shipped.replace("127.0.0.1:8080", pages).replace(": 5s", ": 500ms");
    std::fs::write(folder.join("prometheus.yml"), config).expect("written");
    std::fs::copy(top().join("deploy/prometheus/alerts.yml"), folder.join("alerts.yml")).expect("copied");
    let free =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port");
    let child = Command::new("prometheus")
        .arg(format!("--config.file={}", folder.join("prometheus.yml").display()))
        .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
        .arg(format!("--web.listen-address={free}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("Prometheus starts");
    (Ended(child), free.to_string())
}

#[test]
fn every_panel_of_the_dashboard_shows_data_of_a_room_at_work() {
    // Wound: no Prometheus figures for queues at all.
    if !is_installed("prometheus") {
        println!("skipped: the dashboard's queries (apt install prometheus)");
        return;
    }
    let (_demo, pages, news) = demo();
    let (_prometheus, address) = prometheus(&pages);
    let mut silent = queries();
    assert!(silent.len() > 30, "the dashboard has lost its panels");
    for _ in 0..LOOKS_MAX {
        silent.retain(|(_, query)| !gives_data(&address, query));
        if silent.is_empty() {
            return;
        }
        // The demo's own lines are let go by; waiting for them is the pause.
        let _ = news.recv_timeout(PAUSE);
    }
    panic!("these panels show nothing: {silent:#?}");
}

#[test]
fn every_family_that_an_alert_or_a_panel_asks_for_is_served() {
    let (_demo, pages, _news) = demo();
    let metrics = page(&pages, "/metrics").expect("the metrics");
    let served: BTreeSet<&str> =
        metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let alerts = std::fs::read_to_string(top().join("deploy/prometheus/alerts.yml")).expect("the alerts");
    let asked = queries().into_iter().map(|(_, query)| query).chain([alerts]).collect::<Vec<_>>().join("\n");
    let words = asked.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let names: BTreeSet<&str> = words
        .filter(|word| word.starts_with("turno_") || word.starts_with("process_"))
        .map(|word| {
            let bare = ["_bucket", "_sum", "_count"].iter().find_map(|end| word.strip_suffix(end));
            bare.filter(|bare| served.contains(bare)).unwrap_or(word)
        })
        .collect();
    assert!(names.len() > 25, "the names are no longer found: {names:?}");
    // A clock is served while somebody is on a call, and the demo may not have come so far; it keeps no journal,
    // and so no history and no written channels; and it has no webhook.
    let at_times = [
        "turno_agent_handling_seconds",
        "turno_connector_alarm",
        "turno_connector_failures_total",
        "turno_connector_up",
        "turno_connector_webhooks_total",
        "turno_history_up",
        "turno_journal_kept",
        "turno_webhook_given_up_total",
        "turno_written_conversations",
        "turno_written_letters_total",
        "turno_written_oldest_seconds",
        "turno_written_taken_total",
    ];
    let missing: Vec<_> = names.difference(&served).filter(|name| !at_times.contains(name)).collect();
    assert!(missing.is_empty(), "asked for and not served: {missing:?}");
}

#[test]
fn the_alert_rules_pass_their_own_tests() {
    if !is_installed("promtool") {
        println!("skipped: the alert rules (apt install prometheus)");
        return;
    }
    let tested = Command::new("promtool")
        .args(["test", "rules", "alerts_test.yml"])
        .current_dir(top().join("deploy/prometheus"))
        .output()
        .expect("promtool runs");
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stderr));
}
