//! `turno knowledge give`: an agent's last contact was about a procedure.

use std::path::PathBuf;

use clap::Args;
use compact_str::CompactString;
use turno_control::{Answer, Request};
use turno_model::{Language, Spoken};

use super::Site;
use crate::exit::Exit;
use crate::trace::asking::{Asked, Trouble};

/// Give an agent's last contact a procedure.
#[derive(Args)]
pub(super) struct GiveArgs {
    /// The agent's extension.
    agent: CompactString,
    /// The procedure: the name of its file without `.md`.
    id: String,
    /// The control socket of the turno that is asked; `serve` says it at its start.
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,
}

impl GiveArgs {
    pub(super) fn run(&self, site: &Site) -> Exit {
        let Some(procedure) = site.library.procedure(&self.id) else {
            return super::showing::missing(site, &self.id);
        };
        let Some(code) = &procedure.wrap_up else {
            let none =
                site.language.say("this procedure has no wrap-up code", "este trámite no tiene código");
            complain!("turno: {none}: `{}`", self.id);
            return Exit::NothingThere;
        };
        match self.tell(code) {
            Ok(()) => {
                match site.language {
                    Language::English => say!("{}: {} (code {code})", self.agent, procedure.name),
                    Language::Spanish => say!("{}: {} (código {code})", self.agent, procedure.name),
                }
                Exit::Done
            }
            Err(trouble) => {
                complain!("turno: {trouble}");
                trouble.exit()
            }
        }
    }

    fn tell(&self, code: &str) -> Result<(), Trouble> {
        let order = Spoken::WrapUp(self.agent.clone(), code.into());
        let mut asked = Asked::ask(self.control.as_deref(), &Request::Act(order))?;
        match asked.hear()? {
            Some(Answer::Done(_)) => Ok(()),
            other => Err(Trouble::of(other)),
        }
    }
}
