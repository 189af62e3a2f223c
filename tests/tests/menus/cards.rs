//! Cards of procedures in menus: heard, heard again, sent, and carried to the agent.

use turno_ground::Secret;
use turno_model::plan::WhatsAppPlan;
use turno_model::{Fact, MenuChange, TurnedAway};
use turno_phone::PhoneEvent;
use turno_tests::stage::{Line, Stage, answering, millis, secs};

use crate::{MORE, hears, in_menu, keys, queue, steps};

const CARD: [&str; 2] = ["es/procedures/luae", "es/card/keys"];
const OFFERED: [&str; 3] = ["es/procedures/luae", "es/card/offer", "es/card/keys"];

/// A caller who hears the card.
fn hears_card(stage: &mut Stage) -> Line {
    let line = in_menu(stage);
    keys(stage, line, "35");
    line
}

fn about(stage: &Stage) -> Vec<Option<String>> {
    let about =
        stage.snapshot().contacts.into_iter().map(|contact| contact.about.map(|it| it.procedure.to_string()));
    about.collect()
}

/// The procedures that were sent, with the numbers.
fn sent(stage: &Stage) -> Vec<(String, String)> {
    let sent = |fact: &Fact| match fact {
        Fact::Menu(step) => match &step.change {
            MenuChange::Sent { procedure, to, .. } => Some((procedure.to_string(), to.0.to_string())),
            _ => None,
        },
        _ => None,
    };
    stage.facts().iter().filter_map(|(_, fact)| sent(fact)).collect()
}

/// The stage with a number on WhatsApp.
fn with_whatsapp() -> Stage {
    let mut stage = Stage::new();
    let mut plan = (*stage.plan).clone();
    plan.written.whatsapp = Some("general".to_owned());
    plan.whatsapp = Some(WhatsAppPlan {
        number_id: "1".to_owned(),
        token_file: "token".into(),
        app_secret_file: "secret".into(),
        app_secret: Secret::default(),
        verify_token_file: "word".into(),
        verify_word: Secret::default(),
        base_url: String::new(),
        version: String::new(),
        per_second: 1,
        file_mib: 1,
        list_button: String::new(),
        card_template: Some("card".to_owned()),
        mobiles: vec!["5939".to_owned()],
    });
    stage.replans(plan);
    stage
}

#[test]
fn a_card_is_heard_and_heard_again_and_the_agent_gets_its_procedure() {
    let mut stage = Stage::new();
    stage.keep_messages();
    let ana = stage.agent("a001", answering(secs(1)));
    let line = hears_card(&mut stage);
    assert_eq!(hears(&stage, line), CARD);
    keys(&mut stage, line, "1");
    assert_eq!(hears(&stage, line), CARD, "once more");
    keys(&mut stage, line, "2");
    assert_eq!(
        hears(&stage, line),
        ["es/card/keys"],
        "without WhatsApp 2 is a wrong key, and the card is not read again"
    );
    keys(&mut stage, line, "*");
    assert_eq!(hears(&stage, line), MORE, "back");
    keys(&mut stage, line, "5");
    stage.presses(line, '0');
    stage.talks_to(line, ana);
    assert_eq!(queue(&stage).as_deref(), Some("taxes"));
    assert_eq!(about(&stage), [Some("luae".to_owned())]);
    let shown = |event: &PhoneEvent| matches!(event, PhoneEvent::Incoming { display, .. } if display.contains("luae"));
    assert!(stage.saw(ana, shown), "on the telephone too");
    assert_eq!(
        steps(&stage)[2..],
        [
            "card entered",
            "card card",
            "card entered",
            "card card",
            "card wrong",
            "more entered",
            "card entered",
            "card card",
            "card person"
        ]
    );
    let contact = stage.facts().iter().find_map(|(_, fact)| match fact {
        Fact::Menu(step) => Some(step.contact),
        _ => None,
    });
    let told = format!("{:?}", stage.story(contact.expect("it is in a menu")));
    assert!(told.contains("hears the card of luae"), "{told}");
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn a_key_sends_the_card_to_a_mobile_telephone_and_to_no_other() {
    let mut stage = with_whatsapp();
    let line = hears_card(&mut stage);
    assert_eq!(hears(&stage, line), OFFERED);
    stage.presses(line, '2');
    assert_eq!(hears(&stage, line), ["es/card/sent", "es/card/keys"], "in the same step");
    assert_eq!(sent(&stage), [("luae".to_owned(), "593991234567".to_owned())]);
    stage.hangs_up(line);
    let fixed = stage.call("7002", "022551111");
    stage.run_for(secs(1));
    keys(&mut stage, fixed, "35");
    assert_eq!(hears(&stage, fixed), CARD, "nothing is offered to a fixed line");
    keys(&mut stage, fixed, "2");
    assert_eq!(sent(&stage).len(), 1);
    stage.hangs_up(fixed);
    stage.finish();
}

#[test]
fn who_hangs_up_after_a_card_needed_nobody_and_who_hangs_up_at_once_did_not_hear_it() {
    let mut stage = Stage::new();
    let contained = |stage: &Stage| {
        stage.count(
            |fact| matches!(fact, Fact::Menu(step) if matches!(step.change, MenuChange::Contained { .. })),
        )
    };
    let line = hears_card(&mut stage);
    stage.hangs_up(line);
    stage.run_for(secs(1));
    assert_eq!((contained(&stage), stage.turned_away(TurnedAway::HungUpInMenu)), (0, 1));
    let line = hears_card(&mut stage);
    for _ in 0..4 {
        keys(&mut stage, line, "1");
        stage.run_for(secs(3));
    }
    stage.hangs_up(line);
    stage.finish();
    assert_eq!((contained(&stage), stage.turned_away(TurnedAway::HungUpInMenu)), (1, 2));
    let code = stage.facts().iter().find_map(|(_, fact)| match fact {
        Fact::Menu(step) => match &step.change {
            MenuChange::Contained { procedure, code } => Some((procedure.clone(), code.clone())),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(code, Some(("luae".into(), Some("108".into()))));
}

#[test]
fn a_card_lives_through_a_crash_with_its_procedure() {
    // Wound: a restart forgets what the caller asked for, and the agent begins with the same questions.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let line = hears_card(&mut stage);
    stage.crashes(millis(300));
    assert_eq!(hears(&stage, line), CARD);
    stage.presses(line, '0');
    stage.crashes(millis(300));
    stage.talks_to(line, ana);
    assert_eq!(about(&stage), [Some("luae".to_owned())]);
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn a_card_without_a_sound_of_its_present_words_leads_to_a_person_with_the_procedure() {
    let mut stage = Stage::new();
    let mut plan = (*stage.plan).clone();
    let card = plan.menus.iter_mut().find_map(|menu| menu.card.as_mut()).expect("a menu with a card");
    card.sound = None;
    stage.replans(plan);
    let line = hears_card(&mut stage);
    assert_eq!(queue(&stage).as_deref(), Some("taxes"));
    assert_eq!(about(&stage), [Some("luae".to_owned())]);
    assert_eq!(steps(&stage)[2..], ["card entered", "card card", "card no_sound"]);
    stage.hangs_up(line);
    stage.finish();
}
