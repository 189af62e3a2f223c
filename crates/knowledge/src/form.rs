//! What programs are told of procedures: the JSON of the command line and of the HTTP API.

use jiff::civil::Date;
use serde::Serialize;

use crate::library::Library;
use crate::procedure::Procedure;

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnswerForm {
    /// The question.
    pub question: String,
    /// The procedures, the best first.
    pub procedures: Vec<HitForm>,
    /// Words that were taken for others.
    pub taken: Vec<TakenForm>,
    /// Words that no procedure has.
    pub unknown: Vec<String>,
}

/// A procedure that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HitForm {
    /// Its name in links and commands.
    pub id: String,
    /// Its name.
    pub name: String,
    /// From 0 to 1.
    pub score: f64,
    /// Who does it.
    pub institution: String,
    /// What it costs.
    pub cost: String,
    /// Its page.
    pub online: Option<String>,
    /// Whether the institution has confirmed it.
    pub confirmed: bool,
    /// Whether its last day is over.
    pub expired: bool,
}

/// A word that was taken for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TakenForm {
    /// As it was asked.
    pub word: String,
    /// What it was taken for.
    pub meant: String,
}

/// A procedure as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProcedureForm {
    /// Its name in links and commands.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What else it is called.
    pub aliases: Vec<String>,
    /// Who does it.
    pub institution: String,
    /// The language of its text.
    pub language: String,
    /// What is needed.
    pub requirements: Vec<String>,
    /// What it costs.
    pub cost: String,
    /// Where it is done.
    #[serde(rename = "where")]
    pub place: String,
    /// Its page.
    pub online: Option<String>,
    /// When it is done.
    pub hours: String,
    /// Whom to call.
    pub phone: Option<String>,
    /// Laws and ordinances.
    pub legal_basis: Vec<String>,
    /// Other procedures.
    pub related: Vec<String>,
    /// The day from which it holds.
    pub valid_from: String,
    /// The last day on which it holds.
    pub valid_until: Option<String>,
    /// The day on which it was compared with its sources.
    pub checked_on: String,
    /// The day on which the institution confirmed it; none: to be confirmed.
    pub confirmed_on: Option<String>,
    /// Where it is taken from.
    pub source: Vec<String>,
    /// The code after a talk about it.
    pub wrap_up: Option<String>,
    /// The text, as Markdown.
    pub text: String,
    /// Whether its last day is over.
    pub expired: bool,
}

impl Library {
    /// The answer to a question on `today`, with at most `most` procedures.
    #[must_use]
    pub fn answer(&self, question: &str, most: usize, today: Date) -> AnswerForm {
        let answer = self.search(question, most);
        let hit = |hit: crate::index::Hit| {
            let procedure = &self.procedures()[hit.place];
            HitForm {
                id: procedure.id.clone(),
                name: procedure.name.clone(),
                score: (hit.score * 1e4).round() / 1e4,
                institution: procedure.institution.clone(),
                cost: procedure.cost.clone(),
                online: procedure.online.clone(),
                confirmed: procedure.confirmed_on.is_some(),
                expired: procedure.is_expired(today),
            }
        };
        let taken = answer.taken.into_iter().map(|taken| TakenForm { word: taken.word, meant: taken.meant });
        AnswerForm {
            question: question.to_owned(),
            procedures: answer.hits.into_iter().map(hit).collect(),
            taken: taken.collect(),
            unknown: answer.unknown,
        }
    }
}

impl ProcedureForm {
    /// A procedure as programs are told of it on `today`.
    #[must_use]
    pub fn new(procedure: &Procedure, today: Date) -> Self {
        let Procedure { id, name, aliases, institution, language, requirements, .. } = procedure.clone();
        let Procedure { cost, place, online, hours, phone, legal_basis, related, .. } = procedure.clone();
        let Procedure { sources, wrap_up, body, .. } = procedure.clone();
        Self {
            id,
            name,
            aliases,
            institution,
            language,
            requirements,
            cost,
            place,
            online,
            hours,
            phone,
            legal_basis,
            related,
            valid_from: procedure.valid_from.to_string(),
            valid_until: procedure.valid_until.map(|day| day.to_string()),
            checked_on: procedure.checked_on.to_string(),
            confirmed_on: procedure.confirmed_on.map(|day| day.to_string()),
            source: sources,
            wrap_up,
            text: body,
            expired: procedure.is_expired(today),
        }
    }
}
