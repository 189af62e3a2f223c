//! What talkers notice of an observer, and how soon an answer cuts an announcement: measured by RTP packets on 127.0.0.0/8.
//!
//!     cargo run --release -p turno-tests --example interruptions [ROUNDS]
//!
//! Prints for each thing that an observer does the longest span between two packets at the citizen and at the agent, beside
//! the same span while nothing happens, and the packets that were lost. Then the span from the agent's answer (its 200) to the last
//! packet of the announcement and to the first of the agent's voice at the caller.

use core::time::Duration;
use std::net::UdpSocket;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};

use turno_ground::Moment;
use turno_model::Language;
use turno_model::speech::recordings;
use turno_phone::{Behaviour, CallId, PhoneEvent, Sound};
use turno_shell::Clock;
use turno_tests::wire::{Folder, Server, Softphone, Talker, write_tone};

/// Packets that are heard before and after what is measured: a third of a second.
const A_WHILE: u64 = 17;
/// How long a `turno` command may take.
const ASKING_SPAN: Duration = Duration::from_secs(20);
/// Tone of each announcement, and of the agent, in hertz.
const ANNOUNCEMENT: u32 = 1_300;
const AGENT: u32 = 600;
/// Samples a second.
const RATE: f32 = 8_000.0;

fn main() {
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(20);
    observers(rounds);
    cuts(rounds);
}

/// What was measured of one thing, at the citizen and at the agent.
#[derive(Default)]
struct Row {
    gaps: [Vec<Duration>; 2],
    lost: u64,
}

fn observers(rounds: usize) {
    let mut server = Server::lab();
    let mut agent = Softphone::agent(&server, "a001");
    available(&mut server, 1.0);
    let mut line = Softphone::line(&server);
    let call = line.calls("0991234567", "7000");
    line.is_answered(call);
    let citizen = line.speaks(Sound::Tone(440));
    let _ = incoming(&mut agent);
    let ana = agent.speaks(Sound::Tone(1_000));
    let mut supervisor = Softphone::agent(&server, "a002");
    available(&mut server, 1.0);
    server.wait_until("two talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    let contact = contact(&server);
    let observe = ["observe", "a002", &contact, "--how", "listen"];
    let steps: [(&str, &[&str]); 6] = [
        ("nothing happens", &[]),
        ("comes and listens", &observe),
        ("whispers", &["change-observing", "a002", "whisper"]),
        ("joins in", &["change-observing", "a002", "barge"]),
        ("listens again", &["change-observing", "a002", "listen"]),
        ("leaves", &["stop-observing", "a002"]),
    ];
    let mut rows: Vec<Row> = steps.iter().map(|_| Row::default()).collect();
    for round in 0..rounds {
        let mut ear: Option<Talker> = None;
        for ((name, words), row) in steps.iter().zip(&mut rows) {
            [&citizen, &ana].into_iter().for_each(Talker::listens_anew);
            Talker::all_hear_more([&citizen, &ana], A_WHILE);
            if !words.is_empty() {
                server.ctl(words, "said").succeed(ASKING_SPAN);
            }
            if *name == "comes and listens" {
                let _ = incoming(&mut supervisor);
                let voice = supervisor.speaks(Sound::Tone(700));
                voice.hears("the talk", |heard| heard.received >= A_WHILE);
                ear = Some(voice);
            }
            Talker::all_hear_more([&citizen, &ana], A_WHILE);
            for (talker, gaps) in [&citizen, &ana].into_iter().zip(&mut row.gaps) {
                let heard = talker.heard();
                gaps.push(heard.longest_gap);
                row.lost += heard.lost() + heard.late;
            }
        }
        supervisor.is_hung_up_on();
        drop(ear);
        eprintln!("{} of {rounds} rounds with an observer", round + 1);
    }
    println!(
        "| an observer | citizen: longest gap, median (worst) | agent | packets lost |\n| --- | --- | --- | --- |"
    );
    for ((name, _), row) in steps.iter().zip(&rows) {
        println!("| {name} | {} | {} | {} |", spread(&row.gaps[0]), spread(&row.gaps[1]), row.lost);
    }
    drop((citizen, ana));
    line.hangs_up(call);
    server.stop();
}

fn cuts(rounds: usize) {
    let prompts = Folder::new();
    for (name, _) in recordings(Language::English) {
        let file = prompts.join(&format!("en/{name}.wav"));
        folder_of(&file);
        write_tone(&file, ANNOUNCEMENT, 20);
    }
    let folder = format!("prompts = \"{}\"", prompts.path().display());
    let announced =
        "name = \"lab\"\nanswer_on_entry = true\nannounce_place = true\nannounce_language = \"en\"";
    let mut server = Server::lab_with(&[
        ("prompts = \"../prompts\"", &folder),
        ("name = \"lab\"\nanswer_on_entry = false", announced),
    ]);
    let clock = Clock::new();
    let mut line = Softphone::line(&server);
    let [mut last, mut first] = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        let call = line.calls("0991234567", "7000");
        line.is_answered(call);
        let ear = Ear::of(&mut line, clock);
        ear.waits_for(ANNOUNCEMENT);
        // The phone registers now: who is free at once is rung in the midst of the announcement.
        let mut agent = Softphone::agent(&server, "a001");
        agent.does(|phone, _| phone.behave(Behaviour::default()));
        let rings = incoming(&mut agent);
        let (tell, told) = channel();
        agent.does(move |phone, now| {
            let _ = tell.send(clock.now());
            phone.answer(rings, now);
        });
        let answered = told.recv().expect("the phone's thread lives");
        let voice = agent.speaks(Sound::Tone(u16::try_from(AGENT).expect("a tone")));
        let packets = ear.waits_for(AGENT);
        let spoken = packets.iter().rfind(|(_, tone)| *tone == Some(ANNOUNCEMENT)).map(|(at, _)| *at);
        let heard = packets.iter().find(|(_, tone)| *tone == Some(AGENT)).map(|(at, _)| *at);
        last.extend(spoken.map(|at| at.since(answered)));
        first.extend(heard.map(|at| at.since(answered)));
        line.hangs_up(call);
        agent.is_hung_up_on();
        drop(voice);
        agent.does(|phone, now| phone.unregister(now));
        server
            .wait_until("the agent is gone", |now| now.sum("turno_agents", &["state=\"available\""]) == 0.0);
        eprintln!("{} of {rounds} answers", round + 1);
    }
    println!("\n| from the agent's answer to | median (worst) |\n| --- | --- |");
    println!("| the last packet of the announcement | {} |", spread(&last));
    println!("| the first packet of the agent's voice | {} |", spread(&first));
    server.stop();
}

fn folder_of(file: &Path) {
    std::fs::create_dir_all(file.parent().expect("a file in a folder")).expect("a folder for the prompts");
}

fn available(server: &mut Server, agents: f64) {
    server.wait_until("they are there", |now| now.sum("turno_agents", &["state=\"available\""]) == agents);
}

fn incoming(phone: &mut Softphone) -> CallId {
    let event = phone.waits_for("a call", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, .. } = event else { unreachable!("it was chosen so") };
    call
}

/// The number of the last contact.
fn contact(server: &Server) -> String {
    let mut last = server.trace(&["--last"], "last");
    last.succeed(ASKING_SPAN);
    let told = server.folder().read("last");
    let number = told.strip_prefix("contact ").and_then(|told| told.split_whitespace().next());
    number.unwrap_or_else(|| panic!("no contact is told of:\n{told}")).to_owned()
}

/// Median and worst.
fn spread(spans: &[Duration]) -> String {
    let mut spans = spans.to_vec();
    spans.sort_unstable();
    let shown =
        |span: Option<&Duration>| span.map_or("?".to_owned(), |it| format!("{:.1}", it.as_secs_f64() * 1e3));
    format!("{} ({}) ms", shown(spans.get(spans.len() / 2)), shown(spans.last()))
}

/// A packet's moment, and the tone in it.
type Packet = (Moment, Option<u32>);

/// Hears every packet of a call by itself.
struct Ear {
    asked: Sender<(u32, Sender<Vec<Packet>>)>,
}

impl Ear {
    fn of(line: &mut Softphone, clock: Clock) -> Self {
        let media = line.waits_for("media", |event| matches!(event, PhoneEvent::Media { .. }));
        let PhoneEvent::Media { local_rtp, .. } = media else { unreachable!("it was chosen so") };
        let socket = UdpSocket::bind(local_rtp).expect("the measurement has this address for itself");
        let (asked, questions) = channel::<(u32, Sender<Vec<Packet>>)>();
        std::thread::spawn(move || {
            let (mut packets, mut bytes) = (Vec::new(), [0; 2_048]);
            while let Ok((tone, answer)) = questions.recv() {
                while packets.last().is_none_or(|(_, last)| *last != Some(tone)) {
                    let Ok((length, _)) = socket.recv_from(&mut bytes) else { return };
                    packets.push((clock.now(), tone_of(&bytes[..length])));
                }
                let _ = answer.send(packets.clone());
            }
        });
        Self { asked }
    }

    /// Waits for a packet of this tone, and returns all until then.
    fn waits_for(&self, tone: u32) -> Vec<Packet> {
        let (answer, answered) = channel();
        self.asked.send((tone, answer)).expect("the ear lives");
        answered.recv_timeout(Duration::from_secs(60)).expect("the tone is heard")
    }
}

/// Which of the two tones an RTP packet of PCMA contains.
fn tone_of(packet: &[u8]) -> Option<u32> {
    let samples: Vec<f32> = packet.get(12..)?.iter().map(|octet| linear(*octet)).collect();
    let energy: f32 = samples.iter().map(|sample| sample * sample).sum();
    let power = |hertz: u32| {
        let step = core::f32::consts::TAU * hertz as f32 / RATE;
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (at, sample) in samples.iter().enumerate() {
            real += sample * (step * at as f32).cos();
            imaginary += sample * (step * at as f32).sin();
        }
        (real * real + imaginary * imaginary) * 2.0 / samples.len() as f32
    };
    let is_loud = energy / samples.len() as f32 > 1e4;
    [ANNOUNCEMENT, AGENT].into_iter().find(|hertz| is_loud && power(*hertz) > energy / 2.0)
}

/// A-law (G.711) to linear.
fn linear(octet: u8) -> f32 {
    let value = octet ^ 0x55;
    let (exponent, mantissa) = (u32::from(value >> 4 & 7), f32::from(value & 15));
    let size = if exponent == 0 {
        mantissa * 16.0 + 8.0
    } else {
        (mantissa * 16.0 + 264.0) * 2f32.powi(exponent as i32 - 1)
    };
    if value & 0x80 == 0 { -size } else { size }
}
