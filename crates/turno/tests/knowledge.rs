//! `turno knowledge` and what `turno check` says of procedures, as people at a shell meet them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn turno(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turno"));
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    command.args(arguments).current_dir(top).env("LC_ALL", "C").output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder that is gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("turno-cards-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_program_gets_ranked_procedures_with_scores_and_a_person_a_card() {
    let found = turno(&["knowledge", "search", "--json", "--most", "2", "lisensia", "del", "local"]);
    let answer: Value = serde_json::from_slice(&found.stdout).expect("JSON");
    assert_eq!(answer["procedures"][0]["id"], "luae");
    assert_eq!(answer["taken"][0]["meant"], "licencia");
    let score = |at: usize| answer["procedures"][at]["score"].as_f64().expect("a score");
    assert!(score(0) > score(1) && score(0) <= 1.0, "{answer}");
    let card = text(&turno(&["knowledge", "show", "luae", "--language", "es"]).stdout);
    assert!(
        card.contains("requisitos: RUC; ") && card.contains("confirmado: por confirmar con la institución"),
        "{card}"
    );
    let missing = turno(&["knowledge", "show", "luea"]);
    assert_eq!(missing.status.code(), Some(6));
    assert!(text(&missing.stderr).contains("there is no procedure `luea`; the nearest is `luae`"));
    let nothing = turno(&["knowledge", "search", "¿?"]);
    assert_eq!(nothing.status.code(), Some(6), "{}", text(&nothing.stdout));
}

#[test]
fn a_table_of_410_rows_becomes_files_once_and_a_bad_row_stops_it() {
    let folder = Folder::new("import");
    let mut table = "nombre;costo;requisitos\n".to_owned();
    for number in 0..410 {
        writeln!(table, "Trámite {number};\"2;50\";cédula|papeleta").expect("a String takes everything");
    }
    fs::write(folder.0.join("all.csv"), &table).expect("a file");
    let (csv, into) = (folder.path("all.csv"), folder.path("cards"));
    let import = |more: &[&str]| {
        let words = [&["knowledge", "import", &csv, "--into", &into][..], more].concat();
        turno(&words)
    };
    let tried = import(&["--dry-run"]);
    assert!(text(&tried.stdout).contains("would be new 410") && !folder.0.join("cards").exists());
    assert!(text(&import(&[]).stdout).contains("new 410, written anew 0, the same 0"));
    assert_eq!(fs::read_dir(folder.0.join("cards")).expect("a folder").count(), 410);
    // What people have written since stays.
    let card = folder.0.join("cards/tramite-7.md");
    let edited = fs::read_to_string(&card).expect("a card").replace("por confirmar", "a las ocho");
    fs::write(&card, &edited).expect("a card");
    assert!(text(&import(&[]).stdout).contains("the same 409, left as they are 1"));
    assert_eq!(fs::read_to_string(&card).expect("a card"), edited);
    assert!(text(&import(&["--replace"]).stdout).contains("written anew 1"));
    fs::write(folder.0.join("all.csv"), "nombre;costo\nNuevo;1\n;2\n").expect("a file");
    let bad = import(&[]);
    assert_eq!(bad.status.code(), Some(3));
    assert!(text(&bad.stderr).contains("all.csv:3: it has no name"), "{}", text(&bad.stderr));
    assert!(!folder.0.join("cards/nuevo.md").exists());
    assert_eq!(import(&["--good-rows"]).status.code(), Some(3));
    assert!(folder.0.join("cards/nuevo.md").exists());
    // They are procedures, and are found.
    let found = turno(&["knowledge", "--procedures", &into, "search", "--json", "tramite 300 cedula"]);
    let answer: Value = serde_json::from_slice(&found.stdout).expect("JSON");
    assert_eq!(answer["procedures"][0]["id"], "tramite-300");
}

#[test]
fn check_tells_of_a_card_that_lacks_something_and_of_one_that_has_expired() {
    let folder = Folder::new("check");
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config");
    for file in ["numbers.toml", "queues.toml", "seats.toml", "site.toml"] {
        fs::copy(top.join("quito").join(file), folder.0.join(file)).expect("a file");
    }
    fs::create_dir_all(folder.0.join("procedures")).expect("a folder");
    let card = fs::read_to_string(top.join("quito/procedures/otra-iess.md")).expect("a card");
    let put = |text: &str| fs::write(folder.0.join("procedures/iess.md"), text).expect("a card");
    let check = || turno(&["check", &folder.0.display().to_string()]);
    put(&card.replace("valid_from", "valid_until = \"2025-06-30\"\nvalid_from"));
    let old = check();
    assert_eq!(old.status.code(), Some(0), "{}", text(&old.stderr));
    assert!(text(&old.stderr).contains("has expired: its last day was 2025-06-30"), "{}", text(&old.stderr));
    put(&card.replace("hours =", "ours ="));
    let faulty = check();
    assert_eq!(faulty.status.code(), Some(3));
    let said = text(&faulty.stderr);
    assert!(said.contains("`hours` is missing") && said.contains("nearest: `hours`"), "{said}");
}

#[test]
fn the_questions_are_asked_and_the_part_set_aside_shows_figures_alone() {
    let asked = turno(&["knowledge", "evaluate", "--worst", "0", "tests/knowledge/held_out.tsv"]);
    let figures = text(&asked.stdout);
    assert_eq!(figures.lines().count(), 1, "{figures}");
    let shares: Vec<f64> = figures
        .rsplit(": ")
        .next()
        .expect("figures")
        .split_whitespace()
        .map(|share| share.parse().expect("a share"))
        .collect();
    // What is reached now (docs/KNOWLEDGE.md) may not get lost.
    assert!(shares[1] >= 0.89 && shares[2] >= 0.86, "{figures}");
}

#[test]
fn the_sound_of_a_card_is_made_once_and_check_says_when_it_is_older_than_the_card() {
    let folder = Folder::new("speak");
    let here = folder.0.display();
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config");
    fs::create_dir_all(folder.0.join("procedures")).expect("a folder");
    let card = folder.0.join("procedures/otra-iess.md");
    fs::copy(top.join("quito/procedures/otra-iess.md"), &card).expect("a card");
    // A voice that says everything in the same words.
    let plan = format!(
        "[knowledge]\nprocedures = \"procedures\"\nvoice = \"cat {}\"\n\n[[queue]]\nname = \"q\"\n\n[[number]]\nnumber = \"7000\"\n\
         menu = \"m\"\n\n[[menu]]\nname = \"m\"\nprocedure = \"otra-iess\"\nprompts = [\"es/welcome\"]\nchoices = {{ 1 = \"repeat\" }}\n\
         otherwise = \"q\"\n",
        top.join("prompts/es/welcome.wav").display()
    );
    fs::write(folder.0.join("plan.toml"), plan).expect("a file");
    let (plan, prompts) = (folder.path("plan.toml"), folder.path("prompts"));
    let check = || text(&turno(&["check", &plan]).stderr);
    let speak = |more: &[&str]| {
        let ended = turno(&[&["knowledge", "speak", &prompts, "--plan", &plan][..], more].concat());
        text(&ended.stdout) + &text(&ended.stderr)
    };
    assert!(check().contains("the card of `otra-iess` has no sound"), "{here}: {}", check());
    let made = speak(&[]);
    assert!(made.contains("es/procedures/otra-iess.wav: "), "{made}");
    assert!(!check().contains("otra-iess"), "{}", check());
    assert!(speak(&[]).contains("up to date") && speak(&["--again"]).contains("kB"));
    assert!(speak(&["--words"]).contains("Costo: Por confirmar con la institución."));
    let changed = fs::read_to_string(&card).expect("a card").replace("teléfono 140", "teléfono 141");
    fs::write(&card, changed).expect("a file");
    assert!(check().contains("the sound of `otra-iess` is older than its card"), "{}", check());
    assert!(speak(&[]).contains("kB") && !check().contains("otra-iess"), "{}", check());
    fs::write(&card, "+++\nname = 7\n+++\n").expect("a file");
    assert!(check().contains("the card of `otra-iess` is faulty"), "{}", check());
    fs::remove_file(&card).expect("the card");
    assert!(check().contains("there is no procedure `otra-iess`"), "{}", check());
}
