//! The changes of rows that one transaction writes: one for each row, however often it changed.

use std::collections::BTreeMap;

use crate::table::{Columns, Role, Table};
use crate::value::Value;

/// Changes of rows, by table and key.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    rows: BTreeMap<(&'static str, Vec<Value>), Changed>,
}

/// What changes in a row: the values by the places of their columns.
#[derive(Debug)]
pub(crate) struct Changed {
    pub(crate) table: &'static Table,
    pub(crate) values: BTreeMap<usize, Value>,
}

/// A row that is being changed.
pub(crate) struct RowOf<'a, C> {
    changed: &'a mut Changed,
    columns: core::marker::PhantomData<C>,
}

impl Changes {
    /// The row with this key.
    pub(crate) fn row<C: Columns>(&mut self, key: Vec<Value>) -> RowOf<'_, C> {
        let table = C::TABLE;
        let changed =
            self.rows.entry((table.name, key)).or_insert_with(|| Changed { table, values: BTreeMap::new() });
        RowOf { changed, columns: core::marker::PhantomData }
    }

    /// How many rows change.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Each row with its key, in the order of tables and keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[Value], &Changed)> {
        self.rows.iter().map(|((_, key), changed)| (key.as_slice(), changed))
    }
}

impl<C: Columns> RowOf<'_, C> {
    /// Sets a column.
    pub(crate) fn set(self, column: C, value: impl Into<Value>) -> Self {
        self.changed.values.insert(column.place(), value.into());
        self
    }

    /// Adds to a column, or raises it to the number, as the column's role says.
    pub(crate) fn add(self, column: C, number: impl Into<Value>) -> Self {
        let (place, new) = (column.place(), number.into().int().unwrap_or(0));
        let old = self.changed.values.get(&place).and_then(Value::int);
        let role = C::TABLE.columns.get(place).map(|column| column.role);
        let whole = match (old, role) {
            (Some(old), Some(Role::Max)) => old.max(new),
            (Some(old), _) => old.saturating_add(new),
            (None, _) => new,
        };
        self.changed.values.insert(place, Value::Int(whole));
        self
    }
}
