//! Tests of [whatsapp] in a plan, and of the trunk profile for calls inside WhatsApp.

use std::fs;

use turno_model::encryption::SrtpWish;

use crate::tests::{Folder, QUEUE, sip_config};

const API: &str = "[api]\nlisten = \"127.0.0.1:8090\"\n";
const RIGHT: &str = "number_id = \"106540352242922\"\ntoken_file = \"token\"\napp_secret_file = \"app\"\n\
                     verify_token_file = \"word\"\n";

#[test]
fn a_number_on_whatsapp_has_its_secrets_in_files() {
    let folder = Folder::new("whatsapp");
    folder.put("queues.toml", QUEUE);
    for (file, secret) in [("token", "EAAB\n"), ("app", "0badc0de\n"), ("word", "the word\n")] {
        folder.put(file, secret);
    }
    folder.put("whatsapp.toml", &format!("{API}[whatsapp]\n{RIGHT}"));
    let (plan, notices) = folder.load().expect("a plan");
    assert!(notices.iter().any(|notice| notice.text.contains("no queue `whatsapp`")), "{notices:?}");
    let plan = plan.whatsapp.expect("a number");
    assert_eq!(
        (&*plan.base_url, &*plan.version, plan.per_second),
        ("https://graph.facebook.com", "v25.0", 80)
    );
    assert_eq!((plan.app_secret.reveal(), plan.verify_word.reveal()), ("0badc0de", "the word"));
    assert!(!format!("{plan:?}").contains("0badc0de"));
    // Bad input.
    for (keys, words) in [
        ("base_url = \"http://graph.example\"", "`https://graph.facebook.com`"),
        ("base_url = \"https://token@graph.example\"", "`https://graph.facebook.com`"),
        ("version = \"25\"", "`v25.0`"),
        ("list_button = \"Elija una de estas opciones\"", "1 to 20 characters"),
        ("per_second = 0", "per_second"),
    ] {
        folder.put("whatsapp.toml", &format!("{API}[whatsapp]\n{RIGHT}{keys}\n"));
        let refused = folder.load().expect_err("a wrong plan").to_string();
        assert!(refused.contains(words), "{keys}: {refused}");
    }
    for (text, words) in [
        (format!("[whatsapp]\n{RIGHT}"), "a table [api]"),
        (format!("{API}[whatsapp]\n{}", RIGHT.replace("106", "+593")), "phone_number_id"),
        (format!("{API}[whatsapp]\n{}", RIGHT.replace("\"app\"", "\"nowhere\"")), "can't be read"),
        (format!("{API}[whatsapp]\nnumber_id = \"7\"\n"), "a file with the access token"),
    ] {
        folder.put("whatsapp.toml", &text);
        let refused = folder.load().expect_err("a wrong plan").to_string();
        assert!(refused.contains(words), "{text}: {refused}");
    }
}

#[test]
fn the_profile_for_calls_inside_whatsapp_is_an_encrypted_trunk() {
    let folder = Folder::new("whatsapp-calls");
    let profile = fs::read_to_string(sip_config().join("trunks/whatsapp.toml")).expect("the profile");
    folder.put("secret", "x");
    let profile = profile.replace("/etc/turno/whatsapp-sip.password", "secret");
    folder.put("plan.toml", &format!("{QUEUE}{profile}"));
    // Without a certificate of our own it is refused, in words that say what is missing.
    let refused = folder.refusal();
    assert!(refused.contains("turno listens nowhere on TLS"), "{refused}");
    let plain = profile.replace("\"tls\"", "\"tcp\"").replace("srtp = \"required\"\n", "");
    folder.put("plan.toml", &format!("{QUEUE}{plain}"));
    let (plan, _) = folder.load().unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!((&*plan.trunks[0].name, plan.trunks[0].trust_identity), ("whatsapp", false));
    assert_ne!(plan.trunks[0].srtp.wish, SrtpWish::Required);
}
