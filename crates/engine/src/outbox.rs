//! The outputs of the engine in one order, and the images that go ahead of them.

use std::collections::VecDeque;

use turno_ground::{Changeset, Moment};
use turno_model::{Done, Fact, IdMap, Plan, Refusal, Row, RowKey, Step, Table};

use crate::output::{Output, Reply};

/// What the shell has not fetched yet, and what the present step writes down.
#[derive(Debug)]
pub(crate) struct Outbox {
    queue: VecDeque<Output>,
    changes: Changeset,
    /// Whether the plan's order is written down.
    has_roster: bool,
}

impl Outbox {
    /// An empty one that writes nothing down.
    pub(crate) fn new() -> Self {
        Self { queue: VecDeque::new(), changes: Changeset::blank(), has_roster: false }
    }

    /// An empty one whose steps are written down.
    pub(crate) fn written() -> Self {
        Self { queue: VecDeque::new(), changes: Changeset::default(), has_roster: false }
    }

    /// From now on each step is written down.
    pub(crate) fn keep_journal(&mut self) {
        self.changes = Changeset::default();
    }

    /// Something has happened.
    pub(crate) fn record(&mut self, fact: Fact, now: Moment) {
        self.queue.push_back(Output::Record(now, fact));
    }

    /// A command is answered.
    pub(crate) fn reply(&mut self, command: u64, result: Result<Done, Refusal>) {
        self.queue.push_back(Output::Reply(Reply { command, result }));
    }

    /// Something else is to be done.
    pub(crate) fn push(&mut self, output: Output) {
        self.queue.push_back(output);
    }

    /// The next output in order.
    pub(crate) fn pop(&mut self) -> Option<Output> {
        self.queue.pop_front()
    }

    /// The place of the next output: a step's outputs begin there.
    pub(crate) fn end(&self) -> usize {
        self.queue.len()
    }

    /// The changes of the present step, on which each part writes what has changed.
    pub(crate) const fn changes(&mut self) -> &mut Changeset {
        &mut self.changes
    }

    /// Writes down the plan's order, if it is not written yet.
    pub(crate) fn write_roster(&mut self, plan: &Plan) {
        if !core::mem::replace(&mut self.has_roster, true) {
            self.changes.keep(Table::Engine.code(), 0, &IdMap::of(plan));
        }
    }

    /// The plan's order is another one, or is to be written again.
    pub(crate) const fn note_roster(&mut self) {
        self.has_roster = false;
    }

    /// Puts what the step has written down ahead of its outputs, which begin at `first`.
    pub(crate) fn put_ahead(&mut self, first: usize, now: Moment) {
        if self.changes.is_blank() {
            return;
        }
        let facts: Vec<Fact> = self
            .queue
            .range(first..)
            .filter_map(|output| if let Output::Record(_, fact) = output { Some(fact.clone()) } else { None })
            .collect();
        let mut step = Step { at: now, facts, kept: Vec::new(), gone: Vec::new() };
        for line in self.changes.take() {
            let Some(table) = Table::of_code(line.table) else { continue };
            let name = RowKey { table, key: line.key };
            match line.form {
                Some(form) => step.kept.push(Row { name, form }),
                None => step.gone.push(name),
            }
        }
        if !step.is_empty() {
            self.queue.insert(first, Output::Keep(step));
        }
    }
}
