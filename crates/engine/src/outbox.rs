//! Queue of the engine's outputs, with the changed rows of each step in front.

use std::collections::VecDeque;

use turno_ground::{Changeset, Moment};
use turno_model::{Done, Fact, IdMap, Plan, Refusal, Row, RowKey, Step, Table};

use crate::output::{Output, Reply};

/// Outputs that the shell has not fetched yet, and the changed rows of the current step.
#[derive(Debug)]
pub(crate) struct Outbox {
    queue: VecDeque<Output>,
    changes: Changeset,
    /// Whether the plan's order of ids is written.
    has_roster: bool,
}

impl Outbox {
    /// An empty outbox that writes no rows.
    pub(crate) fn new() -> Self {
        Self { queue: VecDeque::new(), changes: Changeset::blank(), has_roster: false }
    }

    /// An empty outbox that writes the rows of each step.
    pub(crate) fn written() -> Self {
        Self { queue: VecDeque::new(), changes: Changeset::default(), has_roster: false }
    }

    /// From now on the rows of each step are written.
    pub(crate) fn keep_journal(&mut self) {
        self.changes = Changeset::default();
    }

    /// Records a fact.
    pub(crate) fn record(&mut self, fact: Fact, now: Moment) {
        self.queue.push_back(Output::Record(now, fact));
    }

    /// Answers a command.
    pub(crate) fn reply(&mut self, command: u64, result: Result<Done, Refusal>) {
        self.queue.push_back(Output::Reply(Reply { command, result }));
    }

    /// Appends another output.
    pub(crate) fn push(&mut self, output: Output) {
        self.queue.push_back(output);
    }

    /// The next output, in order.
    pub(crate) fn pop(&mut self) -> Option<Output> {
        self.queue.pop_front()
    }

    /// Index of the next output: the outputs of a step begin there.
    pub(crate) fn end(&self) -> usize {
        self.queue.len()
    }

    /// The changeset of the current step, into which each part writes its changed rows.
    pub(crate) const fn changes(&mut self) -> &mut Changeset {
        &mut self.changes
    }

    /// Writes the plan's order of ids, if it is not written yet.
    pub(crate) fn write_roster(&mut self, plan: &Plan) {
        if !core::mem::replace(&mut self.has_roster, true) {
            self.changes.keep(Table::Engine.code(), 0, &IdMap::of(plan));
        }
    }

    /// The plan's order of ids has changed, or must be written again.
    pub(crate) const fn note_roster(&mut self) {
        self.has_roster = false;
    }

    /// Puts the changed rows ahead of the outputs of this step, which begin at `first`.
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
