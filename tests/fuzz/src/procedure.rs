//! Target `procedure`: any text is a procedure that is written and read again, or has faults with their place; any bytes are a
//! table of procedures and bad rows.

use std::path::Path;

use turno_knowledge::{read_import, read_procedure, to_markdown};

/// Checks both readers.
pub fn procedure(bytes: &[u8]) {
    let file = Path::new("card.md");
    if let Ok(text) = core::str::from_utf8(bytes) {
        match read_procedure(file, text) {
            Ok(read) => assert_eq!(read_procedure(file, &to_markdown(&read)), Ok(read)),
            Err(faults) => {
                assert!(!faults.is_empty(), "refused for nothing");
                for fault in faults {
                    assert!(!fault.found.is_empty() && !fault.expected.is_empty());
                    assert!(fault.at.line <= text.matches('\n').count() + 1, "{fault}");
                }
            }
        }
    }
    let import = read_import(bytes, "table.csv", Default::default());
    for read in import.procedures {
        let file = format!("{}.md", read.id);
        let again = read_procedure(Path::new(&file), &to_markdown(&read));
        assert!(again.is_ok_and(|again| again.name == read.name.trim()), "{}", read.name);
    }
}
