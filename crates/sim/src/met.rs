//! How often each thing was met in an hour, by its words: what became of commands, and what the facts say of new features.

#![expect(clippy::wildcard_enum_match_arm, reason = "few facts are counted")]

use std::collections::BTreeMap;

use turno_engine::Reply;
use turno_model::{CallerKnown, Command, Done, Fact, PassingChange, PhoneChange, PhoneStep, Rule};

/// Counts by words.
#[derive(Debug, Default)]
pub(crate) struct Met {
    counts: BTreeMap<String, u64>,
    /// The commands that have no reply yet, by their numbers; a killed engine replies to none of them.
    asked: BTreeMap<u64, &'static str>,
}

impl Met {
    /// Something was met.
    pub(crate) fn notes(&mut self, words: impl Into<String>) {
        *self.counts.entry(words.into()).or_default() += 1;
    }

    /// A command is given with this number.
    pub(crate) fn asks(&mut self, number: u64, command: &Command) {
        let word = match command {
            Command::Pull(_, None) => "pull back",
            other => other.verb().word(),
        };
        self.asked.insert(number, word);
    }

    /// The engine replies.
    pub(crate) fn replies(&mut self, reply: &Reply) {
        let Some(word) = self.asked.remove(&reply.command) else { return };
        let result = match &reply.result {
            Ok(Done::Afterwards) => "afterwards".to_owned(),
            Ok(Done::Now | Done::Queued(_) | Done::TurnAt(_)) => "done".to_owned(),
            Err(refusal) => named(refusal),
        };
        self.notes(format!("{word}: {result}"));
    }

    /// Reads a fact.
    pub(crate) fn reads(&mut self, fact: &Fact) {
        match fact {
            Fact::Offered { decision, .. } if decision.rule == Rule::Pulled => self.notes("pull: offered"),
            Fact::CallerKnown(_, CallerKnown::PulledNoMore { .. }) => self.notes("pull: over"),
            Fact::SkillChanged(changed) => self.notes(format!("skill: {}", named(&changed.change))),
            Fact::Passing(passing) => self.passes(&passing.change),
            Fact::PinEntered(entered) => self.notes(format!("desk: {}", entered.outcome.word())),
            Fact::Phone(PhoneStep { change: PhoneChange::AgentsLine(outcome), .. }) => {
                self.notes(format!("agents' line: {}", outcome.word()));
            }
            _ => {}
        }
    }

    fn passes(&mut self, change: &PassingChange) {
        let words = match change {
            PassingChange::Consults(whom) => format!("consulted: {}", named(whom)),
            PassingChange::ConsultEnded(_, end) => format!("consultation: {}", named(end)),
            other => format!("passing: {}", named(other)),
        };
        self.notes(words);
    }

    /// All counts.
    pub(crate) const fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }
}

/// The name of a variant, without its fields.
fn named(what: &impl core::fmt::Debug) -> String {
    let shown = format!("{what:?}");
    shown.split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
}
