//! The one thread that has the database of users.

use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use tokio::sync::oneshot;
use turno_access::Access;

/// Questions that may wait: more are refused at once.
const WAITING_MAX: usize = 256;

type Question = Box<dyn FnOnce(&mut Access) + Send>;

/// Asks the thread that has the database of users. It ends when the last clone is gone.
#[derive(Clone, Debug)]
pub struct Keeper(SyncSender<Question>);

/// The thread has too much to do, or has died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotKept;

impl Keeper {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no thread.
    pub fn start(mut access: Access) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (ask, asked) = sync_channel::<Question>(WAITING_MAX);
        let thread = std::thread::Builder::new().name("turno-access".to_owned()).spawn(move || {
            while let Ok(question) = asked.recv() {
                question(&mut access);
            }
        })?;
        Ok((Self(ask), thread))
    }

    /// The answer to a question.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Access) -> T + Send + 'static,
    ) -> Result<T, NotKept> {
        let (answer, answered) = oneshot::channel();
        let question: Question = Box::new(move |access| {
            let _ = answer.send(question(access));
        });
        match self.0.try_send(question) {
            Ok(()) => answered.await.map_err(|_| NotKept),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Err(NotKept),
        }
    }
}
