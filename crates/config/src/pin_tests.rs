//! Tests of PINs in a plan.

use crate::tests::{Folder, QUEUE};

#[test]
fn a_pin_has_four_to_twelve_digits_and_belongs_to_an_extension_that_can_be_keyed_in() {
    let folder = Folder::new("pins");
    folder.put("queues.toml", QUEUE);
    let agent = |keys: &str| {
        format!("[[agent]]\nname = \"1001\"\npassword = \"p\"\nskills = {{ luae = 1 }}\n{keys}\n")
    };
    folder.put("seats.toml", &agent("pin = \"4711\""));
    let (plan, _) = folder.load().expect("a plan");
    assert_eq!(plan.agents[0].pin.as_ref().map(turno_ground::Secret::reveal), Some("4711"));
    folder.put("seats.toml", &agent("pin_env = \"TURNO_NO_SUCH_PIN\""));
    let (plan, notices) = folder.load().expect("a plan without a PIN");
    assert_eq!(plan.agents[0].pin, None);
    let told = notices.iter().filter(|it| it.text.contains("can't sit down by PIN")).count();
    assert_eq!(told, 1, "{:?}", notices);
    for (keys, words) in [
        ("pin = \"471\"", "4 to 12 digits"),
        ("pin = \"47a1\"", "can't be keyed in"),
        ("extension = \"ana\"\npin = \"4711\"", "can't dial the extension"),
        ("pin = \"4711\"\npin_file = \"pin.key\"", "one of them"),
    ] {
        folder.put("seats.toml", &agent(keys));
        let refused = folder.load().expect_err("a wrong PIN").to_string();
        assert!(refused.contains(words), "{keys}: {refused}");
        assert!(!refused.contains("4711") && !refused.contains("47a1"), "{refused}");
    }
}
