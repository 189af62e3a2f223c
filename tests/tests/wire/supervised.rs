//! A supervisor changes a room that works, on real sockets: a caller is given to an agent, and an agent gets a skill.

use core::time::Duration;

use turno_phone::{CallId, PhoneEvent};
use turno_tests::wire::{Server, Softphone};

/// How long `turno ctl` and `turno trace` may take.
const ASKING_SPAN: Duration = Duration::from_secs(30);

/// A caller who waits in the queue for which no agent of the lab has the skill.
fn waits(server: &mut Server, line: &mut Softphone) -> CallId {
    let call = line.calls("0991234567", "7001");
    line.is_answered(call);
    server.wait_until("the caller waits", |now| now.sum("turno_queue_depth", &["queue=\"hold\""]) == 1.0);
    call
}

/// The number of the last contact.
fn last_contact(server: &Server) -> String {
    server.trace(&["--last"], "told").succeed(ASKING_SPAN);
    let told = server.folder().read("told");
    let contact = told.strip_prefix("contact ").and_then(|told| told.split_whitespace().next());
    contact.unwrap_or_else(|| panic!("no contact is told of:\n{told}")).to_owned()
}

fn is_rung(desk: &mut Softphone) {
    let event = desk.waits_for("the caller", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, .. } = event else { unreachable!("it was chosen so") };
    desk.is_answered(call);
}

#[test]
fn a_caller_is_given_to_an_agent_without_the_skill() {
    let mut server = Server::lab();
    let mut desk = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    let call = waits(&mut server, &mut line);
    let contact = last_contact(&server);
    server.ctl(&["pull", &contact, "a001", "--why", "knows the matter"], "pulled").succeed(ASKING_SPAN);
    assert_eq!(server.folder().read("pulled").trim(), "done");
    is_rung(&mut desk);
    line.hangs_up(call);
    let now = server.wait_until("it is booked", |now| now.contacts("hold", "answered") == 1.0);
    assert_eq!(now.sum("turno_offers_pulled_total", &[]), 1.0);
    assert_eq!(now.sum("turno_callers_known_total", &["what=\"pulled\""]), 1.0);
    server.trace(&[contact.as_str()], "told").succeed(ASKING_SPAN);
    let told = server.folder().read("told");
    for part in ["pull: knows the matter", "a supervisor gave it to"] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
    drop((desk, line));
    server.stop();
}

#[test]
fn an_agent_gets_a_skill_that_outlives_kill_9_and_a_reload_until_it_is_taken_back() {
    let mut server = Server::lab_kept_with(&[]);
    let desk = Softphone::agent(&server, "a001");
    server.wait_until("the agent works", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let set = ["skill", "a001", "hold", "2", "--for", "2h", "--why", "a rush"];
    server.ctl(&set, "set").succeed(ASKING_SPAN);
    let works = |now: &turno_tests::wire::Scrape| {
        now.sum("turno_queue_agents", &["queue=\"hold\"", "state=\"available\""])
    };
    server.wait_until("the agent works for both", |now| works(now) == 1.0);
    drop(desk);
    server.kill_and_start_again();
    let mut desk = Softphone::agent(&server, "a001");
    server.wait_until("the agent works for both again", |now| works(now) == 1.0);
    server.edit(&[("acw = \"0s\"", "acw = \"1s\"")]);
    let (code, said) = server.reload();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 skill of an agent differs from the plan"), "{said}");
    let now = server.wait_until("it is still changed", |now| works(now) == 1.0);
    assert_eq!(now.sum("turno_skill_changes", &[]), 1.0);
    server.ctl(&["skill", "a001"], "listed").succeed(ASKING_SPAN);
    let listed = server.folder().read("listed");
    for part in ["lab", "hold", "1h 5", "a rush"] {
        assert!(listed.contains(part), "{part} is missing in:\n{listed}");
    }
    let mut line = Softphone::line(&server);
    let call = line.calls("0991234567", "7001");
    line.is_answered(call);
    is_rung(&mut desk);
    line.hangs_up(call);
    server.wait_until("it is booked", |now| now.contacts("hold", "answered") == 1.0);
    server.ctl(&["skill", "a001", "hold", "plan", "--why", "it is over"], "back").succeed(ASKING_SPAN);
    let now = server.wait_until("as planned", |now| now.sum("turno_skill_changes", &[]) == 0.0);
    assert_eq!(works(&now), 0.0);
    server.ctl(&["skill"], "none").succeed(ASKING_SPAN);
    assert!(server.folder().read("none").contains("every skill is as planned"));
    drop((desk, line));
    server.stop();
}
