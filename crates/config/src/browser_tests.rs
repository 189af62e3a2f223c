//! Tests of [browser] in a plan.

use crate::tests::{Folder, QUEUE};

const API: &str = "[api]\nlisten = \"127.0.0.1:8081\"\n";

#[test]
fn browser_phones_are_on_by_their_table_alone() {
    let folder = Folder::new("browser");
    folder.put("queues.toml", QUEUE);
    folder.put("api.toml", API);
    assert_eq!(folder.load().expect("a plan").0.browser, None);
    folder.put("browser.toml", "[browser]\n");
    let plan = folder.load().expect("a plan").0;
    let browser = plan.browser.expect("browser phones");
    assert_eq!((browser.port, browser.bind, browser.advertised), (19_998, plan.media.bind, None));
    folder.put("media.toml", "[media]\nadvertised = \"192.0.2.9\"\n");
    let browser = folder.load().expect("a plan").0.browser.expect("browser phones");
    assert_eq!(browser.advertised, "192.0.2.9".parse().ok(), "browsers are told what phones are told");
    folder.put("browser.toml", "[browser]\norigins = [\"https://CRM.example:8443\"]\n");
    let browser = folder.load().expect("a plan").0.browser.expect("browser phones");
    assert_eq!(browser.origins, ["https://crm.example:8443"], "as browsers write it");
}

#[test]
fn browser_phones_that_could_not_work_are_refused() {
    let folder = Folder::new("browser-refused");
    folder.put("queues.toml", QUEUE);
    folder.put("browser.toml", "[browser]\n");
    let refused = folder.load().expect_err("a wrong plan").to_string();
    assert!(refused.contains("an API that is not served"), "{refused}");
    folder.put("api.toml", API);
    for (keys, words) in [
        ("port = 20998", "among the `ports` 20000 to 29999"),
        ("port = 5060", "both listen on udp"),
        ("port = 80", "port"),
        ("bind = \"home\"", "home"),
        ("origins = [\"crm.example\"]", "crm.example"),
        ("origins = [\"https://crm.example/desk\"]", "/desk"),
        ("origins = [\"*\"]", "*"),
    ] {
        folder.put("browser.toml", &format!("[browser]\n{keys}\n"));
        let refused = folder.load().expect_err(keys).to_string();
        assert!(refused.contains(words), "{keys}: {refused}");
    }
}
