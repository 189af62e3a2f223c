//! Who hears whom where somebody observes: by the facts, against what the media plane was told.

use turno_media_plan::{Member, Party, Role};
use turno_model::{AgentId, AgentState as S, ContactId, Fact, Observing};

use crate::place::agent_at;
use crate::world::World;

impl World {
    /// Wounds: a supervisor who is left in a bridge and hears the next caller; a whisper that the citizen hears; an agent who
    /// observes and is offered a contact.
    pub(crate) fn check_observed(&self) {
        self.check_observers();
        for members in self.media.bridges().filter(|members| members.len() > 2) {
            // An agent who tries the line out may be the caller who is observed, and stands first.
            let observers = members.iter().skip(1).filter_map(|member| {
                let (observer, contact, how) = self.witness.observed.at_desk(self.desk_at(member)?)?;
                (member.role == role(how)).then_some((member, (observer, contact, how)))
            });
            for (member, observes) in observers {
                for other in members.iter().filter(|other| other.stream != member.stream) {
                    self.check_ears((member, observes), other);
                }
            }
        }
    }

    /// Where a talk begins, and where somebody begins to observe.
    pub(crate) fn notes_desks(&mut self, fact: &Fact) {
        if let Fact::Connected { contact, agent, .. } = fact
            && let Some(desk) = self.desk_of(*agent)
        {
            self.witness.observed.talks_at(*contact, desk);
        } else if let Fact::ObservingBegan { observer, .. } = fact
            && let Some(desk) = self.desk_of(*observer)
        {
            self.witness.observed.observes_at(*observer, desk);
        }
    }

    /// Observers observe talks that are, get no offer, and nobody else listens or whispers.
    fn check_observers(&self) {
        let open = self.witness.observed.open();
        for (observer, (contact, _)) in open {
            let agent = self.witness.outcomes.talking().get(contact);
            assert!(agent.is_some(), "{observer:?} observes {contact:?}, whom no agent has any more");
            // What is written may be in hand beside it, but no offer, and no caller.
            let state = self.witness.state(*observer);
            assert!(!matches!(state, S::Available | S::Ringing), "{observer:?} observes and is {state:?}");
            let mut talking = self.witness.outcomes.talking().iter();
            let own = talking.find(|(other, agent)| *agent == observer && self.calling.contains_key(other));
            assert!(own.is_none(), "{observer:?} observes and has a caller: {own:?}");
        }
        for (role, how) in [(Role::Listen, Observing::Listen), (Role::Whisper, Observing::Whisper)] {
            let members = self.media.bridges().flatten().filter(|member| member.role == role).count();
            let observers = open.values().filter(|(_, it)| *it == how).count();
            assert_eq!(members, observers, "so many {role:?} in all bridges, and so many observers");
        }
    }

    /// An observer hears those who talk; the others in the bridge hear the observer as the way of observing has it.
    fn check_ears(
        &self,
        (member, (observer, contact, how)): (&Member, (AgentId, ContactId, Observing)),
        other: &Member,
    ) {
        let desk = self.desk_at(other);
        let agent = self.witness.outcomes.talking().get(&contact).copied();
        let is_agents =
            |desk: usize| self.witness.observed.began_at(contact, desk) || self.who_sits_at(desk) == agent;
        let is_to_be_heard = match how {
            Observing::Listen => false,
            Observing::Whisper => agent.is_some() && desk.is_some_and(is_agents),
            Observing::Barge => true,
        };
        let is_heard = turno_media_plan::hears(&other.role, &member.role);
        assert_eq!(
            is_heard, is_to_be_heard,
            "{observer:?} is to {how:?}, and desk {desk:?} hears that or not"
        );
        let hears = turno_media_plan::hears(&member.role, &other.role);
        let talks = !matches!(other.role, Role::Listen | Role::Whisper);
        assert_eq!(hears, talks, "{observer:?}, who observes, hears desk {desk:?} or does not");
    }

    /// The desk where a member of a bridge is, if it is at one.
    fn desk_at(&self, member: &Member) -> Option<usize> {
        agent_at(self.media.remote_of(member.stream)?.ip())
    }
}

/// What somebody who observes so is in the bridge.
const fn role(how: Observing) -> Role {
    match how {
        Observing::Listen => Role::Listen,
        Observing::Whisper => Role::Whisper,
        Observing::Barge => Role::Talk(Party::Other),
    }
}
