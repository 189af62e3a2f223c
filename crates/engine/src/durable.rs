//! Writes the changed rows of each step, ahead of all its other outputs.

use turno_acd::RoomForm;
use turno_calls::CallForm;
use turno_ground::Moment;
use turno_model::{Row, Table};
use turno_sip::StackForm;

use crate::engine::Engine;
use crate::outbox::Outbox;
use crate::output::Output;

/// The table of each kind of row of the SIP stack.
pub(crate) const fn of_stack(form: StackForm) -> Table {
    match form {
        StackForm::Stack => Table::Stack,
        StackForm::Session => Table::Session,
        StackForm::Subscription => Table::Subscription,
        StackForm::Client => Table::Client,
        StackForm::Server => Table::Server,
    }
}

/// The table of each kind of row of the switchboard.
pub(crate) const fn of_calls(form: CallForm) -> Table {
    match form {
        CallForm::Call => Table::Call,
        CallForm::Leg => Table::Leg,
    }
}

/// The table of each kind of row of the room.
pub(crate) const fn of_room(form: RoomForm) -> Table {
    match form {
        RoomForm::Agent => Table::Agent,
        RoomForm::Contact => Table::Contact,
        RoomForm::Waits => Table::Room,
        RoomForm::QueueState => Table::QueueState,
        RoomForm::Break => Table::Break,
    }
}

impl Engine {
    /// From now on each step outputs its changed rows ([`Output::Keep`]). The first output has all rows.
    pub fn keep_journal(&mut self, now: Moment) {
        self.outbox.keep_journal();
        self.note_all();
        self.write_down(0, now);
    }

    /// All rows of the present state, from which [`Self::recover`] builds the same engine. Scans everything, so it is
    /// only for tests and for starting a new journal. Call it between steps.
    pub fn images(&mut self) -> Vec<Row> {
        let outbox = core::mem::replace(&mut self.outbox, Outbox::written());
        self.note_all();
        self.write_down(0, Moment::default());
        let first = self.outbox.pop();
        self.outbox = outbox;
        if let Some(Output::Keep(step)) = first { step.kept } else { Vec::new() }
    }

    /// The next step writes all rows: for a journal that starts anew, as after a full disk.
    pub fn note_all(&mut self) {
        self.outbox.note_roster();
        self.stack.note_all();
        self.switchboard.note_all();
        self.room.note_all();
        self.calls.note_all();
        self.contacts.note_all();
        self.callbacks.note_all();
        self.voicemails.note_all();
        self.messages.note_all();
        self.lamps.note_all();
        self.last_agents.note_all();
        self.caller_lists.note_all();
        self.skill_changes.note_all();
        self.observers.note_all();
        self.consultations.note_all();
        self.held_lines.note_all();
        self.recordings.note_all();
        self.seats.note_all();
        self.seating.note_all();
        self.agent_calls.note_all();
        self.trunks.note_all();
        self.gate.note_all();
        self.emergency.note_all();
    }

    /// Puts the changed rows ahead of the outputs of this step, which begin at `first`.
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
        self.callbacks.write_down(changes, Table::Callback.code());
        self.voicemails.write_down(changes, Table::Voicemail.code());
        self.messages.write_down(changes, Table::Message.code());
        self.lamps.write_down(changes, Table::Lamp.code());
        self.last_agents.write_down(changes, Table::LastAgent.code());
        self.caller_lists.write_down(changes, Table::CallerList.code());
        self.skill_changes.write_down(changes, Table::SkillChange.code());
        self.observers.write_down(changes, Table::Observer.code());
        self.consultations.write_down(changes, Table::Consultation.code());
        self.held_lines.write_down(changes, Table::HeldLine.code());
        self.recordings.write_down(changes, Table::Recording.code());
        self.seats.write_down(changes, Table::Seat.code());
        self.seating.write_down(changes, Table::Seating.code());
        self.agent_calls.write_down(changes, Table::AgentCalls.code());
        self.gate.write_down(changes, Table::Ban.code());
        self.emergency.write_down(changes, Table::Emergency.code());
        self.trunks.write_down(changes, Table::Trunk.code());
        self.outbox.put_ahead(first, now);
    }
}
