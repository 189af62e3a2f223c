//! `turno bans`: who is shut out of a running turno, and how to change it.

use std::io::{Write, stdout};
use std::net::IpAddr;
use std::path::PathBuf;

use core::time::Duration;

use clap::{Args, Subcommand};
use turno_control::{Answer, Request, ban_table};
use turno_model::Spoken;

use crate::exit::Exit;
use crate::trace::asking::{Asked, Trouble};

/// Who is shut out: list, lift, or shut out by hand. Speaks English.
#[derive(Args)]
pub(crate) struct BansArgs {
    #[command(subcommand)]
    action: Action,
    /// The control socket of the turno that is asked; `serve` says it at its start.
    #[arg(long, value_name = "PATH", global = true)]
    control: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Action {
    /// Who is banned now, why, and for how long.
    List,
    /// Let an address in again, and forget what it did.
    Lift {
        /// The address; of an IPv6 network of 64 bits any address.
        address: IpAddr,
    },
    /// Shut an address out.
    Ban {
        /// The address; of an IPv6 address its whole network of 64 bits is shut out.
        address: IpAddr,
        /// For how long, such as `90s`, `15m`, `1h30m`.
        #[arg(long = "for", value_name = "SPAN", value_parser = span, default_value = "1h")]
        span: Duration,
    },
}

impl BansArgs {
    /// Asks, and shows what it is told.
    pub(crate) fn run(self) -> Exit {
        match self.show() {
            Ok(()) => Exit::Done,
            Err(trouble) => {
                complain!("turno: {trouble}");
                trouble.exit()
            }
        }
    }

    fn show(&self) -> Result<(), Trouble> {
        let request = match self.action {
            Action::List => Request::Bans,
            Action::Lift { address } => Request::Act(Spoken::LiftBan(address)),
            Action::Ban { address, span } => Request::Act(Spoken::Ban(address, span)),
        };
        let mut asked = Asked::ask(self.control.as_deref(), &request)?;
        let text = match (asked.hear()?, &self.action) {
            (Some(Answer::Bans(rows)), Action::List) if rows.is_empty() => "nobody is banned\n".to_owned(),
            (Some(Answer::Bans(rows)), Action::List) => ban_table(&rows),
            (Some(Answer::Done(_)), Action::Lift { address }) => format!("{address} may come in again\n"),
            (Some(Answer::Done(_)), Action::Ban { address, .. }) => format!("{address} is shut out\n"),
            (other, _) => return Err(Trouble::of(other)),
        };
        stdout().write_all(text.as_bytes()).map_err(|_| Trouble::Closed)
    }
}

fn span(text: &str) -> Result<Duration, String> {
    let parsed = turno_config::span(text).filter(|span| span.as_secs() > 0);
    parsed.ok_or_else(|| "a span of a second or more, such as `90s`, `15m` or `1h30m`".to_owned())
}
