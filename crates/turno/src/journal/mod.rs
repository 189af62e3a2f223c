//! `turno journal`: is it whole, what does it say, and what can be saved of a damaged one.

pub(crate) mod folder;
mod owner_words;
mod repair;
mod show;
pub(crate) mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::exit::Exit;

/// Look into the journal of a turno: verify it, show it, save what is whole of a damaged one. Speaks English.
#[derive(Args)]
pub(crate) struct Journal {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Read every file and say what is whole and what is not: 0 if a restart forgets nothing, 7 if something is lost.
    Verify {
        /// The folder, as it was given to --state.
        folder: PathBuf,
    },
    /// Print what was written, one line a record.
    Show(show::Show),
    /// Copy what is whole into a new folder; the old one stays as it is.
    Repair {
        /// The damaged folder.
        folder: PathBuf,
        /// The new folder; without it, the old one's name with `.repaired`.
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
}

impl Journal {
    /// Does it, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        let done = match self.what {
            What::Verify { folder } => verify::verify(&folder),
            What::Show(show) => show.run(),
            What::Repair { folder, to } => repair::repair(&folder, to),
        };
        done.unwrap_or_else(|trouble| {
            complain!("turno: {trouble}");
            Exit::NothingThere
        })
    }
}
