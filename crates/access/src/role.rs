//! Roles.

/// What somebody is for turno. Each may do what the ones before it may see, see [`crate::Principal::may`] for the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks at the room and at reports, without callers' numbers: a wall, a dashboard.
    Reader,
    /// An agent of the plan: the own state, the own contacts.
    Agent,
    /// Leads the room: agents, queues, contacts, observing, recordings, reports.
    Supervisor,
    /// Runs the site: everything, also users, bans, reload and stop.
    Operator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Agent, Self::Supervisor, Self::Operator];

    /// Its word in files, commands and the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Operator => "operator",
        }
    }

    /// The role of this word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}
