//! What a step writes down, ahead of everything that it lets out.

use turno_acd::RoomForm;
use turno_calls::CallForm;
use turno_ground::Moment;
use turno_model::{Row, Table};
use turno_sip::StackForm;

use crate::engine::Engine;
use crate::outbox::Outbox;
use crate::output::Output;

/// Whose the forms of the stack are.
pub(crate) const fn of_stack(form: StackForm) -> Table {
    match form {
        StackForm::Stack => Table::Stack,
        StackForm::Session => Table::Session,
        StackForm::Client => Table::Client,
        StackForm::Server => Table::Server,
    }
}

/// Whose the forms of the switchboard are.
pub(crate) const fn of_calls(form: CallForm) -> Table {
    match form {
        CallForm::Call => Table::Call,
        CallForm::Leg => Table::Leg,
    }
}

/// Whose the forms of the room are.
pub(crate) const fn of_room(form: RoomForm) -> Table {
    match form {
        RoomForm::Agent => Table::Agent,
        RoomForm::Contact => Table::Contact,
    }
}

impl Engine {
    /// From now on each step says what is to be written down ([`Output::Keep`]); the first says everything.
    pub fn keep_journal(&mut self, now: Moment) {
        self.outbox.keep_journal();
        self.note_all();
        self.write_down(0, now);
    }

    /// Everything that is written of what lives now: what [`Self::recover`] makes the same engine of. It looks at all there
    /// is, so it is for tests and for a journal that begins anew. No step must be under way.
    pub fn images(&mut self) -> Vec<Row> {
        let outbox = core::mem::replace(&mut self.outbox, Outbox::written());
        self.note_all();
        self.write_down(0, Moment::default());
        let first = self.outbox.pop();
        self.outbox = outbox;
        if let Some(Output::Keep(step)) = first { step.kept } else { Vec::new() }
    }

    /// Says everything again at the next step: for a journal that begins anew, as after a disk that was full.
    pub fn note_all(&mut self) {
        self.outbox.note_roster();
        self.stack.note_all();
        self.switchboard.note_all();
        self.room.note_all();
        self.calls.note_all();
        self.contacts.note_all();
        self.observers.note_all();
        self.seats.note_all();
        self.seating.note_all();
        self.agent_calls.note_all();
        self.trunks.note_all();
        self.gate.note_all();
    }

    /// Puts what is to be written down ahead of the outputs from `first` on: those of this step.
    pub(crate) fn write_down(&mut self, first: usize, now: Moment) {
        let changes = self.outbox.changes();
        self.stack.write_down(changes, |form| of_stack(form).code());
        self.seats.write_bindings(changes, Table::Registration.code());
        self.switchboard.write_down(changes, |form| of_calls(form).code());
        self.room.write_down(changes, |form| of_room(form).code());
        self.outbox.write_roster(&self.plan);
        let changes = self.outbox.changes();
        self.calls.write_down(changes, Table::EngineCall.code());
        self.contacts.write_down(changes, Table::EngineContact.code());
        self.observers.write_down(changes, Table::Observer.code());
        self.seats.write_down(changes, Table::Seat.code());
        self.seating.write_down(changes, Table::Seating.code());
        self.agent_calls.write_down(changes, Table::AgentCalls.code());
        self.gate.write_down(changes, Table::Ban.code());
        self.trunks.write_down(changes, Table::Trunk.code());
        self.outbox.put_ahead(first, now);
    }
}
