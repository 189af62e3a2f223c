//! Invariants of a room, checked by a full scan.

use turno_model::plan::Treatment;
use turno_model::{AgentId, AgentState as S, AuxReason, Channels};

use crate::agent::{Agent, CoveredState, PendingChange};
use crate::breaks::{BreakKey, BreakStage, goes_later, reasons};
use crate::contact::ContactStage;
use crate::deadline::AgentDeadline;
use crate::line::Place;
use crate::room::Room;

impl Room {
    /// Checks every agent and contact; not for the hot path.
    ///
    /// # Panics
    /// With a sentence, if an invariant is violated.
    pub fn check_invariants(&self) {
        for (at, agent) in (0u32..).zip(self.agents.iter()) {
            self.check_agent(AgentId(at), agent);
        }
        let (mut waiting, mut ringing, mut sending, mut put_off, mut ahead) = (0, 0, 0, 0, 0);
        for (id, contact) in self.contacts.iter() {
            match &contact.stage {
                ContactStage::Waiting => waiting += 1,
                ContactStage::PutOff | ContactStage::Speaking => put_off += 1,
                ContactStage::ToDial | ContactStage::Dialled => ahead += 1,
                ContactStage::Ringing(ring) => {
                    ringing += 1;
                    let agent = &self.agents[ring.agent.index()];
                    assert_eq!(agent.in_hand.offered(), Some(*id), "{:?} rings for {id:?}", ring.agent);
                }
                ContactStage::Sending(_) => sending += 1,
                ContactStage::With(agent, _) => {
                    assert!(self.is_with(*id, *agent), "{agent:?} has {id:?}");
                }
            }
        }
        let in_hand: usize = self.agents.iter().map(|agent| agent.in_hand.len()).sum();
        assert_eq!(
            in_hand,
            self.contacts.len() - waiting - sending - put_off - ahead,
            "what is in hand is a contact of the room"
        );
        let in_lines: usize = self.lines.iter().map(|(_, line)| line.len()).sum();
        assert_eq!(in_lines, waiting, "each waiting contact is in one line");
        assert_eq!(self.ringing.iter().sum::<usize>(), ringing, "each contact that rings is counted");
        assert_eq!(self.ahead.len(), ahead, "each contact that is to be dialled is known");
        self.check_lines();
    }

    fn check_agent(&self, id: AgentId, agent: &Agent) {
        let state = agent.state;
        let shown = agent.in_hand.shown();
        if state != S::Acw {
            let with_contact = state.has_contact().then_some(state);
            assert_eq!(with_contact, shown, "{id:?} is {state:?} with {:?}", agent.in_hand);
        }
        let is_free = state == S::Available;
        assert_eq!(
            self.staffing.standing(id).is_some(),
            is_free,
            "{id:?} is {state:?}, and its rank does not fit"
        );
        assert_eq!(agent.takes_beside, self.room_beside(id), "{id:?} has {:?}", agent.in_hand);
        assert_eq!(
            self.staffing.beside(id),
            self.beside(id),
            "{id:?} has another rank than its contacts say"
        );
        let reach = if self.ports == 0 { self.open(id).and(Channels::SILENT) } else { self.open(id) };
        // Without a media port no offer is possible: the agent stays free, and the contact waits.
        for &line in self.staffing.lines(id) {
            let first = self.lines[line].first(reach);
            assert!(first.is_none(), "{id:?} is free and {first:?} waits in {line:?}");
        }
        let given = self.given_to(id, reach);
        assert!(given.is_none(), "{id:?} is free and {given:?} was given to them");
        let needs_line = matches!(state, S::Available | S::Acw | S::Aux(_)) && shown.is_none();
        if needs_line && !matches!(state, S::Aux(AuxReason::Unreachable | AuxReason::Microphone)) {
            assert!(agent.can_talk(), "{id:?} has no line and is {state:?}");
        }
        let is_elsewhere = shown.is_some() || matches!(state, S::OtherCall | S::LoggedOut);
        assert!(is_elsewhere || !agent.is_on_other_call, "{id:?} is on a call of their own and {state:?}");
        let may_change_later = agent.is_engaged();
        assert!(
            may_change_later || agent.pending_change.is_none(),
            "{id:?} is {state:?} and has a pending change left over"
        );
        assert!(!self.is_to_begin(id), "{id:?} is logged out, and did nothing to be away");
        let is_retired = self.plan.agents[id.index()].is_retired;
        assert!(!is_retired || is_elsewhere, "{id:?} is gone from the site and {state:?}");
        assert_eq!(
            agent.pending_change == Some(PendingChange::Leave),
            is_retired && may_change_later,
            "{id:?} leaves, or does not"
        );
        self.check_breaks(id, agent);
        let base = agent.base_state();
        let cools_down = base == Some(CoveredState::Aux(AuxReason::Rona));
        let has_cool_down = self.agents.at(id.index(), AgentDeadline::CoolDownOver).is_some();
        assert_eq!(cools_down, has_cool_down, "{id:?} is {state:?}: a cool-down has its end");
        let has_acw_end = self.agents.at(id.index(), AgentDeadline::AcwOver).is_some();
        assert!(
            !has_acw_end || base == Some(CoveredState::Acw),
            "{id:?} is {state:?} and its ACW has an end"
        );
    }

    fn check_breaks(&self, id: AgentId, agent: &Agent) {
        for (reason, _) in reasons(&self.plan) {
            let Some(it) = self.breaks.get(BreakKey { agent: id, reason }) else { continue };
            let (is_on_it, later) =
                (agent.state == S::Aux(AuxReason::Planned(reason)), goes_later(agent, reason));
            match it.stage {
                BreakStage::Promised { .. } | BreakStage::Granted { .. } => {
                    assert!(
                        agent.state.is_staffed() && !is_on_it,
                        "{id:?} is {:?} and has a turn",
                        agent.state
                    );
                }
                BreakStage::Leaving => assert!(later && !is_on_it, "{id:?} does not go to break {reason}"),
                BreakStage::Away { .. } => {
                    let is_covered = agent.state != S::LoggedOut && !agent.state.has_contact();
                    assert!(is_covered, "{id:?} is {:?} on a break", agent.state);
                }
                BreakStage::Had => {}
            }
        }
    }

    fn check_lines(&self) {
        for (id, line) in self.lines.iter() {
            let queue = self.lines.queue(id);
            if line.len() == 0 {
                continue;
            }
            let free = self.staffing.channels_free(id);
            let reach = if self.ports == 0 { free.and(Channels::SILENT) } else { free };
            assert!(
                line.first(reach).is_none(),
                "an agent is free and a contact waits in {queue:?}, and {} media ports are free",
                self.ports
            );
            let calls = line.first(free.and(Channels::RINGING));
            assert!(calls.is_none() || self.is_short_of_ports, "no offer would follow for {calls:?}");
            let may_wait = self.plan.queues[queue.index()].when_nobody == Treatment::Wait;
            let stays = |place: Place| {
                let contact = self.contacts.get(&place.contact);
                contact.is_some_and(|it| it.is_patient() || it.channel.is_written() || it.given.is_some())
            };
            assert!(
                may_wait || self.staffing.is_staffed(queue) || line.iter().all(stays),
                "{queue:?} has a line and nobody to serve it"
            );
            for place in line.iter() {
                let contact = self.contacts.get(&place.contact).expect("a contact in line is in the room");
                assert!(
                    matches!(contact.stage, ContactStage::Waiting),
                    "{place:?} is in line, so its contact waits"
                );
                assert_eq!(contact.place(place.contact), place, "a contact is at its own place");
                assert_eq!(contact.queue, queue, "a contact is in its own queue's line");
                assert_eq!(self.line_of(contact), id, "a contact is in the line of its reach");
            }
        }
    }
}
