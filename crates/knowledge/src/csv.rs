//! Rows of a table as spreadsheets save it: comma, semicolon or tab; UTF-8 or Latin-1; quotation marks and breaks within.

/// One row with the line on which it begins, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) line: usize,
    pub(crate) cells: Vec<String>,
}

/// The text of a file that may be of an older program: UTF-8 with or without its mark, else Windows-1252.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match core::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| windows_1252(byte)).collect(),
    }
}

/// The letters at which Windows differs from Latin-1 and which a text may have.
fn windows_1252(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x85 => '…',
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x95 => '•',
        0x96 => '–',
        0x97 => '—',
        other => char::from(other),
    }
}

/// Which of `;`, `,` and tab stands most often in the first line, outside quotation marks.
pub(crate) fn separator(text: &str) -> char {
    let mut is_quoted = false;
    let mut counts = [(';', 0_usize), (',', 0), ('\t', 0)];
    for letter in text.chars().take_while(|&letter| letter != '\n') {
        is_quoted ^= letter == '"';
        if let Some((_, count)) = counts.iter_mut().find(|(known, _)| *known == letter && !is_quoted) {
            *count += 1;
        }
    }
    // The last of equal ones would win: the order is from the rarest in texts.
    counts.into_iter().rev().max_by_key(|&(_, count)| count).map_or(';', |(letter, _)| letter)
}

/// All rows that are not empty.
///
/// # Errors
/// The line on which a quotation mark opens that nothing closes.
pub(crate) fn rows(text: &str, separator: char) -> Result<Vec<Row>, usize> {
    let mut rows = Vec::new();
    let mut row = Row { line: 1, cells: vec![String::new()] };
    let mut line = 1;
    let mut open: Option<usize> = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = row.cells.last_mut().expect("a row begins with a cell");
        line += usize::from(letter == '\n');
        match (letter, open) {
            ('"', Some(_)) if letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            ('"', Some(_)) => open = None,
            (within, Some(_)) => cell.push(within),
            ('"', None) if cell.is_empty() => open = Some(line),
            ('\n', None) => {
                finish(&mut rows, core::mem::replace(&mut row, Row { line, cells: vec![String::new()] }))
            }
            ('\r', None) => {}
            (other, None) if other == separator => row.cells.push(String::new()),
            (other, None) => cell.push(other),
        }
    }
    if let Some(opened) = open {
        return Err(opened);
    }
    finish(&mut rows, row);
    Ok(rows)
}

fn finish(rows: &mut Vec<Row>, mut row: Row) {
    for cell in &mut row.cells {
        *cell = cell.trim().to_owned();
    }
    if row.cells.iter().any(|cell| !cell.is_empty()) {
        rows.push(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_of_windows_is_read_like_one_of_unix() {
        let unix = "nombre;costo\n\"Patente; pago\";\"dice \"\"gratis\"\"\nsegunda\"\n\nLUAE;\n";
        let windows = unix.replace('\n', "\r\n");
        let read = |text: &str| rows(text, separator(text)).expect("rows");
        let cells: Vec<Vec<String>> = read(unix).into_iter().map(|row| row.cells).collect();
        assert_eq!(cells[1], ["Patente; pago", "dice \"gratis\"\nsegunda"]);
        assert_eq!(read(&windows)[2], Row { line: 5, cells: vec!["LUAE".to_owned(), String::new()] });
        assert_eq!(decode(b"Exoneraci\xf3n"), "Exoneración");
        assert_eq!(decode("\u{feff}Exoneración".as_bytes()), "Exoneración");
    }

    #[test]
    fn a_quotation_mark_that_nothing_closes_is_told_with_its_line() {
        assert_eq!(rows("a;b\n1;\"x\n2;y\n", ';'), Err(2));
    }
}
