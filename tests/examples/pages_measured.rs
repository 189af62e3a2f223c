//! Measures phones in pages of one Chromium, in pairs that talk to each other.
//!
//! `cargo run -p turno-tests --example pages_measured answers 30`: from the click on answer to the first sound, on both sides.
//! `cargo run -p turno-tests --example pages_measured talks 24 180`: so many pages talk for so many seconds.

use turno_tests::wire::{Pages, Scrape, Server};

/// An API and browser phones.
const BROWSER: (&str, &str) = ("[http]", "[api]\nlisten = \"127.0.0.1:8081\"\n\n[browser]\n\n[http]");

/// The tone of the first page in hertz, and the distance to the next one's.
const TONES: (u64, u64) = (400, 60);

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize| words.get(place).and_then(|word| word.parse::<u64>().ok());
    match (words.first().map(String::as_str), number(1), number(2)) {
        (Some("answers"), Some(many), _) => answers(many),
        (Some("talks"), Some(pages), Some(seconds)) => talks(pages, seconds),
        _ => println!("answers HOW_MANY, or talks PAGES SECONDS"),
    }
}

fn seat(page: u64) -> String {
    format!("a{:03}", page + 1)
}

const fn tone(page: u64) -> u64 {
    TONES.0 + page * TONES.1
}

fn open(server: &Server, pages: u64, answers: bool) -> Pages {
    let seats: Vec<String> = (0..pages).map(|page| format!("{}:{}", seat(page), tone(page))).collect();
    Pages::open(server, &seats.join(","), answers).expect("node, Chromium and JsSIP are installed")
}

/// Waits until so many packets have come, 50 of each stream in a second.
fn talks_on(server: &mut Server, packets: f64) {
    let came = |now: &Scrape| now.sum("turno_rtp_packets_total", &["direction=\"in\""]);
    let before = came(&server.scrape());
    server.wait_until("they have talked", |now| came(now) >= before + packets);
}

fn answers(many: u64) {
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let mut pages = open(&server, 2, false);
    let mut spans = [Vec::new(), Vec::new()];
    for _ in 0..many {
        pages.listens_anew();
        pages.does("call a001 a002");
        pages.says("a002", "rings");
        pages.does("answer a002");
        pages.says("a001", "confirmed");
        talks_on(&mut server, 150.0);
        let clicked = pages.heard("a002").number("answered");
        for (spans, page) in spans.iter_mut().zip(["a001", "a002"]) {
            spans.push(pages.heard(page).number("first").saturating_sub(clicked));
        }
        pages.does("hangup a001");
        server.wait_until("it is over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    }
    for (spans, who) in spans.iter_mut().zip(["who called", "who clicked"]) {
        spans.sort_unstable();
        let at = |percent: usize| spans[(spans.len() * percent / 100).min(spans.len() - 1)];
        println!(
            "{many} answers, {who} hears after p50 {} ms, p99 {} ms, at most {} ms",
            at(50),
            at(99),
            at(100)
        );
    }
    server.stop();
}

/// CPU seconds and resident MiB of a process.
fn costs(process: u32) -> (f64, f64) {
    let read = |file: &str| std::fs::read_to_string(format!("/proc/{process}/{file}")).unwrap_or_default();
    let stat = read("stat");
    let behind = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = behind.split_whitespace().skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum();
    let pages: f64 = read("statm").split_whitespace().nth(1).and_then(|it| it.parse().ok()).unwrap_or(0.0);
    (ticks / 100.0, pages * 4096.0 / f64::from(1 << 20))
}

fn talks(many: u64, seconds: u64) {
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let mut pages = open(&server, many, true);
    let process = server.program().id();
    let idle = costs(process);
    for pair in 0..many / 2 {
        let (one, other) = (seat(pair * 2), seat(pair * 2 + 1));
        pages.does(&format!("call {one} {other}"));
        pages.says(&one, "confirmed");
    }
    let streams = f64::from(u32::try_from(many / 2 * 2).unwrap_or(0));
    talks_on(&mut server, streams * 50.0 * 5.0);
    let (before, packets) =
        (costs(process), server.scrape().sum("turno_rtp_packets_total", &["direction=\"in\""]));
    for _ in 0..seconds {
        talks_on(&mut server, streams * 50.0);
    }
    let (after, came) =
        (costs(process), server.scrape().sum("turno_rtp_packets_total", &["direction=\"in\""]));
    let (mut right, mut lost, mut received, mut longest) = (0, 0, 0, 0);
    for page in 0..many / 2 * 2 {
        let heard = pages.heard(&seat(page));
        let is_right = heard.is_near(tone(page ^ 1));
        right += u64::from(is_right);
        lost += heard.number("lost");
        received += heard.number("received");
        longest = longest.max(heard.number("gap"));
        if !is_right {
            println!("{}: {}", seat(page), heard.0);
        }
    }
    println!(
        "{many} pages for {seconds} s: {right} hear the right tone; {received} packets, {lost} lost, longest gap {longest} ms"
    );
    println!(
        "turno: {:.1} % of a core, {:.0} packets a second in, {:.1} MiB idle, {:.1} MiB in the talks",
        100.0 * (after.0 - before.0) / seconds as f64,
        (came - packets) / seconds as f64,
        idle.1,
        after.1
    );
    server.stop();
}
