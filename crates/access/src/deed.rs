//! What somebody may want to do.

use turno_model::command::verb::Verb;

/// Something to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum View {
    /// The live room: agents, queues, contacts without numbers.
    Room,
    /// The own sign-in, state and figures.
    Own,
    /// Callers' numbers.
    Numbers,
    /// Contacts of the past with their traces, and why an agent got them.
    Contacts,
    /// The stream of events.
    Events,
    /// Reports of hours and days.
    Reports,
    /// Recordings, to list and to hear.
    Recordings,
    /// Procedures: the search and each of them.
    Procedures,
    /// Written conversations: the own ones and those that wait; all to who may see contacts.
    Conversations,
    /// Lists of callers, skills that commands changed, callbacks, breaks.
    Lists,
    /// What people asked the bot, and trials of other words.
    Questions,
    /// Bans of addresses.
    Bans,
    /// What differs between the plan in force and its files.
    Plan,
    /// Users and tokens of others.
    Users,
    /// The audit log.
    Audit,
}

impl View {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Room,
        Self::Own,
        Self::Numbers,
        Self::Contacts,
        Self::Events,
        Self::Reports,
        Self::Recordings,
        Self::Procedures,
        Self::Conversations,
        Self::Lists,
        Self::Questions,
        Self::Bans,
        Self::Plan,
        Self::Users,
        Self::Audit,
    ];

    /// Its word in the audit log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Own => "own",
            Self::Numbers => "numbers",
            Self::Contacts => "contacts",
            Self::Events => "events",
            Self::Reports => "reports",
            Self::Recordings => "recordings",
            Self::Procedures => "procedures",
            Self::Conversations => "conversations",
            Self::Lists => "lists",
            Self::Questions => "questions",
            Self::Bans => "bans",
            Self::Plan => "plan",
            Self::Users => "users",
            Self::Audit => "audit",
        }
    }
}

/// A deed, with what it touches by the names of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed<'a> {
    /// To look at something.
    See(View),
    /// A command.
    Act {
        /// Its kind.
        verb: Verb,
        /// The extension of the agent whom it is about, or who observes.
        agent: Option<&'a str>,
        /// The queues that it is about: that of the command, or of its contact; for an agent those of their skills.
        queues: &'a [&'a str],
    },
    /// To let turno read its plan again.
    Reload,
    /// To add, change or remove users and tokens of others.
    ChangeUsers,
}

impl Deed<'_> {
    /// Its words in the audit log, such as `act aux`.
    pub fn words(&self) -> String {
        match self {
            Self::See(view) => format!("see {}", view.word()),
            Self::Act { verb, .. } => format!("act {}", verb.word()),
            Self::Reload => "reload".to_owned(),
            Self::ChangeUsers => "change users".to_owned(),
        }
    }
}
