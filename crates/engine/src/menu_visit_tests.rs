//! The table of a visit to the menus.

use core::time::Duration;

use turno_model::Language;

use super::*;

const FIRST: MenuId = MenuId(0);
const SECOND: MenuId = MenuId(1);
const TAXES: QueueId = QueueId(1);
const PEOPLE: QueueId = QueueId(2);
const GENERAL: QueueId = QueueId(3);
const WRONG: PromptName = PromptName(9);

fn menu(choices: Vec<(char, MenuChoice)>) -> MenuPlan {
    MenuPlan {
        name: "m".to_owned(),
        prompts: vec![PromptName(0)],
        wait: Duration::from_secs(4),
        choices,
        repeats: 1,
        wrong: Some(WRONG),
        wrong_max: 2,
        person: Some(PEOPLE),
        otherwise: GENERAL,
        card: None,
    }
}

/// The first menu leads to the second and to a queue; the second reads, and leads back and in a circle.
fn plan() -> Vec<MenuPlan> {
    vec![
        menu(vec![
            ('1', MenuChoice::Queue(TAXES)),
            ('2', MenuChoice::Menu(SECOND)),
            ('*', MenuChoice::Back),
            ('9', MenuChoice::Language(Language::English)),
        ]),
        menu(vec![
            ('1', MenuChoice::Read(vec![PromptName(5)])),
            ('6', MenuChoice::Send),
            ('8', MenuChoice::Menu(FIRST)),
            ('*', MenuChoice::Back),
            ('#', MenuChoice::Repeat),
        ]),
    ]
}

/// What follows the keys of `pressed`; `.` is silence, `!` the end of the longest stay, `~` the end of an announcement, `-` a
/// key that does nothing for this caller. The menu is named where one is played.
fn after(pressed: &str) -> String {
    let menus = plan();
    let mut visit = MenuVisit::begin(FIRST);
    let mut said = String::new();
    for sign in pressed.chars() {
        let event = match sign {
            '.' => MenuEvent::Silence,
            '!' => MenuEvent::TooLong,
            '~' => MenuEvent::Announced,
            '-' => MenuEvent::Vain('6'),
            key => MenuEvent::Key(key),
        };
        let before = visit.menu(FIRST);
        said = match visit.handle(event, &menus[before.index()]) {
            MenuReply::PlayMenu(first, change) => {
                let wrong = if first == Some(WRONG) { " after wrong" } else { "" };
                format!("menu {}{wrong}, {}", visit.menu(FIRST).0, change.word())
            }
            MenuReply::Read(key, prompts) => format!("reads {} by {key}", prompts[0].0),
            MenuReply::Send(key, _) => format!("sends by {key}"),
            MenuReply::Leave(queue, change) => return format!("queue {}, {}", queue.0, change.word()),
        };
    }
    said
}

#[test]
fn every_key_silence_and_the_end_do_what_the_table_says() {
    for (pressed, follows) in [
        ("1", "queue 1, chosen"),
        ("2", "menu 1, entered"),
        ("2*", "menu 0, entered"),
        ("2#", "menu 1, entered"),
        ("*", "menu 0, entered"),
        ("21", "reads 5 by 1"),
        ("26", "sends by 6"),
        ("26.", "menu 1, repeated"),
        ("2-", "menu 1 after wrong, wrong"),
        ("21.", "menu 1, entered"),
        ("21*", "menu 1, entered"),
        ("217", "menu 1, entered"),
        ("210", "queue 2, person"),
        ("21*1", "reads 5 by 1"),
        ("0", "queue 2, person"),
        ("9", "menu 0, language"),
        (".9.", "menu 0, repeated"),
        (".", "menu 0, repeated"),
        ("..", "queue 3, no_key"),
        (".2.", "menu 1, repeated"),
        (".2..", "queue 3, no_key"),
        ("7", "menu 0 after wrong, wrong"),
        ("77", "menu 0 after wrong, wrong"),
        ("777", "queue 3, wrong_keys"),
        ("7.7.", "queue 3, no_key"),
        ("772", "menu 1, entered"),
        ("77277", "menu 1 after wrong, wrong"),
        ("D", "menu 0 after wrong, wrong"),
        ("!", "queue 3, too_long"),
        ("21!", "queue 3, too_long"),
    ] {
        assert_eq!(after(pressed), follows, "{pressed}");
    }
}

#[test]
fn a_listed_0_does_what_the_menu_says_also_while_prompts_are_read() {
    let mut plan = menu(vec![('0', MenuChoice::Queue(TAXES)), ('1', MenuChoice::Read(vec![PromptName(5)]))]);
    plan.person = None;
    let mut visit = MenuVisit::begin(FIRST);
    visit.handle(MenuEvent::Key('1'), &plan);
    let reply = visit.handle(MenuEvent::Key('0'), &plan);
    assert_eq!(reply, MenuReply::Leave(TAXES, MenuChange::Chosen('0')));
}

#[test]
fn a_circle_of_menus_does_not_lengthen_the_way_back() {
    // Wound: each round through a menu costs a little memory for ever.
    let menus = plan();
    let mut visit = MenuVisit::begin(FIRST);
    for key in "28".repeat(1_000).chars() {
        let before = visit.menu(FIRST);
        visit.handle(MenuEvent::Key(key), &menus[before.index()]);
        assert!(visit.path.len() <= 2);
    }
    assert_eq!(visit, MenuVisit::begin(FIRST));
}
