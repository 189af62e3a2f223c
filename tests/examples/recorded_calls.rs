//! What recording costs on real sockets: so many talks at once, with and without it, and what a `kill -9` loses.
//!
//!     cargo run --release -p turno-tests --example recorded_calls [SECONDS] [CALLS ...]
//!
//! Each talk has two of our phones on 127.0.0.0/8 that send G.711 both ways. Prints turno's processor time as a share of one core,
//! by the system's count, the packets that were lost, and what was written. Then turno is killed in the midst of the largest
//! number of recorded talks and started again: how much the recordings miss, less how long the talkers heard nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use turno_phone::{CallId, PhoneEvent, Sound};
use turno_shell::Clock;
use turno_tests::wire::{Folder, Server, Softphone, Talker, turno};

/// Packets of a second.
const A_SECOND: u64 = 50;
/// Ticks of the system's processor times in a second (`getconf CLK_TCK`, 100 on Linux).
const TICKS: f64 = 100.0;

fn main() {
    let mut words = std::env::args().skip(1).filter_map(|word| word.parse::<u64>().ok());
    let seconds = words.next().unwrap_or(20);
    let mut numbers: Vec<u64> = words.collect();
    if numbers.is_empty() {
        numbers = vec![50, 200];
    }
    println!("| talks | recorded | of one core | packets lost | written |\n| --- | --- | --- | --- | --- |");
    for calls in &numbers {
        for form in [None, Some("wav"), Some("opus")] {
            let mut room = Room::new(*calls, form);
            let (share, lost) = room.costs(seconds);
            let written = room.written() / 1024 / *calls;
            println!(
                "| {calls} | {} | {:.1} % | {lost} | {written} KiB a talk |",
                form.unwrap_or("no"),
                share * 100.0
            );
            room.ends();
        }
    }
    let most = numbers.into_iter().max().unwrap_or(50);
    killed(most);
}

/// Talks under way.
struct Room {
    server: Server,
    site: Folder,
    line: Softphone,
    calls: Vec<CallId>,
    agents: Vec<Softphone>,
    talkers: Vec<Talker>,
}

impl Room {
    fn new(calls: u64, form: Option<&str>) -> Self {
        let site = Folder::new();
        let key = site.join("key");
        fs::write(&key, "00112233445566778899aabbccddeeff".repeat(2)).expect("a file");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("a file");
        let table = format!(
            "[recording]\nfolder = \"{}\"\nkey_file = \"{}\"\nformat = \"{}\"\n\n[queue_defaults]",
            site.join("talks").display(),
            key.display(),
            form.unwrap_or("wav")
        );
        let all = if form.is_some() { "recording = 100\n" } else { "" };
        let queue = format!("name = \"lab\"\n{all}answer_on_entry = false");
        let mut server = Server::lab_kept_with(&[
            ("[queue_defaults]", &table),
            ("name = \"lab\"\nanswer_on_entry = false", &queue),
        ]);
        let mut agents: Vec<_> =
            (1..=calls).map(|number| Softphone::agent(&server, &format!("a{number:03}"))).collect();
        server.wait_until("all are there", |now| {
            now.sum("turno_agents", &["state=\"available\""]) == calls as f64
        });
        let mut line = Softphone::line(&server);
        let mut talkers = Vec::new();
        let mut ids = Vec::new();
        for number in 1..=calls {
            let call = line.calls(&format!("0991{number:06}"), "7000");
            line.is_answered(call);
            talkers.push(voice_of(&mut line, call));
            ids.push(call);
        }
        talkers.extend(agents.iter_mut().map(|agent| agent.speaks(Sound::Babble(1))));
        talkers.iter().for_each(|talker| {
            talker.hears("the other", |heard| heard.received > 10);
        });
        eprintln!("{calls} talks, recorded: {form:?}");
        Self { server, site, line, calls: ids, agents, talkers }
    }

    /// turno's share of a core within so many seconds, and the packets that the talkers missed meanwhile.
    fn costs(&mut self, seconds: u64) -> (f64, u64) {
        self.talkers.iter().for_each(Talker::listens_anew);
        let (clock, before) = (Clock::new(), self.processor());
        let begin = clock.now();
        self.talkers[0].hears("so many seconds", |heard| heard.received >= seconds * A_SECOND);
        let share = (self.processor() - before) / clock.now().since(begin).as_secs_f64();
        let lost =
            self.talkers.iter().map(|talker| talker.heard()).map(|heard| heard.lost() + heard.late).sum();
        (share, lost)
    }

    /// The seconds of processor time that turno has used.
    fn processor(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.server.program().id())).expect("it runs");
        let behind = stat.rsplit_once(") ").expect("the name is in parentheses").1;
        let ticks: Vec<f64> = behind.split(' ').skip(11).take(2).filter_map(|it| it.parse().ok()).collect();
        ticks.iter().sum::<f64>() / TICKS
    }

    /// Octets of all recordings.
    fn written(&self) -> u64 {
        octets(&self.site.join("talks"))
    }

    fn ends(mut self) {
        drop(self.talkers);
        for call in self.calls {
            self.line.hangs_up(call);
        }
        self.server
            .wait_until("all talks have ended", |now| now.sum("turno_agents", &["state=\"talking\""]) == 0.0);
        drop(self.agents);
        self.server.stop();
    }
}

/// The caller's voice in this call.
fn voice_of(line: &mut Softphone, ours: CallId) -> Talker {
    let event =
        line.waits_for("media", |event| matches!(event, PhoneEvent::Media { call, .. } if *call == ours));
    let PhoneEvent::Media { local_rtp, remote_rtp, encoding, .. } = event else {
        unreachable!("it was chosen so")
    };
    Talker::new(local_rtp, Some(remote_rtp), Sound::Babble(2), encoding)
}

fn killed(calls: u64) {
    let mut room = Room::new(calls, Some("opus"));
    room.talkers.iter().for_each(Talker::listens_anew);
    Talker::all_hear_more(&room.talkers, 4 * A_SECOND);
    room.server.kill_and_start_again();
    Talker::all_hear_more(&room.talkers, 4 * A_SECOND);
    let silent: Vec<f64> =
        room.talkers.iter().map(|talker| talker.heard().longest_gap.as_secs_f64()).collect();
    drop(core::mem::take(&mut room.talkers));
    for call in &room.calls {
        room.line.hangs_up(*call);
    }
    room.server.wait_until("the recordings are closed", |now| {
        now.sum("turno_recordings_kept_total", &[]) >= calls as f64
    });
    let list = Command::new(turno()).args(["recording", "list", "--plan"]).arg(room.server.plan()).output();
    let list = String::from_utf8_lossy(&list.expect("the program runs").stdout).into_owned();
    let mut missing: Vec<f64> = list.lines().filter_map(missing_of).collect();
    missing.sort_unstable_by(f64::total_cmp);
    let silence = silent.iter().copied().fold(0.0, f64::max);
    let at = |part: usize| missing.get(part).copied().unwrap_or(f64::NAN);
    println!(
        "\nkilled with {calls} recorded talks: the recordings miss {:.1} s (median) and {:.1} s (worst of {}), \
         while the talkers heard nothing for {silence:.1} s: so {:.1} s were lost",
        at(missing.len() / 2),
        at(missing.len().saturating_sub(1)),
        missing.len(),
        at(missing.len().saturating_sub(1)) - silence
    );
    let mut verify = Command::new(turno());
    verify.args(["recording", "verify", "--state"]).arg(room.server.state());
    let verified = verify.arg("--plan").arg(room.server.plan()).output().expect("the program runs");
    println!("`turno recording verify` says: {}", String::from_utf8_lossy(&verified.stdout).trim_end());
    room.server.stop();
}

/// The seconds that a line of `turno recording list` says are missing.
fn missing_of(line: &str) -> Option<f64> {
    line.split_once(" s missing")?.0.rsplit(' ').next()?.parse().ok()
}

fn octets(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries
        .map(|entry| {
            if entry.path().is_dir() {
                octets(&entry.path())
            } else {
                entry.metadata().map_or(0, |it| it.len())
            }
        })
        .sum()
}
