//! Counts the facts again: by the history's own code in memory, by the ledger, and plainly.

use core::ops::ControlFlow;
use std::sync::Arc;

use turno_ground::Moment;
use turno_history::day_rows::{self, DayRows};
use turno_history::{History, MemoryStore, Names};
use turno_journal::FactForm;
use turno_ledger::{Day as LedgerDay, Ledger};
use turno_model::{Fact, Gap, Plan, PlanIndex, Position};

use crate::cannot::Cannot;
use crate::day::Day;
use crate::folder::{KeptBooks, Seen};
use crate::plain::Plain;
use crate::unknown::Unknown;

/// Facts in one transaction.
const BATCH_MAX: usize = 1_000;

/// After so many facts, finished rows of other days are deleted.
const KEEP_ONLY_AFTER: u64 = 20_000;

/// The facts of an audit, as far as they are counted.
pub(crate) struct Replay {
    plan: Arc<Plan>,
    day: Day,
    /// The last fact that the database has.
    until: Position,
    kept: Vec<KeptBooks>,
    history: History,
    ledger: Option<Ledger>,
    pub(crate) plain: Plain,
    pub(crate) unknown: Unknown,
    batch: Vec<(Moment, Fact)>,
    names: Option<KnownNames>,
    last: Option<(Position, Moment)>,
    /// A gap whose end in time is not known yet.
    gap: Option<Gap>,
    since_deleting: u64,
    /// The ledger's day at its last moment.
    pub(crate) eve: Option<LedgerDay>,
    /// Days that a checkpoint keeps, each with the same by the facts.
    pub(crate) kept_days: Vec<(LedgerDay, LedgerDay)>,
    /// How many facts the day has, with the first and last position.
    pub(crate) of_day: Option<(u64, Position, Position)>,
}

struct KnownNames {
    places: Option<Arc<PlanIndex>>,
    index: PlanIndex,
    names: Names,
}

impl Replay {
    /// Nothing counted yet. `is_whole` says whether the first fact that comes is the site's first.
    pub(crate) fn new(
        plan: &Arc<Plan>,
        (day, until): (Day, Position),
        kept: Vec<KeptBooks>,
        is_whole: bool,
    ) -> Result<Self, Cannot> {
        Ok(Self {
            plan: Arc::clone(plan),
            day,
            until,
            kept,
            history: memory()?,
            ledger: None,
            plain: Plain::new(plan),
            unknown: Unknown::new(is_whole),
            batch: Vec::new(),
            names: None,
            last: None,
            gap: None,
            since_deleting: 0,
            eve: None,
            kept_days: Vec::new(),
            of_day: None,
        })
    }

    /// Counts what the files show next.
    pub(crate) fn take(&mut self, seen: &Seen<'_>) -> Result<ControlFlow<()>, Cannot> {
        let (position, at, form, places) = match seen {
            Seen::Missing(gap) => {
                self.gap = Some(*gap);
                return Ok(ControlFlow::Continue(()));
            }
            Seen::Fact { position, at, form, places } => (*position, *at, *form, *places),
        };
        if position > self.until {
            return Ok(ControlFlow::Break(()));
        }
        if let Some(gap) = self.gap.take() {
            self.begin_behind(gap, at)?;
        }
        let is_other = self.names.as_ref().is_none_or(|known| known.places.as_ref() != places);
        if is_other {
            self.write()?;
            self.rename(places, at);
        }
        self.count(position, at, form)?;
        if self.batch.len() >= BATCH_MAX {
            self.write()?;
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Ends the counting: times are counted until `settled`, as in the database. Returns the rows of the day.
    pub(crate) fn finish(&mut self, settled: Moment) -> Result<Vec<DayRows>, Cannot> {
        self.write()?;
        let (until, at) = self.last.ok_or_else(|| Cannot::new("the journal has no facts"))?;
        if until != self.until {
            return Err(Cannot::new(format!(
                "the history has facts up to {}, and the journal only up to {until}",
                self.until
            )));
        }
        self.compare_kept(Position { run: Moment::from_micros(u64::MAX), number: 0 });
        if self.eve.is_none()
            && let Some(ledger) = &self.ledger
        {
            let eve = Moment::from_micros(self.day.until.as_micros() - 1);
            let is_over = settled >= self.day.until || at >= self.day.until;
            self.eve = Some(ledger.day(if is_over { eve } else { at }));
        }
        let names = self.names.as_ref().map(|known| &known.names);
        if let Some(names) = names {
            self.history.settle(names, settled).map_err(Cannot::database)?;
        }
        self.plain.count_until(crate::plain::half_hour(settled));
        let day = self.day.date.to_string();
        let mut rows = Vec::new();
        let read = self.history.store().transaction(&mut |sql| {
            rows = day_rows::of_day(sql, &day)?;
            Ok(())
        });
        read.map_err(Cannot::database)?;
        Ok(rows)
    }

    fn count(&mut self, position: Position, at: Moment, form: FactForm<'_>) -> Result<(), Cannot> {
        let fact = form.fact().map_err(|unreadable| Cannot::new(format!("{position}: {unreadable}")))?;
        self.compare_kept(position);
        let Some(known) = &self.names else { return Ok(()) };
        self.unknown.see(&known.index, at, &fact);
        self.plain.count(&known.index, at, &fact);
        let ledger = self.ledger.get_or_insert_with(|| Ledger::new(Arc::clone(&self.plan), at));
        if at >= self.day.until && self.eve.is_none() {
            self.eve = Some(ledger.day(Moment::from_micros(self.day.until.as_micros() - 1)));
        }
        // What happens behind the day changes nothing of its figures.
        if at < self.day.until {
            ledger.apply(at, &fact);
        }
        if self.day.has(at) {
            let (facts, _, last) = self.of_day.get_or_insert((0, position, position));
            (*facts, *last) = (*facts + 1, position);
        }
        self.last = Some((position, at));
        self.batch.push((at, fact));
        Ok(())
    }

    /// Compares the figures that a checkpoint keeps, if they end before this position.
    fn compare_kept(&mut self, before: Position) {
        let Some((_, at)) = self.last else { return };
        while let Some(kept) = self.kept.first().filter(|kept| kept.until < before) {
            let is_here = self.last.is_some_and(|(last, _)| last == kept.until);
            let books = Ledger::of_form(&self.plan, &kept.form).ok().filter(|_| is_here && self.day.has(at));
            if let Some((books, ledger)) = books.zip(self.ledger.as_ref()) {
                self.kept_days.push((books.day(at), ledger.day(at)));
            }
            self.kept.remove(0);
        }
    }

    fn write(&mut self) -> Result<(), Cannot> {
        let Some((until, _)) = self.last else { return Ok(()) };
        let Some(known) = self.names.as_ref().filter(|_| !self.batch.is_empty()) else { return Ok(()) };
        self.history.take(&known.names, &self.batch, until).map_err(Cannot::database)?;
        self.since_deleting += self.batch.len() as u64;
        self.batch.clear();
        if self.since_deleting >= KEEP_ONLY_AFTER {
            self.since_deleting = 0;
            let day = self.day.date.to_string();
            let deleted = self.history.store().transaction(&mut |sql| day_rows::keep_only(sql, &day));
            deleted.map_err(Cannot::database)?;
            self.plain.keep_only(self.day.from, self.day.until);
        }
        Ok(())
    }

    fn rename(&mut self, places: Option<&Arc<PlanIndex>>, at: Moment) {
        let index = places.map_or_else(|| PlanIndex::of(&self.plan), |places| PlanIndex::clone(places));
        let then = Ledger::at_places(&self.plan, &index, at);
        match &mut self.ledger {
            Some(ledger) => ledger.move_to(Arc::clone(then.plan()), at),
            None => self.ledger = Some(then),
        }
        let names = Names::new(&self.plan, Some(&index));
        self.names = Some(KnownNames { places: places.cloned(), index, names });
    }

    /// What was open before a gap is not known behind it.
    fn begin_behind(&mut self, gap: Gap, at: Moment) -> Result<(), Cannot> {
        if at >= self.day.from {
            let facts = gap.facts.map_or_else(String::new, |facts| format!("{facts} "));
            return Err(Cannot::new(format!(
                "{facts}facts are missing in the journal, after {} up to {}: the day can't be counted again",
                gap.after, gap.until
            )));
        }
        let kept = core::mem::take(&mut self.kept);
        *self = Self::new(&Arc::clone(&self.plan), (self.day, self.until), kept, false)?;
        Ok(())
    }
}

fn memory() -> Result<History, Cannot> {
    let store = MemoryStore::new().map_err(Cannot::database)?;
    let mut history = History::new(Box::new(store));
    history.open().map_err(Cannot::database)?;
    Ok(history)
}
