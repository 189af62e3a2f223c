//! Writes the tables of docs/CONFIG.md anew from the tables of keys; the prose around them stays.

use crate::key::Described;
use crate::sections::PAGE;

/// How a line begins after which a table of keys stands.
const MARK: &str = "<!-- keys: ";

const HEAD: &str = "| key | what | default | range |\n| --- | --- | --- | --- |\n";

/// The page with the table after each mark as the keys are now.
///
/// # Errors
/// What is amiss with the marks: each table of keys has one.
pub fn page(old: &str) -> Result<String, String> {
    let mut new = String::new();
    let mut marked = Vec::new();
    let mut is_table = false;
    for line in old.split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix(MARK) {
            let name = rest.split(' ').next().unwrap_or_default();
            let (known, parts) = PAGE
                .iter()
                .find(|(known, _)| *known == name)
                .ok_or_else(|| format!("there is no table of keys `{name}`"))?;
            marked.push(*known);
            new.push_str(line);
            new.push_str(HEAD);
            new.extend(parts.iter().flat_map(|part| part.described()).map(|key| row(&key)));
            is_table = true;
        } else if !(is_table && line.starts_with('|')) {
            is_table = false;
            new.push_str(line);
        }
    }
    match PAGE.iter().find(|(name, _)| marked.iter().filter(|known| *known == name).count() != 1) {
        Some((name, _)) => Err(format!("`{MARK}{name} -->` does not stand once")),
        None => Ok(new),
    }
}

fn row(key: &Described) -> String {
    let cells = [&format!("`{}`", key.name), &key.what, &key.default, &key.range];
    let cells = cells.map(|cell| if cell.is_empty() { " |".to_owned() } else { format!(" {cell} |") });
    format!("|{}\n", cells.concat())
}
