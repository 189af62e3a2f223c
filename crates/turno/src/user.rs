//! `turno user`: the users of the HTTP API, and what they did.

use std::io::{BufRead as _, IsTerminal as _, stdin};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Subcommand, ValueEnum};
use rustix::rand::{GetRandomFlags, getrandom};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use turno_access::{Access, NewUser, Outcome, RANDOM_BYTES, Role, Scope, Trouble};
use turno_shell::USERS;

use crate::check::load;
use crate::exit::Exit;
use crate::state::usual_folder;

/// Users of the HTTP API: add, list, change, remove, and what they did. turno may run meanwhile.
#[derive(Args)]
pub(crate) struct UserArgs {
    #[command(subcommand)]
    action: Action,
    /// The plan: one TOML file or a folder of them. Without it, the built-in site.
    #[arg(long, value_name = "PATH", global = true)]
    plan: Option<PathBuf>,
    /// The journal's folder, as it was given to `serve`: the users are beside it.
    #[arg(long, value_name = "DIR", global = true)]
    state: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Action {
    /// Add a user. The password is asked for, or read from the first line of standard input.
    Add {
        /// The name: letters, digits, `.`, `-`, `_`, `@`.
        name: String,
        #[command(flatten)]
        may: May,
    },
    /// All users.
    List,
    /// Give a user a new password, asked for or read as by `add`; their sessions end.
    Password {
        /// The name.
        name: String,
    },
    /// Change what a user may do. Who may do less than before is signed out, and their tokens end.
    Change {
        /// The name.
        name: String,
        #[command(flatten)]
        may: May,
        /// They may not sign in.
        #[arg(long)]
        barred: bool,
    },
    /// Remove a user with their sessions and tokens. What they did stays in the log.
    Remove {
        /// The name.
        name: String,
    },
    /// Who did what, and who was refused, the newest first.
    Audit {
        /// How many lines.
        #[arg(long, default_value_t = 50)]
        most: u32,
    },
}

/// What a user may do.
#[derive(Args)]
struct May {
    /// What the user is for turno.
    #[arg(long)]
    role: RoleWord,
    /// The extension of the agent of the plan who this is.
    #[arg(long)]
    agent: Option<String>,
    /// The only queues that they may touch, by the plan's names, with commas between them; without it all.
    #[arg(long, value_delimiter = ',')]
    queues: Option<Vec<String>>,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleWord {
    /// Looks at the room and at reports, without callers' numbers.
    Reader,
    /// An agent of the plan.
    Agent,
    /// Leads the room.
    Supervisor,
    /// Runs the site.
    Operator,
}

impl May {
    fn scope(self) -> Scope {
        let role = match self.role {
            RoleWord::Reader => Role::Reader,
            RoleWord::Agent => Role::Agent,
            RoleWord::Supervisor => Role::Supervisor,
            RoleWord::Operator => Role::Operator,
        };
        Scope { role, agent: self.agent, queues: self.queues }
    }
}

impl UserArgs {
    /// Does it, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        let Some(plan) = load(self.plan.as_deref()) else { return Exit::PlanRefused };
        let Some(folder) = self.state.or_else(|| usual_folder(&plan)) else {
            complain!("turno: users are kept beside the journal: name its folder with --state");
            return Exit::NothingThere;
        };
        let named = match &self.action {
            Action::Add { may, .. } | Action::Change { may, .. } => Some(may),
            Action::List | Action::Password { .. } | Action::Remove { .. } | Action::Audit { .. } => None,
        };
        if let Some(unknown) = named.and_then(|may| unknown_of(may, &plan)) {
            complain!("turno: the plan has no {unknown}");
            return Exit::NothingThere;
        }
        match self.action.carry_out(&folder) {
            Ok(()) => Exit::Done,
            Err(trouble) => {
                complain!("turno: {trouble}");
                Exit::CouldNotStart
            }
        }
    }
}

/// An agent or a queue that the plan does not have.
fn unknown_of(may: &May, plan: &turno_model::Plan) -> Option<String> {
    let agent = may.agent.as_ref().filter(|agent| plan.agent_by_extension(agent).is_none());
    let mut queues = may.queues.iter().flatten();
    let queue = queues.find(|name| plan.queues.iter().all(|queue| queue.name != **name));
    agent.map(|agent| format!("agent {agent}")).or_else(|| queue.map(|queue| format!("queue {queue}")))
}

impl Action {
    fn carry_out(self, folder: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut access = Access::open(&folder.join(USERS))?;
        let now = now();
        let (deed, target) = match self {
            Self::List => return list(&access),
            Self::Audit { most } => return audit(&access, most),
            Self::Add { name, may } => {
                let new = NewUser { name: &name, scope: may.scope(), password: &password()? };
                access.add_user(&new, &random()?, now)?;
                say!("{name} may sign in");
                ("add user", name)
            }
            Self::Password { name } => {
                if access.user(&name)?.is_none() {
                    return Err(Trouble::Unknown.into());
                }
                access.set_password(&name, &password()?, &random()?, now)?;
                ("set password", name)
            }
            Self::Change { name, may, barred } => {
                access.change_user(&name, &may.scope(), !barred, now)?;
                ("change user", name)
            }
            Self::Remove { name } => {
                access.remove_user(&name)?;
                ("remove user", name)
            }
        };
        access.note(("command line", "command line"), (deed, &target), (Outcome::Done, ""), now)?;
        Ok(())
    }
}

fn list(access: &Access) -> anyhow::Result<()> {
    say!("{:<24} {:<12} {:<8} {:<10} {}", "user", "role", "agent", "may", "queues");
    for user in access.users()? {
        let queues = user.scope.queues.map_or_else(|| "all".to_owned(), |queues| queues.join(", "));
        let agent = user.scope.agent.unwrap_or_else(|| "-".to_owned());
        let may = if user.is_active { "sign in" } else { "barred" };
        say!("{:<24} {:<12} {agent:<8} {may:<10} {queues}", user.name, user.scope.role.word());
    }
    Ok(())
}

fn audit(access: &Access, most: u32) -> anyhow::Result<()> {
    for record in access.records(None, most)? {
        let at = i64::try_from(record.at).ok().and_then(|at| jiff::Timestamp::from_second(at).ok());
        let at = at.map_or_else(|| record.at.to_string(), |at| at.to_string());
        let why = if record.why.is_empty() { String::new() } else { format!(": {}", record.why) };
        say!(
            "{at} {} from {}: {} {} - {}{why}",
            record.who,
            record.source,
            record.deed,
            record.target,
            record.outcome
        );
    }
    Ok(())
}

/// The first line of standard input; at a terminal it is asked for and not shown.
fn password() -> anyhow::Result<String> {
    let input = stdin();
    let mut line = String::new();
    if !input.is_terminal() {
        input.lock().read_line(&mut line)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    complain!("The password, of at least {} characters; it is not shown:", turno_access::PASSWORD_CHARS_MIN);
    let shown = tcgetattr(&input)?;
    let mut hidden = shown.clone();
    hidden.local_modes -= LocalModes::ECHO;
    tcsetattr(&input, OptionalActions::Flush, &hidden)?;
    let read = input.lock().read_line(&mut line);
    tcsetattr(&input, OptionalActions::Flush, &shown)?;
    read?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn random() -> anyhow::Result<[u8; RANDOM_BYTES]> {
    let mut bytes = [0; RANDOM_BYTES];
    let filled = getrandom(&mut bytes, GetRandomFlags::empty())?;
    anyhow::ensure!(filled == bytes.len(), "the system has no random numbers");
    Ok(bytes)
}

#[expect(clippy::disallowed_methods, reason = "a command without an engine: the wall clock is the only one")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|span| span.as_secs()).unwrap_or_default()
}
