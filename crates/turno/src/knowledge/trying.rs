//! `turno knowledge try` and `turno knowledge groups`: what past questions say about synonyms, before a change and for the next.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use turno_knowledge::{Changed, Question, WhatIf, compare, group, read_past_questions};
use turno_model::Language;

use super::Site;
use crate::exit::Exit;

/// Try changed synonyms on past questions.
#[derive(Args)]
pub(super) struct TryArgs {
    /// The changed synonyms: a copy of `synonyms.toml`.
    synonyms: PathBuf,
    /// Past questions: one a line, with the right procedure after a tab where it is known.
    #[arg(required = true)]
    questions: Vec<PathBuf>,
    /// At most so many changed answers.
    #[arg(long, value_name = "N", default_value_t = 50)]
    most: usize,
}

/// Group questions that are alike.
#[derive(Args)]
pub(super) struct GroupsArgs {
    /// Questions, one a line.
    #[arg(required = true)]
    questions: Vec<PathBuf>,
    /// At most so many groups.
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: usize,
}

impl TryArgs {
    /// Ends with [`Exit::Failed`] if a question would be answered worse, so that a script can stop.
    pub(super) fn run(&self, site: &Site) -> Exit {
        let questions = match read(&self.questions, site) {
            Ok(questions) => questions,
            Err(exit) => return exit,
        };
        let then = match site.library.with_synonyms(&self.synonyms) {
            Ok(then) => then,
            Err(refused) => {
                complain!("{refused}");
                return Exit::PlanRefused;
            }
        };
        let what_if = compare(&site.library, &then, &questions);
        self.tell(&what_if, site.language);
        if what_if.better_and_worse().1 > 0 { Exit::Failed } else { Exit::Done }
    }

    fn tell(&self, what_if: &WhatIf, language: Language) {
        let (better, worse) = what_if.better_and_worse();
        let (questions, changed) = (what_if.questions, what_if.changed.len());
        match language {
            Language::English => {
                say!("{questions} questions, {changed} with another answer: {better} better, {worse} worse");
            }
            Language::Spanish => {
                say!("{questions} preguntas, {changed} con otra respuesta: {better} mejor, {worse} peor");
            }
        }
        for changed in what_if.changed.iter().take(self.most) {
            let mark = match changed.is_better() {
                Some(true) => '+',
                Some(false) => '!',
                None => ' ',
            };
            let Changed { question, before, after } = changed;
            let name = |id: &Option<String>| id.clone().unwrap_or_else(|| "-".to_owned());
            say!("{mark} {}  ({} -> {})", question.text, name(before), name(after));
        }
    }
}

impl GroupsArgs {
    pub(super) fn run(&self, site: &Site) -> Exit {
        let questions = match read(&self.questions, site) {
            Ok(questions) => questions,
            Err(exit) => return exit,
        };
        for group in group(questions.iter().map(|question| question.text.as_str())).iter().take(self.most) {
            say!("{:>5}  {}", group.questions.len(), group.about.join(" "));
            for at in group.questions.iter().take(3) {
                say!("       {}", questions[*at].text);
            }
        }
        Exit::Done
    }
}

fn read(files: &[PathBuf], site: &Site) -> Result<Vec<Question>, Exit> {
    let mut questions = Vec::new();
    for file in files {
        match fs::read_to_string(file) {
            Ok(text) => questions.extend(read_past_questions(&text, &site.library)),
            Err(error) => {
                complain!("turno: {}: {error}", file.display());
                return Err(Exit::NothingThere);
            }
        }
    }
    Ok(questions)
}
