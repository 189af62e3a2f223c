//! Metrics of the written channels: what came, what left, what waits, what the bot did.

use prometheus::{IntCounterVec, IntGaugeVec, Registry};
use turno_channels::Millis;
use turno_conversations::{Figures, Oldest};

use crate::metrics::{counters, gauges};

/// The metrics, updated by connectors, pages and the thread of the written channels.
#[derive(Clone)]
pub(crate) struct WrittenMeters {
    taken: IntCounterVec,
    left: IntCounterVec,
    bot: IntCounterVec,
    open: IntGaugeVec,
    leaving: IntGaugeVec,
    oldest: IntGaugeVec,
}

impl WrittenMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        let labels = ["channel", "what"];
        Self {
            taken: counters(
                registry,
                "turno_written_taken_total",
                "Messages of persons: `new`, `again` (a second copy), `refused` (never taken), `later` (the disk failed).",
                &labels,
            ),
            left: counters(
                registry,
                "turno_written_letters_total",
                "What became of letters: `sent`, `later`, `failed`, `unknown`.",
                &labels,
            ),
            bot: counters(
                registry,
                "turno_bot_total",
                "What the bot did: `resolved`, `handed-over`, `not-understood`, `message`, `callback`.",
                &["what"],
            ),
            open: gauges(
                registry,
                "turno_written_conversations",
                "Conversations that are not done, by stage.",
                &["channel", "stage"],
            ),
            leaving: gauges(registry, "turno_written_leaving", "Letters that must leave.", &["channel"]),
            oldest: gauges(
                registry,
                "turno_written_oldest_seconds",
                "How long the oldest of the letters has waited that must leave.",
                &["channel"],
            ),
        }
    }

    /// Counts a message of a person.
    pub(crate) fn taken(&self, channel: &str, what: &str) {
        self.taken.with_label_values(&[channel, what]).inc();
    }

    /// Counts what became of a letter.
    pub(crate) fn left(&self, channel: &str, what: &str) {
        self.left.with_label_values(&[channel, what]).inc();
    }

    /// Counts what the bot did.
    pub(crate) fn bot(&self, what: &str) {
        self.bot.with_label_values(&[what]).inc();
    }

    /// Notes what is open and what must leave.
    pub(crate) fn stands(&self, open: &[Figures], (leaving, oldest): (&[Figures], &[Oldest]), now: Millis) {
        let count = |many: u64| i64::try_from(many).unwrap_or(i64::MAX);
        self.open.reset();
        for Figures { channel, what, many } in open {
            self.open.with_label_values(&[channel.as_str(), what.as_str()]).set(count(*many));
        }
        self.leaving.reset();
        for Figures { channel, many, .. } in leaving {
            self.leaving.with_label_values(&[channel.as_str()]).set(count(*many));
        }
        self.oldest.reset();
        for Oldest { channel, since } in oldest {
            self.oldest.with_label_values(&[channel.as_str()]).set(now.secs_since(*since).max(0));
        }
    }
}
