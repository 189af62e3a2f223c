//! Facts of a fast demo as facts of the site's own day, so that the ledger books them as it books every day.

use core::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use turno_ground::Moment;
use turno_model::{
    BreakChange, CallbackChange, Fact, HandlingChange, Plan, RecordingChange, StepWhy, WaitTold,
};

use crate::demo::speed::Speed;

/// Turns the demo's moments and spans into those of the site's day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SiteTime {
    /// When the demo began.
    pub(crate) began: Moment,
    /// When the site opened that day.
    pub(crate) opened: Moment,
    /// The site's wall clock then, as the span since midnight.
    opening: Duration,
    /// How much faster the demo runs.
    pub(crate) speed: Speed,
}

impl SiteTime {
    /// A demo that begins at `began`, and with it the site's day: at its opening on that date.
    pub(crate) fn new(plan: &Plan, began: Moment, speed: Speed) -> Self {
        let hours = plan.hours.first();
        let zone = hours.map_or(TimeZone::UTC, |hours| hours.zone.clone());
        let minutes =
            hours.and_then(|hours| hours.weekly.iter().flatten().next()).map_or(8 * 60, |span| span.0);
        let stamp = i64::try_from(began.as_micros()).ok().and_then(|at| Timestamp::from_microsecond(at).ok());
        let today = Zoned::new(stamp.unwrap_or_default(), zone.clone()).date();
        let midnight = today.to_datetime(Time::midnight()).to_zoned(zone);
        let midnight = midnight.map_or(0, |midnight| midnight.timestamp().as_microsecond());
        let opening = Duration::from_secs(u64::from(minutes) * 60);
        let opened = Moment::from_micros(u64::try_from(midnight).unwrap_or_default()) + opening;
        Self { began, opened, opening, speed }
    }

    /// A moment of the demo in the site's day.
    pub(crate) fn moment(self, at: Moment) -> Moment {
        self.opened + self.passed(at)
    }

    /// What the site's wall clock shows.
    pub(crate) fn wall(self, at: Moment) -> String {
        let seconds = (self.opening + self.passed(at)).as_secs();
        format!("{:02}:{:02}:{:02}", seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60)
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
            Fact::Recording { change: RecordingChange::Ended { length, missing, .. }, .. } => {
                (*length, *missing) = (self.speed.day(*length), self.speed.day(*missing));
            }
            Fact::Callback(_, change) => self.callback_change(change),
            Fact::WaitTold(WaitTold { waited, within, .. }) => {
                *waited = self.speed.day(*waited);
                *within = within.map(|within| self.speed.day(within));
            }
            Fact::Stepped(step) => self.step_reason(&mut step.why),
            Fact::Break(step) => self.break_change(&mut step.change),
            Fact::Handling(handled) => self.handling_change(&mut handled.change),
            Fact::Disconnected { talked, held, .. } => {
                (*talked, *held) = (self.speed.day(*talked), self.speed.day(*held));
            }
            Fact::Passing(_) | Fact::CallerList(_) | Fact::SkillChanged(_) | Fact::LiveSpeech(_) => {}
            Fact::Started
            | Fact::CallsRefused { .. }
            | Fact::TrunkTold { .. }
            | Fact::NumberWithheld { .. }
            | Fact::OwnCallDialled { .. }
            | Fact::OwnCallSettled { .. }
            | Fact::ContactArrived { .. }
            | Fact::LegOpened { .. }
            | Fact::MenuChosen { .. }
            | Fact::Menu(_)
            | Fact::Emergency(_)
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
            | Fact::TakesBeside { .. }
            | Fact::Seated { .. }
            | Fact::PinEntered(_)
            | Fact::Phone(_)
            | Fact::ObservingBegan { .. }
            | Fact::ObservingEnded { .. }
            | Fact::Reprioritised { .. }
            | Fact::QueueTurned { .. }
            | Fact::Commanded(_)
            | Fact::TakenOver { .. }
            | Fact::Recording { .. }
            | Fact::Survey(_)
            | Fact::Voicemail(_)
            | Fact::CallerKnown(..)
            | Fact::WrapUp { .. }
            | Fact::Registered { .. }
            | Fact::TrunkChanged { .. }
            | Fact::MediaReported(_)
            | Fact::Alarm { .. } => {}
        }
        fact
    }

    fn callback_change(self, change: &mut CallbackChange) {
        if let CallbackChange::Asked { after: span, .. } | CallbackChange::PutOff { span } = change {
            *span = self.speed.day(*span);
        }
    }

    fn step_reason(self, why: &mut StepWhy) {
        match why {
            StepWhy::Waited { after, waited } => {
                (*after, *waited) = (self.speed.day(*after), self.speed.day(*waited));
            }
            StepWhy::Told { over, within } => {
                *over = self.speed.day(*over);
                *within = within.map(|within| self.speed.day(within));
            }
            StepWhy::Longer { .. } | StepWhy::Nobody | StepWhy::Closed => {}
        }
    }

    fn break_change(self, change: &mut BreakChange) {
        match change {
            BreakChange::Promised { at } => *at = self.moment(*at),
            BreakChange::Granted { until } => *until = self.moment(*until),
            BreakChange::Ended { overstayed } => *overstayed = self.speed.day(*overstayed),
            BreakChange::Asked
            | BreakChange::Began
            | BreakChange::TakenBack
            | BreakChange::Overstays
            | BreakChange::Withdrawn => {}
        }
    }

    fn handling_change(self, change: &mut HandlingChange) {
        match change {
            HandlingChange::Retargeted { target: span } | HandlingChange::Extended { by: span } => {
                *span = self.speed.day(*span);
            }
            HandlingChange::Marked { .. }
            | HandlingChange::CodeOwed
            | HandlingChange::HelpAsked
            | HandlingChange::HelpRings { .. }
            | HandlingChange::HelpCame { .. }
            | HandlingChange::NoHelp => {}
        }
    }
}
