//! Metrics of the connectors, read at each scrape from what they count themselves.

use std::sync::Arc;

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{IntCounterVec, IntGaugeVec, Opts, Registry};
use turno_connectors::mail;
use turno_connectors::whatsapp::{Figures, WhatsApp};

/// The metrics.
pub(crate) struct ConnectorMeters {
    number: Option<Arc<WhatsApp>>,
    mailbox: Option<Arc<mail::Figures>>,
}

/// One scrape.
struct Scrape {
    up: IntGaugeVec,
    alarm: IntGaugeVec,
    failures: IntCounterVec,
    connections: IntCounterVec,
    webhooks: IntCounterVec,
    notices: IntCounterVec,
    files: IntCounterVec,
    mails: IntCounterVec,
}

impl ConnectorMeters {
    /// Registers the metrics of the connectors that run. Without one there are none.
    pub(crate) fn register(
        registry: &Registry,
        number: Option<Arc<WhatsApp>>,
        mailbox: Option<Arc<mail::Figures>>,
    ) {
        if number.is_some() || mailbox.is_some() {
            let meters = Self { number, mailbox };
            registry.register(Box::new(meters)).expect("metric names are ours, valid and distinct");
        }
    }
}

impl Collector for ConnectorMeters {
    fn desc(&self) -> Vec<&Desc> {
        // The names are those of each scrape. The registry would only use them to find names that are taken twice.
        Vec::new()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let scrape = Scrape::new();
        if let Some(number) = &self.number {
            scrape.number(&number.figures());
        }
        if let Some(mailbox) = &self.mailbox {
            scrape.mailbox(mailbox);
        }
        scrape.collect()
    }
}

fn gauges(name: &str, help: &str, labels: &[&str]) -> IntGaugeVec {
    IntGaugeVec::new(Opts::new(name, help), labels).expect("valid names")
}

fn counters(name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
    IntCounterVec::new(Opts::new(name, help), labels).expect("valid names")
}

impl Scrape {
    fn new() -> Self {
        Self {
            up: gauges(
                "turno_connector_up",
                "Whether a channel's other side is there: `in` the mailbox is open, `out` what is sent gets an answer.",
                &["channel", "way"],
            ),
            alarm: gauges(
                "turno_connector_alarm",
                "1 while somebody must look at the account: its token, its payment, a block.",
                &["channel"],
            ),
            failures: counters(
                "turno_connector_failures_total",
                "What failed, by the other side's code, or `unreached`, `silent`, `http-` with a status, `mailbox`, `address`, `other`.",
                &["channel", "code"],
            ),
            connections: counters(
                "turno_connector_connections_total",
                "Connections to the mailbox that came about.",
                &["channel"],
            ),
            webhooks: counters(
                "turno_connector_webhooks_total",
                "Webhooks of WhatsApp: `kept`, `unsigned`, `unreadable`, `refused` (it brings them again).",
                &["what"],
            ),
            notices: counters(
                "turno_connector_notices_total",
                "What WhatsApp told beside messages and statuses, by kind.",
                &["kind"],
            ),
            files: counters(
                "turno_connector_files_total",
                "Files of persons on WhatsApp: `fetched`, `failed`.",
                &["what"],
            ),
            mails: counters(
                "turno_connector_mails_total",
                "Mails that are no words of a person: `automatic`, `report`; and ours that `acknowledged` one.",
                &["what"],
            ),
        }
    }

    fn number(&self, figures: &Figures) {
        let channel = "whatsapp";
        self.up.with_label_values(&[channel, "out"]).set(i64::from(!figures.is_away));
        self.alarm.with_label_values(&[channel]).set(i64::from(figures.is_alarm));
        for (code, many) in &figures.failures {
            self.failures.with_label_values(&[channel, code]).inc_by(*many);
        }
        let webhooks = [
            ("kept", figures.webhooks),
            ("unsigned", figures.unsigned),
            ("unreadable", figures.unreadable),
            ("refused", figures.refused),
        ];
        fill(&self.webhooks, &webhooks);
        fill(&self.notices, &figures.notices);
        fill(&self.files, &[("fetched", figures.fetched), ("failed", figures.unfetched)]);
    }

    fn mailbox(&self, figures: &mail::Figures) {
        let channel = "email";
        self.up.with_label_values(&[channel, "in"]).set(i64::from(figures.is_reading.get()));
        self.up.with_label_values(&[channel, "out"]).set(i64::from(!figures.is_stuck.get()));
        for (code, many) in figures.failures.get() {
            self.failures.with_label_values(&[channel, &code]).inc_by(many);
        }
        self.connections.with_label_values(&[channel]).inc_by(figures.connections.get());
        let mails = [
            ("automatic", figures.automatic.get()),
            ("report", figures.reports.get()),
            ("acknowledged", figures.acknowledged.get()),
        ];
        fill(&self.mails, &mails);
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let gauges = [&self.up, &self.alarm].into_iter().flat_map(Collector::collect);
        let counters =
            [&self.failures, &self.connections, &self.webhooks, &self.notices, &self.files, &self.mails];
        let counters = counters.into_iter().flat_map(Collector::collect);
        gauges.chain(counters).filter(|family| !family.get_metric().is_empty()).collect()
    }
}

fn fill(family: &IntCounterVec, counts: &[(&str, u64)]) {
    for (what, many) in counts {
        family.with_label_values(&[what]).inc_by(*many);
    }
}
