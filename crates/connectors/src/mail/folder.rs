//! Questions about the mails of a folder.

use turno_channels::Millis;

use crate::mail::session::{Fault, Opened, Session};
use crate::mail::wire::Fetched;

/// A mail that is to be fetched.
pub(crate) struct Waiting {
    pub(crate) uid: u32,
    pub(crate) bytes: u64,
}

/// The numbers of the mails for which this holds, in order.
pub(crate) fn search(session: &mut Session, what: &str) -> Result<Vec<u32>, Fault> {
    let mut found = Vec::new();
    session.command(&format!("UID SEARCH {what}"), |response| {
        found.extend(response.found().unwrap_or_default())
    })?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The number of the last mail. A server may not say what the next one will have.
pub(crate) fn end_of(session: &mut Session, opened: Opened) -> Result<u32, Fault> {
    if opened.next > 0 {
        return Ok(opened.next - 1);
    }
    Ok(search(session, "UID *")?.last().copied().unwrap_or_default())
}

/// How large each of these mails is.
pub(crate) fn sizes(session: &mut Session, uids: &[u32]) -> Result<Vec<Waiting>, Fault> {
    let set: Vec<String> = uids.iter().map(u32::to_string).collect();
    let mut waiting = Vec::new();
    session.command(&format!("UID FETCH {} (UID RFC822.SIZE)", set.join(",")), |response| {
        let fetched = response.fetched();
        let mail = fetched.and_then(|fetched| {
            Some(Waiting { uid: fetched.number("UID")?, bytes: u64::from(fetched.number("RFC822.SIZE")?) })
        });
        waiting.extend(mail.filter(|mail| uids.contains(&mail.uid)));
    })?;
    waiting.sort_unstable_by_key(|mail| mail.uid);
    Ok(waiting)
}

/// When the server got the mail: `17-Jul-2026 02:44:25 -0700`.
pub(crate) fn arrival(fetched: &Fetched<'_>) -> Option<Millis> {
    let text = core::str::from_utf8(fetched.bytes("INTERNALDATE")?).ok()?;
    let at = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?.to_timestamp().ok()?;
    Some(Millis(at.as_millisecond()))
}

/// A day as IMAP writes it.
pub(crate) fn imap_date(at: Millis) -> String {
    let stamp = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    stamp.strftime("%d-%b-%Y").to_string()
}
