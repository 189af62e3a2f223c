//! Every key of the plan: one table for each part of it. `key.rs` says what a row is.

pub(crate) mod api;
pub(crate) mod browser;
pub(crate) mod callers;
pub(crate) mod dependencies;
pub(crate) mod dialling;
pub(crate) mod emergency;
pub(crate) mod exports;
pub(crate) mod handling;
pub(crate) mod history;
pub(crate) mod hours;
pub(crate) mod knowledge;
pub(crate) mod numbers;
pub(crate) mod oidc;
pub(crate) mod phones;
pub(crate) mod protection;
pub(crate) mod queues;
pub(crate) mod recording;
pub(crate) mod reports;
pub(crate) mod seats;
pub(crate) mod signalling;
pub(crate) mod site;
pub(crate) mod steps;
pub(crate) mod tls;
pub(crate) mod trunks;
pub(crate) mod voices;
pub(crate) mod webhooks;
