//! The prompts and music that come with turno: the folders in which they may be installed.

use std::env;
use std::path::{Path, PathBuf};

use crate::source::Environment;

/// The environment variable that names the folder with `prompts` and `music`.
pub const FOLDER_VARIABLE: &str = "TURNO_SIP_CONFIG";

/// The folders in which shipped sounds may be, in the order in which they are tried: `$TURNO_SIP_CONFIG` alone where it is set,
/// else `./sip-config`, `../../sip-config` from the program (a build folder), and `/usr/share/turno/sip-config`.
pub(crate) fn folders(environment: Environment<'_>) -> Vec<PathBuf> {
    if let Some(set) = environment(FOLDER_VARIABLE).filter(|set| !set.is_empty()) {
        // A folder that is named is meant: no other is taken instead.
        return vec![PathBuf::from(set)];
    }
    let program = env::current_exe().ok();
    let beside_program =
        program.as_deref().and_then(Path::parent).map(|folder| folder.join("../../sip-config"));
    [Some(PathBuf::from("sip-config")), beside_program, Some(PathBuf::from("/usr/share/turno/sip-config"))]
        .into_iter()
        .flatten()
        .collect()
}

/// `file` if it is there, else the shipped file of this name (such as `prompts/es/welcome.wav`), else `file` all the same, so
/// that a fault names the place where people would put their own.
pub(crate) fn or_shipped(file: PathBuf, name: &str, environment: Environment<'_>) -> PathBuf {
    found_or_shipped(file, name, environment, Path::is_file)
}

/// The same for a folder.
pub(crate) fn folder_or_shipped(folder: PathBuf, name: &str, environment: Environment<'_>) -> PathBuf {
    found_or_shipped(folder, name, environment, Path::is_dir)
}

fn found_or_shipped(
    own: PathBuf,
    name: &str,
    environment: Environment<'_>,
    is_there: fn(&Path) -> bool,
) -> PathBuf {
    if is_there(&own) {
        return own;
    }
    folders(environment).into_iter().map(|folder| folder.join(name)).find(|it| is_there(it)).unwrap_or(own)
}
