//! What the shipped plan for Quito suggests in comments, for a site with a carrier and keys.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use turno_model::plan::QueueRecording;

use crate::load::read;
use crate::tests::{Folder, sip_config};

/// Whether a comment is a line of a plan: a key with a value, or the head of a table.
fn is_suggested(comment: &str) -> bool {
    let key = comment.split(" = ").next().filter(|_| comment.contains(" = ")).unwrap_or_default();
    let is_key = !key.is_empty() && key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
    is_key || (comment.starts_with('[') && comment.ends_with(']'))
}

#[test]
fn all_that_quito_suggests_in_comments_is_a_valid_plan_when_the_signs_are_taken_away() {
    let folder = Folder::new("suggested");
    let key = folder.0.join("recording.key");
    fs::write(&key, "0123456789abcdef".repeat(4)).expect("a key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("permissions");
    let taken = |text: &str| {
        let line = |line: &str| match line.strip_prefix("# ").filter(|comment| is_suggested(comment)) {
            Some(comment) => comment.replace("/etc/turno/recording.key", &key.display().to_string()),
            None => line.to_owned(),
        };
        text.lines().map(line).collect::<Vec<_>>().join("\n")
    };
    let texts: Vec<(&str, String)> = ["numbers.toml", "queues.toml", "seats.toml", "site.toml"]
        .map(|name| (name, fs::read_to_string(sip_config().join("quito").join(name)).expect("it is shipped")))
        .map(|(name, text)| (name, taken(&text)))
        .into();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let pins = |name: &str| name.starts_with("TURNO_PIN_").then(|| "471147".to_owned());
    let (plan, _) = read(&texts, &sip_config().join("prompts"), &pins).expect("a valid plan");
    assert!(plan.dial_out.trunk.is_some() && plan.recording.is_some());
    assert!(plan.agents.iter().all(|agent| agent.pin.is_some()));
    assert!(!plan.dependencies.is_empty());
    for queue in &plan.queues {
        assert!(queue.callback.is_some() && queue.voicemail.is_some(), "{}", queue.name);
        assert!(queue.recording_notice.is_some() && queue.recording == QueueRecording::Percent(10));
    }
}
