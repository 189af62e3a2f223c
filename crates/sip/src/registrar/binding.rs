//! A binding: one registered contact of an address of record.

use serde::{Deserialize, Serialize};
use turno_ground::{Flow, Moment};

use crate::message::name_addr::NameAddr;
use crate::message::params::unquote;
use crate::message::received::Message;
use crate::message::uri::Uri;

/// A contact bound to an address of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// The contact's URI as registered: the Request-URI of calls to it.
    pub uri: String,
    /// Where calls to it are sent: the flow of its REGISTER, or the address in its Contact if the limits say so.
    pub flow: Flow,
    /// The flow of the last REGISTER.
    pub source: Flow,
    /// Path values, topmost first: the route set of requests to it (RFC 3327).
    pub path: Vec<String>,
    /// The device's `+sip.instance`, without quotes (RFC 5626, 4.1).
    pub instance: Option<String>,
    /// The `reg-id`: which of the device's flows it is (RFC 5626, 4.2).
    pub reg_id: Option<u32>,
    /// Preference in thousandths, from 0 to 1000 (RFC 3261, 20.10: q).
    pub preference: u16,
    /// When it expires unless refreshed.
    pub expires_at: Moment,
    /// The Call-ID of the last REGISTER.
    pub call_id: String,
    /// The CSeq number of the last REGISTER.
    pub cseq: u32,
    /// The phone's User-Agent; empty if it sends none.
    pub user_agent: String,
}

/// A change of a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindingChange {
    /// The address of record, as the registrar's caller names it.
    pub aor: String,
    /// What happened.
    pub kind: BindingChangeKind,
    /// The contact's URI.
    pub uri: String,
}

/// What happened to a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindingChangeKind {
    /// It is new.
    Added,
    /// It was registered again over the same flow.
    Refreshed,
    /// It was registered again over another flow; this is the old flow, which the phone has left.
    Moved(Flow),
    /// It was removed by the phone, by an operator, for a newer phone, or at the end of its connection.
    Removed,
    /// It expired.
    Expired,
}

impl Binding {
    /// Whether `contact` of a REGISTER means this binding: the same flow of the same device (RFC 5626, 6), the same
    /// device without a `reg-id`, or an equal URI (RFC 3261, 10.3).
    pub(crate) fn is_meant_by(&self, contact: &NameAddr<'_>, reg_id: Option<u32>) -> bool {
        let instance = instance_of(contact);
        if instance.is_some() && self.instance == instance {
            return self.reg_id == reg_id;
        }
        if reg_id.is_some() {
            return false;
        }
        match (Uri::parse(&self.uri), contact.uri()) {
            (Ok(ours), Ok(theirs)) => ours.is_equivalent(&theirs),
            (Err(_), _) | (_, Err(_)) => self.uri == contact.uri,
        }
    }

    /// Whether `fresh` is the same phone after a restart, with another Contact. A phone without an instance keeps its
    /// Call-ID (RFC 3261, 10.2) and its IP address.
    pub(crate) fn was_before(&self, fresh: &Self) -> bool {
        self.instance.is_none()
            && fresh.instance.is_none()
            && self.call_id == fresh.call_id
            && self.cseq < fresh.cseq
            && self.source.transport == fresh.source.transport
            && self.source.remote.ip() == fresh.source.remote.ip()
    }

    /// Whether a REGISTER with `call_id` and `cseq` is not newer than the one that made this binding (RFC 3261, 10.3).
    pub(crate) fn is_newer_than(&self, call_id: &str, cseq: u32) -> bool {
        self.call_id == call_id && self.cseq >= cseq
    }

    /// The binding as a Contact value at `now`.
    pub(crate) fn contact(&self, now: Moment) -> String {
        // Rounded up, so that a phone that refreshes in time is in time.
        let left = self.expires_at.since(now).as_micros().div_ceil(1_000_000);
        let mut text = format!("<{}>;expires={left}", self.uri);
        if self.preference != FULL_PREFERENCE {
            text += &format!(";q={}.{:03}", self.preference / 1_000, self.preference % 1_000);
        }
        if let Some(instance) = &self.instance {
            text += &format!(";+sip.instance=\"{instance}\"");
        }
        if let Some(reg_id) = self.reg_id {
            text += &format!(";reg-id={reg_id}");
        }
        text
    }
}

/// The device that a REGISTER is from (RFC 5626, 4.1), if it names one alone.
pub fn instance_in(register: &Message) -> Option<String> {
    let mut contacts = register.contacts();
    let first = contacts.next()?.ok()?;
    if contacts.next().is_some() { None } else { instance_of(&first) }
}

/// The preference of a contact without `q`.
pub(crate) const FULL_PREFERENCE: u16 = 1_000;

/// The `+sip.instance` of `contact`, without quotes.
pub(crate) fn instance_of(contact: &NameAddr<'_>) -> Option<String> {
    let value = contact.param("+sip.instance")?;
    let instance = unquote(value).replace(['"', '\\'], "");
    (!instance.is_empty()).then_some(instance)
}
