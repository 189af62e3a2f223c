//! Orders on their way to the media thread, and what becomes of one that finds no room.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError, sync_channel};

use turno_media_plan::{MediaCommand, MediaEvent, STREAMS_MAX, StreamFailure, StreamId, Want};

use crate::library::Library;
use crate::port_pairs::PortPair;
use crate::tape::Tape;

/// What the thread is asked for.
pub(crate) enum Order {
    Command(MediaCommand),
    /// Play these sounds from now on, and report silence after this long.
    Relearn(Arc<Library>, Option<Duration>),
    /// Put what recorders hear here from now on.
    Record(Tape),
    /// Ports that another turno had.
    Adopt(Vec<PortPair>),
    /// Rest, with all streams as they are, and send duplicates of their ports here.
    Pause(SyncSender<std::io::Result<Vec<PortPair>>>),
    /// Go on after a rest.
    Resume,
}

/// There is no room for an order, or nobody carries it out any more.
#[derive(Debug)]
pub(crate) struct NoRoom;

/// A command is not carried out. Whoever sent it must hear this of it, or would count on a stream or a port that is not
/// there; `None` where a call sounds other than it should, and goes on.
#[derive(Debug, PartialEq)]
pub(crate) struct Undone(pub(crate) Option<MediaEvent>);

/// Who hears what happens.
pub(crate) struct Teller(Box<dyn Fn(MediaEvent) + Send + Sync>);

impl Teller {
    pub(crate) fn new(events: impl Fn(MediaEvent) + Send + Sync + 'static) -> Self {
        Self(Box::new(events))
    }

    pub(crate) fn tell(&self, event: MediaEvent) {
        (self.0)(event);
    }
}

impl fmt::Debug for Teller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Teller")
    }
}

/// Where orders are put.
#[derive(Debug)]
pub(crate) struct Orders {
    line: SyncSender<Order>,
    /// Streams to close that found no room in the line: without their end their ports would stay bound for good.
    closings: SyncSender<StreamId>,
}

/// Where the thread takes them.
#[derive(Debug)]
pub(crate) struct Waiting {
    line: Receiver<Order>,
    closings: Receiver<StreamId>,
}

/// A line for so many orders.
pub(crate) fn orders(room: usize) -> (Orders, Waiting) {
    let (line, waiting) = sync_channel(room);
    let (closings, to_close) = sync_channel(STREAMS_MAX);
    (Orders { line, closings }, Waiting { line: waiting, closings: to_close })
}

impl Orders {
    /// Puts an order at the end of the line; never waits.
    pub(crate) fn put(&self, order: Order) -> Result<(), NoRoom> {
        self.line.try_send(order).map_err(|_| NoRoom)
    }

    /// The same for a command.
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
            | Order::Adopt(_)
            | Order::Pause(_)
            | Order::Resume) => Err(undone(&order)),
        }
    }
}

impl Waiting {
    /// The next order; streams that are to be closed and found no room come when the line is empty.
    pub(crate) fn next(&self) -> Option<Order> {
        match self.line.try_recv() {
            Ok(order) => Some(order),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => {
                self.closings.try_recv().ok().map(|stream| Order::Command(MediaCommand::Close { stream }))
            }
        }
    }

    /// Waits so long for the next order of the line.
    pub(crate) fn wait(&self, span: Duration) -> Result<Order, RecvTimeoutError> {
        self.line.recv_timeout(span)
    }
}

impl Order {
    /// Whether it ends a stream; of these there are never more than streams.
    pub(crate) const fn is_an_end(&self) -> bool {
        matches!(self, Self::Command(MediaCommand::Close { .. }))
    }
}

/// What an order comes to that is not carried out.
pub(crate) fn undone(order: &Order) -> Undone {
    let failure = StreamFailure::NoRoom(Want::Streams);
    Undone(match order {
        Order::Command(MediaCommand::Open { stream, .. }) => {
            Some(MediaEvent::Failed { stream: *stream, failure })
        }
        Order::Command(MediaCommand::Reserve { local }) => {
            Some(MediaEvent::NotReserved { port: local.port(), failure })
        }
        Order::Command(
            MediaCommand::Close { .. }
            | MediaCommand::Agree { .. }
            | MediaCommand::Bridge { .. }
            | MediaCommand::Play { .. }
            | MediaCommand::Hush { .. }
            | MediaCommand::Mix { .. }
            | MediaCommand::SendDigit { .. },
        )
        | Order::Relearn(..)
        | Order::Record(_)
        | Order::Adopt(_)
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
        // Wound: the command was dropped and only counted, and two people heard nothing for as long as they cared to wait.
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
