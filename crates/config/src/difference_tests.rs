//! What people read of a plan that was read again.

use core::time::Duration;
use std::path::Path;

use turno_ground::Secret;
use turno_model::Plan;

use crate::difference::{differences, needs_start};
use crate::load::load;

fn shipped(name: &str) -> Plan {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config").join(name);
    load(&folder).expect("a plan that comes with turno").0
}

fn quito() -> Plan {
    shipped("quito")
}

#[test]
fn a_plan_that_was_not_touched_has_no_differences_however_its_files_are_ordered() {
    assert_eq!(differences(&quito(), &quito()), Vec::<String>::new());
    let (old, mut new) = (quito(), quito());
    new.agents.reverse();
    assert_eq!(differences(&old, &new), Vec::<String>::new());
}

#[test]
fn an_operator_reads_each_change_as_old_and_new_and_no_password() {
    let (old, mut new) = (quito(), quito());
    new.queues[0].handling_target = Duration::from_secs(240);
    new.seats[1].password = Secret::new("swordfish");
    new.agents[2].skills.pop();
    new.retain_agents(|agent| agent.extension != "1020");
    let gone = new.sip.listen.pop().expect("two addresses");
    new.dial_out.deny = vec!["0900.".to_owned()];
    new.hours[0].weekly[5] = vec![(480, 780)];
    new.feature_codes.prompts[9] = None;
    new.sip.advertised = Some([192, 0, 2, 9].into());
    new.sip.options_interval = None;
    let lines = differences(&old, &new);
    assert_eq!(lines.len(), 10, "{lines:#?}");
    let has = |line: &str| assert!(lines.iter().any(|it| it == line), "{line} is not in {lines:#?}");
    has(&format!("queue `{}`: handling_target 3m -> 4m", old.queues[0].name));
    has(&format!("sip: listen taken away {}:{}", gone.0.uri_name(), gone.1));
    has("dial_out: deny added `0900.`");
    has(&format!("hours `{}`: saturday closed -> 08:00-13:00", old.hours[0].name));
    has("feature_codes.prompts: refused es/refused -> a tone");
    has("sip: advertised not set -> 192.0.2.9");
    has("sip: options_interval 30s -> none");
    assert!(lines.iter().any(|line| line.ends_with("password changed")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.ends_with("taken away")), "{lines:#?}");
    assert!(!lines.concat().contains("swordfish"));
}

#[test]
fn what_supervisors_change_in_a_day_needs_no_start() {
    // Wound: for a holiday's announcement the switch is restarted.
    let (old, mut new) = (quito(), quito());
    new.queues[0].ring = Duration::from_secs(99);
    new.retain_agents(|agent| agent.extension != "1020");
    new.prompts.clear();
    new.sip.session_expires = Duration::from_secs(4_000);
    new.fence.delay_max = None;
    new.media.codecs.pop();
    assert!(!differences(&old, &new).is_empty());
    assert_eq!(needs_start(&old, &new), Vec::<String>::new());
}

#[test]
fn what_is_bound_opened_or_laid_out_at_the_start_is_named() {
    let (old, mut new) = (shipped("lab"), shipped("lab"));
    new.sip.listen.clear();
    new.media.ports = (40_000, 40_100);
    new.trunks[0].options_interval = Some(Duration::from_secs(99));
    new.trunks[0].srtp.without_tls = true;
    new.trace = None;
    new.queues.clear();
    let rest = needs_start(&old, &new).join("; ");
    for word in ["listen", "ports", "options_interval", "srtp_without_tls", "trace"] {
        assert!(rest.contains(word), "{word}: {rest}");
    }
    assert!(!rest.contains("queue"), "{rest}");
    new.trunks.clear();
    assert!(needs_start(&old, &new).join("; ").contains("trunk"), "a trunk that is gone");
}
