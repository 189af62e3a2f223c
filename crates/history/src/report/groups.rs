//! The sums of a report, by time and name.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use turno_model::plan::ReportBy;

use crate::failure::Failure;
use crate::report::figure::{Name, add};
use crate::report::period;
use crate::report::source::Source;
use crate::store::Sql;
use crate::value::Value;

/// A time, as a number and as a text, and a name: rows stand in this order.
pub(crate) type Key = (i64, String, String);

/// Sums of columns.
pub(crate) struct Groups<'a> {
    by: ReportBy,
    zone: &'a TimeZone,
    columns: Vec<Name>,
    groups: BTreeMap<Key, Vec<i64>>,
    all: Option<Vec<i64>>,
    /// The names of times that were asked for already.
    times: BTreeMap<(i64, String), (i64, String)>,
}

impl<'a> Groups<'a> {
    /// Nothing yet: with these columns, in order.
    pub(crate) const fn new(by: ReportBy, zone: &'a TimeZone, columns: Vec<Name>) -> Self {
        Self { by, zone, columns, groups: BTreeMap::new(), all: None, times: BTreeMap::new() }
    }

    /// Adds what a source has of these days.
    pub(crate) fn read(
        &mut self,
        sql: &mut dyn Sql,
        source: &mut Source,
        days: &[Value],
    ) -> Result<(), Failure> {
        source.sums.retain(|(name, _)| self.columns.binary_search(name).is_ok());
        for row in sql.rows(&source.text(self.by), days)? {
            let [start, day, name, values @ ..] = row.as_slice() else { continue };
            let names = source.sums.iter().map(|(name, _)| *name);
            let values: Vec<_> = names.zip(values.iter().map(|it| it.int().unwrap_or_default())).collect();
            let at = (start.int().unwrap_or_default(), day.text().unwrap_or_default());
            self.add(at, name.text().unwrap_or_default(), &values);
        }
        Ok(())
    }

    /// Adds to the group of a half hour, or of a day, and of a name.
    pub(crate) fn add(&mut self, (start, day): (i64, &str), name: &str, values: &[(Name, i64)]) {
        let (by, zone, wide) = (self.by, self.zone, self.columns.len());
        let time = self.times.entry((start, day.to_owned()));
        let (order, time) = time.or_insert_with(|| period::name_of(by, start, day, zone)).clone();
        let group = self.groups.entry((order, time, name.to_owned())).or_insert_with(|| vec![0; wide]);
        let all = self.all.get_or_insert_with(|| vec![0; wide]);
        for (column, value) in values {
            let Ok(place) = self.columns.binary_search(column) else { continue };
            for sums in [&mut *group, &mut *all] {
                if let Some(sum) = sums.get_mut(place) {
                    add(sum, column, *value);
                }
            }
        }
    }

    /// The columns, in order.
    pub(crate) fn columns(&self) -> &[Name] {
        &self.columns
    }

    /// Each group with its sums.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, &[i64])> {
        self.groups.iter().map(|(key, sums)| (key, sums.as_slice()))
    }

    /// All groups together.
    pub(crate) fn all(&self) -> Option<&[i64]> {
        self.all.as_deref()
    }
}
