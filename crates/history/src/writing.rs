//! The statements that write changes of rows. Both databases understand them.

use std::collections::BTreeMap;

use crate::changes::{Changed, Changes};
use crate::store::Statement;
use crate::table::{Role, Table};
use crate::value::Value;

/// The texts of statements, by table and changed columns: a database prepares each only once.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    texts: BTreeMap<(&'static str, Vec<usize>), std::sync::Arc<str>>,
}

impl Writer {
    /// One statement for each changed row.
    pub(crate) fn statements(&mut self, changes: &Changes) -> Vec<Statement> {
        changes.iter().map(|(key, changed)| self.statement(key, changed)).collect()
    }

    fn statement(&mut self, key: &[Value], changed: &Changed) -> Statement {
        let places: Vec<usize> = changed.values.keys().copied().collect();
        let text = self
            .texts
            .entry((changed.table.name, places))
            .or_insert_with_key(|(_, places)| text(changed.table, places).into());
        let values = key.iter().chain(changed.values.values()).cloned().collect();
        Statement { text: std::sync::Arc::clone(text), values }
    }
}

fn text(table: &Table, places: &[usize]) -> String {
    let keys: Vec<&str> = table.keys().map(|column| column.name).collect();
    let others = places.iter().filter_map(|place| table.columns.get(*place));
    let names: Vec<&str> = keys.iter().copied().chain(others.clone().map(|column| column.name)).collect();
    let marks: Vec<String> = (1..=names.len()).map(|number| format!("${number}")).collect();
    let sets: Vec<String> = others
        .map(|column| {
            let (name, table) = (column.name, table.name);
            match column.role {
                Role::Key | Role::Set => format!("{name} = excluded.{name}"),
                Role::Add => format!("{name} = {table}.{name} + excluded.{name}"),
                Role::Max => format!(
                    "{name} = CASE WHEN excluded.{name} > {table}.{name} THEN excluded.{name} ELSE {table}.{name} END"
                ),
            }
        })
        .collect();
    let conflict =
        if sets.is_empty() { "DO NOTHING".to_owned() } else { format!("DO UPDATE SET {}", sets.join(", ")) };
    format!(
        "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) {conflict}",
        table.name,
        names.join(", "),
        marks.join(", "),
        keys.join(", ")
    )
}
