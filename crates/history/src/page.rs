//! Rows of the views in pages, for programs that read the history from afar.

use crate::failure::Failure;
use crate::store::Sql;
use crate::value::Value;
use crate::views::{Shown, VIEW_NAMES, view_columns};

/// Which rows are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PageAsk {
    /// The view, such as `v_contact`.
    pub view: String,
    /// The first day at the site, such as `2026-11-24`; `None`: from the beginning.
    pub from: Option<String>,
    /// The last day, counted in.
    pub to: Option<String>,
    /// Only rows with this text or number in a column, such as `agent` and `a001`.
    pub only: Vec<(&'static str, Value)>,
    /// Only rows of these queues; `None`: of all.
    pub queues: Option<Vec<String>>,
    /// Only rows behind this one, by its [`Page::next`].
    pub after: Option<Vec<Value>>,
    /// The latest rows first.
    pub is_latest_first: bool,
    /// The most rows.
    pub most: u32,
}

/// A page of rows.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Page {
    /// The columns.
    pub columns: Vec<Shown>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
    /// What the next page comes after, if there may be one.
    pub next: Option<Vec<Value>>,
}

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPage {
    /// There is no such view.
    NoView,
    /// The view has no such column, so it can't be asked by it.
    NoColumn(String),
    /// The place to go on is not one of this view.
    NotAfter,
    /// The database.
    Failed(Failure),
}

/// The columns by which the rows of a view are in order; no two rows have the same.
fn order(view: &str) -> &'static [&'static str] {
    match view {
        "v_contact" | "v_survey" | "v_callback" => &["contact"],
        "v_segment" => &["contact", "kind", "number"],
        "v_offer" => &["offer"],
        "v_agent_state" => &["began_us", "agent"],
        "v_interval_queue" => &["start_us", "queue"],
        "v_interval_agent" => &["start_us", "agent"],
        "v_interval_aux" => &["start_us", "agent", "reason"],
        "v_recording" => &["recording"],
        "v_wrap_up" => &["given_us", "contact", "agent"],
        _ => &[],
    }
}

/// The column with the queue of a row.
pub fn queue_column(view: &str) -> Option<&'static str> {
    match view {
        "v_contact" => Some("last_queue"),
        "v_segment" | "v_offer" | "v_interval_queue" | "v_survey" | "v_callback" | "v_recording" => {
            Some("queue")
        }
        _ => None,
    }
}

/// Columns with callers' numbers.
pub const NUMBER_COLUMNS: [&str; 2] = ["caller", "number"];

/// Reads a page.
///
/// # Errors
/// [`NoPage`].
pub fn page(sql: &mut dyn Sql, ask: &PageAsk) -> Result<Page, NoPage> {
    let view = VIEW_NAMES.into_iter().find(|name| *name == ask.view).ok_or(NoPage::NoView)?;
    let columns = view_columns(view);
    let keys = order(view);
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let places: Vec<usize> =
        keys.iter().filter_map(|key| names.iter().position(|name| name == key)).collect();
    let (conditions, values) = conditions(ask, &columns, &places)?;
    let only =
        if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
    let turn = if ask.is_latest_first { " DESC" } else { "" };
    let by: Vec<String> = keys.iter().map(|key| format!("{key}{turn}")).collect();
    // One row more tells whether there is another page.
    let most = u64::from(ask.most);
    let text = format!(
        "SELECT {} FROM {view}{only} ORDER BY {} LIMIT {}",
        names.join(", "),
        by.join(", "),
        most + 1
    );
    let mut rows = sql.rows(&text, &values).map_err(NoPage::Failed)?;
    let is_more = rows.len() as u64 > most;
    rows.truncate(ask.most as usize);
    let key_of = |row: &Vec<Value>| places.iter().filter_map(|at| row.get(*at).cloned()).collect();
    let next = rows.last().filter(|_| is_more).map(key_of);
    Ok(Page { columns, rows, next })
}

/// The conditions and their values.
fn conditions(
    ask: &PageAsk,
    columns: &[Shown],
    places: &[usize],
) -> Result<(Vec<String>, Vec<Value>), NoPage> {
    let (mut conditions, mut values) = (Vec::new(), Vec::new());
    let known = |name: &str| columns.iter().find(|column| column.name == name);
    for (day, sign) in [(&ask.from, ">="), (&ask.to, "<=")] {
        if let Some(day) = day {
            known("day").ok_or_else(|| NoPage::NoColumn("day".to_owned()))?;
            values.push(Value::Text(day.clone()));
            conditions.push(format!("day {sign} ${}", values.len()));
        }
    }
    for (name, value) in &ask.only {
        let column = known(name).ok_or_else(|| NoPage::NoColumn((*name).to_owned()))?;
        if column.is_text != matches!(value, Value::Text(_)) {
            return Err(NoPage::NoColumn((*name).to_owned()));
        }
        values.push(value.clone());
        conditions.push(format!("{name} = ${}", values.len()));
    }
    if let Some(queues) = &ask.queues {
        let name = queue_column(&ask.view).ok_or_else(|| NoPage::NoColumn("queue".to_owned()))?;
        let mut places = Vec::with_capacity(queues.len());
        for queue in queues {
            values.push(Value::Text(queue.clone()));
            places.push(format!("${}", values.len()));
        }
        // Somebody of no queue sees no row.
        let among = if places.is_empty() { "NULL".to_owned() } else { places.join(", ") };
        conditions.push(format!("{name} IN ({among})"));
    }
    if let Some(after) = &ask.after {
        let keys: Vec<&Shown> = places.iter().filter_map(|place| columns.get(*place)).collect();
        let fits = |(key, value): (&&Shown, &Value)| key.is_text == matches!(value, Value::Text(_));
        if after.len() != keys.len() || !keys.iter().zip(after).all(fits) {
            return Err(NoPage::NotAfter);
        }
        let begin = values.len();
        values.extend(after.iter().cloned());
        let marks: Vec<String> = (begin + 1..=values.len()).map(|at| format!("${at}")).collect();
        let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
        let sign = if ask.is_latest_first { "<" } else { ">" };
        conditions.push(format!("({}) {sign} ({})", names.join(", "), marks.join(", ")));
    }
    Ok((conditions, values))
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;
    use crate::sqlite::SqliteStore;
    use crate::store::Store;

    /// A folder that is removed at the end.
    struct Folder(std::path::PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("turno-page-{}-{name}", std::process::id()));
            std::fs::create_dir_all(&path).expect("a folder");
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    /// A database with five contacts of two queues and two days.
    fn database(folder: &std::path::Path) -> SqliteStore {
        let mut store = SqliteStore::new(&folder.join("history.db"), Duration::ZERO);
        let made = store.transaction(&mut |sql| {
            crate::schema::migrate(sql)?;
            for contact in 1..=5_i64 {
                let queue = if contact % 2 == 0 { "luae" } else { "general" };
                let day = if contact < 4 { "2026-11-24" } else { "2026-11-25" };
                let values = [contact.into(), queue.into(), day.into(), "0991234567".into()];
                let text = "INSERT INTO contact (contact, last_queue, day, caller, arrived_us) VALUES ($1, $2, $3, $4, $1)";
                sql.run(text, &values)?;
            }
            Ok(())
        });
        made.expect("it is written");
        store
    }

    fn reads(store: &mut SqliteStore, ask: &PageAsk) -> Result<Page, NoPage> {
        let mut read = Err(NoPage::NoView);
        store
            .transaction(&mut |sql| {
                read = page(sql, ask);
                Ok(())
            })
            .expect("it is read");
        read
    }

    fn contacts(page: &Page) -> Vec<i64> {
        page.rows.iter().filter_map(|row| row[0].int()).collect()
    }

    #[test]
    fn pages_follow_each_other_without_a_gap_in_both_directions() {
        let folder = Folder::new("pages");
        let mut store = database(&folder.0);
        for (is_latest_first, due) in [(false, vec![1, 2, 3, 4, 5]), (true, vec![5, 4, 3, 2, 1])] {
            let mut ask =
                PageAsk { view: "v_contact".into(), most: 2, is_latest_first, ..PageAsk::default() };
            let mut all = Vec::new();
            loop {
                let page = reads(&mut store, &ask).expect("a page");
                all.extend(contacts(&page));
                let Some(next) = page.next else { break };
                ask.after = Some(next);
            }
            assert_eq!(all, due);
        }
    }

    #[test]
    fn days_queues_and_columns_limit_the_rows() {
        let folder = Folder::new("limits");
        let mut store = database(&folder.0);
        let all = PageAsk { view: "v_contact".into(), most: 10, ..PageAsk::default() };
        let day = PageAsk { from: Some("2026-11-25".into()), ..all.clone() };
        assert_eq!(contacts(&reads(&mut store, &day).expect("a page")), [4, 5]);
        let queue =
            PageAsk { queues: Some(vec!["luae".into()]), to: Some("2026-11-24".into()), ..all.clone() };
        assert_eq!(contacts(&reads(&mut store, &queue).expect("a page")), [2]);
        let nobody = PageAsk { queues: Some(Vec::new()), ..all.clone() };
        assert!(contacts(&reads(&mut store, &nobody).expect("a page")).is_empty());
        let one = PageAsk { only: vec![("contact", Value::Int(3))], ..all.clone() };
        assert_eq!(contacts(&reads(&mut store, &one).expect("a page")), [3]);
        for view in VIEW_NAMES {
            let ask = PageAsk { view: view.into(), most: 1, ..PageAsk::default() };
            let page = reads(&mut store, &ask).expect(view);
            assert_eq!(
                order(view).len(),
                order(view).iter().filter(|key| page.columns.iter().any(|it| it.name == **key)).count()
            );
            assert!(!order(view).is_empty(), "{view}");
        }
    }

    #[test]
    fn what_a_view_does_not_have_is_refused() {
        let folder = Folder::new("refused");
        let mut store = database(&folder.0);
        let all = PageAsk { view: "v_contact".into(), most: 10, ..PageAsk::default() };
        let view = PageAsk { view: "contact; DROP TABLE contact".into(), ..all.clone() };
        assert_eq!(reads(&mut store, &view), Err(NoPage::NoView));
        for after in [vec![], vec![Value::Text("1".into())], vec![Value::Int(1), Value::Int(2)]] {
            let ask = PageAsk { after: Some(after), ..all.clone() };
            assert_eq!(reads(&mut store, &ask), Err(NoPage::NotAfter));
        }
        let agent = PageAsk { only: vec![("agent", "a001".into())], ..all.clone() };
        assert_eq!(reads(&mut store, &agent), Err(NoPage::NoColumn("agent".into())));
        let states = PageAsk { view: "v_agent_state".into(), queues: Some(vec!["luae".into()]), ..all };
        assert_eq!(reads(&mut store, &states), Err(NoPage::NoColumn("queue".into())));
    }
}
