//! What is open, and the changes that facts make: the rows of one transaction.

use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::{AgentId, ContactId, Gap};

use crate::calendar::interval_of;
use crate::changes::Changes;
use crate::failure::Failure;
use crate::interval_tables::{AgentInterval, QueueInterval};
use crate::loading;
use crate::names::Names;
use crate::open::{OpenContact, Sitting};
use crate::store::Sql;
use crate::tables::{Contact, Missing};
use crate::value::Value;

/// The moment of a fact, with the names behind its indexes.
#[derive(Clone, Copy)]
pub(crate) struct Now<'a> {
    pub(crate) at: Moment,
    pub(crate) names: &'a Names,
}

/// The unfinished rows, as the database has them, with the changes of the present transaction.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) contacts: BTreeMap<ContactId, OpenContact>,
    pub(crate) sittings: BTreeMap<String, Sitting>,
    pub(crate) changes: Changes,
    /// The half hour up to whose begin all states are booked.
    pub(crate) settled: Moment,
}

impl Book {
    /// Reads what is open.
    pub(crate) fn load(sql: &mut dyn Sql) -> Result<Self, Failure> {
        Ok(Self { contacts: loading::contacts(sql)?, sittings: loading::sittings(sql)?, ..Self::default() })
    }

    /// Takes the changes out; what is open stays.
    pub(crate) fn take_changes(&mut self) -> Changes {
        core::mem::take(&mut self.changes)
    }

    /// Adds to a figure of a queue's half hour.
    pub(crate) fn figure(
        &mut self,
        now: Now<'_>,
        queue: &str,
        column: QueueInterval,
        number: impl Into<Value>,
    ) {
        let start = interval_of(now.at);
        self.changes
            .row::<QueueInterval>(vec![start.into(), queue.into()])
            .set(QueueInterval::Day, now.names.day(start))
            .add(column, number);
    }

    /// Adds to a figure of an agent's half hour.
    pub(crate) fn agent_figure(
        &mut self,
        now: Now<'_>,
        agent: &str,
        column: AgentInterval,
        number: impl Into<Value>,
    ) {
        let start = interval_of(now.at);
        self.changes
            .row::<AgentInterval>(vec![start.into(), agent.into()])
            .set(AgentInterval::Day, now.names.day(start))
            .add(column, number);
    }

    /// Counts something for an agent.
    pub(crate) fn count(&mut self, now: Now<'_>, agent: AgentId, column: AgentInterval) {
        self.agent_figure(now, &now.names.agent(agent), column, 1_i64);
    }

    /// Counts something for the queue in which a contact is.
    pub(crate) fn mark(&mut self, now: Now<'_>, contact: ContactId, column: QueueInterval) {
        let queue = self.contacts.get(&contact).and_then(OpenContact::queue).map(str::to_owned);
        if let Some(queue) = queue {
            self.figure(now, &queue, column, 1_i64);
        }
    }

    /// Counts something in the row of a contact that is open.
    pub(crate) fn count_contact(&mut self, contact: ContactId, column: Contact) {
        if self.contacts.contains_key(&contact) {
            self.changes.row::<Contact>(vec![contact.0.into()]).add(column, 1_i64);
        }
    }

    /// Facts are lost: what is open is marked, since its rows may lack something.
    pub(crate) fn miss(&mut self, names: &Names, gap: Gap) {
        self.changes
            .row::<Missing>(vec![gap.after.run.into(), gap.after.number.into()])
            .set(Missing::UntilRun, gap.until.run)
            .set(Missing::UntilNumber, gap.until.number)
            .set(Missing::Facts, gap.facts);
        for (contact, open) in &mut self.contacts {
            open.is_partial = true;
            self.changes.row::<Contact>(vec![contact.0.into()]).set(Contact::IsPartial, true);
        }
        // What agents did since is not known: nothing more is booked in the state from before.
        for (agent, mut sitting) in core::mem::take(&mut self.sittings) {
            sitting.is_partial = true;
            let end = Some(sitting.booked_until);
            sitting.write(&agent, (&names.day(sitting.began), end), &mut self.changes);
        }
    }
}
