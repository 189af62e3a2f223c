//! Calls and registrations rejected by the SRTP policy: counters, and log lines that say what to do.

use prometheus::{IntCounter, Registry};
use turno_engine::{Engine, SrtpRejection};

use crate::metrics::counters;

/// The metric of SRTP rejections.
pub(crate) struct SrtpRejectionMeters([IntCounter; 4]);

impl SrtpRejectionMeters {
    /// Registers the metric.
    pub(crate) fn new(registry: &Registry) -> Self {
        let refused = counters(
            registry,
            "turno_srtp_policy_refused_total",
            "Calls and registrations rejected by the SRTP policy, by reason.",
            &["reason"],
        );
        Self(SrtpRejection::ALL.map(|why| refused.with_label_values(&[why.word()])))
    }

    /// Publishes the counters, and logs a few of the last second's rejections.
    pub(crate) fn publish(&self, engine: &Engine) {
        let totals = engine.srtp_rejections();
        let known: u64 = self.0.iter().map(IntCounter::get).sum();
        let fresh = totals.iter().sum::<u64>().saturating_sub(known);
        if fresh == 0 {
            return;
        }
        for (counter, total) in self.0.iter().zip(totals) {
            counter.inc_by(total.saturating_sub(counter.get()));
        }
        let last = engine.last_srtp_rejections();
        let named = last.len().min(usize::try_from(fresh).unwrap_or(usize::MAX));
        let held_back = fresh - named as u64;
        for one in &last[last.len() - named..] {
            let (who, remote, todo) = (&one.who, one.remote, advice(one.why));
            tracing::warn!(%who, %remote, held_back, "refused by its `srtp` in the plan: {todo}");
        }
    }
}

/// What was wrong, and what to do about it.
const fn advice(why: SrtpRejection) -> &'static str {
    match why {
        SrtpRejection::Plain => {
            "SRTP is required, and plain RTP was offered; switch SRTP (SDES) on at the other end, or give it \
             srtp = \"offered\""
        }
        SrtpRejection::Suites => {
            "SRTP was offered by none of our suites; switch AES_CM_128_HMAC_SHA1_80 or AEAD_AES_128_GCM on at the \
             other end"
        }
        SrtpRejection::Readable => {
            "SRTP is required, and its keys could be read on this transport; set the other end to TLS, or say \
             srtp_without_tls = true"
        }
        SrtpRejection::Encrypted => {
            "SRTP is never spoken with it, and nothing else was offered; let the other end offer RTP/AVP, or give it \
             srtp = \"offered\" and TLS"
        }
    }
}
