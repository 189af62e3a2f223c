//! The card of a procedure on the telephone: spoken beforehand by a command, heard, sent by WhatsApp, and carried to the agent.

use std::f32::consts::TAU;
use std::fs;
use std::path::Path;
use std::process::Command;

use turno_phone::{PhoneEvent, Sound};
use turno_tests::wire::{Server, Softphone, turno};

use crate::until;
use crate::whatsapp::Stage;

/// Tones of the recordings in this test, in hertz.
const CARD: u16 = 1_300;
const OFFER: u16 = 600;
const KEYS: u16 = 2_100;
const SENT: u16 = 2_600;
const HEARABLE: [u16; 4] = [CARD, OFFER, KEYS, SENT];

/// What [whatsapp] says of cards.
const LINES: &str = "card_template = \"ficha\"\nmobiles = [\"5939\"]\n";

/// The procedure.
const IESS: &str = "otra-iess";

fn tone(file: &Path, rate: u32, hertz: u16, seconds: f32) {
    fs::create_dir_all(file.parent().expect("a file in a folder")).expect("a folder for the test");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(file, spec).expect("a file for the test");
    for at in 0..(seconds * rate as f32) as u32 {
        let angle = TAU * f32::from(hertz) * at as f32 / rate as f32;
        writer.write_sample((angle.sin() * 12_000.0) as i16).expect("a file for the test");
    }
    writer.finalize().expect("a file for the test");
}

/// Sounds that are tones, a voice that says everything in one tone, and one procedure.
fn prepare(folder: &Path) -> Vec<(&'static str, String)> {
    for (name, hertz, seconds) in [("offer", OFFER, 2.0), ("keys", KEYS, 30.0), ("sent", SENT, 2.0)] {
        tone(&folder.join(format!("es/card/{name}.wav")), 16_000, hertz, seconds);
    }
    tone(&folder.join("voice.wav"), 22_050, CARD, 3.0);
    fs::create_dir(folder.join("procedures")).expect("a folder for the test");
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sip-config/quito/procedures");
    let file = format!("{IESS}.md");
    fs::copy(site.join(&file), folder.join("procedures").join(&file)).expect("a card");
    let here = folder.display();
    let menu = format!(
        "[knowledge]\nprocedures = \"{here}/procedures\"\nvoice = \"cat {here}/voice.wav\"\n\n[[number]]\nnumber = \"7002\"\nmenu = \"card\"\n\n\
         [[menu]]\nname = \"card\"\nprocedure = \"{IESS}\"\noffer = \"es/card/offer\"\nsent = \"es/card/sent\"\nprompts = [\"es/card/keys\"]\n\
         choices = {{ 1 = \"repeat\", 2 = \"send\" }}\notherwise = \"lab\"\n\n[queue_defaults]\n"
    );
    vec![
        ("prompts = \"../prompts\"", format!("prompts = \"{here}\"")),
        (
            "addresses = [\"127.0.0.0/8\"]",
            "addresses = [\"127.0.0.0/8\"]\ncountry_code = \"593\"\nnational_prefix = \"0\"".to_owned(),
        ),
        ("[queue_defaults]\n", menu),
    ]
}

/// The agent's telephone rings and shows the procedure.
fn rings_with_procedure(agent: &mut Softphone) {
    let event = agent.waits_for("the caller", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { display, .. } = event else { unreachable!("it was chosen so") };
    assert!(display.contains(IESS), "{display}");
}

fn speak(server: &Server, folder: &Path) -> String {
    let mut command = Command::new(turno());
    command.args(["knowledge", "speak"]).arg(folder).arg("--plan").arg(server.plan());
    let ended = command.output().expect("turno runs");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(ended.status.success(), "{said} {}", String::from_utf8_lossy(&ended.stderr));
    said
}

#[test]
fn a_citizen_hears_a_card_has_it_sent_once_and_comes_to_an_agent_who_knows_the_procedure() {
    // Wound: the citizen reads the requirements out of a bad line onto a piece of paper, and the agent asks what it is about.
    let sounds = turno_tests::wire::Folder::new();
    let mut stage = Stage::with("", LINES, &prepare(sounds.path()));
    let mut agent = Softphone::agent(&stage.server, "a001");
    stage
        .server
        .wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let mut line = Softphone::line(&stage.server);
    let mute = line.calls("0991234567", "7002");
    line.is_answered(mute);
    drop(line.speaks(Sound::Silence));
    rings_with_procedure(&mut agent);
    line.hangs_up(mute);
    stage
        .server
        .wait_until("it is over", |now| now.sum("turno_menu_steps_total", &["did=\"no_sound\""]) == 1.0);

    assert!(speak(&stage.server, sounds.path()).contains("kB"));
    assert!(
        speak(&stage.server, sounds.path()).contains("up to date"),
        "the second time there is nothing to do"
    );
    let (code, said) = stage.server.reload();
    assert_eq!(code, Some(0), "{said}");

    let call = line.calls("0991234567", "7002");
    line.is_answered(call);
    let citizen = line.speaks(Sound::Tone(440));
    let hears = |what: &str, hertz| {
        citizen.hears(what, |heard| heard.dominant(&HEARABLE) == Some(hertz));
    };
    hears("the card", CARD);
    hears("the offer", OFFER);
    hears("the keys", KEYS);
    citizen.presses('2');
    hears("that it is sent", SENT);
    until("the platform has it", || stage.platform.taken().len() == 1);
    let taken = stage.platform.taken().remove(0).1;
    assert_eq!(
        (&taken["to"], &taken["template"]["name"]),
        (&"593991234567".into(), &"ficha".into()),
        "{taken}"
    );
    let name = &taken["template"]["components"][0]["parameters"][0]["text"];
    assert!(name.as_str().is_some_and(|name| name.contains("IESS")), "{taken}");
    stage.server.kill_and_start_again();
    hears("the card after kill -9", CARD);
    citizen.presses('2');
    hears("that it is sent", SENT);
    citizen.presses('0');
    rings_with_procedure(&mut agent);
    line.hangs_up(call);
    stage.server.wait_until("nothing is leaving", |now| now.sum("turno_written_leaving", &[]) == 0.0);
    assert_eq!(stage.platform.taken().len(), 1, "one contact is sent one card once");
    stage.ends();
}
