//! The tables of keys and what stands beside them: the page of keys, defaults, ranges.

use std::fs;

use turno_model::FencePlan;
use turno_model::plan::JournalPlan;

use crate::difference::differences;
use crate::duration_text;
use crate::fault::FaultKind;
use crate::key::Described;
use crate::page::page;
use crate::sections::{PAGE, TABLES};
use crate::tests::{Folder, QUEUE, plan_of, sip_config};

/// A plan with one of every table.
const PLAN: &str = include_str!("../testdata/every_key.toml");

/// Defaults that are another key's value or hang on what else there is: written down they say something else.
const DEFAULTS_BY_OTHERS: [(&str, &str); 9] = [
    ("tls", "ca"),
    ("media", "advertised"),
    ("browser", "bind"),
    ("browser", "advertised"),
    ("trunk", "certificate_name"),
    ("trunk", "domain"),
    ("trunk", "auth_username"),
    ("trunk", "from_user"),
    ("trunk", "trust"),
];

#[test]
fn the_page_of_keys_says_what_the_tables_of_keys_say() {
    let path = sip_config().join("../docs/CONFIG.md");
    let old = fs::read_to_string(&path).expect("docs/CONFIG.md");
    let new = page(&old).unwrap_or_else(|amiss| panic!("docs/CONFIG.md: {amiss}"));
    if std::env::var_os("TURNO_BLESS").is_some() {
        fs::write(&path, &new).expect("docs/CONFIG.md");
    } else {
        let same = old.lines().zip(new.lines()).find(|(old, new)| old != new);
        assert!(old == new, "{same:?}\n`TURNO_BLESS=1 cargo test -p turno-config page` writes it anew");
    }
}

#[test]
fn every_key_that_a_table_of_the_plan_has_is_on_the_page() {
    for table in &TABLES {
        for key in table.keys() {
            let mut shown = PAGE.iter().flat_map(|(_, parts)| parts.iter()).flat_map(|part| part.described());
            assert!(shown.any(|shown| shown.name == key), "{} `{key}`", table.title);
        }
    }
}

/// A folder with all that the plan names.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("one.pem", "one");
    folder.put("one.key", "one");
    folder.put("hook.key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    folder.put("recording.key", &"5a".repeat(32));
    fs::create_dir_all(folder.0.join("prompts/es")).expect("a folder for the test");
    folder.put("prompts/es/welcome.wav", "RIFF....WAVE");
    folder
}

/// The plan without the key in a table of this title, or with this value there.
fn plan_with(title: &str, key: &str, value: Option<&str>) -> String {
    let mut lines: Vec<String> = PLAN.lines().map(str::to_owned).collect();
    // Only the last trunk registers.
    let is_last = matches!(key, "expires" | "auth_username");
    let find = |line: &String| line == title;
    let at = if is_last { lines.iter().rposition(find) } else { lines.iter().position(find) };
    let at = at.expect("the plan has every table") + 1;
    let end = lines[at..].iter().position(|line| line.starts_with('[')).map_or(lines.len(), |end| at + end);
    if let Some(old) = lines[at..end].iter().position(|line| line.starts_with(&format!("{key} = "))) {
        lines.remove(at + old);
    }
    if let Some(value) = value {
        lines.insert(at, format!("{key} = {value}"));
    }
    lines.join("\n").replace("SOUNDS", &sip_config().display().to_string())
}

/// A default as TOML, from what the page says of it.
fn default_toml(key: &Described) -> Option<String> {
    let quoted = |text: &str| Some(format!("\"{text}\""));
    if let Some(rest) = key.default.strip_prefix('`') {
        let written = rest.split('`').next()?;
        let is_toml = written.starts_with(['[', '"']) || matches!(written, "true" | "false");
        return if is_toml { Some(written.to_owned()) } else { quoted(written) };
    }
    let written = key.default.split(' ').next()?;
    let is_word = key.range.ends_with(&format!("or `{written}`"));
    if is_word || duration_text::parse(written).is_some() {
        return quoted(written);
    }
    written.parse::<u32>().ok().map(|number| number.to_string())
}

#[test]
fn a_default_that_is_written_down_changes_nothing() {
    let folder = folder("defaults-written");
    let read = |text: &str| {
        folder.put("plan.toml", text);
        folder.load().unwrap_or_else(|refused| panic!("{refused}\n{text}")).0
    };
    let mut tried = 0;
    for table in &TABLES {
        for key in table.described() {
            let Some(default) = default_toml(&key) else { continue };
            if DEFAULTS_BY_OTHERS.contains(&(table.name, key.name)) {
                continue;
            }
            let without = read(&plan_with(table.title, key.name, None));
            let with = read(&plan_with(table.title, key.name, Some(&default)));
            let told = differences(&without, &with);
            assert!(told.is_empty(), "{} `{}`: {told:?}", table.title, key.name);
            tried += 1;
        }
    }
    assert!(tried > 90, "only {tried} defaults were tried");
}

#[test]
fn what_the_model_takes_for_a_default_is_what_the_tables_of_keys_say() {
    let (plan, _) = plan_of("model-defaults", QUEUE).expect("a plan");
    assert_eq!(plan.fence, FencePlan::default());
    assert_eq!(plan.journal, JournalPlan::default());
}

/// The range of a key in words, and values beyond it as TOML.
fn beyond(key: &Described) -> Option<(String, Vec<String>)> {
    let (min, rest) = key.range.split_once(" to ")?;
    let (max, unit) = rest.split_at(rest.find([' ', ',']).unwrap_or(rest.len()));
    let range = format!("{min} to {max}");
    if let (Some(min), Some(max)) = (duration_text::parse(min), duration_text::parse(max)) {
        let step = core::time::Duration::from_millis(1);
        let spans = min.checked_sub(step).into_iter().chain([max + step]);
        return Some((range, spans.map(|span| format!("\"{}\"", duration_text::write(span))).collect()));
    }
    let (min, max): (i64, i64) = (min.parse().ok()?, max.parse().ok()?);
    let is_text = ["digits", "signs", "of "].iter().any(|kind| unit.trim_start().starts_with(kind));
    let value = |number: i64| match key.name {
        "skills" => format!("{{ q = {number} }}"),
        "classes" => format!("{{ standard = {number} }}"),
        "choices" => format!("{{ {number} = \"q\" }}"),
        "handling_marks" => format!("[{number}]"),
        "ports" => format!("[{number}, {number}]"),
        _ if is_text => format!("\"{}\"", "1".repeat(usize::try_from(number).expect("a length"))),
        _ => number.to_string(),
    };
    Some((range, vec![value(min - 1), value(max + 1)]))
}

#[test]
fn what_is_beyond_a_range_is_refused_with_the_range() {
    let folder = folder("beyond");
    let mut tried = 0;
    for table in &TABLES {
        for key in table.described() {
            let Some((range, values)) = beyond(&key) else { continue };
            for value in values {
                let text = plan_with(table.title, key.name, Some(&value));
                folder.put("plan.toml", &text);
                let at = format!("{} = {value}", key.name);
                let faults = folder.load().err().map(|refused| refused.faults).unwrap_or_default();
                let line = |line: usize| text.lines().nth(line - 1).unwrap_or_default();
                let is_told = faults.iter().any(|fault| {
                    let kinds = [FaultKind::OutOfRange, FaultKind::Unintelligible, FaultKind::UnknownValue];
                    kinds.contains(&fault.kind)
                        && fault.expected.contains(&range)
                        && line(fault.at.line) == at
                });
                assert!(is_told, "{} {at}: {range} is not told in {faults:?}", table.title);
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "only {tried} values were tried");
}
