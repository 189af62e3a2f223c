//! A reader of the facts that a test has told.

use std::io;
use std::sync::Arc;

use tokio::sync::watch;
use turno_model::{Plan, PlanIndex, Position};

use crate::site::{Events, News, Placed};

/// Facts, and up to where they are read.
pub(crate) struct Reader {
    pub(crate) facts: Vec<Placed>,
    pub(crate) place: Position,
    pub(crate) plan: Arc<Plan>,
    pub(crate) newest: watch::Receiver<Position>,
}

impl Events for Reader {
    fn read(&mut self) -> io::Result<Option<News>> {
        let next: Vec<Placed> = self.facts.iter().filter(|fact| fact.0 > self.place).cloned().collect();
        let Some(last) = next.last() else { return Ok(None) };
        self.place = last.0;
        Ok(Some(News::Facts(next, Box::new(PlanIndex::of(&self.plan)))))
    }

    fn place(&self) -> Position {
        self.place
    }

    fn newest(&self) -> watch::Receiver<Position> {
        self.newest.clone()
    }
}
