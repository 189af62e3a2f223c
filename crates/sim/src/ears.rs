//! Checks who hears whom while a talk is observed: the facts against the media commands.

use turno_media_plan::{Member, Party, Role};
use turno_model::{AgentId, AgentState as S, ContactId, Fact, Observing};

use crate::place::agent_at;
use crate::world::World;

impl World {
    /// Wounds: a supervisor is left in a bridge and hears the next caller; the citizen hears a whisper; an agent who
    /// observes gets an offer.
    pub(crate) fn check_observed(&self) {
        self.check_observers();
        for members in self.media.bridges().filter(|members| members.len() > 2) {
            // An agent who called the line may be the observed caller, who is the first member.
            let observers = members.iter().skip(1).filter_map(|member| {
                let (observer, contact, how) = self.invariants.observed.at_desk(self.desk_at(member)?)?;
                (member.role == role(how)).then_some((member, (observer, contact, how)))
            });
            for (member, observes) in observers {
                // A recorder has no ears of its own.
                let others = members.iter().filter(|other| other.role != Role::Record);
                for other in others.filter(|other| other.stream != member.stream) {
                    self.check_ears((member, observes), other);
                }
            }
        }
    }

    /// Notes the desk where a talk or an observation begins.
    pub(crate) fn notes_desks(&mut self, fact: &Fact) {
        if let Fact::Connected { contact, agent, .. } | Fact::TakenOver { contact, to: agent, .. } = fact
            && let Some(desk) = self.desk_of(*agent)
        {
            self.invariants.observed.talks_at(*contact, desk);
        } else if let Fact::ObservingBegan { observer, .. } = fact
            && let Some(desk) = self.desk_of(*observer)
        {
            self.invariants.observed.observes_at(*observer, desk);
        }
    }

    /// Observers observe a talk that exists and get no offer; nobody else listens or whispers.
    fn check_observers(&self) {
        let open = self.invariants.observed.open();
        for (observer, (contact, _)) in open {
            let goes_on = self.invariants.observed.is_under_way(*contact);
            assert!(goes_on, "{observer:?} observes {contact:?}, whose call is over");
            // A written contact may be worked on meanwhile, but no offer and no caller.
            let state = self.invariants.state(*observer);
            assert!(!matches!(state, S::Available | S::Ringing), "{observer:?} observes and is {state:?}");
            let mut talking = self.invariants.outcomes.talking().iter();
            let own = talking.find(|(other, agent)| *agent == observer && self.calling.contains_key(other));
            assert!(own.is_none(), "{observer:?} observes and has a caller: {own:?}");
        }
        for (role, how) in [(Role::Listen, Observing::Listen), (Role::Whisper, Observing::Whisper)] {
            let members = self.media.bridges().flatten().filter(|member| member.role == role).count();
            let observers = open.values().filter(|(_, it)| *it == how).count();
            assert_eq!(members, observers, "so many {role:?} in all bridges, and so many observers");
        }
    }

    /// An observer hears those who talk; the others hear the observer as the way of observing says.
    fn check_ears(
        &self,
        (member, (observer, contact, how)): (&Member, (AgentId, ContactId, Observing)),
        other: &Member,
    ) {
        let desk = self.desk_at(other);
        let agent = self.invariants.outcomes.talking().get(&contact).copied();
        if how == Observing::Whisper && agent.is_none() {
            // The contact waits again, or talks to the colleague to whom it was transferred.
            return self.check_whisper_is_no_callers(member, other);
        }
        if desk.is_none() && agent.is_some_and(|agent| self.invariants.telephones.talks_by(agent)) {
            // The agent's leg is at no desk, and neither is the caller's.
            return;
        }
        let is_agents =
            |desk: usize| self.invariants.observed.began_at(contact, desk) || self.who_sits_at(desk) == agent;
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

    fn check_whisper_is_no_callers(&self, member: &Member, other: &Member) {
        let is_caller = other.role == Role::Talk(Party::Caller);
        let is_heard = turno_media_plan::hears(&other.role, &member.role);
        assert!(!is_caller || !is_heard, "the caller hears a whisper");
    }

    /// The desk of a member of a bridge, if it is at one.
    fn desk_at(&self, member: &Member) -> Option<usize> {
        agent_at(self.media.remote_of(member.stream)?.ip())
    }
}

/// The role in the bridge for a way of observing.
const fn role(how: Observing) -> Role {
    match how {
        Observing::Listen => Role::Listen,
        Observing::Whisper => Role::Whisper,
        Observing::Barge => Role::Talk(Party::Other),
    }
}
