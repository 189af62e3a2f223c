//! A phone's end of its connections.

use core::time::Duration;

use bytes::Bytes;
use turno_ground::{Flow, Moment};

/// What a phone knows of its connections.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// The one that it speaks by.
    pub(crate) current: Option<Flow>,
    /// The one that it has opened last.
    pub(crate) last: Option<Flow>,
    /// What it has to say as soon as there is one.
    pub(crate) unsent: Vec<Bytes>,
    /// When it may open one again; `None`: at once.
    pub(crate) back_at: Option<Moment>,
    /// Whether it then says again what may have been lost.
    pub(crate) says_again: bool,
    /// Whether turno may take the connection before for one that stands.
    pub(crate) is_forgotten: bool,
    /// Since when turno has heard something by it.
    pub(crate) heard_since: Option<Moment>,
    /// Whether it was ever cut: then something may be said twice, or never be answered.
    pub(crate) was_cut: bool,
    /// When it had none, and for how long.
    absences: Vec<(Moment, Duration)>,
}

/// How long somebody who asks goes on asking.
const MEMORY_OF_SIP: Duration = Duration::from_secs(40);
/// Without a connection for so long of that time a phone may have missed something.
const PATIENCE_OF_SIP: Duration = Duration::from_secs(8);

impl Link {
    /// There is no connection for so long. True if the phone may have missed something by now.
    pub(crate) fn is_cut(&mut self, span: Duration, now: Moment) -> bool {
        (self.current, self.heard_since, self.was_cut) = (None, None, true);
        self.back_at = Some(now + span);
        self.absences.retain(|(at, _)| now.since(*at) < MEMORY_OF_SIP);
        self.absences.push((now, span));
        self.absences.iter().map(|(_, span)| *span).sum::<Duration>() >= PATIENCE_OF_SIP
    }
}
