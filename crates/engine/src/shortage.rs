//! Alarms about media ports that are used up or can't be opened.

use core::time::Duration;

use turno_calls::Switchboard;
use turno_ground::Moment;
use turno_media_plan::{StreamFailure, Want};
use turno_model::Fact;

use crate::outbox::Outbox;

/// Shortest time between two alarms about the same problem.
const TOLD_INTERVAL: Duration = Duration::from_secs(10);

/// Shortest time between two alarms that all ports are in use, which may last for hours.
const USE_TOLD_INTERVAL: Duration = Duration::from_secs(60);

/// Failures to open media ports, and the times of the last alarms.
#[derive(Debug, Default)]
pub(crate) struct Shortage {
    /// The resource of this process that has run out, until no failure is seen for a while.
    want: Option<Want>,
    own: u64,
    others: u64,
    held_back: u64,
    told_of_own_at: Option<Moment>,
    told_of_others_at: Option<Moment>,
    told_of_use_at: Option<Moment>,
}

impl Shortage {
    /// A port could not be opened.
    pub(crate) fn failed(&mut self, port: u16, failure: StreamFailure, outbox: &mut Outbox, now: Moment) {
        match failure {
            StreamFailure::NoRoom(want) => {
                self.own += 1;
                self.wants(want, outbox, now);
            }
            StreamFailure::PortRefused => {
                self.others += 1;
                if is_quiet(self.told_of_others_at, now) {
                    self.held_back += 1;
                    return;
                }
                self.told_of_others_at = Some(now);
                let more = core::mem::take(&mut self.held_back);
                let more = if more == 0 { String::new() } else { format!(" ({more} more before it)") };
                let text = format!(
                    "RTP port {port}{more} could not be bound: another program uses it. Free it, or change media.ports."
                );
                outbox.record(Fact::Alarm { text: text.into() }, now);
            }
        }
    }

    /// A caller got 503 for lack of a port: raises an alarm that says what helps, unless another shortage is known.
    pub(crate) fn used_up(&mut self, switchboard: &Switchboard, outbox: &mut Outbox, now: Moment) {
        let is_told = self.told_of_use_at.is_some_and(|told| now < told + USE_TOLD_INTERVAL);
        if is_told || switchboard.is_careful() {
            return;
        }
        self.told_of_use_at = Some(now);
        let most = switchboard.ports_most();
        let helps = if switchboard.is_short_of_descriptors() {
            "this process has descriptors for no more. Raise LimitNOFILE of the unit or `ulimit -n`"
        } else {
            "there are no more. Widen media.ports"
        };
        let text = format!(
            "all of the {most} pairs of media ports that may be in use are taken or kept for agents' phones, and {helps}. \
             New calls hear 503 meanwhile."
        );
        outbox.record(Fact::Alarm { text: text.into() }, now);
    }

    /// A resource of this process has run out.
    pub(crate) fn wants(&mut self, want: Want, outbox: &mut Outbox, now: Moment) {
        self.want = Some(want);
        if is_quiet(self.told_of_own_at, now) {
            return;
        }
        self.told_of_own_at = Some(now);
        let text = format!(
            "no more media ports can be opened: {}. New calls hear 503, waiting callers keep their place, no agent is rung \
             for them meanwhile; it is tried again every second.",
            want.words()
        );
        outbox.record(Fact::Alarm { text: text.into() }, now);
    }

    /// No port has failed for a while.
    pub(crate) const fn is_over(&mut self) {
        self.want = None;
        self.told_of_own_at = None;
    }

    /// The resource of this process that has run out.
    pub(crate) const fn want(&self) -> Option<Want> {
        self.want
    }

    /// Ports that could not be opened because a resource of this process ran out.
    pub(crate) const fn failed_own(&self) -> u64 {
        self.own
    }

    /// Ports that other programs held.
    pub(crate) const fn failed_taken(&self) -> u64 {
        self.others
    }
}

fn is_quiet(told: Option<Moment>, now: Moment) -> bool {
    told.is_some_and(|told| now < told + TOLD_INTERVAL)
}
