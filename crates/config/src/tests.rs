//! Whole plans: the shipped ones, and what each setting means.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use turno_model::plan::{AcwPlan, CallbackPrompt, Entry, MenuChoice, SurveyPrompt, Treatment, TrunkTrust};
use turno_model::speech::recordings;
use turno_model::{Language, MenuId, OpenState, Plan, Rule};

use crate::fault::{Notice, PlanRefused};
use crate::load::{built_in_with, load, load_with};
use crate::summary::summary;

pub(crate) fn sip_config() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config")
}

/// The prompts that come with turno, each in Spanish and in English.
const PROMPTS: [&str; 23] = [
    "thanks_for_waiting",
    "portal",
    "welcome",
    "menu",
    "other_language",
    "emergency",
    "wrong_key",
    "requirements_menu",
    "requirements_patente",
    "requirements_luae",
    "closed",
    "holiday",
    "please_wait",
    "all_busy_goodbye",
    "thanks",
    "logged_in",
    "logged_out",
    "ready",
    "aux",
    "acw_ended",
    "wrapup_saved",
    "refused",
    "not_now",
];

/// The prompts of callbacks, surveys and lists of callers.
fn dialogues() -> impl Iterator<Item = &'static str> {
    let callback = CallbackPrompt::ALL.iter().map(|it| it.recording());
    let others = "survey/satisfied survey/solved survey/wait sit/extension sit/pin not_served card/keys card/offer card/sent".split(' ');
    callback.chain(SurveyPrompt::ALL.iter().map(|it| it.recording())).chain(others)
}

/// The shipped plans beside prompts of the right names.
fn shipped(name: &str) -> Folder {
    let folder = Folder::new(name);
    for kind in ["say", "callback", "survey", "sit", "card"] {
        fs::create_dir_all(folder.0.join("prompts/es").join(kind)).expect("a folder for the test");
    }
    let spoken = recordings(Language::Spanish).iter().map(|(name, _)| *name);
    for prompt in PROMPTS.into_iter().chain(spoken).chain(dialogues()) {
        folder.put(&format!("prompts/es/{prompt}.wav"), "RIFF....WAVE");
    }
    for plan in ["lab", "quito"] {
        fs::create_dir_all(folder.0.join(plan)).expect("a folder for the test");
        for entry in fs::read_dir(sip_config().join(plan)).expect("a shipped plan") {
            let file = entry.expect("a file of the plan").path();
            let Ok(text) = fs::read_to_string(&file) else { continue }; // a folder
            folder.put(&format!("{plan}/{}", file.file_name().expect("a name").display()), &text);
        }
    }
    folder
}

/// A folder for one test, gone afterwards.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("turno-config-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("prompts")).expect("a folder for the test");
        fs::create_dir_all(path.join("music")).expect("a folder for the test");
        let folder = Self(path);
        folder.put("music/hold.wav", "RIFF....WAVE");
        folder.put("prompts/hello.wav", "RIFF....WAVE");
        folder
    }

    pub(crate) fn put(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("a file for the test");
    }

    pub(crate) fn load(&self) -> Result<(Plan, Vec<Notice>), PlanRefused> {
        load_with(&self.0, &|name| (name == "SET").then(|| "from-the-environment".to_owned()))
    }

    /// The refusal as people read it, without the folder's own name.
    pub(crate) fn refusal(&self) -> String {
        let text = self.load().expect_err("a faulty plan").to_string();
        text.replace(&format!("{}/", self.0.display()), "")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// One table that is all right, to which tests add what is not.
pub(crate) const QUEUE: &str = "[[queue]]\nname = \"luae\"\n";

pub(crate) fn plan_of(name: &str, text: &str) -> Result<(Plan, Vec<Notice>), PlanRefused> {
    let folder = Folder::new(name);
    folder.put("plan.toml", text);
    folder.load()
}

#[test]
fn the_lab_is_what_load_tests_rely_on() {
    let folder = shipped("lab");
    let (plan, _) = load_with(&folder.0.join("lab"), &|_| None).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(plan.agents.len(), 200);
    assert_eq!((plan.agents[0].extension.as_str(), plan.agents[199].extension.as_str()), ("a001", "a200"));
    assert!(
        plan.agents.iter().all(|agent| agent.auto_login)
            && plan.seats.iter().all(|seat| seat.password.reveal() == "lab")
    );
    let entry = |number: &str| {
        let queue = plan.number(number).expect("a number").entry.queue();
        &plan.queues[queue.expect("the lab has no menu").index()]
    };
    assert_eq!((entry("7000").name.as_str(), entry("7000").answer_on_entry), ("lab", false));
    assert_eq!((entry("7001").name.as_str(), entry("7001").answer_on_entry), ("hold", true));
    assert!(plan.queues.iter().all(|queue| queue.acw == AcwPlan::Timed(core::time::Duration::ZERO)
        && queue.when_nobody == Treatment::Wait
        && queue.greeting.is_empty()));
    let hold = plan.queues.iter().find(|queue| queue.name == "hold").expect("the queue of 7001");
    assert!(!plan.agents.iter().any(|agent| agent.skills.iter().any(|&(skill, _)| skill == hold.skill)));
    assert!(plan.sip.contact_as_given && plan.sip.options_interval.is_none());
    assert!(plan.sip.requests_per_source_max.is_none() && plan.media.inactivity.is_none());
    assert!(plan.numbers.iter().all(|number| number.hours.is_none()));
    let networks = match &plan.trunks[0].trust {
        TrunkTrust::Addresses(networks) => networks.clone(),
        TrunkTrust::Digest { .. } | TrunkTrust::Registration { .. } => panic!("known by its addresses"),
    };
    assert_eq!(networks, [("127.0.0.0".parse().expect("an address"), 8)]);
}

#[test]
fn the_first_site_has_its_line_its_hours_and_twenty_seats() {
    let folder = shipped("quito");
    let (plan, _) =
        load_with(&folder.0.join("quito"), &|_| None).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(plan.agents.len(), 20);
    assert_eq!(plan.seats[19].password.reveal(), "quito-1020");
    let line = plan.number("1800510510").expect("the toll-free line");
    let Entry::Menu(menu) = line.entry else { panic!("the line leads to a menu") };
    let menu = &plan.menus[menu.index()];
    assert_eq!(menu.queue_keys().collect::<String>(), "12345");
    assert_eq!(menu.choice('6'), Some(&MenuChoice::Menu(MenuId(1))));
    assert_eq!(plan.queues[menu.otherwise.index()].name, "general");
    assert!(plan.queues.iter().all(|queue| queue.handling_target.as_secs() == 180));
    assert!(plan.queues.iter().all(|queue| queue.rule == Rule::EadMia));
    let hours = &plan.hours[line.hours.expect("opening hours").index()];
    let at = |text: &str| {
        let stamp: jiff::Timestamp = text.parse().expect("a timestamp");
        hours
            .at(turno_ground::Moment::from_micros(u64::try_from(stamp.as_microsecond()).expect("after 1970")))
    };
    assert_eq!(at("2026-11-24T12:50:00Z"), OpenState::Open);
    assert_eq!(at("2026-11-24T21:30:00Z"), OpenState::Closed);
    assert_eq!(at("2026-12-07T15:00:00Z"), OpenState::Holiday);
    assert_eq!(at("2027-03-26T15:00:00Z"), OpenState::Holiday);
    assert_eq!(plan.aux_reasons.len(), 4);
    let said = summary(&plan, Language::English);
    assert!(said.contains("1800-510-510 to menu main"), "{said}");
    let hours =
        "hours    office: monday to friday 07:50-16:30; 24 holidays, the last 2027-12-25; America/Guayaquil";
    assert!(said.contains(hours), "{said}");
    assert!(said.contains("agents may dial no outside number"), "{said}");
    assert!(said.contains("journal  kept, calls outlive a killed turno, facts for"), "{said}");
    assert!(!said.contains("quito-10"), "a summary shows no password: {said}");
    let said = summary(&plan, Language::Spanish);
    let hours =
        "horario  office: lunes a viernes 07:50-16:30; 24 feriados, el último 2027-12-25; America/Guayaquil";
    assert!(said.contains("1800-510-510 a menú main, office"), "{said}");
    assert!(said.contains(hours), "{said}");
    assert!(said.contains("los agentes no pueden marcar ningún número externo"), "{said}");
    assert!(said.contains("se guarda, las llamadas sobreviven a la muerte de turno, hechos de"), "{said}");
}

#[test]
fn the_shipped_plans_find_the_shipped_prompts_and_music() {
    for plan in ["lab", "quito"] {
        if let Err(refused) = load_with(&sip_config().join(plan), &|_| None) {
            panic!("{refused}");
        }
    }
    let english = PROMPTS
        .into_iter()
        .chain(dialogues())
        .find(|name| !sip_config().join(format!("prompts/en/{name}.wav")).is_file());
    assert_eq!(english, None, "every prompt is spoken in English too");
}

#[test]
fn the_built_in_site_runs_from_any_directory_or_says_what_it_lacks() {
    let nowhere = PathBuf::from("/nonexistent/sip-config");
    let folder = shipped("built-in");
    let (plan, _) =
        built_in_with(&[nowhere.clone(), folder.0.clone()], &|_| None).unwrap_or_else(|no| panic!("{no}"));
    assert_eq!(plan.agents.len(), 20);
    let refused = built_in_with(&[nowhere], &|_| None).expect_err("no prompts").to_string();
    assert!(refused.contains("TURNO_SIP_CONFIG=FOLDER"), "{refused}");
}

#[test]
fn default_passwords_are_refused_beyond_loopback_until_each_seat_has_its_own() {
    let folder = Folder::new("default-passwords");
    folder.put("queues.toml", QUEUE);
    folder.put("sip.toml", "[sip]\nlisten = [\"udp:192.0.2.1:5060\"]\n");
    let seats =
        "[[seat_range]]\nfrom = \"1\"\nto = \"2\"\ndefault_password = \"known\"\nskills = { luae = 1 }\n";
    folder.put("seats.toml", &format!("{seats}password_env = \"SEAT_{{extension}}\"\n"));
    let refused = folder.load().expect_err("default passwords");
    assert_eq!(refused.faults.len(), 2, "{refused}");
    assert!(refused.to_string().contains("the variable SEAT_2 set"), "{refused}");
    assert!(!refused.to_string().contains("known"), "no password is shown: {refused}");
    let set = |name: &str| name.starts_with("SEAT_").then(|| format!("own {name}"));
    let (plan, _) = load_with(&folder.0, &set).expect("each has its own");
    assert_eq!(plan.seats[1].password.reveal(), "own SEAT_2");
    folder.put("sip.toml", "[sip]\nlisten = [\"udp:127.1.2.3:5060\", \"tcp:[::1]:5060\"]\n");
    assert_eq!(folder.load().expect("loopback").0.seats[0].password.reveal(), "known");
}

#[test]
fn passwords_come_from_the_environment_or_a_file_and_are_never_shown() {
    let folder = Folder::new("passwords");
    folder.put("secret", "from-a-file\n");
    folder.put(
        "plan.toml",
        &format!(
            "{QUEUE}[[agent]]\nname = \"a\"\npassword_env = \"SET\"\nskills = {{ luae = 1 }}\n\
             [[agent]]\nname = \"b\"\npassword_file = \"secret\"\nskills = {{ luae = 1 }}\n"
        ),
    );
    let secret = folder.0.join("secret");
    let told = |mode: u32| {
        fs::set_permissions(&secret, fs::Permissions::from_mode(mode)).expect("it is ours");
        let (plan, notices) = folder.load().expect("a plan");
        assert_eq!(plan.seats[0].password.reveal(), "from-the-environment");
        assert_eq!(plan.seats[1].password.reveal(), "from-a-file");
        notices.iter().any(|notice| notice.text.contains("every user of this machine may read"))
    };
    assert!(told(0o644), "everybody may read the password");
    assert!(!told(0o640), "a group of its own may read it");
    for line in [
        "passwrd = \"hunter2\"",
        "password = [\"hunter2\"]",
        "password = hunter2",
        "password = \"hunter2\\n\"",
    ] {
        folder.put("plan.toml", &format!("{QUEUE}[[agent]]\nname = \"a\"\n{line}\n"));
        let refusal = folder.refusal();
        assert!(!refusal.contains("hunter2"), "{refusal}");
    }
}

#[test]
fn a_folder_that_says_a_thing_twice_is_told_both_places() {
    let folder = Folder::new("twice");
    folder.put("a.toml", "[sip]\ndomain = \"one\"\n");
    folder.put("b.toml", &format!("{QUEUE}[sip]\ndomain = \"two\"\n"));
    let refused = folder.load().expect_err("[sip] stands twice");
    let [fault] = refused.faults.as_slice() else { panic!("{refused}") };
    assert!(fault.at.file.ends_with("b.toml") && fault.at.line == 3, "{fault}");
    let first = fault.first.as_ref().expect("where it stood first");
    assert!(first.file.ends_with("a.toml") && first.line == 1, "{fault}");
}

#[test]
fn a_link_to_nothing_and_a_folder_called_like_a_file_are_told_and_what_editors_leave_is_not() {
    // Wound: seats whose file's link led nowhere were retired by the next reload, in silence.
    let folder = Folder::new("links");
    folder.put("a.toml", QUEUE);
    std::os::unix::fs::symlink("/nowhere/at/all", folder.0.join(".#a.toml")).expect("a link");
    folder.load().expect("an editor's lock is no part of the plan");
    std::os::unix::fs::symlink("/nowhere/at/all", folder.0.join("b.toml")).expect("a link");
    std::fs::create_dir_all(folder.0.join("c.toml")).expect("a folder");
    let refused = folder.load().expect_err("a part of the plan is missing");
    let at: Vec<bool> = refused.faults.iter().map(|fault| fault.at.file.ends_with("b.toml")).collect();
    assert_eq!(at, [true, false], "{refused}");
}

#[test]
fn what_may_be_a_mistake_but_works_is_a_notice() {
    let text = format!("{QUEUE}wait_max = \"1m\"\n[[agent]]\nname = \"1\"\npassword = \"p\"\n");
    let (_, notices) = plan_of("notices", &text).expect("a plan");
    let said: Vec<&str> = notices.iter().map(|notice| notice.text.as_str()).collect();
    for expected in ["has no skills", "served by nobody", "goes on waiting", "no [[number]]"] {
        assert!(said.iter().any(|text| text.contains(expected)), "{expected}: {said:?}");
    }
}

#[test]
fn a_break_with_hours_is_in_turns_and_has_the_recordings_of_its_sentence() {
    let hours = "[[hours]]\nname = \"noon\"\nzone = \"UTC\"\nmonday = [\"12:00-14:30\"]\n";
    let lunch = "[[aux_reason]]\nname = \"lunch\"\ndigit = 1\nhours = \"noon\"\nat_once = 3\n";
    let folder = shipped("turns");
    let spanish = "[site]\nlanguage = \"es\"\n";
    folder.put("plan.toml", &format!("{spanish}{QUEUE}{hours}{lunch}"));
    let (plan, _) = folder.load().expect("a plan");
    let turns = plan.turns(0).expect("in turns");
    assert_eq!((turns.at_once, turns.span.as_secs(), turns.unused.as_secs()), (3, 1_800, 120));
    let noon = turno_model::speech::Spoken::TurnAt(760);
    let said = plan.feature_codes.prompts_of(&noon);
    let said: Vec<_> = said.iter().map(|at| plan.prompts[at.index()].name.as_str()).collect();
    assert_eq!(said, ["es/say/turn_at", "es/say/n12", "es/say/past", "es/say/n40", "es/say/noon"]);
    let plain = lunch.replace("hours = \"noon\"\n", "");
    let (plan, notices) = plan_of("plain", &format!("{QUEUE}{hours}{plain}")).expect("a plan");
    assert!(plan.turns(0).is_none() && !plan.has_turns());
    assert!(notices.iter().any(|notice| notice.text.contains("`at_once` has no effect")));
    let wrong = lunch.replace("\"noon\"", "\"non\"");
    let refused = plan_of("wrong", &format!("{QUEUE}{hours}{wrong}")).expect_err("no such hours");
    assert!(refused.to_string().contains("noon"), "{refused}");
}

#[test]
fn a_trunk_that_is_half_the_world_is_a_notice_where_the_world_can_call() {
    // Wound: a scanner inside a trunk's network is that trunk.
    let said = |listen: &str, network: &str| {
        let text = format!(
            "{QUEUE}[sip]\nlisten = [\"udp:{listen}:5060\"]\n[[trunk]]\nname = \"t\"\naddresses = [\"{network}\"]\n"
        );
        let (_, notices) = plan_of("wide", &text).expect("a plan");
        notices.iter().any(|notice| notice.text.contains("a scanner too"))
    };
    assert!(
        said("192.0.2.1", "127.0.0.0/8") && said("192.0.2.1", "10.0.0.0/7") && said("192.0.2.1", "2001::/16")
    );
    assert!(!said("127.0.0.1", "127.0.0.0/8"), "a lab that only this machine can call");
    assert!(!said("192.0.2.1", "198.51.100.0/24"));
}

#[test]
fn a_plan_that_says_nothing_has_the_stated_defaults() {
    let (plan, _) = plan_of("defaults", QUEUE).expect("a plan");
    let queue = &plan.queues[0];
    let seconds =
        [queue.ring, queue.rona_cool_down, queue.hold_max, queue.handling_target, queue.handling_warning];
    assert_eq!(seconds.map(|span| span.as_secs()), [15, 30, 120, 180, 30]);
    assert_eq!((queue.wait_target.as_secs(), queue.short_abandon.as_secs()), (20, 5));
    assert_eq!(queue.acw, AcwPlan::Timed(core::time::Duration::from_secs(20)));
    assert_eq!(plan.sip.expires.2.as_secs(), 600);
    assert_eq!(plan.sip.options_interval.map(|span| span.as_secs()), Some(30));
    assert_eq!((plan.sip.session_expires.as_secs(), plan.sip.min_se.as_secs()), (1800, 90));
    assert_eq!(plan.media.ports, (20_000, 29_999));
    assert_eq!(plan.media.codecs, ["PCMA", "PCMU", "G722"]);
    assert_eq!(plan.feature_codes.wrap_up, "*16");
}

#[test]
fn a_summary_says_what_agents_may_dial_and_what_a_restart_loses() {
    let text = format!(
        "{QUEUE}[[trunk]]\nname = \"carrier\"\naddresses = [\"192.0.2.1\"]\nhost = \"192.0.2.1\"\n\
         [dial_out]\nallow = [\"0.\"]\ndeny = [\"0900.\"]\ntrunk = \"carrier\"\n\
         [journal]\non_stop = \"drain\"\ndrain_max = \"5m\"\n\
         [[hours]]\nname = \"shop\"\nzone = \"America/Lima\"\nmonday_to_friday = [\"09:00-12:00\", \"14:00-18:00\"]\n\
         saturday = [\"09:00-12:00\"]\n"
    );
    let said = summary(&plan_of("said", &text).expect("a plan").0, Language::English);
    for line in [
        "outside  agents may dial 0. by trunk carrier, and not 0900.",
        "journal  not kept unless `serve` has --state: a restart loses all calls; a stop lets calls end for at most 5m",
        "hours    shop: monday to friday 09:00-12:00, 14:00-18:00, saturday 09:00-12:00; no holidays; America/Lima",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
}

#[test]
fn a_missing_plan_is_one_clear_sentence() {
    let refused = load(Path::new("/nonexistent/plan")).expect_err("nothing there").to_string();
    assert!(refused.starts_with("fault: the plan can't be read"), "{refused}");
    let empty = Folder::new("empty");
    assert!(empty.refusal().contains("the folder holds no *.toml"));
}

#[test]
fn the_trunk_samples_are_valid_trunks() {
    let folder = Folder::new("samples");
    let sample = fs::read_to_string(sip_config().join("trunks/sample.toml")).expect("the sample");
    folder.put("secret", "x");
    let sample =
        sample.replace("/etc/turno/carrier.password", "secret").replace("TURNO_TRUNK_PASSWORD", "SET");
    folder.put("plan.toml", &format!("{QUEUE}{sample}"));
    let (plan, _) = folder.load().unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(plan.trunks.len(), 4);
}
