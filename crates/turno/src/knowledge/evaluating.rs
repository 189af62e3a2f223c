//! `turno knowledge evaluate`: how often the search finds what was meant.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use turno_knowledge::{Evaluation, Question, evaluate, read_questions};
use turno_model::Language;

use super::Site;
use crate::exit::Exit;

/// Ask every question of a file.
#[derive(Args)]
pub(super) struct EvaluateArgs {
    /// Lines `question<TAB>procedure`, with a part of the set as third column if there are parts.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Only the questions of this part.
    #[arg(long)]
    part: Option<String>,
    /// How many of the worst questions are shown; 0 shows figures alone, for a part that nobody should look into.
    #[arg(long, value_name = "N", default_value_t = 20)]
    worst: usize,
    /// Print JSON: the figures.
    #[arg(long)]
    json: bool,
}

impl EvaluateArgs {
    pub(super) fn run(&self, site: &Site) -> Exit {
        let mut questions: Vec<Question> = Vec::new();
        for file in &self.files {
            let text = match fs::read_to_string(file) {
                Ok(text) => text,
                Err(error) => {
                    complain!("turno: {}: {error}", file.display());
                    return Exit::NothingThere;
                }
            };
            match read_questions(&text, &site.library) {
                Ok(read) => questions.extend(read),
                Err(faults) => {
                    faults
                        .iter()
                        .for_each(|fault| complain!("{}:{}: {}", file.display(), fault.line, fault.why));
                    return Exit::PlanRefused;
                }
            }
        }
        let is_asked = |question: &&Question| self.part.as_ref().is_none_or(|part| *part == question.part);
        let evaluation = evaluate(&site.library, questions.iter().filter(is_asked));
        if self.json {
            say!("{}", figures(&evaluation));
        } else {
            self.tell(&evaluation, site.language);
        }
        Exit::Done
    }

    fn tell(&self, evaluation: &Evaluation, language: Language) {
        let Evaluation { questions, first, recall_at_3, mean_reciprocal_rank, worst } = evaluation;
        let words = language.say(
            "questions; right one first, recall@3, MRR:",
            "preguntas; el correcto primero, recall@3, MRR:",
        );
        say!("{questions} {words} {first:.3} {recall_at_3:.3} {mean_reciprocal_rank:.3}");
        for bad in worst.iter().take(self.worst) {
            let rank = bad.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
            let first = bad.first.as_deref().unwrap_or("-");
            say!("{rank:>3}  {}  ({} | {first})", bad.question.text, bad.question.right.join(" "));
        }
    }
}

fn figures(evaluation: &Evaluation) -> serde_json::Value {
    let rounded = |share: f64| (share * 1e4).round() / 1e4;
    serde_json::json!({
        "questions": evaluation.questions,
        "first": rounded(evaluation.first),
        "recall_at_3": rounded(evaluation.recall_at_3),
        "mrr": rounded(evaluation.mean_reciprocal_rank),
    })
}
