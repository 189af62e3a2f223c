//! Shipped sounds are found by name from a plan that has none of its own; what the plan has comes first.

use std::fs;

use crate::load::load_with;
use crate::tests::{Folder, sip_config};

/// The example at the top of docs/CONFIG.md, as it stands there.
fn clinic() -> String {
    let page = include_str!("../../../docs/CONFIG.md");
    let (_, rest) = page.split_once("```toml\n").expect("the page begins with an example");
    rest.split_once("```").expect("the example ends").0.to_owned()
}

#[test]
fn the_pages_first_example_is_a_whole_plan_that_finds_the_shipped_sounds() {
    let folder = Folder::new("clinic");
    folder.put("clinic.toml", &clinic());
    fs::remove_dir_all(folder.0.join("music")).expect("the folder's own music goes");
    let shipped = sip_config();
    let environment = |name: &str| (name == "TURNO_SIP_CONFIG").then(|| shipped.display().to_string());
    let (plan, notices) = load_with(&folder.0, &environment).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(plan.agents.len(), 3);
    assert_eq!(plan.trunks.len(), 1);
    assert!(notices.is_empty(), "{notices:?}");
    assert!(plan.media.music.starts_with(&shipped), "{}", plan.media.music.display());
    assert!(plan.prompts.iter().all(|prompt| prompt.file.starts_with(&shipped)));
}

#[test]
fn a_prompt_of_the_plans_own_comes_before_the_shipped_one_of_that_name() {
    let folder = Folder::new("own-prompt");
    folder.put("clinic.toml", &clinic());
    fs::create_dir_all(folder.0.join("prompts/en")).expect("a folder for the test");
    folder.put("prompts/en/welcome.wav", "RIFF....WAVE");
    let shipped = sip_config();
    let environment = |name: &str| (name == "TURNO_SIP_CONFIG").then(|| shipped.display().to_string());
    let (plan, _) = load_with(&folder.0, &environment).unwrap_or_else(|refused| panic!("{refused}"));
    let own: Vec<&str> =
        plan.prompts.iter().filter(|it| it.file.starts_with(&folder.0)).map(|it| it.name.as_str()).collect();
    assert_eq!(own, ["en/welcome"]);
    assert!(plan.media.music.starts_with(&folder.0), "{}", plan.media.music.display());
}
