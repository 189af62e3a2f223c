//! A phone's side of its connections.

use core::time::Duration;

use bytes::Bytes;
use turno_ground::{Flow, Moment};

/// A phone's state of its connections.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// The connection that it uses.
    pub(crate) current: Option<Flow>,
    /// The connection that it opened last.
    pub(crate) last: Option<Flow>,
    /// Messages that wait for a connection.
    pub(crate) unsent: Vec<Bytes>,
    /// When it may open a connection again; `None`: at once.
    pub(crate) back_at: Option<Moment>,
    /// Whether it then repeats what may have been lost.
    pub(crate) says_again: bool,
    /// Whether turno may still believe that the previous connection stands.
    pub(crate) is_forgotten: bool,
    /// Since when turno has received something over the current connection.
    pub(crate) heard_since: Option<Moment>,
    /// Whether a connection was ever cut: a message may then arrive twice, or stay without an answer.
    pub(crate) was_cut: bool,
    /// When it had no connection, and for how long.
    absences: Vec<(Moment, Duration)>,
}

/// How long SIP retransmits a request, rounded up.
const MEMORY_OF_SIP: Duration = Duration::from_secs(40);
/// After this long without a connection within `MEMORY_OF_SIP`, a phone may have missed something.
const PATIENCE_OF_SIP: Duration = Duration::from_secs(8);

impl Link {
    /// There is no connection for `span`. True if the phone may have missed something by now.
    pub(crate) fn is_cut(&mut self, span: Duration, now: Moment) -> bool {
        (self.current, self.heard_since, self.was_cut) = (None, None, true);
        self.back_at = Some(now + span);
        self.absences.retain(|(at, _)| now.since(*at) < MEMORY_OF_SIP);
        self.absences.push((now, span));
        self.absences.iter().map(|(_, span)| *span).sum::<Duration>() >= PATIENCE_OF_SIP
    }

    /// Since when turno reaches the phone by the connection that came after a cut; `None`: there is none yet.
    pub(crate) fn reached_since(&self) -> Option<Moment> {
        if self.was_cut { self.heard_since } else { Some(Moment::default()) }
    }
}
