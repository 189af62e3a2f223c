//! A site's own table of procedures.

use std::fmt::Write as _;
use std::path::Path;

use jiff::civil::date;

use crate::import::{BadRow, read_import};
use crate::markdown::to_markdown;
use crate::reader::read_procedure;

#[test]
fn a_table_of_410_rows_in_latin_1_becomes_410_procedures_that_are_read_again() {
    let mut table = "Nombre;Alias;Institución;Requisitos;Costo;Vigente desde;Código\r\n".to_owned();
    for number in 0..410 {
        write!(
            table,
            "\"Trámite número {number}; año 2026\";uno|otro {number};Dirección;cédula|\"\"papeleta\"\";;03/{}/2026;17\r\n",
            number % 12 + 1
        )
        .expect("a String takes everything");
    }
    let latin: Vec<u8> =
        table.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin-1")).collect();
    let import = read_import(&latin, "tramites.csv", date(2026, 11, 30));
    assert_eq!(import.bad, []);
    assert_eq!(import.procedures.len(), 410);
    let last = &import.procedures[409];
    assert_eq!(
        (last.id.as_str(), last.name.as_str()),
        ("tramite-numero-409-ano-2026", "Trámite número 409; año 2026")
    );
    assert_eq!(last.aliases, ["uno", "otro 409"]);
    assert_eq!(last.valid_from, date(2026, 2, 3));
    assert_eq!((last.cost.as_str(), last.checked_on), ("por confirmar", date(2026, 11, 30)));
    for procedure in &import.procedures {
        let file = format!("{}.md", procedure.id);
        let read = read_procedure(Path::new(&file), &to_markdown(procedure));
        assert_eq!(read.as_ref(), Ok(procedure));
    }
}

#[test]
fn a_bad_row_is_told_with_its_line_and_the_others_are_kept() {
    let table = "name,valid_from\nPatente,2026-01-02\n,2026-01-02\nLUAE,soon\nPatente,2026-01-03\nIRM,2026-01-02,x\nICUS,\n";
    let import = read_import(table.as_bytes(), "x.csv", date(2026, 11, 30));
    let names: Vec<&str> = import.procedures.iter().map(|procedure| procedure.name.as_str()).collect();
    assert_eq!(names, ["Patente", "ICUS"]);
    let bad: Vec<(usize, &str)> =
        import.bad.iter().map(|BadRow { line, why }| (*line, why.as_str())).collect();
    assert_eq!(bad[0], (3, "it has no name"));
    assert_eq!(bad[1], (4, "`soon` is no day such as 2026-11-28 or 28/11/2026"));
    assert_eq!(bad[2], (5, "`patente` is the name of the row on line 2, too"));
    assert_eq!(bad[3], (6, "it has 3 cells, and there are 2 columns"));
}

#[test]
fn a_table_without_its_columns_is_refused_as_a_whole() {
    for (table, words) in [
        ("", "the table is empty"),
        ("nombr;costo\nx;y\n", "there is no column `nombr`; the nearest is `nombre`"),
        ("costo\n3\n", "there is no column `name`"),
        ("nombre;nombre\nx;y\n", "stands twice"),
        ("nombre\n\"x\n", "a quotation mark opens here"),
    ] {
        let import = read_import(table.as_bytes(), "x.csv", date(2026, 11, 30));
        assert!(import.procedures.is_empty());
        assert!(import.bad[0].why.contains(words), "{words}: {:?}", import.bad);
    }
}
