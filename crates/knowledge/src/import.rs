//! Procedures of a table that a site has: one row each.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::csv::{self, Row};
use crate::nearest::nearest;
use crate::procedure::Procedure;
use crate::reader::{ID_LENGTH_MAX, is_id};
use crate::words;

/// What stands in a cell that holds several texts, between them.
const BETWEEN: char = '|';
/// What a card says where the table says nothing.
const TO_CONFIRM: &str = "por confirmar";

/// Each column with its names in English and Spanish, folded.
const COLUMNS: [(Column, [&str; 2]); 20] = [
    (Column::Id, ["id", "identificador"]),
    (Column::Name, ["name", "nombre"]),
    (Column::Aliases, ["aliases", "alias"]),
    (Column::Institution, ["institution", "institucion"]),
    (Column::Language, ["language", "idioma"]),
    (Column::Requirements, ["requirements", "requisitos"]),
    (Column::Cost, ["cost", "costo"]),
    (Column::Place, ["where", "donde"]),
    (Column::Online, ["online", "en linea"]),
    (Column::Hours, ["hours", "horario"]),
    (Column::Phone, ["phone", "telefono"]),
    (Column::LegalBasis, ["legal basis", "base legal"]),
    (Column::Related, ["related", "relacionados"]),
    (Column::ValidFrom, ["valid from", "vigente desde"]),
    (Column::ValidUntil, ["valid until", "vigente hasta"]),
    (Column::CheckedOn, ["checked on", "revisado el"]),
    (Column::ConfirmedOn, ["confirmed on", "confirmado el"]),
    (Column::Source, ["source", "fuente"]),
    (Column::WrapUp, ["wrap up", "codigo"]),
    (Column::Body, ["text", "descripcion"]),
];

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Id,
    Name,
    Aliases,
    Institution,
    Language,
    Requirements,
    Cost,
    Place,
    Online,
    Hours,
    Phone,
    LegalBasis,
    Related,
    ValidFrom,
    ValidUntil,
    CheckedOn,
    ConfirmedOn,
    Source,
    WrapUp,
    Body,
}

/// What a table holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// The procedures of its good rows, in their order.
    pub procedures: Vec<Procedure>,
    /// Its bad rows.
    pub bad: Vec<BadRow>,
}

/// A row that is no procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Its line, from 1.
    pub line: usize,
    /// Why, in a sentence.
    pub why: String,
}

/// Reads a table whose first row names its columns. `source` is what a row without a source of its own is taken from, and
/// `today` the day from which one without a day holds.
#[must_use]
pub fn read_import(bytes: &[u8], source: &str, today: Date) -> Import {
    let text = csv::decode(bytes);
    let mut import = Import::default();
    let rows = match csv::rows(&text, csv::separator(&text)) {
        Ok(rows) => rows,
        Err(line) => return bad(import, line, "a quotation mark opens here that nothing closes"),
    };
    let Some((titles, rows)) = rows.split_first() else {
        return bad(import, 1, "the table is empty");
    };
    let columns = match read_titles(titles) {
        Ok(columns) => columns,
        Err(why) => return bad(import, titles.line, &why),
    };
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        let procedure = read_row(row, &columns, source, today);
        let procedure = procedure.and_then(|procedure| match lines.insert(procedure.id.clone(), row.line) {
            Some(first) => Err(format!("`{}` is the name of the row on line {first}, too", procedure.id)),
            None => Ok(procedure),
        });
        match procedure {
            Ok(procedure) => import.procedures.push(procedure),
            Err(why) => import.bad.push(BadRow { line: row.line, why }),
        }
    }
    import
}

fn bad(mut import: Import, line: usize, why: &str) -> Import {
    import.bad.push(BadRow { line, why: why.to_owned() });
    import
}

fn read_titles(titles: &Row) -> Result<Vec<Column>, String> {
    let mut columns = Vec::new();
    for title in &titles.cells {
        let folded = words::split(title).join(" ");
        let Some((column, _)) = COLUMNS.iter().find(|(_, names)| names.contains(&folded.as_str())) else {
            let names = COLUMNS.iter().flat_map(|(_, names)| names.iter().copied());
            let meant =
                nearest(&folded, names).map_or_else(String::new, |name| format!("; the nearest is `{name}`"));
            return Err(format!("there is no column `{title}`{meant}"));
        };
        if columns.contains(column) {
            return Err(format!("the column `{title}` stands twice"));
        }
        columns.push(*column);
    }
    if columns.contains(&Column::Name) {
        Ok(columns)
    } else {
        Err("there is no column `name` (`nombre`)".to_owned())
    }
}

fn read_row(row: &Row, columns: &[Column], source: &str, today: Date) -> Result<Procedure, String> {
    if row.cells.len() > columns.len() {
        return Err(format!("it has {} cells, and there are {} columns", row.cells.len(), columns.len()));
    }
    let cells = Cells(columns.iter().copied().zip(row.cells.iter().map(String::as_str)).collect());
    let name = cells.text(Column::Name).ok_or("it has no name")?;
    let id = cells.text(Column::Id).unwrap_or_else(|| id_of(&name));
    if !is_id(&id) {
        return Err(format!("`{id}` can't be the name of a file: a-z, 0-9 and `-`, at most {ID_LENGTH_MAX}"));
    }
    let known = |column| cells.text(column).unwrap_or_else(|| TO_CONFIRM.to_owned());
    let sources = cells.texts(Column::Source);
    Ok(Procedure {
        aliases: cells.texts(Column::Aliases),
        institution: known(Column::Institution),
        language: cells.text(Column::Language).unwrap_or_else(|| "es".to_owned()),
        requirements: cells.texts(Column::Requirements),
        cost: known(Column::Cost),
        place: known(Column::Place),
        online: cells.text(Column::Online),
        hours: known(Column::Hours),
        phone: cells.text(Column::Phone),
        legal_basis: cells.texts(Column::LegalBasis),
        related: cells.texts(Column::Related),
        valid_from: cells.day(Column::ValidFrom)?.unwrap_or(today),
        valid_until: cells.day(Column::ValidUntil)?,
        checked_on: cells.day(Column::CheckedOn)?.unwrap_or(today),
        confirmed_on: cells.day(Column::ConfirmedOn)?,
        sources: if sources.is_empty() { vec![source.to_owned()] } else { sources },
        wrap_up: cells.text(Column::WrapUp),
        body: cells.text(Column::Body).unwrap_or_else(|| format!("{name}.")),
        id,
        name,
    })
}

/// The cells of a row.
struct Cells<'r>(BTreeMap<Column, &'r str>);

impl Cells<'_> {
    fn text(&self, column: Column) -> Option<String> {
        self.0.get(&column).filter(|text| !text.is_empty()).map(|&text| text.to_owned())
    }

    fn texts(&self, column: Column) -> Vec<String> {
        let text = self.0.get(&column).copied().unwrap_or_default();
        text.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// A day as `2026-11-28` or `28/11/2026`.
    fn day(&self, column: Column) -> Result<Option<Date>, String> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let turned: Vec<&str> = text.split('/').collect();
        let iso = match turned[..] {
            [day, month, year] => format!("{year}-{month:0>2}-{day:0>2}"),
            _ => text.clone(),
        };
        iso.parse().map(Some).map_err(|_| format!("`{text}` is no day such as 2026-11-28 or 28/11/2026"))
    }
}

/// The name of a file for a procedure of this name.
fn id_of(name: &str) -> String {
    let mut id = words::fold(name).split_ascii_whitespace().collect::<Vec<_>>().join("-");
    id.truncate(ID_LENGTH_MAX);
    id.trim_end_matches('-').to_owned()
}
