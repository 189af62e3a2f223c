//! The data of one person, by number: exported, or deleted. Both are noted, without the number.

use sha2::{Digest, Sha256};
use turno_ground::Moment;

use crate::failure::Failure;
use crate::store::Sql;
use crate::table::{Columns, Table};
use crate::tables::{Audit, Callback, Contact, Offer, Recording, Survey, Talk, Visit, WrapUp};
use crate::value::Value;

/// Who asks for a person's data, and why.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The user of the machine.
    pub who: String,
    /// The reason that was given.
    pub why: String,
    /// When.
    pub at: Moment,
}

/// The rows of one table that are a person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRows {
    /// The table's name.
    pub table: &'static str,
    /// The names of its columns.
    pub columns: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

/// The contacts of a number: by it, or called back at it.
const CONTACTS: &str =
    "SELECT contact FROM contact WHERE caller = $1 UNION SELECT contact FROM callback WHERE number = $1";

const TABLES: [&Table; 8] = [
    Contact::TABLE,
    Visit::TABLE,
    Talk::TABLE,
    Offer::TABLE,
    WrapUp::TABLE,
    Survey::TABLE,
    Callback::TABLE,
    Recording::TABLE,
];

/// Everything about the contacts of a number.
///
/// # Errors
/// [`Failure`].
pub fn export(sql: &mut dyn Sql, number: &str, reason: &Reason) -> Result<Vec<PersonRows>, Failure> {
    let mut all = Vec::new();
    for table in TABLES {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let text = format!(
            "SELECT {} FROM {} WHERE contact IN ({CONTACTS}) ORDER BY 1, 2",
            columns.join(", "),
            table.name
        );
        let rows = sql.rows(&text, &[number.into()])?;
        all.push(PersonRows { table: table.name, columns, rows });
    }
    let count = all.iter().map(|of_table| of_table.rows.len() as u64).sum();
    note(sql, "export", number, reason, count)?;
    Ok(all)
}

/// Deletes a number wherever it stands. The contacts stay, without it, and so do the figures. Returns how many rows had it.
///
/// # Errors
/// [`Failure`].
pub fn forget(sql: &mut dyn Sql, number: &str, reason: &Reason) -> Result<u64, Failure> {
    let mut rows = 0;
    for text in [
        "UPDATE contact SET caller = NULL WHERE caller = $1",
        "UPDATE callback SET number = NULL WHERE number = $1",
    ] {
        rows += sql.run(text, &[number.into()])?;
    }
    note(sql, "forget", number, reason, rows)?;
    Ok(rows)
}

/// The hash by which the audit recognises a number without having it.
pub fn hash_of(number: &str) -> String {
    let hash = Sha256::digest(format!("turno history {number}"));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn note(sql: &mut dyn Sql, what: &str, number: &str, reason: &Reason, rows: u64) -> Result<(), Failure> {
    let columns: Vec<&str> = Audit::TABLE.columns.iter().map(|column| column.name).collect();
    let marks: Vec<String> = (1..=columns.len()).map(|place| format!("${place}")).collect();
    let text =
        format!("INSERT INTO {} ({}) VALUES ({})", Audit::TABLE.name, columns.join(", "), marks.join(", "));
    let hash = hash_of(number);
    let id = format!("{} {what} {hash}", reason.at.as_micros());
    let values: [Value; 7] = [
        id.into(),
        reason.at.into(),
        what.into(),
        reason.who.as_str().into(),
        reason.why.as_str().into(),
        hash.into(),
        rows.into(),
    ];
    sql.run(&text, &values).map(drop)
}
