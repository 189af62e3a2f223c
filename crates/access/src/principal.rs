//! Somebody who has proved who they are.

use crate::role::Role;

/// What a user or a token is limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The role.
    pub role: Role,
    /// The extension of the agent of the plan who this is.
    pub agent: Option<String>,
    /// The only queues that may be touched, by the plan's names; `None`: all.
    pub queues: Option<Vec<String>>,
}

impl Scope {
    /// Everything that a role may.
    pub const fn of(role: Role) -> Self {
        Self { role, agent: None, queues: None }
    }

    /// Whether this may do no more than `other`: a token never has more rights than who makes it.
    pub fn is_within(&self, other: &Self) -> bool {
        let queues = match (&self.queues, &other.queues) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(others)) => own.iter().all(|queue| others.contains(queue)),
        };
        // Only an operator may give an agent's rights to somebody who is another agent.
        let agent = self.agent.is_none() || self.agent == other.agent || other.role == Role::Operator;
        self.role <= other.role && queues && agent
    }
}

/// Somebody who has proved who they are, by a session or a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The user's name, or `token NAME of USER`.
    pub name: String,
    /// What they are limited to.
    pub scope: Scope,
}
