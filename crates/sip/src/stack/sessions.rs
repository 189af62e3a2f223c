//! All sessions, each found by its number and by its dialog.

use turno_ground::{Change, Lookup, Moment, Timed, Tracked};

use crate::stack::deadline::SessionDeadline;
use crate::stack::event::SessionId;
use crate::stack::layer::Layer;
use crate::stack::session::Session;
use crate::transaction::key::Key;

/// The sessions of a stack.
#[derive(Debug)]
pub(crate) struct Sessions {
    table: Timed<Tracked<SessionId, Box<Session>>>,
    dialogs: Lookup<Key, SessionId>,
}

impl Sessions {
    /// None; the numbers guard the tables.
    pub(crate) fn new(table: u64, dialogs: u64) -> Self {
        Self { table: Timed::<Tracked<_, _>>::new(table), dialogs: Lookup::new(dialogs) }
    }

    pub(crate) fn insert(&mut self, session: Session) {
        self.dialogs.insert(session.key, session.id);
        self.table.insert(session.id, Box::new(session));
    }

    /// Lets something happen to a session, and forgets it if that was its end.
    pub(crate) fn with(
        &mut self,
        id: SessionId,
        layer: &mut Layer,
        change: impl FnOnce(&mut Session, &mut Layer),
    ) {
        let over = self.change(id, |session| {
            change(session, layer);
            session.is_over().then_some(session.key)
        });
        if let Some(key) = over.flatten() {
            self.table.remove(id);
            self.dialogs.remove(&key);
            debug_assert_eq!(self.table.len(), self.dialogs.len(), "each session has one dialog");
        }
    }

    /// Changes a session in a way that can't end it.
    pub(crate) fn change<R>(&mut self, id: SessionId, change: impl FnOnce(&mut Session) -> R) -> Option<R> {
        self.table.change(id, change)
    }

    pub(crate) fn get(&self, id: SessionId) -> Option<&Session> {
        self.table.get(&id).map(|session| &**session)
    }

    pub(crate) fn contains(&self, id: SessionId) -> bool {
        self.table.contains(&id)
    }

    /// The session of this dialog with a peer of this tag.
    pub(crate) fn of_dialog(&self, key: Key, remote_tag: &str) -> Option<SessionId> {
        let id = *self.dialogs.get(&key)?;
        self.table.get(&id).filter(|session| session.knows_tag(remote_tag)).map(|_| id)
    }

    pub(crate) fn ids(&self) -> Vec<SessionId> {
        self.table.keys()
    }

    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    /// How many sessions there are, and how many deadlines they have.
    pub(crate) fn living(&self) -> (usize, usize) {
        (self.table.len(), self.table.living())
    }

    /// The earliest deadline.
    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.table.next_deadline()
    }

    /// Takes the earliest deadline that is not later than `now`.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(SessionId, SessionDeadline)> {
        self.table.pop_due(now).map(|(_, what, id)| (id, what))
    }

    /// Shows each session that has changed since the last time.
    pub(crate) fn write_down(&mut self, write: impl FnMut(SessionId, Change<'_, Box<Session>>) -> bool) {
        self.table.write_down(write);
    }

    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Puts a session back that was written down.
    pub(crate) fn restore(&mut self, session: Box<Session>) {
        self.dialogs.insert(session.key, session.id);
        self.table.restore(session.id, session);
    }
}
