//! How often the search finds what citizens meant: questions with the right procedure, and two figures.

use crate::library::Library;

/// Among how many hits the right one must be, for `recall@3`.
const AMONG: usize = 3;
/// How far down the right one is looked for.
const LOOKED_AT: usize = 50;

/// A question in a citizen's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its words.
    pub text: String,
    /// The procedures that answer it: one, or several of which each does.
    pub right: Vec<String>,
    /// The part of the set that it belongs to, such as `tuning`; empty if the file names none.
    pub part: String,
}

/// A line that is no question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionFault {
    /// Its line, from 1.
    pub line: usize,
    /// Why, in a sentence.
    pub why: String,
}

/// How the search did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// How many questions were asked.
    pub questions: usize,
    /// The share of those whose right procedure was first.
    pub first: f64,
    /// The share of those whose right procedure was among the first three.
    pub recall_at_3: f64,
    /// The mean of 1 / rank.
    pub mean_reciprocal_rank: f64,
    /// The questions whose right procedure was not first, the worst before the others.
    pub worst: Vec<WorstQuestion>,
}

/// A question whose right procedure was not the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorstQuestion {
    /// The question.
    pub question: Question,
    /// The rank of the right procedure, from 1; `None`: it was not found.
    pub rank: Option<usize>,
    /// What was first.
    pub first: Option<String>,
}

/// Reads lines `question<TAB>procedure` or `question<TAB>procedure<TAB>part`. Several procedures stand between `|`; empty
/// lines and those that begin with `#` say nothing.
///
/// # Errors
/// Every line that is no question.
pub fn read_questions(text: &str, library: &Library) -> Result<Vec<Question>, Vec<QuestionFault>> {
    let mut questions = Vec::new();
    let mut faults = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut cells = line.split('\t').map(str::trim);
        let (words, right) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        let part = cells.next().unwrap_or_default();
        let right: Vec<String> = right.split('|').map(|id| id.trim().to_owned()).collect();
        match right.iter().find(|id| library.procedure(id).is_none()) {
            Some(strange) => {
                let why = format!("there is no procedure `{strange}`");
                faults.push(QuestionFault { line: at + 1, why });
            }
            None => questions.push(Question { text: words.to_owned(), right, part: part.to_owned() }),
        }
    }
    if faults.is_empty() { Ok(questions) } else { Err(faults) }
}

/// Asks every question.
#[must_use]
pub fn evaluate<'q>(library: &Library, questions: impl IntoIterator<Item = &'q Question>) -> Evaluation {
    let mut evaluation = Evaluation::default();
    let (mut first, mut among, mut reciprocal) = (0_u32, 0_u32, 0.0);
    for question in questions {
        evaluation.questions += 1;
        let hits = library.search(&question.text, LOOKED_AT).hits;
        let id = |place: usize| &library.procedures()[place].id;
        let found = hits.iter().position(|hit| question.right.contains(id(hit.place)));
        let rank = found.map(|at| at + 1);
        first += u32::from(rank == Some(1));
        among += u32::from(rank.is_some_and(|rank| rank <= AMONG));
        reciprocal += rank.map_or(0.0, |rank| 1.0 / f64::from(u32::try_from(rank).unwrap_or(u32::MAX)));
        if rank != Some(1) {
            let first = hits.first().map(|hit| id(hit.place).clone());
            evaluation.worst.push(WorstQuestion { question: question.clone(), rank, first });
        }
    }
    evaluation.worst.sort_by_key(|worst| core::cmp::Reverse(worst.rank.unwrap_or(usize::MAX)));
    let count = f64::from(u32::try_from(evaluation.questions.max(1)).unwrap_or(u32::MAX));
    evaluation.first = f64::from(first) / count;
    evaluation.recall_at_3 = f64::from(among) / count;
    evaluation.mean_reciprocal_rank = reciprocal / count;
    evaluation
}
