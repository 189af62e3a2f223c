//! A folder of made procedures, and what is refused in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::date;

use crate::fault::Refused;
use crate::library::{Library, SYNONYMS_FILE};
use crate::markdown::to_markdown;
use crate::reader::read_procedure;
use crate::what_if::{compare, read_past_questions};

/// A folder that is gone when the test ends.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("turno-knowledge-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub(super) fn put(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("a file");
    }

    pub(super) fn read(&self) -> Result<Library, Refused> {
        Library::read(&self.0, &|code| code != "999")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A card with this name and these further lines in its head.
pub(super) fn card(name: &str, more: &str) -> String {
    format!(
        "+++\nname = \"{name}\"\naliases = []\ninstitution = \"Municipio\"\nlanguage = \"es\"\nrequirements = []\n\
         cost = \"Gratuito\"\nwhere = \"En línea\"\nhours = \"A toda hora\"\nvalid_from = \"2026-01-02\"\n\
         checked_on = \"2026-06-01\"\nsource = [\"https://example.org\"]\n{more}+++\n\nTexto de {name}.\n"
    )
}

#[test]
fn every_fault_is_told_with_its_file_line_and_nearest_name() {
    let good = card("Patente", "");
    let wrong = |from: &str, to: &str| good.replace(from, to);
    for (text, line, words) in [
        (wrong("cost = \"Gratuito\"\n", ""), 2, "`cost` is missing"),
        (wrong("cost =", "costt ="), 7, "nearest: `cost`"),
        (wrong("\"2026-01-02\"", "\"2026-02-30\""), 10, "`valid_from` is no day: 2026-02-30"),
        (wrong("aliases = []", "aliases = \"x\""), 3, "`aliases` is no list"),
        (wrong("aliases = []", "aliases = [1]"), 3, "something in `aliases` is no text"),
        (wrong("source = [\"https://example.org\"]", "source = []"), 12, "`source` is empty"),
        (wrong("name = \"Patente\"", "name = \"\""), 2, "`name` is empty"),
        (wrong("name = \"Patente\"", "name = Patente"), 2, "this is no TOML"),
        (wrong("\n\nTexto de Patente.\n", "\n"), 0, "there is no text"),
        (wrong("+++\nname", "---\nname"), 1, "the first line is not `+++`"),
        (wrong("+++\n\nTexto", "Texto"), 1, "the head has no end"),
        (wrong("valid_from", "valid_until = \"2025-01-01\"\nvalid_from"), 0, "it ends on 2025-01-01"),
    ] {
        let folder = Folder::new();
        folder.put("patente.md", &text);
        let refused = folder.read().err().expect("a fault");
        let told = refused.to_string();
        assert!(told.contains(words), "{words}: {told}");
        assert!(refused.faults.iter().any(|fault| fault.at.line == line), "{words}, line {line}: {told}");
    }
}

#[test]
fn a_dead_reference_and_a_code_that_the_plan_lacks_are_faults() {
    let folder = Folder::new();
    folder.put("patente.md", &card("Patente", "related = [\"luea\"]\nwrap_up = \"999\"\n"));
    folder.put("luae.md", &card("LUAE", ""));
    let told = folder.read().err().expect("faults").to_string();
    assert!(told.contains("patente.md:13:12") && told.contains("nearest: `luae`"), "{told}");
    assert!(told.contains("patente.md:14:11") && told.contains("no wrap-up code `999`"), "{told}");
    folder.put("Patente Nueva.md", &card("Patente", ""));
    assert!(folder.read().err().expect("a fault").to_string().contains("can't be the name of a procedure"));
}

#[test]
fn what_has_expired_or_was_not_checked_for_long_is_a_notice() {
    let folder = Folder::new();
    folder.put("patente.md", &card("Patente", "valid_until = \"2026-09-30\"\n"));
    let library = folder.read().expect("a library");
    assert_eq!(library.notices(date(2026, 9, 30), 180), []);
    let notices = library.notices(date(2026, 12, 1), 180);
    let told: Vec<&str> = notices.iter().map(|notice| notice.text.as_str()).collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].contains("has expired: its last day was 2026-09-30"), "{told:?}");
    assert!(told[1].contains("for 183 days (180 are allowed)"), "{told:?}");
}

#[test]
fn wrong_synonyms_are_refused_and_an_empty_folder_too() {
    let folder = Folder::new();
    assert!(folder.read().err().expect("a fault").to_string().contains("holds no *.md"));
    folder.put("luae.md", &card("LUAE", ""));
    for (text, words) in [
        ("same = [[\"carro\"]]", "no list of two words or more"),
        ("same = 3", "`same` is no list"),
        ("[asked_as]\nlaue = [\"permiso\"]", "nearest: `luae`"),
        ("[asked_as]\nluae = \"permiso\"", "no list of texts"),
        ("asked_a = 1", "nearest: `asked_as`"),
    ] {
        folder.put("synonyms.toml", text);
        let told = folder.read().err().expect("a fault").to_string();
        assert!(told.contains("synonyms.toml:") && told.contains(words), "{words}: {told}");
    }
}

#[test]
fn what_is_written_is_read_again() {
    let text =
        card("Patente \\\"grande\\\"", "related = []\nphone = \"1800\"\nvalid_until = \"2027-01-01\"\n");
    let file = Path::new("patente.md");
    let procedure = read_procedure(file, &text).expect("a procedure");
    assert_eq!(procedure.name, "Patente \"grande\"");
    assert_eq!(read_procedure(file, &to_markdown(&procedure)), Ok(procedure));
}

#[test]
fn changed_synonyms_are_tried_on_past_questions_before_they_go_live() {
    let folder = Folder::new();
    folder.put("luae.md", &card("Licencia de funcionamiento", ""));
    folder.put("predial.md", &card("Impuesto predial", ""));
    folder.put(SYNONYMS_FILE, "same = [[\"local\", \"funcionamiento\"]]");
    folder.put("next.toml", "same = [[\"casa\", \"predial\"], [\"licencia\", \"predial\"]]");
    let now = folder.read().expect("a library");
    let then = now.with_synonyms(&folder.0.join("next.toml")).expect("the changed synonyms");
    let past = "# asked in November\nimpuesto de mi casa\tpredial\npara el local\tluae\nalgo distinto\n\n";
    let questions = read_past_questions(past, &now);
    assert_eq!(questions.len(), 3);
    let what_if = compare(&now, &then, &questions);
    assert_eq!(what_if.questions, 3);
    assert_eq!(what_if.better_and_worse(), (0, 1), "{what_if:?}");
    assert_eq!(what_if.changed[0].question.text, "para el local");
    assert!(now.with_synonyms(&folder.0.join("missing.toml")).is_err());
}
