//! Sure, several, or unsure, from the scores of a search.

use turno_knowledge::AnswerForm;

use crate::bot::settings::Settings;

/// The most procedures between which a person is asked to choose.
pub(crate) const OFFERED_MAX: usize = 3;

/// A procedure that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name in links and commands.
    pub id: String,
    /// Its name for people.
    pub name: String,
}

/// What a search means for the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is this one.
    Sure(Found),
    /// It is one of these, from two to three.
    Several(Vec<Found>),
    /// Nobody knows; these come nearest, at most three.
    Unsure(Vec<Found>),
}

/// Decides. An expired procedure is never the sure one.
#[must_use]
pub fn verdict(answer: &AnswerForm, settings: &Settings) -> Verdict {
    let found = |most: usize| {
        let hits = answer.procedures.iter().filter(|hit| !hit.expired).take(most);
        hits.map(|hit| Found { id: hit.id.clone(), name: hit.name.clone() }).collect::<Vec<_>>()
    };
    let mut scores = answer.procedures.iter().filter(|hit| !hit.expired).map(|hit| hit.score);
    let (first, second) = (scores.next().unwrap_or(0.0), scores.next().unwrap_or(0.0));
    if first < settings.asks_from {
        return Verdict::Unsure(found(OFFERED_MAX));
    }
    let is_near = second >= first * settings.near;
    let mut all = found(OFFERED_MAX);
    if (first >= settings.answers_from && !is_near) || all.len() < 2 {
        return Verdict::Sure(all.swap_remove(0));
    }
    Verdict::Several(all)
}
