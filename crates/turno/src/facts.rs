//! `turno facts`: what happened, fact by fact, from a position on.

use std::io::{Write, stdout};
use std::path::PathBuf;

use clap::Args;
use turno_control::{Answer, FactsAsk, FactsBegin, PlacedFact, Request};
use turno_model::{Gap, Position};
use turno_trace::Numbers;

use crate::exit::Exit;
use crate::fact_text::fact_text;
use crate::journal::verify::fine_clock;
use crate::trace::asking::{Asked, Trouble};

/// What happened, fact by fact: from the oldest that is kept, or behind a position. For programs, so always in English.
#[derive(Args)]
pub(crate) struct FactsArgs {
    /// Only facts behind this position, such as 1795617175477570-42: the last that was printed before.
    #[arg(long, value_name = "POSITION", group = "begin")]
    after: Option<Position>,
    /// Only what happens from now on; goes on until it is stopped.
    #[arg(long, group = "begin")]
    new: bool,
    /// Go on with what happens.
    #[arg(long)]
    follow: bool,
    /// Lines as they come over the control socket, one JSON object each, with the names behind the numbers of queues, agents
    /// and trunks.
    #[arg(long)]
    json: bool,
    /// Callers' numbers whole, rather than their last two digits.
    #[arg(long)]
    numbers: bool,
    /// The control socket of the turno that is asked; `serve` says it at its start.
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,
}

impl FactsArgs {
    /// Asks, and prints what it is told.
    pub(crate) fn run(self) -> Exit {
        match self.print() {
            Ok(()) => Exit::Done,
            Err(trouble) => {
                complain!("turno: {trouble}");
                trouble.exit()
            }
        }
    }

    fn print(&self) -> Result<(), Trouble> {
        let begin = match self.after {
            Some(position) => FactsBegin::After(position),
            None if self.new => FactsBegin::Now,
            None => FactsBegin::Oldest,
        };
        let numbers = if self.numbers { Numbers::Full } else { Numbers::Short };
        let ask = FactsAsk { begin, follow: self.follow || self.new, numbers };
        let mut asked = Asked::ask(self.control.as_deref(), &Request::Facts(ask))?;
        while let Some(answer) = asked.hear()? {
            if let Some(line) = self.line(&answer)? {
                writeln!(stdout(), "{line}").and_then(|()| stdout().flush()).map_err(|_| Trouble::Closed)?;
            }
        }
        Ok(())
    }

    fn line(&self, answer: &Answer) -> Result<Option<String>, Trouble> {
        match answer {
            Answer::TooOld(oldest) => {
                return Err(Trouble::Refused(format!(
                    "facts behind that position are gone; the oldest that are kept are printed with --after {oldest}"
                )));
            }
            Answer::Ahead(newest) => {
                return Err(Trouble::Refused(format!(
                    "no fact has that position: the newest has {newest}; is it of another site, or was the journal begun anew?"
                )));
            }
            Answer::Fact(_) | Answer::Names(_) | Answer::Missing(_) | Answer::UpTo(_) if self.json => {
                return Ok(Some(answer.json()));
            }
            Answer::Fact(fact) => return Ok(Some(text(fact))),
            Answer::Missing(gap) => complain!("turno: {}", missing(gap)),
            Answer::Names(_) | Answer::UpTo(_) => {}
            Answer::Rows(_)
            | Answer::Differences(_)
            | Answer::Applied(_)
            | Answer::Bans(_)
            | Answer::CallerLists(_)
            | Answer::Skills(_)
            | Answer::Callbacks(_)
            | Answer::Breaks(_)
            | Answer::Done(_)
            | Answer::NotDone(_)
            | Answer::Entry(_)
            | Answer::Waiting
            | Answer::LostPlace
            | Answer::NoSuccessor(_)
            | Answer::Refused(_)
            | Answer::Busy(_)
            | Answer::Language(_) => return Err(Trouble::of(Some(answer.clone()))),
        }
        Ok(None)
    }
}

fn text(PlacedFact { position, at, fact }: &PlacedFact) -> String {
    format!("{}  {position}  {}", fine_clock(*at), fact_text(fact))
}

fn missing(Gap { after, until, facts }: &Gap) -> String {
    let many =
        facts.map_or_else(|| "nobody knows how many facts".to_owned(), |facts| format!("{facts} facts"));
    format!(
        "{many} behind {after} up to {until} are missing: they had left memory, and the journal does not have them"
    )
}

#[cfg(test)]
mod tests {
    use turno_ground::Moment;
    use turno_model::Fact;

    use super::*;

    #[test]
    fn a_fact_is_printed_with_its_position_and_a_gap_with_its_size() {
        let position = Position { run: Moment::from_micros(1_795_617_175_477_570), number: 42 };
        let fact = PlacedFact::new(
            position,
            Moment::from_micros(1_795_617_175_477_571),
            &Fact::Started,
            Numbers::Short,
        );
        let line = text(&fact);
        assert!(line.ends_with("  1795617175477570-42  Started"), "{line}");
        let zone =
            line.split_once(".477571").and_then(|(_, rest)| rest.get(..6)).expect("a time with its zone");
        assert!(zone.starts_with(['+', '-']) && zone.get(3..4) == Some(":"), "{line}");
        let gap = Gap { after: position, until: position.plus(8), facts: Some(8) };
        assert!(missing(&gap).starts_with("8 facts behind 1795617175477570-42 up to 1795617175477570-50"));
    }
}
