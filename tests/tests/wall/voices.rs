//! What a supervisor does in the console is heard by those whom it is for, and by nobody else; and what is kept of it.

use core::time::Duration;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use turno_phone::{CallId, PhoneEvent, Sound};
use turno_tests::wire::{Folder, Program, Softphone, Talker, turno};

use crate::stage::Stage;

/// Tones of the phones, in hertz: none that the music has (300 to 480), which would be taken for a voice.
const SUPERVISOR: u16 = 800;
const AGENT: u16 = 1_300;
const CITIZEN: u16 = 1_000;
/// Packets of half a second: after a change of the mix, older ones may still come.
const SOME_PACKETS: u64 = 25;
const SCRIPT_SPAN: Duration = Duration::from_mins(10);
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Where the keys are, and where the script listens for messages.
fn keys() -> Folder {
    let folder = Folder::new();
    fs::write(folder.join("hook.key"), SECRET).expect("a file for the test");
    let key = folder.join("key");
    fs::write(&key, "00112233445566778899aabbccddeeff".repeat(2)).expect("a file for the test");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("a file for the test");
    folder
}

fn answers(desk: &mut Softphone) -> CallId {
    let event = desk.waits_for("a call", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, .. } = event else { unreachable!("it was chosen so") };
    desk.is_answered(call);
    call
}

/// Once `present` are all heard, hears on for a while: none of `absent` is among what is heard.
fn hears(who: &str, talker: &Talker, present: &[u16], absent: &[u16]) {
    let is_so = |heard: &turno_phone::Heard| {
        present.iter().all(|tone| heard.has(*tone)) && !absent.iter().any(|tone| heard.has(*tone))
    };
    talker.hears(&format!("{who}: {present:?} without {absent:?}"), is_so);
    talker.listens_anew();
    let heard = talker.hears(&format!("{who} on"), |heard| heard.received >= SOME_PACKETS);
    for tone in absent {
        assert!(!heard.has(*tone), "{who} hears {tone} Hz");
    }
}

struct People {
    agent: Softphone,
    supervisor: Softphone,
    line: Softphone,
}

/// A caller is given to the agent; the supervisor listens, whispers, barges in and takes over.
fn observes(stage: &Stage, script: &mut Program, people: &mut People) {
    let call = people.line.calls("0991234567", "7001");
    people.line.is_answered(call);
    let citizen = people.line.speaks(Sound::Tone(CITIZEN));
    stage.until(script, "GIVEN");
    answers(&mut people.agent);
    let agent = people.agent.speaks(Sound::Tone(AGENT));
    hears("the citizen", &citizen, &[AGENT], &[SUPERVISOR]);
    stage.says("GIVEN");
    stage.until(script, "LISTEN");
    answers(&mut people.supervisor);
    let supervisor = people.supervisor.speaks(Sound::Tone(SUPERVISOR));
    hears("who listens", &supervisor, &[CITIZEN, AGENT], &[]);
    hears("the citizen", &citizen, &[AGENT], &[SUPERVISOR]);
    hears("the agent", &agent, &[CITIZEN], &[SUPERVISOR]);
    stage.says("LISTEN");
    stage.until(script, "WHISPER");
    hears("the agent", &agent, &[CITIZEN, SUPERVISOR], &[]);
    hears("the citizen", &citizen, &[AGENT], &[SUPERVISOR]);
    stage.says("WHISPER");
    stage.until(script, "BARGE");
    hears("the citizen", &citizen, &[AGENT, SUPERVISOR], &[]);
    hears("the agent", &agent, &[CITIZEN, SUPERVISOR], &[]);
    stage.says("BARGE");
    stage.until(script, "TAKEN");
    hears("the citizen", &citizen, &[SUPERVISOR], &[AGENT]);
    hears("who has taken over", &supervisor, &[CITIZEN], &[AGENT]);
    people.agent.is_hung_up_on();
    people.line.hangs_up(call);
    drop((citizen, agent, supervisor));
    people.supervisor.is_hung_up_on();
    stage.says("TAKEN");
}

/// The supervisor speaks to two who wait, then has a prompt played to them; then everybody who calls hears the emergency.
fn speaks(stage: &Stage, script: &mut Program, people: &mut People) {
    stage.until(script, "QUEUES");
    let calls = ["0991234571", "0991234572"].map(|from| {
        let call = people.line.calls(from, "7001");
        people.line.is_answered(call);
        call
    });
    let callers = [(); 2].map(|()| people.line.speaks(Sound::Tone(CITIZEN)));
    stage.says("QUEUES");
    stage.until(script, "SPEAK");
    let speech = answers(&mut people.supervisor);
    let supervisor = people.supervisor.speaks(Sound::Tone(SUPERVISOR));
    for caller in &callers {
        hears("who waits", caller, &[SUPERVISOR], &[CITIZEN]);
    }
    people.supervisor.hangs_up(speech);
    drop(supervisor);
    for caller in &callers {
        caller.hears("music again", |heard| !heard.has(SUPERVISOR));
    }
    stage.says("SPEAK");
    // A tone of this test's own folder of prompts.
    stage.until(script, "ANNOUNCE");
    for caller in &callers {
        caller.hears("the prompt", |heard| heard.dominant(&[PROMPT, SUPERVISOR]) == Some(PROMPT));
    }
    stage.says("ANNOUNCE");
    for call in calls {
        people.line.hangs_up(call);
    }
    drop(callers);
    stage.until(script, "EMERGENCY");
    let call = people.line.calls("0991234573", "7001");
    people.line.is_answered(call);
    let caller = people.line.speaks(Sound::Silence);
    caller.hears("the emergency", |heard| heard.dominant(&[PROMPT, SUPERVISOR]) == Some(PROMPT));
    people.line.hangs_up(call);
    drop(caller);
    stage.says("EMERGENCY");
}

/// Tone of the prompt.
const PROMPT: u16 = 600;

/// A prompt that is a tone of two seconds.
fn prompt(folder: &Folder) {
    let file = folder.join("prompts/en/tone.wav");
    fs::create_dir_all(file.parent().expect("a file in a folder")).expect("a folder for the test");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(file, spec).expect("a file for the test");
    for at in 0..64_000_u32 {
        let angle = core::f32::consts::TAU * f32::from(PROMPT) * at as f32 / 16_000.0;
        writer.write_sample((angle.sin() * 12_000.0) as i16).expect("a file for the test");
    }
    writer.finalize().expect("a file for the test");
}

/// A half hour of the day before the first one that the history has.
const DAY_BEFORE: &str = "import sqlite3, sys, datetime
kept = sqlite3.connect(sys.argv[1], timeout=30)
start, day = kept.execute(\"SELECT start_us, day FROM interval_queue WHERE queue = 'hold' ORDER BY start_us\").fetchone()
before = str(datetime.date.fromisoformat(day) - datetime.timedelta(days=1))
row = (start - 86400 * 10**6, 'hold', before, 7, 5, 300 * 10**6)
kept.execute('INSERT INTO interval_queue (start_us, queue, day, entered, handled, talk_us) VALUES (?, ?, ?, ?, ?, ?)', row)
kept.commit()";

/// `turno report` of yesterday and today as CSV, where the script finds it.
fn reports(stage: &Stage) {
    let folder = stage.server.folder();
    let mut python = Command::new("python3");
    python.args(["-c", DAY_BEFORE]).arg(folder.join("state/history.db"));
    assert!(python.status().expect("python runs").success(), "the history can't be written");
    let mut command = Command::new(turno());
    command.args([
        "report",
        "--from",
        "yesterday",
        "--to",
        "today",
        "--by",
        "day",
        "--format",
        "csv",
        "--language",
        "en",
        "--plan",
    ]);
    command.arg(folder.join("plan")).arg("--state").arg(folder.join("state"));
    let told = command.output().expect("the program runs");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    fs::write(folder.join("report.csv"), told.stdout).expect("it is written");
}

#[test]
fn what_a_supervisor_says_is_heard_by_those_whom_it_is_for_and_what_is_kept_can_be_looked_at() {
    let folder = keys();
    prompt(&folder);
    let hook = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = hook.local_addr().expect("it is bound").port();
    // The script takes this port.
    drop(hook);
    let tables = format!(
        "[[webhook]]\nname = \"crm\"\nurl = \"http://localhost:{port}/turno\"\nsecret_file = \"{}\"\ninner = true\n\
         events = [\"QueueTurned\"]\n\n[emergency]\nprompt = \"en/tone\"\n\n[recording]\nfolder = \"{}\"\nkey_file = \"{}\"\n\n[queue_defaults]",
        folder.join("hook.key").display(),
        folder.join("talks").display(),
        folder.join("key").display(),
    );
    let prompts = format!("prompts = \"{}\"", folder.join("prompts").display());
    let changes = [
        ("[queue_defaults]", tables.as_str()),
        ("prompts = \"../prompts\"", &prompts),
        ("name = \"hold\"", "name = \"hold\"\nrecording = 100"),
    ];
    let Some(mut stage) = Stage::starts_with(&changes) else { return };
    let [agent, supervisor] = ["a001", "a004"].map(|user| Softphone::agent(&stage.server, user));
    stage.works(2.0);
    let line = Softphone::line(&stage.server);
    let mut people = People { agent, supervisor, line };
    let report = stage.server.folder().join("report.csv").display().to_string();
    let environment = [("HOOK", port.to_string()), ("REPORT", report)];
    let environment = environment.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut script = stage.runs("voices.mjs", &environment);
    observes(&stage, &mut script, &mut people);
    speaks(&stage, &mut script, &mut people);
    stage.until(&mut script, "REPORT");
    reports(&stage);
    stage.says("REPORT");
    stage.until(&mut script, "EDIT");
    stage.server.edit(&[("length_max = 10000", "length_max = 9000")]);
    stage.says("EDIT");
    stage.ends_well(script, SCRIPT_SPAN);
}
