//! A peer's REFER that we have taken on: the subscription it implies (RFC 3515, 2.4.4).

use serde::{Deserialize, Serialize};
use turno_ground::Moment;

use crate::dialog::transfer::ReferId;
use crate::stack::event::ServerKey;

/// A peer's REFER, from its arrival to the last NOTIFY.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Referral {
    /// The REFER's CSeq number.
    pub(crate) refer: ReferId,
    /// The REFER itself, until it is replied to.
    pub(crate) unanswered: Option<ServerKey>,
    /// When the subscription ends.
    pub(crate) ends_at: Moment,
    /// What the NOTIFY on its way tells: they go one at a time, in order.
    pub(crate) telling: Option<u16>,
    /// What is to be told next.
    pub(crate) next: Option<u16>,
    /// Whether it is the session's first, whose NOTIFYs need no id.
    pub(crate) is_first: bool,
}

impl Referral {
    /// The Event header of its NOTIFYs.
    pub(crate) fn event(&self) -> String {
        if self.is_first { "refer".to_owned() } else { format!("refer;id={}", self.refer.0) }
    }

    /// The Subscription-State header of a NOTIFY that tells `status`.
    pub(crate) fn subscription_state(&self, status: u16, now: Moment) -> String {
        if status >= 200 {
            "terminated;reason=noresource".to_owned()
        } else {
            format!("active;expires={}", self.ends_at.since(now).as_secs())
        }
    }
}
