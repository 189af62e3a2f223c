//! What a change of the synonyms would do to questions that people have asked.

use crate::evaluation::Question;
use crate::library::Library;

/// What becomes of past questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// How many questions were asked.
    pub questions: usize,
    /// Those whose first procedure would be another.
    pub changed: Vec<Changed>,
}

/// A question whose first procedure would be another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The question.
    pub question: Question,
    /// What is first now; `None`: nothing.
    pub before: Option<String>,
    /// What would be first.
    pub after: Option<String>,
}

impl Changed {
    /// Whether it would be better (`Some(true)`), worse, or nobody knows: only questions with a right procedure can tell.
    #[must_use]
    pub fn is_better(&self) -> Option<bool> {
        let is_right =
            |first: &Option<String>| first.as_ref().is_some_and(|id| self.question.right.contains(id));
        match (is_right(&self.before), is_right(&self.after)) {
            (false, true) => Some(true),
            (true, false) => Some(false),
            (false, false) | (true, true) => None,
        }
    }
}

impl WhatIf {
    /// How many would be better and how many worse.
    #[must_use]
    pub fn better_and_worse(&self) -> (usize, usize) {
        let count = |is: bool| self.changed.iter().filter(|changed| changed.is_better() == Some(is)).count();
        (count(true), count(false))
    }
}

/// Asks both libraries every question. Those that would be worse come first, then those that nobody can judge.
pub fn compare<'q>(
    now: &Library,
    then: &Library,
    questions: impl IntoIterator<Item = &'q Question>,
) -> WhatIf {
    let mut what_if = WhatIf::default();
    for question in questions {
        what_if.questions += 1;
        let first = |library: &Library| {
            let answer = library.search(&question.text, 1);
            answer.hits.first().map(|hit| library.procedures()[hit.place].id.clone())
        };
        let (before, after) = (first(now), first(then));
        if before != after {
            what_if.changed.push(Changed { question: question.clone(), before, after });
        }
    }
    let rank = |changed: &Changed| match changed.is_better() {
        Some(false) => 0,
        None => 1,
        Some(true) => 2,
    };
    what_if.changed.sort_by_key(rank);
    what_if
}

/// Reads questions that people have asked: one a line, with the right procedures after a tab where somebody knows them.
/// A procedure that is there no more is no label. Empty lines and those that begin with `#` say nothing.
#[must_use]
pub fn read_past_questions(text: &str, library: &Library) -> Vec<Question> {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let read = |line: &str| {
        let mut cells = line.split('\t').map(str::trim);
        let text = cells.next().unwrap_or_default().to_owned();
        let right = cells.next().unwrap_or_default().split('|').map(str::trim);
        let right = right.filter(|id| library.procedure(id).is_some()).map(str::to_owned).collect();
        Question { text, right, part: String::new() }
    };
    lines.map(read).collect()
}
