//! Reads [tls], and the keys that say whose voices are encrypted.

use std::path::PathBuf;

use turno_ground::Transport;
use turno_model::encryption::{SrtpPlan, SrtpWish, TlsPlan};

use crate::fault::FaultKind;
use crate::keys::signalling::SIP;
use crate::keys::tls::{SRTP, TLS};
use crate::open_file::notice_readable;
use crate::reading::Reading;
use crate::regular;
use crate::section::Section;
use crate::tables::Tables;

/// Where Debian and many others keep the roots that the system trusts.
const SYSTEM_ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Reads [tls]; `None` where it does not stand.
pub(crate) fn read_tls(
    reading: &mut Reading<'_>,
    tables: &Tables,
    sip: Section<'_>,
    listens: bool,
) -> Option<TlsPlan> {
    let tls = tables.single(reading, "tls");
    if !tables.has_single("tls") {
        if listens {
            let found = "[sip] listens on `tls:`, and there is no certificate";
            let expected = "a table [tls] with `certificate` and `key`";
            reading.fault(FaultKind::Missing, sip.place_of(SIP.listen.name), found, expected);
        }
        return None;
    }
    let certificate = read_file(reading, tls, TLS.certificate.name, true).unwrap_or_default();
    let key = read_file(reading, tls, TLS.key.name, true).unwrap_or_default();
    notice_readable(reading, tls.place_of(TLS.key.name), &key);
    let system = || Some(PathBuf::from(SYSTEM_ROOTS)).filter(|roots| roots.is_file());
    let ca = if tls.has(TLS.ca.name) { read_file(reading, tls, TLS.ca.name, false) } else { system() };
    if !listens {
        let text = "[tls] has no use while no address of [sip] `listen` begins with `tls:`";
        reading.notice(tls.place, text.to_owned());
    }
    Some(TlsPlan {
        certificate,
        key,
        ca,
        oldest: TLS.oldest.read(reading, tls),
        handshake: TLS.handshake.read(reading, tls),
        handshakes_max: TLS.handshakes_max.read(reading, tls),
        look_interval: TLS.look_interval.read(reading, tls),
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
    let wish = SRTP.srtp.read(reading, section).unwrap_or_default();
    let without_tls = SRTP.srtp_without_tls.read(reading, section);
    if without_tls && matches!(wish, SrtpWish::ByTransport | SrtpWish::Never) {
        let found = "`srtp_without_tls` says how keys travel, and there are none";
        let expected = "`srtp = \"offered\"` or `\"required\"` beside it";
        reading.fault(FaultKind::Conflict, section.place_of(SRTP.srtp_without_tls.name), found, expected);
    }
    let is_readable = only.is_some_and(|transport| transport != Transport::Tls);
    if is_readable && !without_tls && matches!(wish, SrtpWish::Offered | SrtpWish::Required) {
        let found = "SRTP's keys would be readable: this trunk's `transport` is not `tls`";
        let expected = "`transport = \"tls\"`, or `srtp_without_tls = true` if nobody listens on the way";
        reading.fault(FaultKind::Conflict, section.place_of(SRTP.srtp.name), found, expected);
    }
    SrtpPlan { wish, without_tls }
}
