//! `turno knowledge`: the procedures of the site.

mod evaluating;
mod giving;
mod importing;
mod showing;
mod speaking;
mod trying;
mod wav;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use turno_knowledge::Library;
use turno_model::Language;

use crate::check::load;
use crate::exit::Exit;
use crate::language::Wanted;
use crate::procedures::today;

/// Procedures: search them, show one, bring a table of them, measure the search. Only `give` needs a running turno.
#[derive(Args)]
pub(crate) struct KnowledgeArgs {
    #[command(subcommand)]
    action: Action,
    /// The plan: one TOML file or a folder of them. Without it, the built-in site.
    #[arg(long, value_name = "PATH", global = true)]
    plan: Option<PathBuf>,
    /// The folder of the procedures, instead of the plan's.
    #[arg(long, value_name = "DIR", global = true)]
    procedures: Option<PathBuf>,
    #[command(flatten)]
    language: Wanted,
}

#[derive(Subcommand)]
enum Action {
    /// Find procedures by a citizen's words.
    Search {
        /// The words; any text.
        #[arg(required = true)]
        text: Vec<String>,
        /// Print JSON: the procedures with scores from 0 to 1, and what words were taken for.
        #[arg(long)]
        json: bool,
        /// At most so many procedures.
        #[arg(long, value_name = "N", default_value_t = 3)]
        most: usize,
    },
    /// Show one procedure.
    Show {
        /// Its name: that of its file without `.md`.
        id: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Note what an agent's last contact was about: its procedure, by the wrap-up code that the procedure has.
    Give(giving::GiveArgs),
    /// Make files of a table (CSV), one procedure a row; docs/KNOWLEDGE.md has the columns.
    Import(importing::ImportArgs),
    /// Make the sounds of cards that menus read out, by the plan's voice, into the folder of the prompts.
    Speak(speaking::SpeakArgs),
    /// Ask every question of a file, and say how often the right procedure was found.
    Evaluate(evaluating::EvaluateArgs),
    /// Try changed synonyms on past questions before they go live: which answers would change, and which for the worse.
    Try(trying::TryArgs),
    /// Group questions that are alike, such as those that the bot did not understand.
    Groups(trying::GroupsArgs),
}

/// What a command needs.
struct Site {
    library: Library,
    today: Date,
    language: Language,
}

impl KnowledgeArgs {
    /// Does it, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        if let Action::Import(import) = &self.action {
            return import.run(self.language.asked().unwrap_or_else(Wanted::locale), today());
        }
        let Some(plan) = load(self.plan.as_deref()) else { return Exit::PlanRefused };
        let language = self.language.of(&plan);
        let Some(folder) = self.procedures.or_else(|| plan.knowledge.procedures.clone()) else {
            complain!("turno: {}", nothing(language));
            return Exit::NothingThere;
        };
        let library = match Library::read(&folder, &|code| plan.takes_code(code)) {
            Ok(library) => library,
            Err(refused) => {
                complain!("{refused}");
                return Exit::PlanRefused;
            }
        };
        let site = Site { library, today: today(), language };
        match self.action {
            Action::Search { text, json, most } => showing::search(&site, &text.join(" "), most, json),
            Action::Show { id, json } => showing::show(&site, &id, json),
            Action::Evaluate(evaluate) => evaluate.run(&site),
            Action::Try(tries) => tries.run(&site),
            Action::Groups(groups) => groups.run(&site),
            Action::Give(give) => give.run(&site),
            Action::Speak(speak) => speak.run(&site, &plan),
            Action::Import(_) => Exit::Done,
        }
    }
}

fn nothing(language: Language) -> &'static str {
    match language {
        Language::English => "the plan has no procedures: `[knowledge]` and `procedures = \"FOLDER\"`",
        Language::Spanish => "el plan no tiene trámites: `[knowledge]` y `procedures = \"CARPETA\"`",
    }
}
