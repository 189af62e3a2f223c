//! The trace store: recent messages and facts within their limits, and the followers of live traces.
#![expect(clippy::disallowed_types, reason = "the lock below is between readers; the engine never takes it")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use core::time::Duration;

use prometheus::{IntGauge, Registry};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use turno_ground::Moment;
use turno_model::plan::TracePlan;
use turno_model::{ContactId, Decision, Fact};
use turno_trace::{CapturedMessage, Ring, RingLimits};

use crate::facts::batch::Facts;
use crate::facts::capture_buffer::CapturedMessages;
use crate::metrics::gauge;

/// Facts may take this part of the messages' memory in addition: they are smaller, and go back further.
const FACTS_PART: usize = 2;

/// Most followers at one time.
const FOLLOWERS_MAX: usize = 8;

/// Batches that may wait for one follower.
const FOLLOWER_BATCHES_MAX: usize = 256;

/// How long before a contact's arrival its messages may have passed: the INVITE may have been challenged first.
const BEFORE_ARRIVAL_SPAN: Duration = Duration::from_secs(40);

/// The contents of one batch.
pub(crate) struct News {
    pub(crate) facts: Arc<Facts>,
    pub(crate) captured_messages: CapturedMessages,
}

/// Everything stored about one contact, and the batches after it.
pub(crate) struct Past {
    /// Facts of all contacts.
    pub(crate) facts: Vec<Arc<Facts>>,
    /// Messages of this contact.
    pub(crate) captured_messages: Vec<CapturedMessage>,
    /// Later batches, for a follower.
    pub(crate) news: Option<Receiver<Arc<News>>>,
}

/// The store.
pub(crate) struct TraceStore {
    /// Guards the memory, between the facts thread, which writes it, and traces, which read it.
    memory: Mutex<Memory>,
    messages: IntGauge,
    bytes: IntGauge,
}

struct Memory {
    ring: Ring,
    facts: VecDeque<(usize, Arc<Facts>)>,
    facts_bytes: usize,
    facts_bytes_max: usize,
    followers: Vec<Sender<Arc<News>>>,
}

impl TraceStore {
    /// An empty store.
    pub(crate) fn new(registry: &Registry, plan: TracePlan) -> Self {
        let memory = Memory {
            ring: Ring::new(RingLimits { messages: plan.messages, bytes: plan.bytes }),
            facts: VecDeque::new(),
            facts_bytes: 0,
            facts_bytes_max: plan.bytes / FACTS_PART,
            followers: Vec::new(),
        };
        Self {
            memory: Mutex::new(memory),
            messages: gauge(registry, "turno_trace_messages", "SIP messages kept for tracing."),
            bytes: gauge(registry, "turno_trace_bytes", "Bytes of the SIP messages kept for tracing."),
        }
    }

    /// Stores a batch and empties the message buffer.
    pub(crate) fn take(&self, facts: &Arc<Facts>, captured_messages: &mut CapturedMessages) {
        let mut memory = self.held();
        memory.keep_facts(facts);
        captured_messages.iter().for_each(|captured| memory.ring.push(captured));
        if !memory.followers.is_empty() {
            let news =
                Arc::new(News { facts: Arc::clone(facts), captured_messages: captured_messages.clone() });
            memory.followers.retain(|follower| follower.try_send(Arc::clone(&news)).is_ok());
        }
        drop(memory);
        captured_messages.clear();
    }

    /// Stores older facts before all others, if there is room; returns whether there was.
    pub(crate) fn remember(&self, facts: &Arc<Facts>) -> bool {
        let mut memory = self.held();
        let bytes = weight(facts);
        let has_room = memory.facts_bytes + bytes <= memory.facts_bytes_max;
        if has_room {
            memory.facts_bytes += bytes;
            memory.facts.push_front((bytes, Arc::clone(facts)));
        }
        has_room
    }

    /// All stored facts, oldest first.
    pub(crate) fn facts(&self) -> Vec<Arc<Facts>> {
        self.held().all_facts()
    }

    /// Everything stored about a contact; with `follow`, also the later batches, without gap or duplicate. `None` if
    /// there are too many followers.
    pub(crate) fn past(&self, contact: Option<ContactId>, follow: bool) -> Option<Past> {
        let mut memory = self.held();
        let facts = memory.all_facts();
        let news = if follow {
            memory.followers.retain(|follower| !follower.is_closed());
            if memory.followers.len() >= FOLLOWERS_MAX {
                return None;
            }
            let (sender, news) = channel(FOLLOWER_BATCHES_MAX);
            memory.followers.push(sender);
            Some(news)
        } else {
            None
        };
        let (mut calls, mut since) = (Vec::new(), None);
        for (at, fact) in facts.iter().flat_map(|batch| batch.iter()) {
            if let Fact::LegOpened { contact: of, call_id, .. } = fact
                && Some(*of) == contact
            {
                calls.push(call_id.as_bytes());
                since.get_or_insert(*at);
            }
        }
        let captured_messages =
            since.map(|since: Moment| memory.ring.of_calls(&calls, since - BEFORE_ARRIVAL_SPAN));
        drop(memory);
        Some(Past { captured_messages: captured_messages.unwrap_or_default(), facts, news })
    }

    /// Updates the gauges for a scrape.
    pub(crate) fn refresh(&self) {
        let memory = self.held();
        let number = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
        self.messages.set(number(memory.ring.len()));
        self.bytes.set(number(memory.ring.bytes()));
    }

    /// Locks, also after a panic of another holder: the memory is consistent between statements.
    fn held(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn keep_facts(&mut self, facts: &Arc<Facts>) {
        if facts.is_empty() {
            return;
        }
        let bytes = weight(facts);
        self.facts_bytes += bytes;
        self.facts.push_back((bytes, Arc::clone(facts)));
        while self.facts_bytes > self.facts_bytes_max {
            let Some((bytes, _)) = self.facts.pop_front() else { break };
            self.facts_bytes -= bytes;
        }
    }

    fn all_facts(&self) -> Vec<Arc<Facts>> {
        self.facts.iter().map(|(_, batch)| Arc::clone(batch)).collect()
    }
}

/// The approximate size of a batch in bytes: its capacity, decisions, and texts stored outside it.
fn weight(facts: &Facts) -> usize {
    /// Assumed size of a text that is stored outside its fact, such as a Call-ID.
    const TEXT_BYTES: usize = 64;
    let outside = facts.iter().map(|(_, fact)| {
        if let Fact::Offered { decision, .. } = fact {
            size_of::<Decision>() + size_of_val(decision.passed_over.as_slice())
        } else {
            TEXT_BYTES
        }
    });
    facts.capacity() * size_of::<(Moment, Fact)>() + outside.sum::<usize>()
}

#[cfg(test)]
#[path = "trace_store_tests.rs"]
mod tests;
