//! Agents' states: a row for each, and their times in half hours, split at the borders.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentId, AgentState};

use crate::book::{Book, Now};
use crate::calendar::{INTERVAL, interval_of};
use crate::changes::Changes;
use crate::interval_tables::{AgentInterval, AuxInterval, QueueInterval};
use crate::names::Names;
use crate::open::Sitting;
use crate::words;

/// How long a contact may stay open after facts were lost.
const PARTIAL_SPAN: Duration = Duration::from_hours(24);

impl Book {
    /// Books the states of all agents until the begin of the half hour of `at`, if that has not been done.
    pub(crate) fn roll(&mut self, now: Now<'_>) {
        let border = interval_of(now.at);
        if border <= self.settled {
            return;
        }
        self.settled = border;
        for (agent, sitting) in &mut self.sittings {
            if sitting.booked_until < border {
                settle(agent, sitting, border, now.names, &mut self.changes);
                sitting.write(agent, (&now.names.day(sitting.began), None), &mut self.changes);
            }
        }
    }

    /// Agents whose name has left the plan's index, such as by another name: what they did under it is over.
    pub(crate) fn left_the_plan(&mut self, now: Now<'_>) {
        let gone: Vec<String> =
            self.sittings.keys().filter(|agent| !now.names.has_agent(agent)).cloned().collect();
        for agent in gone {
            let Some(mut sitting) = self.sittings.remove(&agent) else { continue };
            settle(&agent, &mut sitting, now.at, now.names, &mut self.changes);
            sitting.is_partial = true;
            sitting.write(&agent, (&now.names.day(sitting.began), Some(now.at)), &mut self.changes);
        }
    }

    /// An agent enters a state.
    pub(crate) fn agent_changed(&mut self, now: Now<'_>, agent: AgentId, from: AgentState, to: AgentState) {
        let name = now.names.agent(agent);
        let old = self.sittings.remove(&name);
        let last_queue = old.as_ref().and_then(|old| old.last_queue.clone());
        if let Some(mut old) = old {
            settle(&name, &mut old, now.at, now.names, &mut self.changes);
            old.is_partial |= !old.is(from);
            old.write(&name, (&now.names.day(old.began), Some(now.at)), &mut self.changes);
            if let Some(queue) = &last_queue
                && old.is(AgentState::Acw)
                && to != AgentState::Acw
            {
                self.figure(now, queue, QueueInterval::Acw, now.at.since(old.began));
            }
        }
        let new = Sitting {
            began: now.at,
            state: words::state(to).to_owned(),
            reason: reason(to, now.names),
            last_queue,
            booked_until: now.at,
            is_partial: false,
        };
        new.write(&name, (&now.names.day(now.at), None), &mut self.changes);
        self.sittings.insert(name, new);
    }

    /// The next after-call work of this agent is for this queue.
    pub(crate) fn works_for(&mut self, now: Now<'_>, agent: AgentId, queue: &str) {
        let name = now.names.agent(agent);
        if let Some(sitting) = self.sittings.get_mut(&name) {
            sitting.last_queue = Some(queue.to_owned());
            sitting.write(&name, (&now.names.day(sitting.began), None), &mut self.changes);
        }
    }

    /// Contacts that are open, and lack facts, for longer than a day are given up.
    pub(crate) fn give_up_partial(&mut self, at: Moment) {
        let is_lost = |arrived: Moment| at.since(arrived) > PARTIAL_SPAN;
        let lost: Vec<_> = self
            .contacts
            .iter()
            .filter(|(_, open)| open.is_partial && is_lost(open.arrived))
            .map(|(contact, _)| *contact)
            .collect();
        for contact in lost {
            self.contacts.remove(&contact);
            use crate::tables::Contact;
            self.changes
                .row::<Contact>(vec![contact.0.into()])
                .set(Contact::Outcome, "unknown")
                .set(Contact::IsOpen, false);
        }
    }
}

fn reason(state: AgentState, names: &Names) -> Option<String> {
    match state {
        AgentState::Aux(reason) => Some(names.reason(reason)),
        AgentState::LoggedOut
        | AgentState::Available
        | AgentState::Ringing
        | AgentState::Talking
        | AgentState::Holding
        | AgentState::Acw
        | AgentState::OtherCall => None,
    }
}

/// Books the time in a state until `until`, each part in its half hour.
fn settle(agent: &str, sitting: &mut Sitting, until: Moment, names: &Names, changes: &mut Changes) {
    let column = column_of(&sitting.state);
    while sitting.booked_until < until {
        let start = interval_of(sitting.booked_until);
        let end = (start + INTERVAL).min(until);
        let span = end.since(sitting.booked_until);
        sitting.booked_until = end;
        let Some(column) = column else { continue };
        changes
            .row::<AgentInterval>(vec![start.into(), agent.into()])
            .set(AgentInterval::Day, names.day(start))
            .add(column, span);
        if let Some(reason) = sitting.reason.as_deref().filter(|_| column == AgentInterval::Aux) {
            changes
                .row::<AuxInterval>(vec![start.into(), agent.into(), reason.into()])
                .set(AuxInterval::Day, names.day(start))
                .add(AuxInterval::Spent, span);
        }
    }
}

/// Where the time in a state is booked; nowhere while logged out.
fn column_of(state: &str) -> Option<AgentInterval> {
    Some(match state {
        "available" => AgentInterval::Available,
        "ringing" => AgentInterval::Ringing,
        "talking" => AgentInterval::Talking,
        "holding" => AgentInterval::Holding,
        "acw" => AgentInterval::Acw,
        "other_call" => AgentInterval::OtherCall,
        "aux" => AgentInterval::Aux,
        _ => return None,
    })
}
