//! The queue of orders to the media thread, and how a full queue is reported.

use core::fmt;
use core::time::Duration;
use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError, sync_channel};

use turno_media_plan::{MediaCommand, MediaEvent, STREAMS_MAX, SoundId, StreamFailure, StreamId, Want};

use crate::clip::Clip;
use crate::library::Library;
use crate::port_pairs::PortPair;
use crate::tape::Tape;
use crate::web::Identity;

/// An order for the media thread.
pub(crate) enum Order {
    Command(MediaCommand),
    /// Use this library of sounds and this inactivity time from now on.
    Relearn(Arc<Library>, Option<Duration>),
    /// Put what recorders hear on this tape from now on.
    Record(Tape),
    /// Keep this sound until it is played, once.
    Lend(SoundId, Arc<Clip>),
    /// Adopt port pairs from another turno process.
    Adopt(Vec<PortPair>),
    /// Serve browsers on these sockets with this certificate.
    Browsers(Vec<UdpSocket>, Box<Identity>),
    /// Pause with all streams unchanged, and send duplicates of their ports to this channel.
    Pause(SyncSender<std::io::Result<Vec<PortPair>>>),
    /// Continue after a pause.
    Resume,
}

/// The queue is full, or the thread has ended.
#[derive(Debug)]
pub(crate) struct NoRoom;

/// A command was not carried out. The event must be sent to the command's sender, who otherwise relies on a stream or
/// port that does not exist. `None` if the call goes on with the wrong sound at worst.
#[derive(Debug, PartialEq)]
pub(crate) struct Undone(pub(crate) Option<MediaEvent>);

/// The receiver of events.
pub(crate) struct EventSink(Box<dyn Fn(MediaEvent) + Send + Sync>);

impl EventSink {
    pub(crate) fn new(events: impl Fn(MediaEvent) + Send + Sync + 'static) -> Self {
        Self(Box::new(events))
    }

    pub(crate) fn tell(&self, event: MediaEvent) {
        (self.0)(event);
    }
}

impl fmt::Debug for EventSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventSink")
    }
}

/// The sending end of the queue.
#[derive(Debug)]
pub(crate) struct Orders {
    line: SyncSender<Order>,
    /// Streams to close when the queue is full: if the command were dropped, their ports would stay bound for ever.
    closings: SyncSender<StreamId>,
}

/// The receiving end of the queue.
#[derive(Debug)]
pub(crate) struct Waiting {
    line: Receiver<Order>,
    closings: Receiver<StreamId>,
}

/// A queue for `room` orders.
pub(crate) fn orders(room: usize) -> (Orders, Waiting) {
    let (line, waiting) = sync_channel(room);
    let (closings, to_close) = sync_channel(STREAMS_MAX);
    (Orders { line, closings }, Waiting { line: waiting, closings: to_close })
}

impl Orders {
    /// Puts an order at the end of the queue; never blocks.
    pub(crate) fn put(&self, order: Order) -> Result<(), NoRoom> {
        self.line.try_send(order).map_err(|_| NoRoom)
    }

    /// The same for a command; a `Close` is kept even when the queue is full.
    pub(crate) fn command(&self, command: MediaCommand) -> Result<(), Undone> {
        let Err(TrySendError::Full(order) | TrySendError::Disconnected(order)) =
            self.line.try_send(Order::Command(command))
        else {
            return Ok(());
        };
        match order {
            Order::Command(MediaCommand::Close { stream }) => {
                self.closings.try_send(stream).map_err(|_| Undone(None))
            }
            order @ (Order::Command(_)
            | Order::Relearn(..)
            | Order::Record(_)
            | Order::Lend(..)
            | Order::Adopt(_)
            | Order::Browsers(..)
            | Order::Pause(_)
            | Order::Resume) => Err(undone(&order)),
        }
    }
}

impl Waiting {
    /// The next order. The extra `Close` commands come when the queue is empty.
    pub(crate) fn next(&self) -> Option<Order> {
        match self.line.try_recv() {
            Ok(order) => Some(order),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => {
                self.closings.try_recv().ok().map(|stream| Order::Command(MediaCommand::Close { stream }))
            }
        }
    }

    /// Waits up to `span` for the next order of the queue.
    pub(crate) fn wait(&self, span: Duration) -> Result<Order, RecvTimeoutError> {
        self.line.recv_timeout(span)
    }
}

impl Order {
    /// Whether it closes a stream; there are never more of these than streams.
    pub(crate) const fn is_an_end(&self) -> bool {
        matches!(self, Self::Command(MediaCommand::Close { .. }))
    }
}

/// The event for an order that is not carried out.
pub(crate) fn undone(order: &Order) -> Undone {
    let failure = StreamFailure::NoRoom(Want::Streams);
    Undone(match order {
        Order::Command(MediaCommand::Open { stream, .. } | MediaCommand::OpenWeb { stream, .. }) => {
            Some(MediaEvent::Failed { stream: *stream, failure })
        }
        Order::Command(MediaCommand::Reserve { local }) => {
            Some(MediaEvent::NotReserved { port: local.port(), failure })
        }
        Order::Command(
            MediaCommand::Close { .. }
            | MediaCommand::Secure { .. }
            | MediaCommand::Kept { .. }
            | MediaCommand::Agree { .. }
            | MediaCommand::Bridge { .. }
            | MediaCommand::Play { .. }
            | MediaCommand::Hush { .. }
            | MediaCommand::Judge { .. }
            | MediaCommand::Speak { .. }
            | MediaCommand::Mix { .. }
            | MediaCommand::SendDigit { .. },
        )
        | Order::Relearn(..)
        | Order::Record(_)
        | Order::Lend(..)
        | Order::Adopt(_)
        | Order::Browsers(..)
        | Order::Pause(_)
        | Order::Resume => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILURE: StreamFailure = StreamFailure::NoRoom(Want::Streams);

    #[test]
    fn a_stream_that_finds_no_room_in_the_line_is_told_as_a_want_of_our_own() {
        // Wound: the command was dropped and only counted, and the two people heard nothing for the rest of the call.
        let (orders, waiting) = orders(1);
        let local = ([127, 0, 0, 1], 22_000).into();
        let open = |number| MediaCommand::Open { stream: StreamId(number), local };
        assert_eq!(orders.command(open(1)), Ok(()));
        let failed = MediaEvent::Failed { stream: StreamId(2), failure: FAILURE };
        assert_eq!(orders.command(open(2)), Err(Undone(Some(failed))));
        let port = local.port();
        let reserved = orders.command(MediaCommand::Reserve { local });
        assert_eq!(reserved, Err(Undone(Some(MediaEvent::NotReserved { port, failure: FAILURE }))));
        assert_eq!(orders.command(MediaCommand::Hush { stream: StreamId(1) }), Err(Undone(None)));
        assert!(orders.put(Order::Resume).is_err());
        assert!(matches!(waiting.next(), Some(Order::Command(MediaCommand::Open { .. }))));
        assert!(waiting.next().is_none());
        assert_eq!(orders.command(open(2)), Ok(()), "there is room again");
    }

    #[test]
    fn a_stream_that_is_to_end_ends_though_the_line_is_full() {
        // Wound: a stream whose end was dropped kept its ports bound, and the next call there failed.
        let (orders, waiting) = orders(1);
        orders.put(Order::Resume).expect("there is room for one");
        assert_eq!(orders.command(MediaCommand::Close { stream: StreamId(7) }), Ok(()));
        assert!(matches!(waiting.next(), Some(Order::Resume)), "what came before is done before");
        let closed = Order::Command(MediaCommand::Close { stream: StreamId(7) });
        assert!(
            matches!((waiting.next(), closed), (Some(Order::Command(it)), Order::Command(right)) if it == right)
        );
        assert!(waiting.next().is_none());
    }

    #[test]
    fn a_thread_that_has_ended_opens_nothing_and_says_so() {
        let (orders, waiting) = orders(1);
        drop(waiting);
        let local = ([127, 0, 0, 1], 22_000).into();
        let opened = orders.command(MediaCommand::Open { stream: StreamId(1), local });
        let failed = MediaEvent::Failed { stream: StreamId(1), failure: FAILURE };
        assert_eq!(opened, Err(Undone(Some(failed))));
    }
}
