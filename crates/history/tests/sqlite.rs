//! The history in SQLite: what any database must do, and files that are locked, full, damaged or of somebody else.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};

use turno_history::checks::{self, facts, filled, place, plan, rows};
use turno_history::store::Store;
use turno_history::{Failure, History, Names, SqliteStore, Value};

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("turno-history-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).expect("a folder");
        Self(path)
    }

    fn opens(&self, name: &str) -> impl Fn() -> Box<dyn Store + Send> {
        let path = self.file(name);
        move || Box::new(SqliteStore::new(&path, Duration::ZERO))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_small_day_is_shown_as_people_expect_it() {
    let folder = Folder::new("day");
    checks::views_show_a_small_day(&folder.opens("history.db"));
}

#[test]
fn every_fact_may_be_the_last_before_a_kill() {
    let folder = Folder::new("kill");
    checks::every_fact_may_be_the_last(&folder.opens("one.db"), &folder.opens("other.db"));
}

#[test]
fn of_two_processes_the_one_behind_writes_nothing() {
    let folder = Folder::new("two");
    checks::a_process_that_is_overtaken_writes_nothing(&folder.opens("history.db"));
}

#[test]
fn lost_facts_are_noted() {
    let folder = Folder::new("gap");
    checks::a_gap_is_noted(&folder.opens("history.db"));
}

#[test]
fn no_time_is_booked_over_a_gap_or_under_a_name_that_is_gone() {
    let folder = Folder::new("absences");
    checks::absences::over_a_gap_nobody_works(&folder.opens("gap.db"));
    checks::absences::a_renamed_agent_works_once(&folder.opens("renamed.db"));
}

#[test]
fn an_old_schema_is_brought_up_to_date_and_a_later_one_is_left_alone() {
    // Bad input.
    let folder = Folder::new("schema");
    checks::schemas_of_other_versions(&folder.opens("history.db"));
}

#[test]
fn the_database_of_another_program_is_left_alone() {
    // Bad input.
    let folder = Folder::new("foreign");
    let path = folder.file("history.db");
    let theirs = rusqlite::Connection::open(&path).expect("a file");
    theirs.execute_batch("CREATE TABLE theirs (id)").expect("a table");
    drop(theirs);
    let before = fs::read(&path).expect("it is there");
    let refused = History::new(folder.opens("history.db")()).open().expect_err("it is another program's");
    assert!(matches!(refused, Failure::Foreign(_)), "{refused}");
    assert_eq!(fs::read(&path).expect("it is there"), before);
}

/// A history with the first half of the facts.
fn half(folder: &Folder) -> History {
    let mut history = History::new(folder.opens("history.db")());
    history.open().expect("it opens");
    history.take(&Names::new(&plan(), None), &facts()[..16], place(16)).expect("it is written");
    history
}

/// Writes the second half, and compares with a history that had no trouble.
fn goes_on(folder: &Folder, history: &mut History) {
    assert_eq!(history.open(), Ok(Some(place(16))));
    let facts = facts();
    history.take(&Names::new(&plan(), None), &facts[16..], place(facts.len())).expect("it is written");
    let mut whole = filled(&folder.opens("other.db"));
    assert_eq!(checks::dump(history.store()), checks::dump(whole.store()));
}

#[test]
fn a_locked_file_is_written_when_it_is_free_again() {
    // Bad input.
    let folder = Folder::new("locked");
    let mut history = half(&folder);
    let locking = rusqlite::Connection::open(folder.file("history.db")).expect("a file");
    locking.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let names = Names::new(&plan(), None);
    let facts = facts();
    for _ in 0..3 {
        let refused = history.take(&names, &facts[16..], place(facts.len())).expect_err("it is locked");
        assert!(matches!(refused, Failure::Locked(_) | Failure::Overtaken), "{refused}");
        assert!(matches!(history.open(), Err(Failure::Locked(_))));
    }
    locking.execute_batch("ROLLBACK").expect("it was locked");
    goes_on(&folder, &mut history);
}

#[test]
fn a_full_disk_leaves_all_of_a_batch_or_nothing() {
    // Bad input. The limit of pages stands for the disk's end; `a_disk_without_room` in the shell has a small volume.
    let folder = Folder::new("full");
    drop(half(&folder));
    let (names, path) = (Names::new(&plan(), None), folder.file("history.db"));
    let pages = rows(&mut SqliteStore::new(&path, Duration::ZERO), "PRAGMA page_count");
    let pages = u32::try_from(pages[0][0].int().expect("a number")).expect("few pages");
    let mut full = History::new(Box::new(SqliteStore::new(&path, Duration::ZERO).with_pages_max(pages)));
    assert_eq!(full.open(), Ok(Some(place(16))));
    let many: Vec<_> = facts().into_iter().cycle().take(16_000).collect();
    let mut many = many;
    for (number, (at, fact)) in many.iter_mut().enumerate() {
        *at = *at + Duration::from_secs(number as u64);
        if let turno_model::Fact::OfferSettled { offer, .. } | turno_model::Fact::Offered { offer, .. } = fact
        {
            *offer = turno_model::OfferId(1_000 + number as u64);
        }
    }
    let refused = full.take(&names, &many, place(16_016)).expect_err("there is no room");
    assert!(matches!(refused, Failure::Full(_)) && !refused.needs_a_person(), "{refused}");
    drop(full);
    goes_on(&folder, &mut History::new(folder.opens("history.db")()));
}

#[test]
fn a_damaged_file_is_refused_and_left_as_it_is() {
    // Bad input.
    let folder = Folder::new("damaged");
    let path = folder.file("history.db");
    for bytes in [b"no database at all, but a text of more than a hundred bytes, which is what the header takes, so that it is read as one".repeat(40), vec![0x53; 3]] {
        fs::write(&path, &bytes).expect("it is written");
        let refused = History::new(folder.opens("history.db")()).open().expect_err("it is damaged");
        assert!(matches!(refused, Failure::Corrupt(_)) && refused.needs_a_person(), "{refused}");
        assert_eq!(fs::read(&path).expect("it is there"), bytes);
        fs::remove_file(&path).expect("it is there");
    }
    drop(filled(&folder.opens("history.db")));
    let mut bytes = fs::read(&path).expect("it is there");
    let end = bytes.len();
    bytes[4096..end].fill(0xff);
    fs::write(&path, &bytes).expect("it is written");
    remove_log(&path);
    let refused = History::new(folder.opens("history.db")()).open().expect_err("its pages are damaged");
    assert!(matches!(refused, Failure::Corrupt(_)), "{refused}");
}

fn remove_log(path: &Path) {
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", path.display()));
    }
}

#[test]
fn a_folder_that_is_not_there_may_come_back() {
    // Bad input.
    let folder = Folder::new("nowhere");
    let path = folder.file("later/history.db");
    let mut history = History::new(Box::new(SqliteStore::new(&path, Duration::ZERO)));
    let refused = history.open().expect_err("there is no folder");
    assert!(matches!(refused, Failure::Denied(_)) && !refused.needs_a_person(), "{refused}");
    fs::create_dir(folder.file("later")).expect("a folder");
    assert_eq!(history.open(), Ok(None));
    let versions = rows(history.store(), "SELECT count(*), max(version) FROM v_version");
    assert_eq!(versions, [[Value::Int(11), Value::Int(turno_history::VIEWS_VERSION)]]);
}

#[test]
fn a_file_that_is_removed_while_it_is_open_is_written_anew() {
    // Wound: the state folder is deleted while the program runs, and the database is written into nothing for weeks.
    let folder = Folder::new("removed");
    let mut history = half(&folder);
    fs::remove_file(folder.file("history.db")).expect("it is there");
    let (names, facts) = (Names::new(&plan(), None), facts());
    assert_eq!(
        history.take(&names, &facts[16..], place(facts.len())),
        Err(Failure::Other("no such table: history_position".to_owned()))
    );
    assert_eq!(history.open(), Ok(None), "it begins with the oldest fact");
    history.take(&names, &facts, place(facts.len())).expect("it is written");
    let mut whole = filled(&folder.opens("other.db"));
    assert_eq!(checks::dump(history.store()), checks::dump(whole.store()));
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(folder.file("history.db")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "others must not read it");
}

#[test]
fn every_column_of_every_view_is_documented() {
    let folder = Folder::new("documented");
    let mut history = filled(&folder.opens("history.db"));
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/HISTORY.md");
    let page = fs::read_to_string(page).expect("docs/HISTORY.md");
    for view in turno_history::VIEW_NAMES {
        let section = page.split(&format!("### {view}\n")).nth(1).unwrap_or_else(|| panic!("no {view}"));
        let section = section.split("\n#").next().expect("a section");
        for column in rows(history.store(), &format!("SELECT name FROM pragma_table_info('{view}')")) {
            let column = column[0].text().expect("a name");
            assert!(section.contains(&format!("`{column}`")), "docs/HISTORY.md lacks `{column}` of {view}");
        }
    }
}

#[test]
fn each_class_of_data_is_kept_for_its_time() {
    let folder = Folder::new("kept");
    checks::privacy::each_class_is_kept_for_its_time(&folder.opens("history.db"));
}

#[test]
fn one_persons_data_is_exported_and_forgotten() {
    let folder = Folder::new("person");
    checks::privacy::one_persons_data(&folder.opens("history.db"));
}
