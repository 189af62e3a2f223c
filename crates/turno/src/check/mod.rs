//! `turno check`: read a plan, and print every fault in it.

mod ended;

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use turno_media::Sound;
use turno_model::{Language, Plan};

use crate::exit::Exit;
use crate::language::Wanted;
use crate::procedures;

/// Read a plan and print every fault in it. Faults of the plan are in English: they speak of its keys.
#[derive(Args)]
pub(crate) struct Check {
    /// A plan: one TOML file or a folder of them. Without it, the built-in site.
    path: Option<PathBuf>,
    #[command(flatten)]
    language: Wanted,
}

impl Check {
    /// Checks, and says how it ended.
    pub(crate) fn run(&self) -> Exit {
        let Some(plan) = load(self.path.as_deref()) else { return Exit::PlanRefused };
        let certificate = turno_shell::check_certificates(&plan);
        let mut faults = unplayable(&plan);
        faults.extend(turno_shell::webhook_faults(&plan));
        faults.extend(certificate.as_ref().err().map(ToString::to_string));
        for fault in &faults {
            complain!("fault: {fault}");
        }
        let old = procedures::check(&plan).unwrap_or_else(|refused| {
            complain!("{refused}");
            faults.push(refused);
            Vec::new()
        });
        let language = self.language.of(&plan);
        if !faults.is_empty() {
            let many = faults.len();
            match language {
                Language::English => {
                    complain!("{many} of the plan's files can't be used: turno would not start");
                }
                Language::Spanish => {
                    complain!("no se pueden usar {many} de los archivos del plan: turno no arrancaría");
                }
            }
            return Exit::PlanRefused;
        }
        let notice = language.say("notice", "aviso");
        for ended in ended::ended(&plan, certificate.ok().flatten(), Timestamp::now(), language) {
            complain!("{notice}: {ended}");
        }
        for old in old {
            complain!("{old}");
        }
        say!("{}", turno_config::summary(&plan, language));
        Exit::Done
    }
}

/// A sentence for each prompt that can't be played, and for the music.
fn unplayable(plan: &Plan) -> Vec<String> {
    let files = plan.prompts.iter().map(|prompt| &prompt.file).chain([&plan.media.music]);
    files.filter_map(|file| Sound::read(file).err()).map(|refused| refused.to_string()).collect()
}

/// The plan at `path`, or the built-in one. Notices and faults go to standard error; with faults there is no plan.
pub(crate) fn load(path: Option<&Path>) -> Option<Plan> {
    match path.map_or_else(turno_config::built_in, turno_config::load) {
        Ok((plan, notices)) => {
            for notice in notices {
                complain!("{notice}");
            }
            Some(plan)
        }
        Err(refused) => {
            complain!("{refused}");
            None
        }
    }
}
