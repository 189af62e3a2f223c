//! What outlives us: sessions and transactions written down after each step, and read again after a crash.
//!
//! What belongs to strangers is never written: a request that was challenged, or that the stack answered by itself, is
//! handled as new when its retransmission comes. Our own requests outside sessions are not written either; their owners
//! repeat them.

use serde::{Deserialize, Serialize};
use turno_ground::{Change, Changeset, Dated, DecodeError, Flow, Rng, RowChange, Secret};

use crate::stack::Stack;
use crate::stack::client::{Client, ClientOwner};
use crate::stack::event::{ClientKey, ServerKey, SessionId};
use crate::stack::layer::Layer;
use crate::stack::occupancy::Occupant;
use crate::stack::server::{Server, ServerOwner};
use crate::stack::session::Session;
use crate::stack::settings::{MIN_SE_LEAST, StackSettings};
use crate::transaction::Timer;
use crate::transaction::key::Keys;

/// Which of a stack's things a form is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackForm {
    /// What belongs to all of it.
    Stack,
    /// One session.
    Session,
    /// A subscription of a peer.
    Subscription,
    /// A request of ours in a session.
    Client,
    /// A peer's request.
    Server,
}

/// What belongs to all of a stack.
#[derive(Serialize, Deserialize)]
struct StackPaper {
    keys: Keys,
}

impl Stack {
    /// Has other settings from now on. Addresses and timers of what is under way stay as they are.
    pub fn configure(&mut self, settings: StackSettings) {
        let kept = &mut self.layer.settings;
        *kept = StackSettings { t1: kept.t1, min_se: settings.min_se.max(MIN_SE_LEAST), ..settings };
    }

    /// Writes down what has changed since the last time; `code` says whose each form is.
    pub fn write_down(&mut self, changes: &mut Changeset, code: impl Fn(StackForm) -> u8) {
        if !core::mem::replace(&mut self.is_written, true) {
            changes.keep(code(StackForm::Stack), 0, &StackPaper { keys: self.layer.keys });
        }
        let table = code(StackForm::Session);
        self.sessions.write_down(|id, change| match change {
            Change::Is(session) => {
                changes.keep(table, id.0, session);
                true
            }
            Change::Gone => delete(changes, table, id.0),
        });
        let table = code(StackForm::Subscription);
        self.subscriptions.write_down(|id, change| match change {
            Change::Is(subscription) => {
                changes.keep(table, id.0, subscription);
                true
            }
            Change::Gone => delete(changes, table, id.0),
        });
        let table = code(StackForm::Client);
        self.layer.clients.write_down(|key, change| match change {
            Change::Is(client) if client.owner == ClientOwner::Application => false,
            Change::Is(client) => {
                changes.keep(table, key.0, client);
                true
            }
            Change::Gone => delete(changes, table, key.0),
        });
        let table = code(StackForm::Server);
        self.layer.servers.write_down(|key, change| match change {
            Change::Is(server) if is_strangers(server) => false,
            Change::Is(server) => {
                changes.keep(table, key.0, server);
                true
            }
            Change::Gone => delete(changes, table, key.0),
        });
    }

    /// Makes the next [`Stack::write_down`] write everything.
    pub fn note_all(&mut self) {
        self.is_written = false;
        self.sessions.note_all();
        self.subscriptions.note_all();
        self.layer.clients.note_all();
        self.layer.servers.note_all();
    }

    /// The stack that wrote `forms`, as it was. `secret_of` gives the password of a user name: none is written.
    ///
    /// # Errors
    /// [`DecodeError`] if a form is not one of ours.
    pub fn recover<'a>(
        settings: StackSettings,
        rng: Rng,
        forms: impl Iterator<Item = (StackForm, &'a RowChange)>,
        secret_of: impl Fn(&str) -> Option<Secret>,
    ) -> Result<Self, DecodeError> {
        let mut stack = Self::new(settings, rng);
        for (form, line) in forms {
            match form {
                StackForm::Stack => {
                    stack.layer.keys = line.read::<StackPaper>()?.keys;
                    stack.is_written = true;
                }
                StackForm::Session => stack.restore_session(line, &secret_of)?,
                StackForm::Subscription => stack.subscriptions.restore(line.read()?),
                StackForm::Client => stack.layer.restore_client(line)?,
                StackForm::Server => stack.layer.restore_server(line)?,
            }
            stack.layer.number_from(line.key);
        }
        stack.layer.count_living(stack.living());
        Ok(stack)
    }

    fn restore_session(
        &mut self,
        line: &RowChange,
        secret_of: &impl Fn(&str) -> Option<Secret>,
    ) -> Result<(), DecodeError> {
        let (mut session, id): (Box<Session>, _) = (line.read()?, SessionId(line.key));
        if let Some((user, secret)) = &mut session.credentials {
            *secret = secret_of(user).unwrap_or_default();
        }
        for flow in session.left.into_iter().chain([session.flow]) {
            self.layer.restore_place(flow, Occupant::Session(id));
        }
        self.sessions.restore(session);
        Ok(())
    }
}

impl Layer {
    fn restore_client(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let client: Dated<Timer, Box<Client>> = line.read()?;
        let key = ClientKey(line.key);
        for flow in client.left.into_iter().chain([client.flow]) {
            self.restore_place(flow, Occupant::Client(key));
        }
        self.clients.restore(key, client);
        Ok(())
    }

    fn restore_server(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let server: Dated<Timer, Box<Server>> = line.read()?;
        let key = ServerKey(line.key);
        self.servers.restore(key, server);
        Ok(())
    }

    /// No stream outlives us.
    fn restore_place(&mut self, flow: Flow, occupant: Occupant) {
        self.occupancy.occupy(flow, occupant);
        self.occupancy.lose(flow);
    }
}

fn delete(changes: &mut Changeset, table: u8, key: u64) -> bool {
    changes.delete(table, key);
    false
}

/// Whether nothing shows that the request came from somebody we know.
fn is_strangers(server: &Server) -> bool {
    let answered = |start: &[u8]| server.last.as_ref().is_some_and(|last| last.starts_with(start));
    match server.owner {
        ServerOwner::Session(_) => answered(b"SIP/2.0 401") || answered(b"SIP/2.0 407"),
        ServerOwner::Application => !answered(b"SIP/2.0 2"),
        ServerOwner::Stack => true,
    }
}
