//! What the simulated people tell the view, beside the facts that turno tells.

use std::sync::mpsc::Sender;

/// Where news goes.
pub(crate) type NewsSender = Sender<News>;

/// Something that happened on the phones' side.
#[derive(Clone, Debug)]
pub(crate) enum News {
    /// A softphone registered, or refreshed.
    Registered(usize),
    /// A softphone took its registration back.
    Unregistered(usize),
    /// A registration was refused with this status.
    RegistrationFailed(usize, u16),
    /// RTP since the last news of the same ear.
    Packets {
        /// Sent by the phone.
        sent: u64,
        /// Received by the phone.
        received: u64,
        /// Missing.
        lost: u64,
    },
    /// One side of a conversation ended.
    Conversed {
        /// Whether the other side was heard.
        audible: bool,
    },
    /// A call was refused by turno with this status.
    Refused(u16),
    /// A phone saw something against the rules of SIP.
    Confused(String),
}

/// The sum of the news.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Which softphones are registered.
    pub(crate) registered: std::collections::BTreeSet<usize>,
    /// RTP packets from phones.
    pub(crate) sent: u64,
    /// RTP packets to phones.
    pub(crate) received: u64,
    /// RTP packets that never came.
    pub(crate) lost: u64,
    /// Sides of conversations that ended.
    pub(crate) conversed: u64,
    /// Those of them that heard the other.
    pub(crate) audible: u64,
    /// Calls and registrations that turno refused, by status; 408 if nothing came back.
    pub(crate) refused: std::collections::BTreeMap<u16, u64>,
    /// Messages against the rules.
    pub(crate) confused: u64,
    /// The last of them.
    pub(crate) last_confusion: Option<String>,
}

impl Tally {
    /// Adds one piece of news.
    pub(crate) fn take(&mut self, news: News) {
        match news {
            News::Registered(seat) => {
                self.registered.insert(seat);
            }
            News::Unregistered(seat) => {
                self.registered.remove(&seat);
            }
            News::RegistrationFailed(seat, status) => {
                self.registered.remove(&seat);
                *self.refused.entry(status).or_default() += 1;
            }
            News::Packets { sent, received, lost } => {
                self.sent += sent;
                self.received += received;
                self.lost += lost;
            }
            News::Conversed { audible } => {
                self.conversed += 1;
                self.audible += u64::from(audible);
            }
            News::Refused(status) => *self.refused.entry(status).or_default() += 1,
            News::Confused(what) => {
                self.confused += 1;
                self.last_confusion = Some(what);
            }
        }
    }
}
