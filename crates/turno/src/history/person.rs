//! One person's data: exported or deleted, by number.

use serde_json::{Map, Value as Json};
use turno_history::Value;
use turno_history::person::{Reason, export, forget};
use turno_history::store::Store;

use crate::exit::Exit;
use crate::history::trouble::Trouble;

/// Prints each row as a line of JSON.
pub(crate) fn export_rows(store: &mut dyn Store, number: &str, why: String) -> Result<Exit, Trouble> {
    let reason = reason(why);
    let mut tables = Vec::new();
    store.transaction(&mut |sql| {
        tables = export(sql, number, &reason)?;
        Ok(())
    })?;
    let mut is_any = false;
    for table in &tables {
        for row in &table.rows {
            is_any = true;
            let mut line = Map::new();
            line.insert("table".to_owned(), table.table.into());
            line.extend(
                table.columns.iter().zip(row).map(|(column, value)| ((*column).to_owned(), json(value))),
            );
            say!("{}", Json::Object(line));
        }
    }
    Ok(said(is_any))
}

/// Deletes the number, and says in how many rows it stood.
pub(crate) fn forget_number(store: &mut dyn Store, number: &str, why: String) -> Result<Exit, Trouble> {
    let reason = reason(why);
    let mut rows = 0;
    store.transaction(&mut |sql| {
        rows = forget(sql, number, &reason)?;
        Ok(())
    })?;
    if rows > 0 {
        say!("{rows} rows had the number");
    }
    // Also where no row has it any more: an earlier time may not have come to its end.
    store.clear_traces()?;
    say!("it is deleted in the history. The journal keeps its facts for facts_days");
    Ok(said(rows > 0))
}

fn said(is_any: bool) -> Exit {
    if is_any {
        return Exit::Done;
    }
    complain!("turno: the history has nothing of this number");
    Exit::NothingThere
}

fn reason(why: String) -> Reason {
    let names = ["SUDO_USER", "USER", "LOGNAME"];
    let who = names.iter().find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty()));
    let who = who.unwrap_or_else(|| "unknown".to_owned());
    Reason { who, why, at: turno_shell::Clock::new().now() }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
    }
}
