//! Finds a plan's files and reads them.

use std::env;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use turno_model::Plan;

use crate::fault::{Fault, FaultKind, Notice, PlanRefused};
use crate::limits::{FILE_BYTES_MAX, FILES_MAX};
use crate::read_plan::read_plan;
use crate::reading::Origin;
use crate::regular;
use crate::shipped::{self, FOLDER_VARIABLE};
use crate::source::{Environment, Location, Source};

/// The built-in site's files, in the order of their names.
const BUILT_IN: [(&str, &str); 4] = [
    ("numbers.toml", include_str!("../../../sip-config/quito/numbers.toml")),
    ("queues.toml", include_str!("../../../sip-config/quito/queues.toml")),
    ("seats.toml", include_str!("../../../sip-config/quito/seats.toml")),
    ("site.toml", include_str!("../../../sip-config/quito/site.toml")),
];

/// Reads the plan at `path`: one TOML file, or every `*.toml` of a folder in the order of names.
///
/// # Errors
/// [`PlanRefused`] with every fault. Nothing of a faulty plan is handed out.
pub fn load(path: &Path) -> Result<(Plan, Vec<Notice>), PlanRefused> {
    load_with(path, &|name| env::var(name).ok())
}

/// The built-in site: sip-config/quito as it was when turno was built; its prompts and music are looked for in
/// `$TURNO_SIP_CONFIG`, `./sip-config`, `../../sip-config` from the program, and `/usr/share/turno/sip-config`.
///
/// # Errors
/// [`PlanRefused`] where no such folder is, or a password variable is at fault.
pub fn built_in() -> Result<(Plan, Vec<Notice>), PlanRefused> {
    let environment = |name: &str| env::var(name).ok();
    built_in_with(&shipped::folders(&environment), &environment)
}

/// Reads a plan that is not in files: texts with the names that people know them by. Prompts, music and password files
/// are looked for from `folder`, password variables in `environment`.
///
/// # Errors
/// [`PlanRefused`] with every fault.
pub fn read(
    texts: &[(&str, &str)],
    folder: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<(Plan, Vec<Notice>), PlanRefused> {
    let source = |&(name, text): &(&str, &str)| Source { name: PathBuf::from(name), text: text.to_owned() };
    let sources = texts.iter().map(source).collect();
    read_plan(Origin { sources, folder: folder.to_owned(), environment })
}

pub(crate) fn load_with(
    path: &Path,
    environment: Environment<'_>,
) -> Result<(Plan, Vec<Notice>), PlanRefused> {
    let (folder, files) = find_files(path)?;
    let mut sources = Vec::new();
    let mut faults = Vec::new();
    for file in files {
        match read_file(&file) {
            Ok(text) => sources.push(Source { name: file, text }),
            Err(found) => faults.push(unreadable(&file, found, "a TOML file that turno may read")),
        }
    }
    if !faults.is_empty() {
        return Err(PlanRefused { faults });
    }
    read_plan(Origin { sources, folder, environment })
}

pub(crate) fn built_in_with(
    candidates: &[PathBuf],
    environment: Environment<'_>,
) -> Result<(Plan, Vec<Notice>), PlanRefused> {
    let Some(folder) = candidates.iter().find(|folder| folder.join("prompts").is_dir()) else {
        let looked: Vec<String> = candidates.iter().map(|folder| folder.display().to_string()).collect();
        let found = format!("the prompts and the music are not there: looked in {}", looked.join(", "));
        let expected = format!("{FOLDER_VARIABLE}=FOLDER, where FOLDER/prompts and FOLDER/music are");
        return Err(PlanRefused { faults: vec![unreadable(Path::new("sip-config"), found, &expected)] });
    };
    let sources = BUILT_IN
        .iter()
        .map(|&(name, text)| Source { name: Path::new("sip-config/quito").join(name), text: text.to_owned() })
        .collect();
    // The text is the one built in, so the folder need not hold quito itself: prompts are named from their root.
    let folder = folder.join("prompts");
    read_plan(Origin { sources, folder, environment })
}

fn find_files(path: &Path) -> Result<(PathBuf, Vec<PathBuf>), PlanRefused> {
    let refuse =
        |found: String, expected: &str| PlanRefused { faults: vec![unreadable(path, found, expected)] };
    let expected = "a TOML file, or a folder of them";
    let about =
        fs::metadata(path).map_err(|error| refuse(format!("the plan can't be read: {error}"), expected))?;
    if !about.is_dir() {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        return Ok((folder.to_owned(), vec![path.to_owned()]));
    }
    let entries =
        fs::read_dir(path).map_err(|error| refuse(format!("the folder can't be read: {error}"), expected))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|file| file.extension().is_some_and(|ending| ending == "toml") && !is_hidden(file))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(refuse("the folder holds no *.toml".to_owned(), expected));
    }
    if files.len() > FILES_MAX {
        return Err(refuse(
            format!("the folder holds {} files", files.len()),
            &format!("at most {FILES_MAX}"),
        ));
    }
    Ok((path.to_owned(), files))
}

/// Editors keep files and links beside the one that they work on.
fn is_hidden(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn read_file(file: &Path) -> Result<String, String> {
    let refused = |error| format!("the file can't be read: {error}");
    let mut opened = regular::open(file).map_err(refused)?;
    let length = opened.metadata().map_err(refused)?.len();
    if length > FILE_BYTES_MAX {
        return Err(format!("the file has {length} bytes, at most {FILE_BYTES_MAX} are read"));
    }
    let mut text = String::new();
    opened.read_to_string(&mut text).map_err(refused)?;
    Ok(text)
}

fn unreadable(file: &Path, found: String, expected: &str) -> Fault {
    Fault {
        kind: FaultKind::Unreadable,
        at: Location::of_file(file),
        found,
        expected: expected.to_owned(),
        nearest: None,
        first: None,
        excerpt: None,
    }
}
