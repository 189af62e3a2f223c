//! Target `configuration`: any text as TOML gives a plan, or faults with their place.

use std::path::PathBuf;
use std::sync::LazyLock;

use turno_config::{Fault, FaultKind, read, summary};
use turno_model::Language;

/// Folder with prompts and music.
static FOLDER: LazyLock<PathBuf> =
    LazyLock::new(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../sip-config"));

/// A line that separates two files in the text.
const NEXT_FILE: &str = "\n#---\n";

/// Checks that no text makes the reader panic, and that each fault has a place and an explanation.
pub fn configuration(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    // The fuzzer must not read files of this machine, and some of them never end.
    if text.contains("_file") || text.contains("/dev") || text.contains("/proc") || text.contains('\\') {
        return;
    }
    let (first, second) = text.split_once(NEXT_FILE).unwrap_or((text, ""));
    let texts = [("first.toml", first), ("second.toml", second)];
    let environment = |name: &str| (name == "SET").then(|| "from-the-environment".to_owned());
    match read(&texts, &FOLDER, &environment) {
        Ok((plan, notices)) => {
            assert!(!summary(&plan, Language::Spanish).is_empty());
            assert!(!plan.sip.listen.is_empty());
            for notice in notices {
                assert!(!notice.to_string().is_empty());
            }
        }
        Err(refused) => {
            assert!(!refused.faults.is_empty(), "refused for nothing");
            for fault in &refused.faults {
                check(fault, first, second);
            }
            assert!(refused.to_string().ends_with("the plan is refused"));
        }
    }
}

fn check(fault: &Fault, first: &str, second: &str) {
    let shown = fault.to_string();
    let text = match fault.at.file.to_str() {
        Some("first.toml") => first,
        Some("second.toml") => second,
        _ => panic!("no such file: {shown}"),
    };
    // An empty file has one line; a fault at the end may be in the line after the last.
    let lines = text.matches('\n').count() + 1;
    assert!((1..=lines).contains(&fault.at.line), "no such line: {shown}");
    let line = text.split('\n').nth(fault.at.line - 1).unwrap_or_default();
    assert!((1..=line.chars().count() + 2).contains(&fault.at.column), "no such column: {shown}");
    assert!(!fault.found.is_empty() && !fault.expected.is_empty(), "{shown}");
    assert!(fault.nearest.as_deref().is_none_or(|nearest| !nearest.is_empty()), "{shown}");
    // A suggested word must be different from the written one.
    let written = fault.found.split('`').nth(1);
    assert!(fault.nearest.is_none() || fault.nearest.as_deref() != written, "{shown}");
    assert_ne!(fault.kind, FaultKind::Unreadable, "{shown}");
}
