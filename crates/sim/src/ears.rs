//! Who hears whom where somebody observes: by the facts, against what the media plane was told.

use turno_media_plan::{Member, Role};
use turno_model::{AgentId, AgentState as S, Observing};

use crate::place::agent_at;
use crate::world::World;

impl World {
    /// Wounds: a supervisor who is left in a bridge and hears the next caller; a whisper that the citizen hears; an agent who
    /// observes and is offered a contact.
    pub(crate) fn check_observed(&self) {
        self.check_observers();
        for members in self.media.bridges().filter(|members| members.len() > 2) {
            // Whoever is observed may be an agent who tries the line out; the caller comes first.
            let observers = members.iter().skip(1).filter_map(|member| {
                let observer = self.whose_phone(member)?;
                Some((member, observer, *self.witness.observed.open().get(&observer)?))
            });
            for (member, observer, (contact, how)) in observers {
                let agent = self.witness.outcomes.talking().get(&contact).copied();
                for other in members.iter().filter(|other| other.stream != member.stream) {
                    self.check_ears((member, observer, how), other, agent);
                }
            }
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

    /// An observer hears those who talk; whoever else is in the bridge hears the observer as the way of observing has it.
    fn check_ears(
        &self,
        (member, observer, how): (&Member, AgentId, Observing),
        other: &Member,
        agent: Option<AgentId>,
    ) {
        let whose = self.whose_phone(other);
        let other_how = whose.and_then(|it| self.witness.observed.open().get(&it)).map(|(_, how)| *how);
        let is_heard = turno_media_plan::hears(&other.role, &member.role);
        let is_to_be_heard = match how {
            Observing::Listen => false,
            Observing::Whisper => whose.is_some() && whose == agent,
            Observing::Barge => true,
        };
        assert_eq!(
            is_heard, is_to_be_heard,
            "{observer:?}, who is to {how:?}, and {whose:?}, who hears or does not"
        );
        let hears = turno_media_plan::hears(&member.role, &other.role);
        let talks = other_how.is_none_or(|how| how == Observing::Barge);
        assert_eq!(hears, talks, "{observer:?}, who observes, hears {whose:?} or does not");
    }

    /// The agent at whose phone a member of a bridge is, if it is one's.
    fn whose_phone(&self, member: &Member) -> Option<AgentId> {
        let remote = self.media.remote_of(member.stream)?;
        self.who_sits_at(agent_at(remote.ip())?)
    }
}
