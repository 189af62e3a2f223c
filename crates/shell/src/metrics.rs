//! All Prometheus metrics, with the `prometheus` crate.
//!
//! Metrics from facts are updated by the facts thread; signalling counters and step times by the engine thread, once a
//! second; those of the process by each scrape. All names begin with `turno_`, except the `process_` ones that every
//! Prometheus client has. Label values are names of the plan or fixed words, so a stranger can't create a series.

use prometheus::core::Collector;
use prometheus::proto::MetricFamily;
use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};

pub(crate) mod api;
mod breaks;
mod callback;
pub(crate) mod connectors;
pub(crate) mod contacts;
pub(crate) mod conversations;
pub(crate) mod engine;
pub(crate) mod facts;
pub(crate) mod fence;
mod handling;
pub(crate) mod history;
pub(crate) mod journal;
mod known;
pub(crate) mod media;
mod menus;
pub(crate) mod overload;
pub(crate) mod overlooked;
mod passing;
mod pins;
pub(crate) mod ports;
pub(crate) mod process;
mod queue;
pub(crate) mod recording;
pub(crate) mod reports;
pub(crate) mod room;
pub(crate) mod speeches;
mod srtp_rejections;
mod steps;
pub(crate) mod streams;
mod survey;
pub(crate) mod tls;
mod voicemail;
mod voices;
pub(crate) mod wall;
pub(crate) mod web;
pub(crate) mod webhooks;

/// Registers a metric. Names are fixed and tested, so a refusal is a bug.
pub(crate) fn register<C: Collector + Clone + 'static>(registry: &Registry, family: C) -> C {
    registry.register(Box::new(family.clone())).expect("metric names are ours, valid and distinct");
    family
}

pub(crate) fn counter(registry: &Registry, name: &str, help: &str) -> IntCounter {
    register(registry, IntCounter::new(name, help).expect("a valid name"))
}

pub(crate) fn counters(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
    register(registry, IntCounterVec::new(Opts::new(name, help), labels).expect("valid names"))
}

/// A counter of seconds, which has fractions.
pub(crate) fn seconds(registry: &Registry, name: &str, help: &str) -> prometheus::Counter {
    register(registry, prometheus::Counter::new(name, help).expect("the name is valid"))
}

pub(crate) fn gauge(registry: &Registry, name: &str, help: &str) -> IntGauge {
    register(registry, IntGauge::new(name, help).expect("a valid name"))
}

pub(crate) fn gauges(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> IntGaugeVec {
    register(registry, IntGaugeVec::new(Opts::new(name, help), labels).expect("valid names"))
}

pub(crate) fn histogram(registry: &Registry, name: &str, help: &str, borders: Vec<f64>) -> Histogram {
    let options = HistogramOpts::new(name, help).buckets(borders);
    register(registry, Histogram::with_opts(options).expect("ascending borders, valid names"))
}

pub(crate) fn histograms(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
    borders: Vec<f64>,
) -> HistogramVec {
    let options = HistogramOpts::new(name, help).buckets(borders);
    register(registry, HistogramVec::new(options, labels).expect("ascending borders, valid names"))
}

/// Formats metrics in Prometheus's text format.
pub(crate) fn render(families: &[MetricFamily]) -> String {
    let mut text = Vec::new();
    TextEncoder::new().encode(families, &mut text).expect("metrics are text, and memory takes it");
    String::from_utf8(text).expect("the text format is UTF-8")
}
