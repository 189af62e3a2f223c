//! Reads [tls], and the keys that say whose voices are encrypted.

use std::path::PathBuf;

use turno_ground::Transport;
use turno_model::encryption::{SrtpPlan, SrtpWish, TlsPlan, TlsVersion};

use crate::fault::FaultKind;
use crate::limits;
use crate::reading::Reading;
use crate::regular;
use crate::section::Section;
use crate::tables::Tables;

pub(crate) const TLS_KEYS: [&str; 7] =
    ["certificate", "key", "ca", "oldest", "handshake", "handshakes_max", "look_interval"];
pub(crate) const SRTP_KEYS: [&str; 2] = ["srtp", "srtp_without_tls"];

const VERSIONS: [(&str, TlsVersion); 2] = [("1.2", TlsVersion::Tls12), ("1.3", TlsVersion::Tls13)];

const WISHES: [(&str, SrtpWish); 3] =
    [("required", SrtpWish::Required), ("offered", SrtpWish::Offered), ("never", SrtpWish::Never)];

/// Where Debian and many others keep the roots that the system trusts.
const SYSTEM_ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Reads [tls]; `None` where it does not stand.
pub(crate) fn read_tls(
    reading: &mut Reading<'_>,
    tables: &Tables,
    sip: Section<'_>,
    listens: bool,
) -> Option<TlsPlan> {
    let tls = tables.single(reading, "tls", "[tls]", &TLS_KEYS);
    if !tables.has_single("tls") {
        if listens {
            let found = "[sip] listens on `tls:`, and there is no certificate";
            let expected = "a table [tls] with `certificate` and `key`";
            reading.fault(FaultKind::Missing, sip.place_of("listen"), found, expected);
        }
        return None;
    }
    let certificate = read_file(reading, tls, "certificate", true).unwrap_or_default();
    let key = read_file(reading, tls, "key", true).unwrap_or_default();
    let system = || Some(PathBuf::from(SYSTEM_ROOTS)).filter(|roots| roots.is_file());
    let ca = if tls.has("ca") { read_file(reading, tls, "ca", false) } else { system() };
    if !listens {
        let text = "[tls] has no use while no address of [sip] `listen` begins with `tls:`";
        reading.notice(tls.place, text.to_owned());
    }
    Some(TlsPlan {
        certificate,
        key,
        ca,
        oldest: tls.word(reading, "oldest", &VERSIONS).unwrap_or(TlsVersion::Tls12),
        handshake: tls.span(reading, limits::HANDSHAKE),
        handshakes_max: tls.whole(reading, limits::HANDSHAKES).unwrap_or(1),
        look_interval: tls.span(reading, limits::LOOK_INTERVAL),
    })
}

/// A file that is there and can be read. What stands in it is judged where it is used.
fn read_file(reading: &mut Reading<'_>, tls: Section<'_>, key: &str, is_needed: bool) -> Option<PathBuf> {
    if is_needed && !tls.has(key) {
        tls.missing(reading, key, "a file in PEM");
    }
    let written = tls.text(reading, key)?;
    let file = reading.origin.folder.join(written);
    if let Err(error) = regular::open(&file) {
        let found = format!("{} can't be read: {error}", file.display());
        reading.fault(FaultKind::Unintelligible, tls.place_of(key), found, "a file in PEM");
    }
    Some(file)
}

/// Reads `srtp` and `srtp_without_tls` of a seat or a trunk; `only` is the transport that a trunk has.
pub(crate) fn read_srtp(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    only: Option<Transport>,
) -> SrtpPlan {
    let wish = section.word(reading, "srtp", &WISHES).unwrap_or_default();
    let without_tls = section.flag(reading, "srtp_without_tls", false);
    if without_tls && matches!(wish, SrtpWish::ByTransport | SrtpWish::Never) {
        let found = "`srtp_without_tls` says how keys travel, and there are none";
        let expected = "`srtp = \"offered\"` or `\"required\"` beside it";
        reading.fault(FaultKind::Conflict, section.place_of("srtp_without_tls"), found, expected);
    }
    let is_readable = only.is_some_and(|transport| transport != Transport::Tls);
    if is_readable && !without_tls && matches!(wish, SrtpWish::Offered | SrtpWish::Required) {
        let found = "SRTP's keys would be readable: this trunk's `transport` is not `tls`";
        let expected = "`transport = \"tls\"`, or `srtp_without_tls = true` if nobody listens on the way";
        reading.fault(FaultKind::Conflict, section.place_of("srtp"), found, expected);
    }
    SrtpPlan { wish, without_tls }
}
