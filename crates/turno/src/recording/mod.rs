//! `turno recording`: list, play, verify, export and delete recordings.

mod export;
mod found;
mod known;
mod list;
mod verify;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use turno_control::{Answer, Request};
use turno_model::plan::RecordingPlan;
use turno_model::{Language, Spoken};
use turno_recording::key::SiteKeys;

use crate::check::load;
use crate::exit::Exit;
use crate::recording::found::Trouble;
use crate::state::usual_folder;
use crate::trace::asking::{self, Asked};

/// Recordings of talks: list, play, verify, export, delete. The plan says where they are, and with which key they open.
#[derive(Args)]
pub(crate) struct RecordingArgs {
    #[command(subcommand)]
    action: Action,
    /// The plan: one TOML file or a folder of them. Without it, the built-in site.
    #[arg(long, value_name = "PATH", global = true)]
    plan: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Action {
    /// All recordings, oldest first, with the last two digits of callers' numbers.
    List {
        /// Callers' whole numbers.
        #[arg(long)]
        numbers: bool,
    },
    /// Write one recording as WAV: to a file, or to standard output, such as `turno recording play 4711 | aplay`.
    Play {
        /// The last digits of its number.
        recording: String,
        /// The file.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Hold every recording against the journal: 0 if all are whole, 7 if something was altered or is missing.
    Verify {
        /// The journal's folder, as it was given to --state.
        #[arg(long, value_name = "DIR")]
        state: Option<PathBuf>,
    },
    /// Decrypt one recording into a folder: an Ogg or WAV file, and a text that says what it is, with its hash.
    Export {
        /// The last digits of its number.
        recording: String,
        /// The folder.
        #[arg(long, value_name = "DIR", default_value = ".")]
        to: PathBuf,
    },
    /// Let the running turno delete what has been kept for as long as its class says, each with a fact.
    Purge {
        /// The control socket of the turno that is asked; `serve` says it at its start.
        #[arg(long, value_name = "PATH")]
        control: Option<PathBuf>,
    },
}

impl RecordingArgs {
    /// Does it, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        if let Action::Purge { control } = &self.action {
            return purge(control.as_deref());
        }
        let Some(plan) = load(self.plan.as_deref()) else { return Exit::PlanRefused };
        let Some(recording) = &plan.recording else {
            complain!("turno: the plan records nothing: it has no [recording]");
            return Exit::NothingThere;
        };
        let done = keys(recording).and_then(|keys| match self.action {
            Action::List { numbers } => list::list(&recording.folder, &keys, numbers),
            Action::Play { recording: which, to } => {
                export::play(&recording.folder, &keys, &which, to.as_deref())
            }
            Action::Export { recording: which, to } => export::export(&recording.folder, &keys, &which, &to),
            Action::Verify { state } => {
                let state = state.or_else(|| usual_folder(&plan));
                verify::verify(&recording.folder, &keys, state.as_deref())
            }
            Action::Purge { .. } => Ok(Exit::Done),
        });
        done.unwrap_or_else(|trouble| {
            complain!("turno: {trouble}");
            Exit::NothingThere
        })
    }
}

fn keys(plan: &RecordingPlan) -> Result<SiteKeys, Trouble> {
    SiteKeys::parse(plan.keys.reveal()).map_err(|why| Trouble::new(&plan.key_file, why))
}

fn purge(control: Option<&Path>) -> Exit {
    let asked = Asked::ask(control, &Request::Act(Spoken::PurgeRecordings));
    match asked.and_then(|mut asked| asked.hear()) {
        Ok(Some(Answer::Done(_))) => Exit::Done,
        Ok(answer) => {
            let trouble = asking::Trouble::of(answer);
            complain!("turno: {}", trouble.sentence(Language::English));
            trouble.exit()
        }
        Err(trouble) => {
            complain!("turno: {}", trouble.sentence(Language::English));
            trouble.exit()
        }
    }
}
