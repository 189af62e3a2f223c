//! `turno knowledge import`: a site's own table becomes files.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use turno_knowledge::{Procedure, read_import, read_procedure, to_markdown};
use turno_model::Language;

use crate::exit::Exit;

/// The longest table, in bytes.
const TABLE_BYTES_MAX: u64 = 64 << 20;

/// Make files of a table.
#[derive(Args)]
pub(super) struct ImportArgs {
    /// The table: the first row names the columns; UTF-8 or Latin-1; `,`, `;` or tab between cells.
    file: PathBuf,
    /// The folder for the files. It is made if it is not there.
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// Only say what would be written.
    #[arg(long)]
    dry_run: bool,
    /// Write files anew that are there already. Without it they stay as they are.
    #[arg(long)]
    replace: bool,
    /// Write the good rows although others are bad. Without it a bad row stops everything before the first file.
    #[arg(long)]
    good_rows: bool,
}

/// What becomes of the good rows.
#[derive(Default)]
struct Written {
    new: usize,
    changed: usize,
    same: usize,
    kept: usize,
}

impl ImportArgs {
    pub(super) fn run(&self, language: Language, today: Date) -> Exit {
        let file = self.file.display();
        let bytes = match read(&self.file) {
            Ok(bytes) => bytes,
            Err(why) => {
                complain!("turno: {file}: {why}");
                return Exit::NothingThere;
            }
        };
        let source =
            self.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let import = read_import(&bytes, &source, today);
        for bad in &import.bad {
            complain!("{file}:{}: {}", bad.line, bad.why);
        }
        let good = import.procedures.len();
        if !(import.bad.is_empty() || self.good_rows || self.dry_run) {
            let bad = import.bad.len();
            match language {
                Language::English => {
                    complain!(
                        "turno: {bad} bad rows, {good} good ones: nothing is written; `--good-rows` writes the good ones"
                    );
                }
                Language::Spanish => complain!(
                    "turno: {bad} filas malas, {good} buenas: no se escribe nada; `--good-rows` escribe las buenas"
                ),
            }
            return Exit::PlanRefused;
        }
        match self.write(&import.procedures, language) {
            Ok(written) => {
                self.tell(&written, import.bad.len(), language);
                if import.bad.is_empty() { Exit::Done } else { Exit::PlanRefused }
            }
            Err(why) => {
                complain!("turno: {why}");
                Exit::Failed
            }
        }
    }

    fn write(&self, procedures: &[Procedure], language: Language) -> Result<Written, String> {
        let refused = |file: &Path, error: &dyn core::fmt::Display| format!("{}: {error}", file.display());
        if !self.dry_run {
            fs::create_dir_all(&self.into).map_err(|error| refused(&self.into, &error))?;
        }
        let mut written = Written::default();
        for procedure in procedures {
            let file = self.into.join(format!("{}.md", procedure.id));
            let text = to_markdown(procedure);
            // What is written can be read: a row that makes a file which is refused would stop every reload.
            if let Err(faults) = read_procedure(&file, &text) {
                return Err(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
            }
            match fs::read_to_string(&file) {
                Ok(there) if there == text => {
                    written.same += 1;
                    continue;
                }
                Ok(_) if !self.replace => {
                    written.kept += 1;
                    let kept = language.say("is there already and stays", "ya existe y queda como está");
                    complain!("{} {kept}", file.display());
                    continue;
                }
                Ok(_) => written.changed += 1,
                Err(_) => written.new += 1,
            }
            if self.dry_run {
                say!("{}", file.display());
            } else {
                put(&file, &text).map_err(|error| refused(&file, &error))?;
            }
        }
        Ok(written)
    }

    fn tell(&self, written: &Written, bad: usize, language: Language) {
        let Written { new, changed, same, kept } = written;
        match language {
            Language::English => {
                let would = if self.dry_run { "would be " } else { "" };
                say!(
                    "{would}new {new}, {would}written anew {changed}, the same {same}, left as they are {kept}, bad rows {bad}"
                );
            }
            Language::Spanish => {
                let would = if self.dry_run { "serían " } else { "" };
                say!(
                    "{would}nuevos {new}, {would}reescritos {changed}, iguales {same}, sin tocar {kept}, filas malas {bad}"
                );
            }
        }
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let about = fs::metadata(file).map_err(|error| error.to_string())?;
    if !about.is_file() || about.len() > TABLE_BYTES_MAX {
        return Err(format!("this is no file of at most {TABLE_BYTES_MAX} bytes"));
    }
    fs::read(file).map_err(|error| error.to_string())
}

/// Whole or not at all: a reload may read at this moment.
fn put(file: &Path, text: &str) -> std::io::Result<()> {
    let half = file.with_extension("md.new");
    let mut writing = fs::File::create(&half)?;
    writing.write_all(text.as_bytes())?;
    writing.sync_all()?;
    fs::rename(half, file)
}
