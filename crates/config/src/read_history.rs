//! Reads [history]: the database for facts of lasting worth.

use turno_ground::Secret;
use turno_model::plan::{HistoryPlan, HistoryStore};

use crate::fault::FaultKind;
use crate::keys::history::HISTORY;
use crate::keys::site::DAY;
use crate::password::from_file;
use crate::reading::Reading;
use crate::section::Section;
use crate::tables::Tables;

/// How the place of PostgreSQL begins.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

pub(crate) fn read_history(reading: &mut Reading<'_>, tables: &Tables) -> HistoryPlan {
    let section = tables.single(reading, "history");
    let beside = reading.origin.folder.clone();
    let store = HISTORY.store.read(reading, section);
    let url = read_url(reading, section);
    if store == Some(HistoryStore::Postgres) && url.is_none() && !section.has(HISTORY.url.name) {
        section.missing(reading, HISTORY.url.name, "where PostgreSQL is: `postgres://user@host/database`");
    }
    if let Some(url) = url.as_deref().filter(|url| !is_here(url) && !section.has(HISTORY.ca.name)) {
        let found = format!("callers' numbers would go to {url} unencrypted");
        let place = section.place_of(HISTORY.url.name);
        reading.fault(FaultKind::Conflict, place, found, "`ca`, or a PostgreSQL on this machine");
    }
    HistoryPlan {
        store,
        file: section.text(reading, HISTORY.file.name).map(|file| beside.join(file)),
        url,
        password_file: section.text(reading, HISTORY.password_file.name).map(|file| beside.join(file)),
        password: read_password(reading, section),
        ca: section.text(reading, HISTORY.ca.name).map(|file| beside.join(file)),
        contacts: DAY * HISTORY.contacts_days.read(reading, section),
        numbers: DAY * HISTORY.numbers_days.read(reading, section),
        states: DAY * HISTORY.states_days.read(reading, section),
        intervals: DAY * HISTORY.intervals_days.read(reading, section),
    }
}

/// Whether PostgreSQL is on this machine: an address of loopback, or a folder with its socket.
fn is_here(url: &str) -> bool {
    let rest = SCHEMES.iter().find_map(|scheme| url.strip_prefix(scheme)).unwrap_or_default();
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let place = authority.rsplit('@').next().unwrap_or_default();
    let host = place.strip_prefix('[').and_then(|rest| rest.split(']').next());
    let host = host.unwrap_or_else(|| place.split(':').next().unwrap_or_default());
    let is_loopback = host.parse::<core::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    host.is_empty() || host == "localhost" || host.starts_with("%2F") || is_loopback
}

fn read_password(reading: &mut Reading<'_>, section: Section<'_>) -> Secret {
    let name = HISTORY.password_file.name;
    section.field(name).map_or_else(Secret::default, |node| from_file(reading, (name, node), ""))
}

/// A place of PostgreSQL, without a password: plans are shown, and passwords are not.
fn read_url(reading: &mut Reading<'_>, section: Section<'_>) -> Option<String> {
    let name = HISTORY.url.name;
    let url = section.text(reading, name)?;
    let place = section.place_of(name);
    let Some(rest) = SCHEMES.iter().find_map(|scheme| url.strip_prefix(scheme)) else {
        let found = format!("`{name}` is no place of PostgreSQL");
        reading.fault(
            FaultKind::UnknownValue,
            place,
            found,
            "such as `postgres://turno@127.0.0.1:5432/turno`",
        );
        return None;
    };
    let user = rest.split(['/', '?']).next().and_then(|authority| authority.rsplit_once('@'));
    if user.is_some_and(|(user, _)| user.contains(':')) || rest.contains("password=") {
        let found = format!("there is a password in `{name}`");
        // The line would show it, and logs would keep it.
        reading
            .fault(FaultKind::Password, place, found, "the password in the file of `password_file`")
            .excerpt = None;
        return None;
    }
    Some(url.to_owned())
}
