//! All sessions, each found by its number and by its dialog.

use turno_ground::{Change, Lookup, Tracked};

use crate::stack::event::SessionId;
use crate::stack::layer::Layer;
use crate::stack::session::Session;
use crate::transaction::key::Key;

/// The sessions of a stack.
#[derive(Debug)]
pub(crate) struct Sessions {
    table: Tracked<SessionId, Box<Session>>,
    dialogs: Lookup<Key, SessionId>,
}

impl Sessions {
    /// None; the numbers guard the tables.
    pub(crate) fn new(table: u64, dialogs: u64) -> Self {
        Self { table: Tracked::new(table), dialogs: Lookup::new(dialogs) }
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
        let Some(session) = self.table.get_mut(&id) else { return };
        change(session, layer);
        if session.is_over() {
            let key = session.key;
            self.table.remove(&id);
            self.dialogs.remove(&key);
            debug_assert_eq!(self.table.len(), self.dialogs.len(), "each session has one dialog");
        }
    }

    /// A session to be changed in a way that can't end it.
    pub(crate) fn get_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        self.table.get_mut(&id).map(|session| &mut **session)
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
