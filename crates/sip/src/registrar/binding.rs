//! One place where somebody can be reached, and what becomes of it.

use serde::{Deserialize, Serialize};
use turno_ground::{Flow, Moment};

use crate::message::name_addr::NameAddr;
use crate::message::params::unquote;
use crate::message::uri::Uri;

/// A contact bound to an address of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// The contact's URI as given: the Request-URI of calls to it.
    pub uri: String,
    /// The way to send to it: the flow it registered by, or the address it gave where that is wished.
    pub flow: Flow,
    /// The flow the last REGISTER came by.
    pub source: Flow,
    /// Path values, topmost first: the route set of requests to it (RFC 3327).
    pub path: Vec<String>,
    /// The device, without quotes (RFC 5626, 4.1).
    pub instance: Option<String>,
    /// Which of the device's flows it is (RFC 5626, 4.2).
    pub reg_id: Option<u32>,
    /// Preference in thousandths, from 0 to 1000 (RFC 3261, 20.10: q).
    pub preference: u16,
    /// When it ends unless refreshed.
    pub expires_at: Moment,
    /// The Call-ID of the last REGISTER.
    pub call_id: String,
    /// The CSeq number of the last REGISTER.
    pub cseq: u32,
    /// What the phone calls itself; empty if it does not say.
    pub user_agent: String,
}

/// What became of a binding.
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
    /// It came into being.
    Added,
    /// It was registered again by the same flow.
    Refreshed,
    /// It was registered again by another flow than this: what was behind this is there now.
    Moved(Flow),
    /// The phone, an operator, a newer phone or the end of its connection took it away.
    Removed,
    /// Its time ran out.
    Expired,
}

impl Binding {
    /// Whether `contact` of a REGISTER speaks of this binding: the same flow of the same device (RFC 5626, 6), the
    /// same device where it has one flow only, or an equal URI (RFC 3261, 10.3).
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

    /// Whether `fresh` is the same phone after a new start, by another Contact: a phone that names no instance keeps its
    /// Call-ID (RFC 3261, 10.2) and its address.
    pub(crate) fn was_before(&self, fresh: &Self) -> bool {
        self.instance.is_none()
            && fresh.instance.is_none()
            && self.call_id == fresh.call_id
            && self.cseq < fresh.cseq
            && self.source.transport == fresh.source.transport
            && self.source.remote.ip() == fresh.source.remote.ip()
    }

    /// Whether a REGISTER of `call_id` and `cseq` came before the one that made this binding (RFC 3261, 10.3).
    pub(crate) fn is_newer_than(&self, call_id: &str, cseq: u32) -> bool {
        self.call_id == call_id && self.cseq >= cseq
    }

    /// The binding as a Contact value at `now`.
    pub(crate) fn contact(&self, now: Moment) -> String {
        // Rounded up, so that a phone that comes back in time is in time.
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

/// The preference of a contact that gives none.
pub(crate) const FULL_PREFERENCE: u16 = 1_000;

/// The device that `contact` names.
pub(crate) fn instance_of(contact: &NameAddr<'_>) -> Option<String> {
    let value = contact.param("+sip.instance")?;
    let instance = unquote(value).replace(['"', '\\'], "");
    (!instance.is_empty()).then_some(instance)
}
