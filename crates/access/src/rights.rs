//! The one table of rights.

use core::fmt;

use turno_model::command::verb::Verb;

use crate::deed::{Deed, View};
use crate::principal::Principal;
use crate::role::Role;

/// Why a deed is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The role is too low.
    Role,
    /// It is about another agent.
    OtherAgent,
    /// It is about a queue that is not theirs.
    OtherQueue,
    /// turno alone does this.
    Nobody,
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Role => "your role does not allow this; ask an operator",
            Self::OtherAgent => "you may do this for your own agent only",
            Self::OtherQueue => "this belongs to a queue that is not among yours",
            Self::Nobody => "only turno itself does this",
        })
    }
}

/// Whom a command concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// An agent's own work: agents for themselves, supervisors for everybody.
    Work,
    /// Observing: the supervisor's own phone.
    Observing,
    /// The room: contacts, queues, announcements.
    Room,
    /// The site as a whole: announcements to everybody, lists.
    Site,
    /// The machine: bans, draining, deletion.
    Machine,
    /// turno itself.
    Turno,
}

/// Every command has its place: a new one does not compile without.
const fn about(verb: Verb) -> About {
    match verb {
        Verb::LogIn | Verb::LogOut | Verb::Ready | Verb::Aux | Verb::AskBreak => About::Work,
        Verb::EndAcw | Verb::ExtendAcw | Verb::WrapUp | Verb::Help | Verb::Return => About::Work,
        Verb::Consult | Verb::Conference | Verb::Complete | Verb::Back => About::Work,
        Verb::Answer | Verb::Hold | Verb::Resume | Verb::HangUp => About::Work,
        Verb::NoMicrophone | Verb::Microphone => About::Work,
        Verb::Sit | Verb::Leave | Verb::Take | Verb::Decline | Verb::Finish => About::Work,
        Verb::Record | Verb::PauseRecording | Verb::ResumeRecording => About::Work,
        // The speaker's own phone rings, and callers of one queue hear it.
        Verb::Speak => About::Observing,
        Verb::Observe | Verb::ChangeObserving | Verb::StopObserving | Verb::TakeOver => About::Observing,
        Verb::Enqueue | Verb::Withdraw | Verb::Move | Verb::Prioritise | Verb::End | Verb::Pull => {
            About::Room
        }
        Verb::SetSkill | Verb::SetQueue | Verb::Announce => About::Room,
        Verb::EmergencyOn | Verb::EmergencyOff | Verb::ListCaller | Verb::UnlistCaller => About::Site,
        Verb::PurgeRecordings | Verb::Ban | Verb::LiftBan | Verb::Drain | Verb::Stop => About::Machine,
        Verb::TrunkResolved => About::Turno,
    }
}

/// The lowest role that may look at this.
const fn lowest(view: View) -> Role {
    match view {
        View::Room | View::Own | View::Reports => Role::Reader,
        View::Procedures | View::Conversations => Role::Agent,
        View::Numbers | View::Contacts | View::Events | View::Recordings => Role::Supervisor,
        View::Lists | View::Questions => Role::Supervisor,
        View::Bans | View::Plan | View::Users | View::Audit => Role::Operator,
    }
}

impl Principal {
    /// Whether they may do this.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn may(&self, deed: &Deed<'_>) -> Result<(), Denied> {
        match *deed {
            Deed::See(view) if self.scope.role >= lowest(view) => {
                self.runs_all_if(lowest(view) == Role::Operator)
            }
            Deed::Reload | Deed::ChangeUsers if self.scope.role == Role::Operator => self.runs_all_if(true),
            Deed::See(_) | Deed::Reload | Deed::ChangeUsers => Err(Denied::Role),
            Deed::Act { verb, agent, queues } => self.may_act(about(verb), agent, queues),
        }
    }

    fn may_act(&self, about: About, agent: Option<&str>, queues: &[&str]) -> Result<(), Denied> {
        let role = self.scope.role;
        let is_own = self.scope.agent.is_some() && self.scope.agent.as_deref() == agent;
        match about {
            About::Work if is_own && role >= Role::Agent => Ok(()),
            About::Work if role >= Role::Supervisor => self.reaches_one(queues),
            About::Work if role == Role::Agent => Err(Denied::OtherAgent),
            About::Observing if role >= Role::Supervisor && !is_own => Err(Denied::OtherAgent),
            About::Observing | About::Room if role >= Role::Supervisor => self.reaches_all(queues),
            // What everybody hears is not for somebody who has some of the queues.
            About::Site if role >= Role::Supervisor && self.scope.queues.is_none() => Ok(()),
            About::Site if role >= Role::Supervisor => Err(Denied::OtherQueue),
            About::Machine if role == Role::Operator => self.runs_all_if(true),
            About::Turno => Err(Denied::Nobody),
            About::Work | About::Observing | About::Room | About::Site | About::Machine => Err(Denied::Role),
        }
    }

    /// Whether they may see this queue.
    pub fn sees_queue(&self, queue: &str) -> bool {
        self.scope.queues.as_ref().is_none_or(|own| own.iter().any(|own| own == queue))
    }

    /// What concerns the whole site is not for an operator of some of the queues.
    fn runs_all_if(&self, is_whole: bool) -> Result<(), Denied> {
        if is_whole && self.scope.queues.is_some() { Err(Denied::OtherQueue) } else { Ok(()) }
    }

    fn reaches_all(&self, queues: &[&str]) -> Result<(), Denied> {
        // What is in no queue is nobody's in particular.
        let is_reached = queues.iter().all(|queue| self.sees_queue(queue));
        if is_reached { Ok(()) } else { Err(Denied::OtherQueue) }
    }

    fn reaches_one(&self, queues: &[&str]) -> Result<(), Denied> {
        let is_reached = self.scope.queues.is_none() || queues.iter().any(|queue| self.sees_queue(queue));
        if is_reached { Ok(()) } else { Err(Denied::OtherQueue) }
    }
}
