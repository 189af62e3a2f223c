//! A question with answers as the platform shows it: up to three buttons, a list of ten, or lines.

use serde_json::{Value, json};

use super::cutting::{length, shortened};
use crate::body::{Choice, Choices};

/// Buttons of one message.
const BUTTONS_MAX: usize = 3;
/// Rows of one list.
const ROWS_MAX: usize = 10;
/// Characters of a button.
const BUTTON_TITLE_MAX: usize = 20;
/// Characters of a row.
const ROW_TITLE_MAX: usize = 24;
/// Characters of the line under a row.
const ROW_DETAIL_MAX: usize = 72;

/// How a question is asked.
pub(crate) struct Asked {
    /// Its words; the choices stand in them where they don't fit elsewhere.
    pub text: String,
    /// `interactive` without its body, or nothing if words are all that there is.
    pub interactive: Option<Value>,
}

/// How this question is asked. `list_button` opens a list.
pub(crate) fn asked(choices: &Choices, list_button: &str) -> Asked {
    let list: Vec<Choice> =
        choices.choices.iter().filter(|choice| !choice.id.trim().is_empty()).cloned().collect();
    let text = choices.text.trim().to_owned();
    if list.is_empty() {
        return Asked { text, interactive: None };
    }
    if list.len() > ROWS_MAX {
        return Asked { text: lines(&text, &list), interactive: None };
    }
    let fits = |choice: &Choice| {
        (1..=BUTTON_TITLE_MAX).contains(&length(choice.title.trim())) && choice.detail.is_none()
    };
    if list.len() <= BUTTONS_MAX
        && list.iter().all(fits)
        && are_different(list.iter().map(|one| one.title.trim()))
    {
        return Asked { text: with_some(text), interactive: Some(buttons(&list)) };
    }
    let rows: Vec<Row> = rows(&list);
    let text = if rows.iter().all(|row| row.is_whole) { with_some(text) } else { lines(&text, &list) };
    let rows: Vec<Value> = rows.into_iter().map(|row| row.json).collect();
    let button = shortened(list_button, BUTTON_TITLE_MAX);
    let interactive =
        json!({ "type": "list", "action": { "button": button, "sections": [{ "rows": rows }] } });
    Asked { text, interactive: Some(interactive) }
}

/// The platform takes no question without words.
fn with_some(text: String) -> String {
    if text.is_empty() { "…".to_owned() } else { text }
}

fn are_different<'a>(titles: impl Iterator<Item = &'a str>) -> bool {
    let mut titles: Vec<&str> = titles.collect();
    titles.sort_unstable();
    titles.windows(2).all(|pair| pair[0] != pair[1])
}

fn lines(text: &str, list: &[Choice]) -> String {
    let mut all = text.to_owned();
    for (at, choice) in list.iter().enumerate() {
        let gap = if at == 0 && !text.is_empty() { "\n\n" } else { "\n" };
        all.push_str(gap);
        all.push_str(&format!("{}. {}", at + 1, choice.title.trim()));
        if let Some(detail) = &choice.detail {
            all.push_str(&format!(" ({})", detail.trim()));
        }
    }
    all.trim().to_owned()
}

fn buttons(list: &[Choice]) -> Value {
    let button = |choice: &Choice| json!({ "type": "reply", "reply": { "id": choice.id.trim(), "title": choice.title.trim() } });
    json!({ "type": "button", "action": { "buttons": list.iter().map(button).collect::<Vec<_>>() } })
}

struct Row {
    json: Value,
    /// Whether title and detail can be read in full.
    is_whole: bool,
}

fn rows(list: &[Choice]) -> Vec<Row> {
    let is_cut = |choice: &Choice| length(choice.title.trim()) > ROW_TITLE_MAX;
    let titles: Vec<String> = list.iter().map(|choice| shortened(&choice.title, ROW_TITLE_MAX)).collect();
    let is_numbered = list.iter().any(is_cut)
        || !are_different(titles.iter().map(String::as_str))
        || titles.iter().any(String::is_empty);
    let mut rows = Vec::new();
    for (at, choice) in list.iter().enumerate() {
        let full = choice.title.trim();
        // A number tells rows apart whose begins are the same, and leads to the line with all words.
        let title = if is_numbered {
            shortened(&format!("{}. {full}", at + 1), ROW_TITLE_MAX)
        } else {
            titles[at].clone()
        };
        let is_title_whole = title.ends_with(full);
        let detail = if is_title_whole { choice.detail.as_deref() } else { Some(full) };
        let detail = detail.map(str::trim).filter(|detail| !detail.is_empty());
        let fits = detail.is_none_or(|detail| length(detail) <= ROW_DETAIL_MAX);
        let mut json = json!({ "id": choice.id.trim(), "title": title });
        if let Some(detail) = detail {
            json["description"] = shortened(detail, ROW_DETAIL_MAX).into();
        }
        rows.push(Row { json, is_whole: fits && (is_title_whole || choice.detail.is_none()) });
    }
    rows
}
