//! Counters of the connector.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::collections::BTreeMap;

use turno_channels::Outcome;
use turno_channels::whatsapp::NoticeKind;

use crate::failures::Failures;

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Counters, each since the start.
        #[derive(Debug, Default)]
        pub struct Counts {
            $($name: AtomicU64,)*
            notices: [AtomicU64; NoticeKind::ALL.len()],
            is_away: AtomicBool,
            is_alarm: AtomicBool,
            failures: Failures,
        }

        /// Their values.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Figures {
            $($(#[$doc])* pub $name: u64,)*
            /// Notices by their kind.
            pub notices: Vec<(&'static str, u64)>,
            /// Whether the platform counts as away.
            pub is_away: bool,
            /// Whether something must be done about the account or its token.
            pub is_alarm: bool,
            /// Failures by their code.
            pub failures: BTreeMap<String, u64>,
        }

        impl Counts {
            $(pub(crate) fn $name(&self) {
                self.$name.fetch_add(1, Ordering::Relaxed);
            })*

            /// Their values now.
            pub(crate) fn figures(&self) -> Figures {
                let notices = NoticeKind::ALL.iter().zip(&self.notices);
                Figures {
                    $($name: self.$name.load(Ordering::Relaxed),)*
                    notices: notices.map(|(kind, count)| (kind.name(), count.load(Ordering::Relaxed))).collect(),
                    is_away: self.is_away.load(Ordering::Relaxed),
                    is_alarm: self.is_alarm.load(Ordering::Relaxed),
                    failures: self.failures.get(),
                }
            }
        }
    };
}

counts! {
    /// Webhooks that were kept.
    webhooks,
    /// Webhooks without a good signature.
    unsigned,
    /// Webhooks that are too large or can't be read.
    unreadable,
    /// Webhooks that could not be kept, which the platform brings again.
    refused,
    /// Messages that came.
    messages,
    /// Messages that came again.
    duplicates,
    /// Messages that are not taken: a barred address, another number.
    not_taken,
    /// Reports about messages.
    reports,
    /// Letters that the platform has taken.
    sent,
    /// Letters that are tried again.
    later,
    /// Letters that will never arrive.
    failed,
    /// Letters of which nobody knows.
    unknown,
    /// Requests that were sent.
    requests,
    /// Files that were fetched.
    fetched,
    /// Files that can't be fetched.
    unfetched,
}

impl Counts {
    pub(crate) fn notice(&self, kind: NoticeKind) {
        if let Some(at) = NoticeKind::ALL.iter().position(|one| *one == kind) {
            self.notices[at].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts something that failed, by its code.
    pub(crate) fn fails(&self, code: &str) {
        self.failures.add(code);
    }

    pub(crate) fn outcome(&self, outcome: &Outcome) {
        match outcome {
            Outcome::Sent { .. } => self.sent(),
            Outcome::Later { .. } => self.later(),
            Outcome::Failed { .. } => self.failed(),
            Outcome::Unknown { .. } => self.unknown(),
        }
    }

    pub(crate) fn stands(&self, is_away: bool) {
        self.is_away.store(is_away, Ordering::Relaxed);
    }

    /// Whether the alarm is new.
    pub(crate) fn alarm(&self, is_alarm: bool) -> bool {
        !self.is_alarm.swap(is_alarm, Ordering::Relaxed) && is_alarm
    }
}
