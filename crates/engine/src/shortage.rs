//! Media ports that are used up or can't be opened: told to the room before it offers, and to people in words.

use core::time::Duration;

use turno_ground::Moment;
use turno_media_plan::{StreamFailure, Want};
use turno_model::Fact;

use crate::engine::Engine;
use crate::ports_seen::PortsSeen;

/// How often the log is told of one thing that goes on.
const TOLD_INTERVAL: Duration = Duration::from_secs(10);

/// How often the log is told that all ports are in use: in a crowd that is so for hours.
const USE_TOLD_INTERVAL: Duration = Duration::from_secs(60);

/// Of the ports, those that are kept for the phones that we ring: one in so many.
const KEPT_SHARE: usize = 5;

/// The same while only ports are given out that are in hand.
const KEPT_OF_CARE: usize = 2;

impl Engine {
    /// How the media ports stand.
    pub fn ports_seen(&self) -> PortsSeen {
        PortsSeen {
            in_use: self.switchboard.ports_in_use(),
            most: self.switchboard.ports_most(),
            free: self.switchboard.ports_free(),
            refuses_callers: !self.has_port_for_caller(),
            is_short_of_descriptors: self.switchboard.is_short_of_descriptors(),
            want: self.shortage.want,
            holds_offers: self.room.is_short_of_ports(),
            failed_own: self.shortage.own,
            failed_taken: self.shortage.others,
        }
    }

    /// Whether one more caller may come: as many ports as there are agents, but not more than a fifth and at least one, are
    /// kept for the phones that we ring, or in a crowd everybody would hear music and nobody could be served.
    pub(crate) fn has_port_for_caller(&self) -> bool {
        let kept = (self.switchboard.ports_most() / KEPT_SHARE).min(self.plan.agents.len()).max(1);
        let kept = if self.switchboard.is_careful() { kept.min(KEPT_OF_CARE) } else { kept };
        self.switchboard.ports_free() > kept.saturating_sub(self.switchboard.rung())
    }

    /// Ports were taken in this step: the room must know before it offers anything more.
    pub(crate) fn ports_were_taken(&mut self) {
        self.room.ports_free(self.switchboard.ports_free());
    }

    /// At the end of a step the room hears how many ports there are, and serves whoever waits for one. True if it did.
    pub(crate) fn ports_serve(&mut self, now: Moment) -> bool {
        let free = self.switchboard.ports_free();
        if !self.room.is_short_of_ports() || free == 0 {
            self.room.ports_free(free);
            return false;
        }
        self.room.serve(free, now);
        true
    }

    /// A port could not be opened.
    pub(crate) fn port_failed(&mut self, port: u16, failure: StreamFailure, now: Moment) {
        self.ports_were_taken();
        match failure {
            StreamFailure::NoRoom(want) => {
                self.shortage.own += 1;
                self.ports_want(want, now);
            }
            StreamFailure::PortRefused => {
                self.shortage.others += 1;
                if is_quiet(self.shortage.told_of_others_at, now) {
                    self.shortage.held_back += 1;
                    return;
                }
                self.shortage.told_of_others_at = Some(now);
                let more = core::mem::take(&mut self.shortage.held_back);
                let more = if more == 0 { String::new() } else { format!(" ({more} more before it)") };
                let text = format!(
                    "RTP port {port}{more} could not be bound: another program uses it. Free it, or change media.ports."
                );
                self.outbox.record(Fact::Alarm { text: text.into() }, now);
            }
        }
    }

    /// A caller heard 503 because there was no port: people are told what helps, unless they know of another want.
    pub(crate) fn ports_are_used_up(&mut self, now: Moment) {
        let is_told = self.shortage.told_of_use_at.is_some_and(|told| now < told + USE_TOLD_INTERVAL);
        if is_told || self.switchboard.is_careful() {
            return;
        }
        self.shortage.told_of_use_at = Some(now);
        let most = self.switchboard.ports_most();
        let helps = if self.switchboard.is_short_of_descriptors() {
            "this process has descriptors for no more. Raise LimitNOFILE of the unit or `ulimit -n`"
        } else {
            "there are no more. Widen media.ports"
        };
        let text = format!(
            "all of the {most} pairs of media ports that may be in use are taken or kept for agents' phones, and {helps}. \
             New calls hear 503 meanwhile."
        );
        self.outbox.record(Fact::Alarm { text: text.into() }, now);
    }

    /// Something of our own is used up.
    pub(crate) fn ports_want(&mut self, want: Want, now: Moment) {
        self.ports_were_taken();
        self.shortage.want = Some(want);
        if is_quiet(self.shortage.told_of_own_at, now) {
            return;
        }
        self.shortage.told_of_own_at = Some(now);
        let text = format!(
            "no more media ports can be opened: {}. New calls hear 503, whoever waits keeps the place, no agent is rung for \
             them meanwhile; it is tried again every second.",
            want.words()
        );
        self.outbox.record(Fact::Alarm { text: text.into() }, now);
    }

    /// None has failed for a while.
    pub(crate) const fn ports_are_well(&mut self) {
        self.shortage.want = None;
        self.shortage.told_of_own_at = None;
    }
}

fn is_quiet(told: Option<Moment>, now: Moment) -> bool {
    told.is_some_and(|told| now < told + TOLD_INTERVAL)
}
