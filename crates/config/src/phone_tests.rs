//! Tests of ordinary telephones of agents in a plan.

use turno_model::plan::PhoneLine;

use crate::tests::{Folder, QUEUE};

const TRUNK: &str = "[[trunk]]\nname = \"carrier\"\nhost = \"192.0.2.1\"\naddresses = [\"192.0.2.1\"]\n\n\
     [[number]]\nnumber = \"7000\"\nqueue = \"luae\"\n\n";
const OUT: &str = "[dial_out]\ntrunk = \"carrier\"\n";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("queues.toml", QUEUE);
    for language in ["es", "en"] {
        let prompts = folder.0.join("prompts").join(language).join("agents");
        std::fs::create_dir_all(prompts).expect("a folder for the test");
        folder.put(&format!("prompts/{language}/agents/press_one.wav"), "RIFF....WAVE");
    }
    folder
}

fn agent(keys: &str) -> String {
    format!("[[agent]]\nname = \"1001\"\nskills = {{ luae = 1 }}\n{keys}\n")
}

#[test]
fn an_agent_with_a_telephone_number_needs_no_phone_and_hears_what_to_press() {
    let folder = folder("telephones");
    folder.put("site.toml", &format!("{TRUNK}{OUT}[feature_codes]\nlanguage = \"es\"\n"));
    folder.put("seats.toml", &agent("phone_number = \"099-123 4567\""));
    let (plan, _) = folder.load().expect("a plan");
    let phone = plan.agents[0].outside.as_ref().expect("a telephone");
    assert_eq!((phone.number.0.as_str(), phone.press_one), ("0991234567", true));
    assert_eq!(phone.line, PhoneLine::EachCall);
    assert_eq!((plan.agents[0].own_seat, plan.seats.len()), (None, 0));
    let prompt = plan.phones.press_one.expect("the question");
    assert_eq!(plan.prompts[prompt.index()].name, "es/agents/press_one");
    folder.put("seats.toml", &agent("phone_number = \"0991234567\"\nphone = \"own\"\npassword = \"p\""));
    let (plan, _) = folder.load().expect("a plan with both");
    assert!(plan.agents[0].own_seat.is_some() && plan.agents[0].outside.is_some());
}

#[test]
fn a_telephone_that_could_never_be_dialled_is_refused() {
    let folder = folder("no-telephones");
    let dialled = |folder: &Folder, site: &str, keys: &str| {
        folder.put("site.toml", site);
        folder.put("seats.toml", &agent(keys));
        folder.refusal()
    };
    let number = "phone_number = \"0991234567\"";
    let with_trunk = format!("{TRUNK}{OUT}");
    let deaf = TRUNK.replace("host = \"192.0.2.1\"\n", "");
    for (site, keys, words) in [
        (TRUNK.to_owned(), number, "no trunk for it"),
        (format!("{deaf}{OUT}"), number, "has no `host`"),
        (with_trunk.clone(), "phone_number = \"ana\"", "can't be dialled"),
        (with_trunk.clone(), "phone_number = \"\"", "can't be dialled"),
        (with_trunk.clone(), "phone_number = \"7000\"", "turno would call itself"),
        (format!("{with_trunk}[room]\nagents_line = \"7000\"\n"), number, "is a [[number]] too"),
    ] {
        let refused = dialled(&folder, &site, keys);
        assert!(refused.contains(words), "{keys}: {refused}");
    }
    folder.put("site.toml", &with_trunk);
    let second = agent(number).replace("1001", "1002");
    folder.put("seats.toml", &format!("{}{second}", agent(number)));
    assert!(folder.refusal().contains("phone_number"), "two agents with one telephone");
}
