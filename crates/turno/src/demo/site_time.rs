//! Facts of a fast demo as facts of the site's own day, so that the ledger books them as it books every day.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::Fact;

use crate::demo::speed::Speed;

/// Turns the demo's moments and spans into those of the site's day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SiteTime {
    /// When the demo and the site's day began.
    pub(crate) began: Moment,
    /// How much faster the demo runs.
    pub(crate) speed: Speed,
}

impl SiteTime {
    /// A moment of the demo in the site's day.
    pub(crate) fn moment(self, at: Moment) -> Moment {
        self.began + self.speed.day(at.since(self.began))
    }

    /// How much of the site's day has passed.
    pub(crate) fn passed(self, at: Moment) -> Duration {
        self.speed.day(at.since(self.began))
    }

    /// A fact with the spans of the site's day.
    pub(crate) fn fact(self, fact: &Fact) -> Fact {
        let mut fact = fact.clone();
        match &mut fact {
            Fact::Offered { delay, .. } => *delay = self.speed.day(*delay),
            Fact::OfferSettled { rang, .. } => *rang = self.speed.day(*rang),
            Fact::Connected { waited, .. } | Fact::ContactEnded { waited, .. } => {
                *waited = self.speed.day(*waited);
            }
            Fact::Disconnected { talked, held, .. } => {
                (*talked, *held) = (self.speed.day(*talked), self.speed.day(*held));
            }
            Fact::Started
            | Fact::ContactArrived { .. }
            | Fact::MenuChosen { .. }
            | Fact::TurnedAway { .. }
            | Fact::Queued { .. }
            | Fact::Held { .. }
            | Fact::Resumed { .. }
            | Fact::HoldRecalled { .. }
            | Fact::TargetWarned { .. }
            | Fact::TargetBreached { .. }
            | Fact::Transferred { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentAsked { .. }
            | Fact::WrapUp { .. }
            | Fact::Registered { .. }
            | Fact::TrunkChanged { .. }
            | Fact::MediaReported { .. }
            | Fact::Alarm { .. } => {}
        }
        fact
    }
}
