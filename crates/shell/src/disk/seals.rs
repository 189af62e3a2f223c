//! The site's keys for what is secret in the state folder, and their file.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use turno_journal::{SealKeys, Sealer, Unopened};
use turno_model::RowKey;
use turno_model::plan::JournalPlan;

use crate::process::chance::chance;

/// The file in the journal's folder, where the plan names none.
const FILE: &str = "seal.key";

/// The mode of a file with a secret.
const FILE_MODE: u32 = 0o600;

/// The permissions of everybody but the owner.
const OTHERS: u32 = 0o077;

/// Keys, and what seals with the first of them.
#[derive(Clone)]
pub(crate) struct Seals {
    keys: SealKeys,
    sealer: Arc<Sealer>,
    /// Where the keys stand; `None`: nowhere, so that they end with this process.
    file: Option<PathBuf>,
    /// Whether it was told that they can't be written there.
    is_told: bool,
}

/// Rows that did not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shut {
    pub(crate) rows: usize,
    /// Why the first one did not.
    pub(crate) why: Unopened,
}

impl Seals {
    /// The keys of the plan's file, or of the one in `folder`, which is made if it is not there. A file that can't be used is
    /// told, and what is sealed then ends with this process: turno serves all the same.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub(crate) fn open(plan: &JournalPlan, folder: &Path) -> io::Result<Self> {
        let file = plan.seal_key.clone().unwrap_or_else(|| folder.join(FILE));
        match read(&file) {
            Ok(Some(keys)) => return Self::of(keys, Some(file)),
            Ok(None) => {}
            Err(why) => {
                tracing::error!(
                    file = %file.display(),
                    "the key that seals the journal can't be used: {why}; calls will NOT outlive the next restart"
                );
                return Self::of(SealKeys::of(chance()?), None);
            }
        }
        let mut seals = Self::of(SealKeys::of(chance()?), Some(file))?;
        seals.keep();
        Ok(seals)
    }

    /// These keys.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub(crate) fn of(keys: SealKeys, file: Option<PathBuf>) -> io::Result<Self> {
        let sealer = Arc::new(keys.sealer(chance()?));
        Ok(Self { keys, sealer, file, is_told: false })
    }

    pub(crate) fn sealer(&self) -> Arc<Sealer> {
        Arc::clone(&self.sealer)
    }

    /// Writes the key file if it is not there: at the first start, and when somebody has taken it away.
    pub(crate) fn keep(&mut self) {
        let Some(file) = self.file.as_deref().filter(|file| !file.exists()) else { return };
        let written = write_secret(file, self.keys.to_text().as_bytes());
        match &written {
            Ok(()) => tracing::info!(file = %file.display(), "the key that seals the journal was written"),
            Err(error) if !self.is_told => tracing::error!(
                file = %file.display(),
                "the key that seals the journal can't be written: {error}; calls will NOT outlive the next restart"
            ),
            Err(_) => {}
        }
        self.is_told = written.is_err();
    }

    /// Opens every row. Those that do not open are left out, and counted.
    pub(crate) fn opened(&self, rows: &BTreeMap<RowKey, Bytes>) -> (BTreeMap<RowKey, Bytes>, Option<Shut>) {
        let mut opener = self.keys.opener();
        let mut shut: Option<Shut> = None;
        let mut opened = BTreeMap::new();
        for (name, form) in rows {
            match opener.row(*name, form) {
                Ok(open) => drop(opened.insert(*name, open.map_or_else(|| form.clone(), Bytes::from))),
                Err(why) => shut.get_or_insert(Shut { rows: 0, why }).rows += 1,
            }
        }
        (opened, shut)
    }

    /// The secret of a file of the state folder; `None` if there is no such file. One in the clear, as an earlier turno wrote
    /// it, is sealed.
    ///
    /// # Errors
    /// It can't be read, or does not open.
    pub(crate) fn read_file(&self, clear: &Path) -> io::Result<Option<Vec<u8>>> {
        let found = |path: &Path| match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        };
        if let Some(sealed) = found(&sealed_file(clear))? {
            let opened = self.keys.opener().open(&beside(clear), &sealed);
            return opened.map(Some).map_err(io::Error::other);
        }
        let text = found(clear)?;
        if let Some(text) = &text {
            self.write_file(clear, text)?;
        }
        Ok(text)
    }

    /// Writes a secret of the state folder, sealed.
    ///
    /// # Errors
    /// It can't be written.
    pub(crate) fn write_file(&self, clear: &Path, text: &[u8]) -> io::Result<()> {
        let mut sealed = Vec::new();
        self.sealer.seal(&beside(clear), text, &mut sealed);
        write_secret(&sealed_file(clear), &sealed)?;
        match fs::remove_file(clear) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn sealed_file(clear: &Path) -> PathBuf {
    clear.with_extension("sealed")
}

fn beside(clear: &Path) -> Vec<u8> {
    clear.file_name().map(|name| name.as_encoded_bytes().to_vec()).unwrap_or_default()
}

/// The keys of a file; `None` if there is none.
fn read(file: &Path) -> Result<Option<SealKeys>, String> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    if fs::metadata(file).is_ok_and(|about| about.permissions().mode() & OTHERS != 0) {
        let shown = file.display();
        tracing::warn!("others than turno's user may read the key that seals the journal: chmod 600 {shown}");
    }
    SealKeys::parse(&text).map(Some).map_err(|why| why.to_string())
}

/// Writes a file that only its owner reads, as a whole: a crash leaves the earlier one, or none.
fn write_secret(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let _ = fs::remove_file(&beside);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use turno_model::Table;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("turno-seals-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    fn rows(seals: &Seals) -> BTreeMap<RowKey, Bytes> {
        let name = RowKey { table: Table::Leg, key: 7 };
        let mut form = Vec::new();
        seals.sealer().row(name, b"secret", &mut form);
        let in_the_clear = (RowKey { table: Table::Seat, key: 1 }, Bytes::from_static(b"open"));
        [(name, Bytes::from(form)), in_the_clear].into_iter().collect()
    }

    #[test]
    fn the_key_is_made_once_for_its_owner_alone_and_comes_back_if_somebody_takes_it() {
        let folder = folder("made");
        let open = || Seals::open(&JournalPlan::default(), &folder).expect("random bytes");
        let mut first = open();
        let file = folder.join(FILE);
        assert_eq!(fs::metadata(&file).expect("it was made").permissions().mode() & 0o777, 0o600);
        assert_eq!(open().opened(&rows(&first)).1, None, "the next start has the same key");
        fs::remove_file(&file).expect("it is ours");
        first.keep();
        assert_eq!(open().opened(&rows(&first)).1, None, "turno had it in memory");
        fs::remove_file(&file).expect("it is ours");
        let (opened, shut) = open().opened(&rows(&first));
        assert_eq!((opened.len(), shut.map(|shut| shut.rows)), (1, Some(1)), "another key opens nothing");
        fs::remove_dir_all(&folder).expect("it is ours");
    }

    #[test]
    fn a_key_file_that_is_none_or_out_of_reach_stops_no_start_and_stays_as_it_is() {
        let folder = folder("bad");
        let file = folder.join("other.key");
        let plan = JournalPlan { seal_key: Some(file.clone()), ..JournalPlan::default() };
        fs::write(&file, "nonsense").expect("it is ours");
        let seals = Seals::open(&plan, &folder).expect("random bytes");
        assert_eq!(seals.opened(&rows(&seals)).1, None, "it works as long as this process lives");
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "nonsense");
        let nowhere = JournalPlan { seal_key: Some(folder.join("no/such.key")), ..JournalPlan::default() };
        Seals::open(&nowhere, &folder).expect("random bytes");
        fs::remove_dir_all(&folder).expect("it is ours");
    }

    #[test]
    fn a_file_in_the_clear_is_sealed_and_opens_with_this_key_alone() {
        let folder = folder("file");
        let (clear, plan) = (folder.join("browser.pem"), JournalPlan::default());
        fs::write(&clear, "PRIVATE KEY").expect("it is ours");
        let seals = Seals::open(&plan, &folder).expect("random bytes");
        for _ in 0..2 {
            let read = seals.read_file(&clear).expect("it can be read");
            assert_eq!(read.as_deref(), Some(b"PRIVATE KEY".as_slice()));
            assert!(!clear.exists());
        }
        let sealed = fs::read(folder.join("browser.sealed")).expect("it was sealed");
        assert!(!sealed.windows(7).any(|window| window == b"PRIVATE"));
        let other = Seals::of(SealKeys::of([7; 32]), None).expect("random bytes");
        assert!(other.read_file(&clear).is_err());
        assert_eq!(seals.read_file(&folder.join("none.pem")).expect("nothing is no fault"), None);
        fs::remove_dir_all(&folder).expect("it is ours");
    }
}
