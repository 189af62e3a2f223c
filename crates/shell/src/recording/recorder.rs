//! The handle of the recorder: takes the engine's orders and never blocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use core::time::Duration;

use turno_engine::{RecordingEvent, RecordingOrder};
use turno_model::RecordingLoss;
use turno_model::plan::RecordingPlan;

use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::recording::gauges::RecorderGauges;

/// Most orders that wait for the recorder: two for each talk, and for each pause.
const ORDERS_MAX: usize = 4_096;

/// The sending end, for the engine thread.
#[derive(Clone)]
pub(crate) struct Recorder {
    orders: Option<SyncSender<RecordingOrder>>,
    inbox: Inbox,
    pub(crate) gauges: Arc<RecorderGauges>,
}

/// What the recorder's thread is made of.
pub(crate) struct RecorderParts {
    pub(crate) plan: RecordingPlan,
    pub(crate) orders: Receiver<RecordingOrder>,
    pub(crate) inbox: Inbox,
    pub(crate) gauges: Arc<RecorderGauges>,
    pub(crate) stops: Arc<AtomicBool>,
}

impl Recorder {
    /// A handle, and the parts of the thread if the plan records.
    pub(crate) fn new(plan: Option<&RecordingPlan>, inbox: &Inbox) -> (Self, Option<RecorderParts>) {
        let gauges = Arc::new(RecorderGauges::default());
        let inbox = inbox.clone();
        let Some(plan) = plan.cloned() else { return (Self { orders: None, inbox, gauges }, None) };
        let (sender, orders) = sync_channel(ORDERS_MAX);
        let parts = RecorderParts {
            plan,
            orders,
            inbox: inbox.clone(),
            gauges: Arc::clone(&gauges),
            stops: Arc::new(AtomicBool::new(false)),
        };
        (Self { orders: Some(sender), inbox, gauges }, Some(parts))
    }

    /// Passes an order on. If the recorder can't take it, the engine learns that the recording is lost.
    pub(crate) fn post(&self, order: RecordingOrder) {
        let (order, loss) = match &self.orders {
            None => (order, RecordingLoss::NoRecorder),
            Some(orders) => match orders.try_send(order) {
                Ok(()) => return,
                Err(unsent) => {
                    let (std::sync::mpsc::TrySendError::Full(order)
                    | std::sync::mpsc::TrySendError::Disconnected(order)) = unsent;
                    (order, RecordingLoss::NoAnswer)
                }
            },
        };
        let recording = match order {
            RecordingOrder::Write(sheet) => sheet.recording,
            RecordingOrder::Close { recording, .. } => recording,
            RecordingOrder::Load { recording, .. } => {
                self.inbox.post(EngineMessage::Recording(RecordingEvent::NotLoaded { recording }));
                return;
            }
            RecordingOrder::Discard { recording, .. } => {
                tracing::error!(
                    recording = recording.0,
                    "a message that nobody wants is not deleted: the recorder has too much to do"
                );
                return;
            }
            RecordingOrder::Purge => return,
        };
        let lost = RecordingEvent::Lost { recording, length: Duration::ZERO, loss };
        self.inbox.post(EngineMessage::Recording(lost));
    }
}

impl RecorderParts {
    /// Whether the thread must end.
    pub(crate) fn must_stop(&self) -> bool {
        self.stops.load(Ordering::Acquire)
    }
}
