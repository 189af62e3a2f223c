//! The demo's pages: a folder for one run, its users, and an agent for people who look on.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use rustix::rand::{GetRandomFlags, getrandom};
use turno_access::{Access, NewToken, NewUser, RANDOM_BYTES, Role, Scope};
use turno_ground::Secret;
use turno_model::{Language, Plan, SeatId};
use turno_shell::USERS;

/// Who leads the demo's room.
const LEADS: &str = "boss";
/// Who may work in it.
const WORKS: &str = "desk";
/// Days after which the wall's token ends; the demo ends first.
const TOKEN_DAYS: u64 = 7;

/// What the pages of one demo need; its folder is removed with it.
#[derive(Debug)]
pub(crate) struct Pages {
    folder: PathBuf,
    password: String,
    token: String,
}

impl Pages {
    /// Makes the folder with a user who leads, one who works as the agent with this extension, and a token for the wall.
    ///
    /// # Errors
    /// No room for the folder.
    pub(crate) fn new(agent: Option<&str>) -> Result<Self> {
        let name = hexadecimal(&random()?[..4]);
        let folder = std::env::temp_dir().join(format!("turno-demo-{name}"));
        DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("no folder for the demo's pages at {}", folder.display()))?;
        let mut pages = Self { folder, password: hexadecimal(&random()?[..6]), token: String::new() };
        let mut access = Access::open(&pages.folder.join(USERS))?;
        let mut add = |name: &str, role: Role| {
            let scope = Scope { role, agent: agent.map(str::to_owned), queues: None };
            access.add_user(&NewUser { name, scope, password: &pages.password }, &random()?, now())?;
            Ok::<_, anyhow::Error>(())
        };
        add(LEADS, Role::Operator)?;
        if agent.is_some() {
            add(WORKS, Role::Agent)?;
        }
        let scope = Scope { role: Role::Reader, agent: None, queues: None };
        let wall = NewToken { owner: LEADS, name: "wall", scope, expires: now() + TOKEN_DAYS * 86_400 };
        pages.token = access.add_token(&wall, &random()?, now())?.reveal().to_owned();
        Ok(pages)
    }

    /// Where turno keeps what it writes in this demo.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the pages are, and how to come in.
    pub(crate) fn doors(&self, plan: &Plan, language: Language) -> String {
        let Some(api) = &plan.api else { return String::new() };
        let [pages, users, password] = match language {
            Language::Spanish => ["páginas", "usuarios", "contraseña"],
            Language::English => ["pages", "users", "password"],
        };
        format!(" {pages} http://{}   {users} {LEADS}, {WORKS}   {password} {}", api.listen, self.password)
    }

    /// The wall's address.
    pub(crate) fn wall(&self, plan: &Plan) -> String {
        let listen = plan.api.as_ref().map(|api| api.listen.to_string()).unwrap_or_default();
        format!("http://{listen}/wall#token={}", self.token)
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Adds an agent whom nobody plays, with the skills of the last one, and returns the extension: the next free number.
pub(crate) fn add_agent(plan: &mut Plan, display: &str) -> Option<String> {
    let mut agent = plan.agents.last()?.clone();
    let mut seat = plan.seats.get(agent.own_seat?.index())?.clone();
    let taken = |number: &str| {
        plan.seats.iter().any(|seat| seat.extension == number)
            || plan.agents.iter().any(|agent| agent.extension == number)
            || plan.numbers.iter().any(|known| known.number == number)
    };
    let after = agent.extension.parse::<u64>().ok()?;
    let free = (after + 1..after + 1_000).map(|number| number.to_string()).find(|number| !taken(number))?;
    seat.extension.clone_from(&free);
    display.clone_into(&mut seat.display);
    seat.password = Secret::new(hexadecimal(&random().ok()?[..8]));
    agent.own_seat = Some(SeatId(u32::try_from(plan.seats.len()).ok()?));
    agent.name.clone_from(&free);
    agent.extension.clone_from(&free);
    display.clone_into(&mut agent.display);
    (agent.supervises, agent.pin, agent.outside) = (true, None, None);
    plan.seats.push(seat);
    plan.agents.push(agent);
    Some(free)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random() -> Result<[u8; RANDOM_BYTES]> {
    let mut bytes = [0; RANDOM_BYTES];
    let filled = getrandom(&mut bytes, GetRandomFlags::empty())?;
    anyhow::ensure!(filled == bytes.len(), "the system has no random numbers");
    Ok(bytes)
}

#[expect(
    clippy::disallowed_methods,
    reason = "users are made before the engine runs: the wall clock is the only one"
)]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|span| span.as_secs()).unwrap_or_default()
}
