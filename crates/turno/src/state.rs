//! Where a journal is kept when nobody says where.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use turno_model::Plan;

/// The service's folder, else one of the user's own; `None` where the plan keeps nothing, or no folder is known.
pub(crate) fn usual_folder(plan: &Plan) -> Option<PathBuf> {
    if !plan.journal.is_kept {
        return None;
    }
    let folder = folder_by(&plan.site, &|name| env::var_os(name).filter(|value| !value.is_empty()));
    if folder.is_none() {
        complain!(
            "turno: no folder for the journal is known ($HOME is not set): a restart forgets calls; use --state"
        );
    }
    folder
}

fn folder_by(site: &str, variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    if let Some(service) = variable("STATE_DIRECTORY") {
        // systemd writes several with colons between them; the first is ours.
        return env::split_paths(&service).next();
    }
    let states = variable("XDG_STATE_HOME").map(PathBuf::from);
    let states = states.or_else(|| variable("HOME").map(|home| PathBuf::from(home).join(".local/state")))?;
    let plain = |letter: char| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    Some(states.join("turno").join(site.chars().map(plain).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_keeps_where_systemd_says_and_a_person_in_their_own_folder() {
        let folder = |known: &[(&str, &str)]| {
            let known: Vec<(String, OsString)> =
                known.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect();
            folder_by("Quito 1/2", &|name| known.iter().find(|it| it.0 == name).map(|it| it.1.clone()))
        };
        let home = ("HOME", "/home/ana");
        assert_eq!(
            folder(&[home, ("STATE_DIRECTORY", "/var/lib/turno:/var/lib/x")]),
            Some("/var/lib/turno".into())
        );
        assert_eq!(folder(&[home]), Some("/home/ana/.local/state/turno/quito-1-2".into()));
        assert_eq!(folder(&[home, ("XDG_STATE_HOME", "/s")]), Some("/s/turno/quito-1-2".into()));
        assert_eq!(folder(&[]), None);
    }
}
